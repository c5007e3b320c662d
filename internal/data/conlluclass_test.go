package data

import (
	"slices"
	"strings"
	"testing"
	"unsafe"
)

func TestReadConlluClasses(t *testing.T) {
	input := byteOrderMark + "# id = 1\n# intent = play music\n" + dogs + "\n" + sleep + "\n\n" +
		"# intent = no words\n\n# only\n\n\n" +
		word("1-2", "a b", "_") + "\n#intent=rest\n" + dogs + "\n\n# intent = rest\n" + sleep
	want := []Sequence{
		{Name: "f:1", Tokens: []string{"Dogs", "sleep"}, Labels: []string{"play music"}},
		{Name: "f:11", Tokens: []string{"Dogs"}, Labels: []string{"rest"}},
		{Name: "f:15", Tokens: []string{"sleep"}, Labels: []string{"rest"}},
	}
	for _, file := range []string{input, strings.ReplaceAll(input, "\n", "\r\n")} {
		got, err := ReadConlluClasses(strings.NewReader(file), "f", " intent ")
		if err != nil || !slices.EqualFunc(got, want, equalSequences) {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
		if unsafe.StringData(got[0].Tokens[0]) != unsafe.StringData(got[1].Tokens[0]) ||
			unsafe.StringData(got[1].Labels[0]) != unsafe.StringData(got[2].Labels[0]) {
			t.Error("equal strings are not shared")
		}
	}
}

func TestReadConlluClassesErrors(t *testing.T) {
	labelled := "# intent = a\n" + dogs + "\n\n"
	for _, test := range []struct{ name, key, input, want string }{
		{"empty", "intent", "", "f: no sentence, expected CoNLL-U"},
		{"comments only", "intent", "# intent = a\n\n# intent = b\n", "f: no sentence"},
		{"no comment", "intent", labelled + "# id = 2\n" + sleep + "\n", "f:4: no comment # intent = ..., expected the sentence's label"},
		{"empty value", "intent", labelled + "\n# intent = \n" + sleep + "\n", "f:5: no comment # intent"},
		{"no value", "intent", "# intent\n" + sleep + "\n", "f:1: no comment # intent"},
		{"broken", "intent", labelled + "x\n", "f:4: 1 column between tabs"},
		{"no key", " ", labelled, `f: comment key "", expected`},
		{"key", "a\n=", labelled, `f: comment key "a\n="`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadConlluClasses(strings.NewReader(test.input), "f", test.key)
			if got != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%v, error %v, want %q", got, err, test.want)
			}
		})
	}
}
