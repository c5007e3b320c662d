package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
)

// refuses runs the command in a folder, and wants status 1, exactly one line of
// error, with want in it, and on standard output whole lines at most.
func refuses(t *testing.T, dir, want string, args ...string) {
	t.Helper()
	c := unrollIn(dir, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	c.Run()
	said := stderr.String()
	if c.ProcessState == nil || c.ProcessState.ExitCode() != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, want) || !strings.HasSuffix("\n"+stdout.String(), "\n") {
		t.Errorf("%.80q: %v, it said %.300q and wrote %.100q; want status 1 and one line with %q", args, c.ProcessState, said, stdout.String(), want)
	}
}

// trained makes files of a folder and trains small models on them.
func trained(t *testing.T, dir string) {
	t.Helper()
	for name, content := range map[string]string{
		"good.conllu": "1\ta\t_\tA\t_\t_\t_\t_\t_\t_\n\n1\tb\t_\tB\t_\t_\t_\t_\t_\t_\n",
		"good.csv":    "v,label\n1,a\n2,b\n",
	} {
		write(t, dir, name, content)
		c := unrollIn(dir, "train", "--train", name, "-o", "of-"+name, "--hidden", "4", "--epochs", "1", "--threads", "1", "--bidirectional=false", "-q")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestBrokenFiles gives every format what is broken in it, to train on and to label.
func TestBrokenFiles(t *testing.T) {
	dir := t.TempDir()
	trained(t, dir)
	line := func(id, form, upos string) string { return id + "\t" + form + "\t_\t" + upos + "\t_\t_\t_\t_\t_\t_\n" }
	long := strings.Repeat("a", 100<<20)
	for _, test := range []struct {
		name, content string
		train, label  string // what is wrong, to either; "" for nothing
	}{
		{"empty.conllu", "", "empty.conllu: no sentence, expected CoNLL-U", ""},
		{"empty.conll", "", "empty.conll: no sentence, expected a word a line, in columns", ""},
		{"empty.jsonl", "", "empty.jsonl: no sequence, expected one JSON object a line", ""},
		{"empty.csv", "", "empty.csv: no rows, expected a table", ""},
		{"empty.txt", "", "empty.txt: 0 characters, expected at least 2", ""},
		{"empty", "", "empty: is empty", ""},
		{"nolabels.conllu", line("1", "a", "_"), "nolabels.conllu: no labels in column upos, expected a value other than _", ""},
		{"nolabels.conll", "a\nb\n", "nolabels.conll:1: 1 column, expected a word's label in another", ""},
		{"nolabels.jsonl", `{"tokens":["a"]}`, `nolabels.jsonl:1: no "labels", expected the labels to learn`, ""},
		{"nolabels.csv", "v,w\n1,2\n", `nolabels.csv:1: no column "label" in the header, expected one of v, w`, ""},
		{"short.conllu", line("1", "a", "A") + "2\tb\tB\n", "short.conllu:2: 3 columns between tabs, expected 10", "short.conllu:2: 3 columns between tabs"},
		{"short.conll", "a\tA\nb\n", "short.conll:2: 1 column, expected at least 2", ""},
		{"short.csv", "v,label\n1,a\n2\n", "short.csv:3: 1 column, expected 2 as in the first line", "short.csv:3: 1 column"},
		{"utf8.conllu", line("1", "\xff", "A"), "utf8.conllu:1: invalid UTF-8, expected UTF-8 text", "utf8.conllu:1: invalid UTF-8"},
		{"utf8.conll", "\xff\tA\n", "utf8.conll:1: invalid UTF-8", "utf8.conll:1: invalid UTF-8"},
		{"utf8.jsonl", `{"tokens":["` + "\xff" + `"]}`, "utf8.jsonl:1: invalid UTF-8", "utf8.jsonl:1: invalid UTF-8"},
		{"utf8.csv", "v,label\n1,\xff\n", "utf8.csv:2: invalid UTF-8", "utf8.csv:2: invalid UTF-8"},
		{"utf8.txt", "a\n\xff", "utf8.txt:2: invalid UTF-8", "utf8.txt:2: invalid UTF-8"},
		{"nan.csv", "v,label\n1,a\nNaN,b\n", `nan.csv:3: column v is "NaN", expected a finite number`, `nan.csv:3: column v is "NaN"`},
		{"inf.csv", "v,label\n1,a\n-Inf,b\n", `inf.csv:3: column v is "-Inf", expected a finite number`, `inf.csv:3: column v is "-Inf"`},
		{"inf.jsonl", `{"x":[[1],[1e999]],"labels":["a","b"]}`, `inf.jsonl:1: "x" of step 2: "1e999", expected a finite number`, `inf.jsonl:1: "x" of step 2`},
		{"widths.jsonl", `{"x":[[1]],"labels":["a"]}` + "\n" + `{"x":[[1,2]],"labels":["a"]}`, "widths.jsonl:2: vectors of 2 numbers, expected 1 as in the first line", "widths.jsonl:2: vector of step 1: 2 numbers, expected 1"},
		{"fewer.jsonl", `{"tokens":["a","b"],"labels":["A"]}`, "fewer.jsonl:1: 1 label for 2 steps, expected as many", ""},
		{"nosteps.jsonl", `{"tokens":[],"labels":[]}`, "nosteps.jsonl:1: an empty sequence, expected at least one step", "nosteps.jsonl:1: an empty sequence"},
		{"half.jsonl", `{"tokens":["a"`, "half.jsonl:1: the line ends inside its JSON object, expected a whole one", "half.jsonl:1: the line ends inside its JSON object"},
		{"long.conllu", long, fmt.Sprintf("long.conllu:1: line longer than %d bytes, expected a text file with line ends", data.MaxLine), "long.conllu:1: line longer than"},
		{"long.conll", long, "long.conll:1: line longer than", "long.conll:1: line longer than"},
		{"long.jsonl", "{" + long, fmt.Sprintf("long.jsonl:1: line longer than %d bytes", data.MaxSentence), "long.jsonl:1: line longer than"},
		{"long.csv", "v,label\n" + long, "long.csv:2: line longer than", "long.csv:2: line longer than"},
		{"long.txt", long, "", "long.txt:1: line longer than"},
		{"nul.conllu", line("1", "\x00", "A"), "nul.conllu:1: NUL byte, expected UTF-8 text", "nul.conllu:1: NUL byte"},
		{"nul.conll", "\x00\tA\n", "nul.conll:1: NUL byte", "nul.conll:1: NUL byte"},
		{"nul.txt", "a\nb\x00\n", "nul.txt:2: NUL byte, expected UTF-8 text", "nul.txt:2: NUL byte"},
		{"nul.csv", "v,label\n1,\x00\n", "nul.csv:2: NUL byte", "nul.csv:2: NUL byte"},
	} {
		write(t, dir, test.name, test.content)
		if test.train != "" {
			refuses(t, dir, test.train, "train", "--train", test.name, "-o", "m", "-q")
		}
		m := "of-good.conllu"
		if strings.HasSuffix(test.name, ".csv") || strings.Contains(test.content[:min(len(test.content), 99)], `"x"`) {
			m = "of-good.csv"
		}
		if test.label != "" {
			refuses(t, dir, test.label, "label", "-m", m, test.name)
		}
		if _, err := os.Stat(filepath.Join(dir, "m")); err == nil {
			t.Fatalf("%s: a model was written", test.name)
		}
		os.Remove(filepath.Join(dir, test.name))
	}
}

// TestMillions gives a million distinct labels, and a sequence of a million
// steps, which is trained on and labelled.
func TestMillions(t *testing.T) {
	dir := t.TempDir()
	var labels, series strings.Builder
	series.WriteString("v,label\n")
	for i := range million {
		fmt.Fprintf(&labels, "a\tL%d\n\n", i)
		fmt.Fprintf(&series, "%d,%c\n", i%7, 'a'+i%7/4)
	}
	write(t, dir, "labels.conll", labels.String())
	refuses(t, dir, "labels.conll:20001: label 1 of the sequence is the 10001th distinct one, expected at most 10000", "train", "--train", "labels.conll", "-o", "m", "-q")
	write(t, dir, "series.csv", series.String())
	c := unrollIn(dir, "train", "--train", "series.csv", "-o", "m", "--hidden", "4", "--epochs", "1", "--threads", "1", "-q")
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), thousands(million/10)+" steps") {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := unrollIn(dir, "label", "-m", "m", "series.csv").Output()
	if err != nil || bytes.Count(out, []byte("\n")) != million+1 {
		t.Errorf("%v, %d lines", err, bytes.Count(out, []byte("\n")))
	}
}

// TestFullDisk wants an error of what cannot be written.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full")
	}
	defer full.Close()
	dir := t.TempDir()
	trained(t, dir)
	word := "1\ta\t_\t_\t_\t_\t_\t_\t_\t_\n\n"
	for _, args := range [][]string{
		{"label", "-m", "of-good.conllu", "good.conllu"},
		{"label", "-m", "of-good.conllu", "--format", "conllu"},
		{"label", "-m", "of-good.csv", "good.csv", "--scores"},
		{"eval", "-m", "of-good.csv", "good.csv"},
		{"eval", "-m", "of-good.csv", "good.csv", "--json"},
	} {
		c := unrollIn(dir, args...)
		var stderr bytes.Buffer
		c.Stdin, c.Stdout, c.Stderr = strings.NewReader(word), full, &stderr
		c.Run()
		if c.ProcessState.ExitCode() != 1 || strings.Count(stderr.String(), "\n") != 1 || !strings.HasPrefix(stderr.String(), "unroll: write /dev/stdout: no space left") {
			t.Errorf("%q: %v, it said %q", args, c.ProcessState, stderr.String())
		}
	}
	refuses(t, dir, "is there and is no regular file", "train", "--train", "good.csv", "-o", "/dev/full", "-q")
	refuses(t, dir, "no file can be made in its folder", "train", "--train", "good.csv", "-o", "none/m", "-q")
}
