package data

import (
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	for _, test := range []struct {
		begin string
		cut   bool
		want  string
	}{
		{"", false, ""},
		{"\n# c\n", false, ""},
		{"The dog barks.\nIt does.\n", false, ""},
		{"# c\n\n" + dogs + "\n", false, "conllu"},
		{byteOrderMark + dogs + "\r\n", true, "conllu"},
		{word("1-2", "don't", "_") + "\n", false, "conllu"},
		{"# intent = a\nlisten\tO\nto\tO\n\n", true, "columns"},
		{"a\tA\n\t\nb\tB\nc", true, "columns"},
		{"-DOCSTART-\n\na\tA\n", false, "columns"},
		{"1\tCD\n2\tCD\n", false, "columns"},
		{"word\ttag\nx\ty\n", false, "columns"},
		{`{"tokens": ["a"`, true, "jsonl"},
		{"time,v\n9:00,1\n", false, "csv"},
		{"1,2,8\n3,4,9\n", false, "csv"},
		{"1,2,a", false, "csv"},
		{"v\tu\tlabel\n1\t2\ta\n", false, "csv"},
		{"Hello, dog\nBye, cat\n", false, ""},
		{"// Package p is one.\npackage p\n\nvar a = 1\n", true, "go"},
	} {
		got := ""
		if f := Detect(test.begin, test.cut); f != nil {
			got = f.Name
		}
		if got != test.want {
			t.Errorf("%q is taken for %q, want %q", test.begin, got, test.want)
		}
	}
}

func TestLooksLikeColumns(t *testing.T) {
	two, named, whole := Options{Column: "2"}, Options{Words: "word", Column: "tag"}, Options{Column: "intent", Whole: true}
	for _, test := range []struct {
		begin string
		o     Options
		want  bool
	}{
		{"The dog barks.\n", two, false},
		{"The dog barks. It does.\nThe cat does not.\n", two, false},
		{"The dog\nbarks\nat us\n", two, false},
		{"the D\n", two, true},
		{"the\n", two, true},
		{"the\ndog\n\nthe", two, true},
		{"the D\ndog N\n\nthe D", two, true},
		{"# c\n-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\n", Options{Column: "4"}, true},
		{"EU NNP B-NP B-ORG\nrejects VBZ B-VP O\nGerman JJ B-NP B-MISC\n", two, true},
		{"EU\n", Options{Column: "4"}, false},
		{"word tag\n", named, true},
		{"tag id word\nD 1 the\n", named, true},
		{"the dog\n", named, false},
		{"who are you\n", whole, false},
		{"who\nare\n", whole, true},
		{"\n \n", two, true},
	} {
		if got := LooksLikeColumns(test.begin, false, test.o); got != test.want {
			t.Errorf("%q, labels in %s: %v, want %v", test.begin, test.o.Column, got, test.want)
		}
	}
}

func TestHasVectors(t *testing.T) {
	for begin, want := range map[string]bool{
		`{"id": "x", "x": [ [1`: true, `{"tokens":["x"]}` + "\n" + `{"x":[[1]]}`: false, `{"tokens": ["\"x\": [["]}`: false, "": false,
		byteOrderMark + "\r\n \n" + `{"x":[[1]]}` + "\n": true, `{"labels": ["a", "b`: true, `{"labels": ["a"]}` + "\n": false, `{"tokens": ["a`: false,
	} {
		if got := HasVectors(begin); got != want {
			t.Errorf("%s: vectors %v, want %v", begin, got, want)
		}
	}
}

func TestFormatsHaveNames(t *testing.T) {
	if got := strings.Join(FormatNames(func(*Format) bool { return true }), " "); got != "conllu columns jsonl csv text go" {
		t.Errorf("formats %s", got)
	}
	for name, want := range map[string]*Format{"a.conllu": conlluFormat, "A.CSV": csvFormat, "x/y.jsonl": jsonlFormat, "a.iob2": columnsFormat, "a.tsv": nil, "-": nil} {
		if got := FormatOf(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
