package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func every(string) bool { return true }
func none(string) bool  { return false }

// oneOf wants these words.
func oneOf(words ...string) func(string) bool {
	return func(word string) bool { return slices.Contains(words, word) }
}

func TestReadVectors(t *testing.T) {
	const glove = "the 1 -0.5\n, .25 2e1\nthe 3 4\n. . . 5 6\niphone 6 7.5 8\n"
	for _, test := range []struct {
		name, input string
		want        func(string) bool
		most        int
		kept        map[string][]float32
		skipped     int
	}{
		{"all", glove, every, 0,
			map[string][]float32{"the": {1, -0.5}, ",": {0.25, 20}, ". . .": {5, 6}, "iphone 6": {7.5, 8}}, 0},
		{"wanted", glove, oneOf("the", ". . ."), 0, map[string][]float32{"the": {1, -0.5}, ". . .": {5, 6}}, 0},
		{"first", glove, none, 2, map[string][]float32{"the": {1, -0.5}, ",": {0.25, 20}}, 0},
		{"first and wanted", glove, oneOf("the", "iphone 6"), 1, map[string][]float32{"the": {1, -0.5}, "iphone 6": {7.5, 8}}, 0},
		{"none", glove, none, 0, map[string][]float32{}, 0},
		{"more than there are", "a 1 2", none, 100, map[string][]float32{"a": {1, 2}}, 0},
		{"header", "7 2\na 1 2\n2 3 4\n", every, 0, map[string][]float32{"a": {1, 2}, "2": {3, 4}}, 0},
		{"header, spaces at the ends", "2 2 \na 1 2 \nb 3 4 \n", every, 0, map[string][]float32{"a": {1, 2}, "b": {3, 4}}, 0},
		{"CRLF", "1 2\r\na 1 2\r\nb 3 4 \r\n", every, 0, map[string][]float32{"a": {1, 2}, "b": {3, 4}}, 0},
		{"byte order mark", byteOrderMark + "a 1 2\n" + byteOrderMark + "a 3 4\n", every, 0,
			map[string][]float32{"a": {1, 2}, byteOrderMark + "a": {3, 4}}, 0},
		{"byte order mark and header", byteOrderMark + "1 2\na 1 2\n", every, 0, map[string][]float32{"a": {1, 2}}, 0},
		{"integers of width 2", "1 2 3\n", every, 0, map[string][]float32{"1": {2, 3}}, 0},
		{"width 1", "a 1\nb 2\n", every, 0, map[string][]float32{"a": {1}, "b": {2}}, 0},
		{"skipped", "4 2\n 1 2\n\xff 3 4\na\xed\xa0\x80 5 6\nb 7 8\nc 9 0\n", none, 1, map[string][]float32{"b": {7, 8}}, 3},
		{"first is skipped", " 1 2\na 3 4\n", every, 0, map[string][]float32{"a": {3, 4}}, 1},
		{"only kept values are read", "a 1 2\nb x NaN\na x y\n", oneOf("a"), 0, map[string][]float32{"a": {1, 2}}, 0},
		{"no-break space", "1 1\na\u00a0b 1\n", every, 0, map[string][]float32{"a\u00a0b": {1}}, 0},
		{"한글", "1 1\n한국 1e-3\n", every, 0, map[string][]float32{"한국": {1e-3}}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := ReadVectors(strings.NewReader(test.input), "f", test.want, test.most)
			if err != nil {
				t.Fatal(err)
			}
			if !maps.EqualFunc(v.ByWord, test.kept, slices.Equal) || v.Skipped != test.skipped {
				t.Errorf("got %v and %d skipped, want %v and %d", v.ByWord, v.Skipped, test.kept, test.skipped)
			}
			for _, vector := range test.kept {
				if v.Width != len(vector) {
					t.Errorf("width %d, want %d", v.Width, len(vector))
				}
			}
		})
	}
}

func TestReadVectorsErrors(t *testing.T) {
	for _, test := range []struct{ name, input, want string }{
		{"empty", "", "f:1: no vectors"},
		{"header only", "0 300\n", "f:2: no vectors"},
		{"skipped only", "1 1\n 5\n", "f:3: no vectors"},
		{"byte order mark only", byteOrderMark, "f:1: no space in the line, expected a word and its numbers"},
		{"no values", "a\n", "f:1: no space in the line"},
		{"width 0", "3 0\n", "f:1: 0 values a word"},
		{"width below 0", "3 -1\n", "f:1: -1 values a word"},
		{"width above", "3 100001\n", "f:1: 100001 values a word"},
		{"width beyond int", "3 99999999999999999999\n", fmt.Sprintf("f:1: %d values a word", math.MaxInt)},
		{"wide first line", "a" + strings.Repeat(" 1", maxWidth+1), "f:1: 100001 values a word"},
		{"too few", "a 1 2\nb 1\n", "f:2: 1 values, expected a word and 2"},
		{"blank line", "a 1 2\n\nb 1 2\n", "f:2: 0 values, expected a word and 2"},
		{"too many", "a 1.0 2.0\nb 1.0 2.0 3.0\n", "f:2: more than 2 values, expected a word and 2"},
		{"too many of one not kept", "a 1.0 2.0\nb -1.0e-5 2.0 3.0\n", "f:2: more than 2 values"},
		{"no number", "1 2\na 1 x\n", `f:2: value 2 of "a" is "x", expected a finite float32 number`},
		{"not a number", "a 1 NaN\n", `f:1: value 2 of "a" is "NaN"`},
		{"infinite", "a -Inf 1\n", `f:1: value 1 of "a" is "-Inf"`},
		{"beyond float32", "a 1 4e38\n", `f:1: value 2 of "a" is "4e38"`},
		{"two spaces", "1 2\na 1  \n", `f:2: value 2 of "a" is ""`},
		{"long line", "a 1\n" + strings.Repeat("a", MaxLine+1), "f:2: line longer than 1048576 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadVectors(strings.NewReader(test.input), "f", oneOf("a"), 0)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	failure := errors.New("disk gone")
	_, err := ReadVectors(iotest.ErrReader(failure), "f", none, 0)
	if !errors.Is(err, failure) || err.Error() != "f:1: disk gone" {
		t.Errorf("a source that fails: error %v", err)
	}
}

// vectorsFile has n words "w0", "w1", ... of the given width.
func vectorsFile(n, width int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d %d\n", n, width)
	for i := range n {
		fmt.Fprintf(&b, "w%d%s\n", i, strings.Repeat(" -0.0123", width))
	}
	return b.Bytes()
}

// A line that is not kept costs the string that want is asked about; 40 are
// for the reader, its buffers and the one vector kept.
func TestReadVectorsAllocations(t *testing.T) {
	const n = 10000
	file, want := vectorsFile(n, 30), oneOf("w77")
	allocs := testing.AllocsPerRun(5, func() {
		if v, err := ReadVectors(bytes.NewReader(file), "f", want, 0); err != nil || len(v.ByWord) != 1 {
			t.Fatal(v, err)
		}
	})
	if allocs > n+40 {
		t.Errorf("%v allocations for %d lines, want one a line", allocs, n)
	}
}

// TestReadVectorsStreams reads 64 MB of lines without keeping them: what is
// reachable afterwards and while reading is the buffers.
func TestReadVectorsStreams(t *testing.T) {
	block := vectorsFile(1000, 100)
	blocks := make([]io.Reader, 80)
	for i := range blocks {
		blocks[i] = bytes.NewReader(block[bytes.IndexByte(block, '\n')+1:])
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	calls, most := 0, uint64(0)
	want := func(string) bool {
		if calls++; calls%20000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
		return false
	}
	if _, err := ReadVectors(io.MultiReader(blocks...), "f", want, 0); err != nil {
		t.Fatal(err)
	}
	if limit := before.HeapAlloc + 4<<20; calls != 80000 || most > limit {
		t.Errorf("%d words, %d bytes in use, want 80000 and at most %d", calls, most, limit)
	}
}

func BenchmarkReadVectors(b *testing.B) {
	file := vectorsFile(20000, 300)
	for _, bench := range []struct {
		name string
		want func(string) bool
	}{{"none kept", oneOf("w7")}, {"all kept", every}} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadVectors(bytes.NewReader(file), "f", bench.want, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzVectors wants every vector that is kept to be of Width finite values, and
// the words that are kept to be UTF-8.
func FuzzVectors(f *testing.F) {
	for _, seed := range []string{
		"", "2 2\na 1 2\nb 3 4\n", "the 1 -0.5 \r\n. . . 5 6\n", byteOrderMark + "1 1\n 1\n\xff 2\na 3", "1 0\n", "a NaN\n",
		"a 1\na 2 3.5 4\n", "\n", " ", "9 100000\na 1\n",
	} {
		f.Add([]byte(seed), 1)
	}
	f.Fuzz(func(t *testing.T, input []byte, most int) {
		v, err := ReadVectors(bytes.NewReader(input), "f", func(word string) bool { return len(word)%2 == 1 }, most)
		if err != nil {
			if v != nil || !strings.HasPrefix(err.Error(), "f:") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v with error %q", v, err)
			}
			return
		}
		for word, vector := range v.ByWord {
			if word == "" || word != strings.ToValidUTF8(word, "") || len(vector) != v.Width || v.Width < 1 {
				t.Fatalf("word %q has %d values of %d", word, len(vector), v.Width)
			}
			for _, x := range vector {
				if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
					t.Fatalf("word %q has value %v", word, x)
				}
			}
		}
	})
}
