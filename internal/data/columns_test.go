package data

import (
	"strings"
	"testing"
)

func TestReadColumns(t *testing.T) {
	testReading(t, columnsFormat, []reading{
		{"tabs", Options{Column: "-1"}, "the\tDET\ndog\tNOUN\n\t\n#\tSYM\n\n", []Sequence{
			{Name: "f:1", Tokens: []string{"the", "dog"}, Labels: []string{"DET", "NOUN"}},
			{Name: "f:4", Tokens: []string{"#"}, Labels: []string{"SYM"}}}, Options{Column: "2"}, ""},
		{"spaces", Options{Column: "-2"}, "-DOCSTART- -X- O O\n\nthe  DET x\r\n# A y\ndog NOUN z", []Sequence{
			{Name: "f:3", Tokens: []string{"the", "#", "dog"}, Labels: []string{"DET", "A", "NOUN"}}}, Options{Column: "2"}, ""},
		{"comments", Options{Column: "2"}, byteOrderMark + "# a\n#\nx\tA\n# b\ny\tB\n", []Sequence{
			{Name: "f:1", Tokens: []string{"x", "y"}, Labels: []string{"A", "B"}}}, Options{Column: "2"}, ""},
		{"by name", Options{Column: "tag", Words: "word"}, "# c\ntag\tword\nA\tx\n\nB\ty\n", []Sequence{
			{Name: "f:1", Tokens: []string{"x"}, Labels: []string{"A"}},
			{Name: "f:5", Tokens: []string{"y"}, Labels: []string{"B"}}}, Options{Column: "tag"}, ""},
		{"a label of each sentence", Options{Column: "intent", Whole: true}, "# intent = ask\nwho\tO\n\n# intent = tell\nme\tO\n", []Sequence{
			{Name: "f:1", Tokens: []string{"who"}, Labels: []string{"ask"}},
			{Name: "f:4", Tokens: []string{"me"}, Labels: []string{"tell"}}}, Options{}, ""},
		{"empty", Options{Column: "-1"}, "", nil, Options{}, "f: no sentence, expected a word a line"},
		{"blank", Options{Column: "-1"}, "\n \n", nil, Options{}, "f: no sentence"},
		{"short", Options{Column: "-1"}, "a\tA\nb\n", nil, Options{}, "f:2: 1 column, expected at least 2"},
		{"one column", Options{Column: "-1"}, "a\nb\n", nil, Options{}, "f:1: 1 column, expected a word's label in another"},
		{"the words themselves", Options{Column: "1"}, "a b\n", nil, Options{}, "f:1: words and labels both in column 1"},
		{"no word", Options{Column: "-1"}, "a\tA\n\tB\n", nil, Options{}, "f:2: empty column 1, expected a word"},
		{"no label", Options{Column: "-1"}, "a\tA\nb\t\n", nil, Options{}, "f:2: empty label in column 2"},
		{"no labels at all", Options{Column: "-1"}, "a\t_\n", nil, Options{}, "f: no labels in column 2"},
		{"no such column", Options{Column: "pos"}, "1\ttag\na\tA\n", nil, Options{}, `f:1: no column "pos" in the header, expected one of 1, tag`},
		{"a name twice", Options{Column: "tag", Words: "word"}, "word\ttag\ttag\na\tA\tB\n", nil, Options{}, `f:1: 2 columns "tag" in the header, expected one`},
		{"too far from the end", Options{Column: "-3"}, "a b\n", nil, Options{}, "f:1: 2 columns, expected column 3 from the last"},
		{"words too far", Options{Column: "1", Words: "3"}, "a b\n", nil, Options{}, "f:1: 2 columns, expected the words in column 3"},
		{"broken UTF-8", Options{Column: "-1"}, "a\tA\nb\xff\tB\n", nil, Options{}, "f:2: invalid UTF-8"},
		{"NUL", Options{Column: "-1"}, "a\tA\n\x00\tB\n", nil, Options{}, "f:2: NUL byte"},
		{"a long line", Options{Column: "-1"}, "a\tA\n" + strings.Repeat("b", MaxLine+1), nil, Options{}, "f:2: line longer than"},
		{"no comment", Options{Column: "intent", Whole: true}, "who\tO\n", nil, Options{}, "f:1: no comment # intent = ..."},
	})
}

func TestRewriteColumns(t *testing.T) {
	testRewriting(t, columnsFormat, upper, []rewriting{
		{"filled in", Options{Column: "2"}, "# a\n-DOCSTART-\n\nthe\tx\tq\r\n#\t\tq\n\t\nb\tx\tq", "# a\n-DOCSTART-\n\nthe\tTHE\tq\r\n#\t#\tq\n\t\nb\tB\tq", ""},
		{"a new column", Options{Column: "2"}, byteOrderMark + "the\r\ndog\r\n\r\na", byteOrderMark + "the\tTHE\r\ndog\tDOG\r\n\r\na\tA", ""},
		{"a new third column", Options{Column: "3"}, "the x\n  dog  y \n", "the x THE\n  dog  y DOG\n", ""},
		{"the last", Options{Column: "-1"}, "a  x\nb   y\n", "a  A\nb   B\n", ""},
		{"the last of one", Options{Column: "-1"}, "a\n", "a\tA\n", ""},
		{"by name", Options{Column: "tag", Words: "word"}, "tag\tword\nx\ta\n", "tag\tword\nA\ta\n", ""},
		{"a new one by name", Options{Column: "tag", Words: "word"}, "id\tword\r\n1\ta\n", "id\tword\ttag\r\n1\ta\tA\n", ""},
		{"scores", Options{Column: "2", Scores: true}, "a\tx\n\nb\ty\n", "a\tA\t0.25,0.75\n\nb\tB\t0.25,0.75\n", ""},
		{"scores by name", Options{Column: "tag", Words: "word", Scores: true}, "word\ttag\na\tx\n", "word\ttag\tscores\na\tA\t0.25,0.75\n", ""},
		{"scores there", Options{Column: "tag", Words: "word", Scores: true}, "word\ttag\tscores\na\tx\ty\n", "word\ttag\tscores\na\tA\t0.25,0.75\n", ""},
		{"scores beside labels of that name", Options{Column: "scores", Words: "word", Scores: true}, "word\tscores\na\tx\n", "word\tscores\tscores\na\tA\t0.25,0.75\n", ""},
		{"a label of each sentence", Options{Column: "intent", Whole: true}, "# intent = x\nwho\n\nme\n", "# intent = WHO\nwho\n\n# intent = ME\nme\n", ""},
		{"its scores", Options{Column: "intent", Whole: true, Scores: true}, "a\tO\n", "# intent = A\n# scores = 0.25,0.75\na\tO\n", ""},
		{"short", Options{Column: "3"}, "a\tx\n\nb\n", "a\tx\tA\n\n", "f:3: 1 column, expected at least 2"},
		{"a name twice", Options{Column: "tag", Words: "word"}, "word\ttag\ttag\na\tA\tB\n", "", `f:1: 2 columns "tag" in the header, expected one`},
		{"the words' own column", Options{Column: "1"}, "a\tx\n", "", "f:1: words and labels both in column 1"},
		{"too far from the end", Options{Column: "-3", Words: "word"}, "word\ttag\n", "", "f:1: 2 columns, expected column 3 from the last"},
		{"a label with a space", Options{Column: "2"}, "a z\n", "a A\n", ""},
	})
	if _, err := rewritten(columnsFormat, "a z\n", Options{Column: "2"}, func(string) string { return "two words" }); err == nil || !strings.Contains(err.Error(), `f:1: value "two words"`) {
		t.Errorf("a label of two words between spaces: error %v", err)
	}
}

// FuzzColumns wants whatever labelling leaves of a file to read as the labels
// it was given, and all other bytes to be as they were: filled in with the labels
// that are there a file does not change.
func FuzzColumns(f *testing.F) {
	for _, seed := range []string{"a\tA\nb\tB\n\n", "a A\r\n# b\n-DOCSTART- x\n\n", "word tag\na b\n", byteOrderMark + "# i = x\n#\tY\n", "a\n", " a  b \n"} {
		f.Add(seed, "2", false)
		f.Add(seed, "-1", true)
		f.Add(seed, "tag", false)
	}
	f.Fuzz(func(t *testing.T, input, column string, whole bool) {
		o := Options{Name: "f", Column: column, Whole: whole}
		if columnsFormat.Check(o) != nil {
			return
		}
		once, err := rewritten(columnsFormat, input, o, upper)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of lines: %v", err)
			}
			return
		}
		twice, err := rewritten(columnsFormat, once, o, upper)
		if err != nil || column == "2" && !whole && twice != once {
			t.Errorf("%q, then %q, %v", once, twice, err)
		}
		all, err := readColumns(strings.NewReader(once), &o)
		if err != nil || whole || column != "2" {
			return
		}
		for _, s := range all {
			for i, l := range s.Labels {
				if l != upper(s.Tokens[i]) {
					t.Errorf("%q: label %q of %q", once, l, s.Tokens[i])
				}
			}
		}
	})
}
