package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestBeginIsALine writes a first line in pieces, and wants them all to be seen
// and still to be read.
func TestBeginIsALine(t *testing.T) {
	long := strings.Repeat("x", bufferSize)
	for _, test := range []struct {
		pieces []string
		open   bool // nothing ends the file
		want   string
		cut    bool
	}{
		{[]string{`{"labels": ["a"],`, ` "x": [[1]]}`, "\n"}, true, `{"labels": ["a"], "x": [[1]]}` + "\n", true},
		{[]string{"a", "b"}, false, "ab", true},
		{[]string{""}, false, "", true},
		{[]string{long, "y"}, true, long, true},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for _, p := range test.pieces {
				w.WriteString(p)
				time.Sleep(20 * time.Millisecond) // so that it is read before the next
			}
			if !test.open {
				w.Close()
			}
		}()
		f := newFile(r)
		if got, cut := f.begin(); got != test.want || cut != test.cut {
			t.Errorf("%.80q: %.80q, cut %v, want %.80q, %v", test.pieces, got, cut, test.want, test.cut)
		}
		again := make([]byte, len(test.want))
		if n, _ := f.Read(again); string(again[:n]) != test.want {
			t.Errorf("%.80q: read %.80q, want %.80q", test.pieces, again[:n], test.want)
		}
		w.Close()
		r.Close()
	}
}

// TestKeysComeLate wants a sequence whose labels fill what is looked at to be
// read as vectors, and told not to be where it is not.
func TestKeysComeLate(t *testing.T) {
	dir := t.TempDir()
	n := bufferSize / 4
	labels := `{"labels":[` + strings.Repeat(`"a",`, n) + `"b"],`
	write(t, dir, "x.jsonl", labels+`"x":[`+strings.Repeat("[1],", n)+"[2]]}\n")
	write(t, dir, "tokens.jsonl", labels+`"tokens":[`+strings.Repeat(`"a",`, n)+"\"b\"]}\n")
	args := []string{"train", "-o", "m", "--hidden", "4", "--epochs", "1", "--threads", "1", "-q", "--train"}
	if out, err := unrollIn(dir, append(args, "x.jsonl")...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	refuses(t, dir, "tokens.jsonl:1: tokens, which the first 65536 bytes do not tell", append(args, "tokens.jsonl")...)
}
