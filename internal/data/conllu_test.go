package data

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// word is a word line with the given id, form and UPOS.
func word(id, form, upos string) string {
	return id + "\t" + form + "\t_\t" + upos + "\t_\t_\t_\t_\t_\t_"
}

var (
	dogs  = word("1", "Dogs", "NOUN")
	sleep = word("2", "sleep", "VERB")
)

// readAll reads every sentence, and checks that writing gives the input again.
func readAll(t *testing.T, input string) []*Sentence {
	t.Helper()
	sentences, err := readSentences(strings.NewReader(input))
	if err != nil {
		t.Fatal(err)
	}
	if got := written(t, sentences); got != input {
		t.Fatalf("written %q, want %q", got, input)
	}
	return sentences
}

func readSentences(r io.Reader) (sentences []*Sentence, err error) {
	reader := NewConlluReader(r, "f")
	for {
		s, err := reader.Read()
		if err == io.EOF {
			return sentences, nil
		}
		if err != nil {
			return sentences, err
		}
		sentences = append(sentences, s)
	}
}

func written(t testing.TB, sentences []*Sentence) string {
	t.Helper()
	var b bytes.Buffer
	for _, s := range sentences {
		before := b.Len()
		n, err := s.WriteTo(&b)
		if err != nil || int(n) != b.Len()-before {
			t.Fatalf("WriteTo returned %d, %v after %d bytes", n, err, b.Len()-before)
		}
	}
	return b.String()
}

func TestParseColumn(t *testing.T) {
	for name, want := range map[string]int{
		"id": ColumnID, "form": 2, "LEMMA": 3, "upos": ColumnUPOS, "UPOS": 4, "Xpos": 5,
		"feats": 6, "head": 7, "deprel": 8, "deps": 9, "misc": 10, "1": 1, "10": ColumnMisc,
	} {
		if got, err := ParseColumn(name); got != want || err != nil {
			t.Errorf("ParseColumn(%q) = %d, %v, want %d", name, got, err, want)
		}
	}
	for _, name := range []string{"", "0", "11", "-1", "pos", "1.0"} {
		_, err := ParseColumn(name)
		if err == nil || !strings.Contains(err.Error(), "upos") || !strings.Contains(err.Error(), "1 to 10") {
			t.Errorf("ParseColumn(%q): error %v, want one that lists the columns", name, err)
		}
	}
}

func TestConlluRoundTrip(t *testing.T) {
	type sentence struct {
		line  int
		words string
	}
	tests := []struct {
		name, input string
		want        []sentence
	}{
		{"empty", "", nil},
		{"one", dogs + "\n" + sleep + "\n\n", []sentence{{1, "Dogs sleep"}}},
		{"no blank line at the end", dogs + "\n\n" + sleep + "\n", []sentence{{1, "Dogs"}, {3, "sleep"}}},
		{"no line end at the end", dogs + "\n\n" + sleep, []sentence{{1, "Dogs"}, {3, "sleep"}}},
		{"CRLF", dogs + "\r\n" + sleep + "\r\n\r\n" + dogs + "\r\n\r\n", []sentence{{1, "Dogs sleep"}, {4, "Dogs"}}},
		{"cut inside CRLF", dogs + "\r", []sentence{{1, "Dogs"}}},
		{"comments", "# text = x\n#\n" + dogs + "\n# inside\n" + sleep + "\n\n", []sentence{{1, "Dogs sleep"}}},
		{"comments only", "# a\n\n" + dogs + "\n\n# b\n", []sentence{{1, ""}, {3, "Dogs"}, {5, ""}}},
		{"blank lines", "\n" + dogs + "\n\n\n\n" + sleep + "\n\n\n",
			[]sentence{{1, ""}, {2, "Dogs"}, {4, ""}, {5, ""}, {6, "sleep"}, {8, ""}}},
		{"byte order mark", byteOrderMark + dogs + "\n\n", []sentence{{1, "Dogs"}}},
		{"byte order mark before a comment", byteOrderMark + "# a\n" + dogs + "\n\n", []sentence{{1, "Dogs"}}},
		{"range and empty node", word("1-2", "don't", "_") + "\n" + word("1", "do", "AUX") + "\n" +
			word("1.1", "x", "_") + "\n" + word("2", "n't", "PART") + "\n\n", []sentence{{1, "do n't"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []sentence
			for _, s := range readAll(t, test.input) {
				got = append(got, sentence{s.Line, strings.Join(s.Words(), " ")})
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestSetColumn(t *testing.T) {
	lines := byteOrderMark + "%s\r\n" + word("2-3", "a b", "_") + "\n# c\n%s\n" + word("2.1", "e", "_") + "\n\n"
	fill := func(a, b string) string {
		return strings.Replace(strings.Replace(lines, "%s", a, 1), "%s", b, 1)
	}
	input := fill(dogs, sleep)
	for _, test := range []struct {
		column int
		values []string
		want   string
	}{
		{ColumnUPOS, []string{"X", "한글"}, fill(word("1", "Dogs", "X"), word("2", "sleep", "한글"))},
		{ColumnForm, []string{"Two words", "s"}, fill(word("1", "Two words", "NOUN"), word("2", "s", "VERB"))},
		{ColumnMisc, []string{"A=1", "_"}, fill(dogs[:len(dogs)-1]+"A=1", sleep)},
	} {
		s := readAll(t, input)[0]
		if err := s.SetColumn(test.column, test.values); err != nil {
			t.Fatal(err)
		}
		if got := written(t, []*Sentence{s}); got != test.want {
			t.Errorf("column %d: got %q, want %q", test.column, got, test.want)
		}
		if got := s.Column(test.column); !slices.Equal(got, test.values) {
			t.Errorf("column %d: got back %q, want %q", test.column, got, test.values)
		}
	}
}

func TestSetColumnErrors(t *testing.T) {
	input := "# c\n" + dogs + "\n" + sleep + "\n\n"
	for _, test := range []struct {
		column int
		values []string
		want   string
	}{
		{ColumnID, []string{"1", "2"}, "f:1: ids"},
		{ColumnUPOS, []string{"X"}, "f:1: 1 values for column upos, expected 2"},
		{ColumnUPOS, []string{"X", ""}, `f:3: value "" for column upos`},
		{ColumnUPOS, []string{"a\tb", "X"}, `f:2: value "a\tb"`},
		{ColumnUPOS, []string{"X", "a\n"}, `f:3: value "a\n"`},
		{ColumnUPOS, []string{"X", "\xff"}, `f:3: value "\xff"`},
	} {
		s := readAll(t, input)[0]
		err := s.SetColumn(test.column, test.values)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("SetColumn(%d, %q): error %v, want %q", test.column, test.values, err, test.want)
		}
		if got := written(t, []*Sentence{s}); got != input {
			t.Errorf("SetColumn(%d, %q) failed, yet changed the sentence to %q", test.column, test.values, got)
		}
	}
}

// Whatever the values, replacing a column changes that column only.
func TestSetColumnProperty(t *testing.T) {
	value := rapid.StringMatching(`[^\t\r\n\x00]+`)
	rapid.Check(t, func(t *rapid.T) {
		forms := rapid.SliceOfN(value, 1, 6).Draw(t, "forms")
		values := rapid.SliceOfN(value, len(forms), len(forms)).Draw(t, "values")
		column := rapid.IntRange(ColumnForm, ColumnMisc).Draw(t, "column")
		ending := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ending")
		var input strings.Builder
		for _, form := range forms {
			input.WriteString(word("7", form, "X") + ending)
		}
		sentences, err := readSentences(strings.NewReader(input.String() + ending))
		if err != nil || len(sentences) != 1 {
			t.Fatalf("%d sentences, error %v", len(sentences), err)
		}
		s := sentences[0]
		before := columns(s)
		if err := s.SetColumn(column, values); err != nil {
			t.Fatal(err)
		}
		before[column] = values
		for c, want := range before {
			if got := s.Column(c); !slices.Equal(got, want) {
				t.Errorf("column %d is %q, want %q", c, got, want)
			}
		}
	})
}

func columns(s *Sentence) map[int][]string {
	all := map[int][]string{}
	for c := ColumnID; c <= ColumnMisc; c++ {
		all[c] = s.Column(c)
	}
	return all
}

func TestConlluErrors(t *testing.T) {
	for _, test := range []struct{ name, input, want string }{
		{"columns", dogs + "\n2\tsleep\n\n", "f:2: 2 columns between tabs, expected 10"},
		{"too many columns", dogs + "\t_\n", "f:1: 11 columns between tabs, expected 10"},
		{"spaces only", dogs + "\n  \n", "f:2: 1 column between tabs"},
		{"id", word("one", "a", "X") + "\n", `f:1: id "one", expected a number`},
		{"empty id", word("", "a", "X") + "\n", `f:1: id "", expected a number`},
		{"half a range", word("1-", "a", "X") + "\n", `f:1: id "1-"`},
		{"long range", word("1-2-3", "a", "X") + "\n", `f:1: id "1-2-3"`},
		{"byte order mark inside", dogs + "\n\n" + byteOrderMark + sleep + "\n", `f:3: id "\ufeff2"`},
		{"UTF-8", dogs + "\n# \xff\n", "f:2: invalid UTF-8"},
		{"NUL", "#\x00\n", "f:1: NUL byte"},
		{"form", "# c\n" + word("1", "", "X") + "\n", "f:2: empty form"},
		{"long line", dogs + "\n#" + strings.Repeat("a", MaxLine), "f:2: line longer than 1048576 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := NewConlluReader(strings.NewReader(test.input), "f")
			var err error
			for err == nil {
				_, err = r.Read()
			}
			if !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want %q", err, test.want)
			}
			if _, again := r.Read(); again != err {
				t.Errorf("the next Read gave %v, want the same error", again)
			}
		})
	}
}

func TestConlluReadFails(t *testing.T) {
	failure := errors.New("disk gone")
	input := io.MultiReader(strings.NewReader(dogs+"\n\n"+sleep), iotest.ErrReader(failure))
	sentences, err := readSentences(input)
	if len(sentences) != 1 || !errors.Is(err, failure) || err.Error() != "f:3: disk gone" {
		t.Errorf("%d sentences, error %v", len(sentences), err)
	}
}

// endless is a line that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

func TestConlluStopsEarly(t *testing.T) {
	source := &endless{}
	if _, err := NewConlluReader(source, "f").Read(); err == nil {
		t.Error("no error")
	}
	if source.read > 2*MaxLine {
		t.Errorf("read %d bytes of a line without end", source.read)
	}
}

// A sentence is returned once its blank line is there, before more is written.
func TestConlluDoesNotWait(t *testing.T) {
	r, w := io.Pipe()
	go io.WriteString(w, dogs+"\n\n") // and never closed
	s, err := NewConlluReader(r, "f").Read()
	if err != nil || len(s.Words()) != 1 {
		t.Errorf("got %v, %v", s, err)
	}
}

func TestReadConllu(t *testing.T) {
	input := "# a\n\n# b\n" + dogs + "\n" + sleep + "\n\n\n" + word("1", "Dogs", "_") + "\n"
	got, err := ReadConllu(strings.NewReader(input), "f", ColumnUPOS)
	if err != nil {
		t.Fatal(err)
	}
	want := []Sequence{
		{Name: "f:3", Tokens: []string{"Dogs", "sleep"}, Labels: []string{"NOUN", "VERB"}},
		{Name: "f:8", Tokens: []string{"Dogs"}, Labels: []string{"_"}},
	}
	if !slices.EqualFunc(got, want, equalSequences) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func equalSequences(a, b Sequence) bool {
	return a.Name == b.Name && slices.Equal(a.Tokens, b.Tokens) && slices.Equal(a.Labels, b.Labels)
}

func TestReadConlluErrors(t *testing.T) {
	for _, test := range []struct{ name, input, want string }{
		{"empty", "", "f: no sentence"},
		{"comments only", "# a\n\n", "f: no sentence"},
		{"unlabelled", word("1", "a", "_") + "\n\n" + word("1", "b", "_") + "\n", "f: no labels in column upos"},
		{"empty label", dogs + "\n" + word("2", "a", "") + "\n", "f:2: empty label in column upos"},
		{"broken", dogs + "\n\nx\n", "f:3: 1 column between tabs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadConllu(strings.NewReader(test.input), "f", ColumnUPOS)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	if _, err := ReadConllu(strings.NewReader(dogs), "f", 11); err == nil {
		t.Error("column 11: no error")
	}
}

// The counts are those that the treebanks state.
func TestConlluTreebanks(t *testing.T) {
	for _, test := range []struct {
		file                   string
		sentences, words, upos int
	}{
		{"ud-english-ewt/en_ewt-ud-train.conllu", 12544, 204577, 17},
		{"ud-english-ewt/en_ewt-ud-dev.conllu", 2001, 25147, 17},
		{"ud-english-ewt/en_ewt-ud-test.conllu", 2077, 25094, 17},
		{"ud-korean-gsd/ko_gsd-ud-train.conllu", 4400, 56687, 16},
		{"ud-korean-gsd/ko_gsd-ud-dev.conllu", 950, 11958, 0},
		{"ud-korean-gsd/ko_gsd-ud-test.conllu", 989, 11677, 0},
	} {
		t.Run(test.file, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join("../../../shared/data", test.file))
			if err != nil {
				t.Skip("the treebank is not there")
			}
			readAll(t, string(file))
			sequences, err := ReadConllu(bytes.NewReader(file), test.file, ColumnUPOS)
			if err != nil {
				t.Fatal(err)
			}
			words, labels := 0, map[string]bool{}
			for _, s := range sequences {
				words += len(s.Tokens)
				for _, l := range s.Labels {
					labels[l] = true
				}
			}
			if len(sequences) != test.sentences || words != test.words {
				t.Errorf("%d sentences and %d words, want %d and %d", len(sequences), words, test.sentences, test.words)
			}
			if test.upos != 0 && len(labels) != test.upos {
				t.Errorf("%d labels, want %d", len(labels), test.upos)
			}
		})
	}
}

func FuzzConllu(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "\r\n\r\n", dogs, dogs + "\n\n" + sleep + "\r\n\r\n", byteOrderMark + "# c\n" + dogs + "\n\n\n",
		word("1-2", "a", "_") + "\n" + word("1.1", "b", "_") + "\n", word("1", "", "_"), "#\x00", "\xff", byteOrderMark,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		sentences, err := readSentences(bytes.NewReader(input))
		for _, s := range sentences {
			if len(s.Words()) != len(s.Column(ColumnUPOS)) {
				t.Fatal("columns of different lengths")
			}
		}
		got := written(t, sentences)
		if err == nil && got != string(input) || !strings.HasPrefix(string(input), got) {
			t.Fatalf("wrote %q, read %q", got, input)
		}
	})
}
