package data

import (
	"slices"
	"strings"
	"testing"
)

// code is a sequence without labels of interest.
func code(name, text string) Sequence {
	tokens := Characters(text)
	return Sequence{Name: name, Tokens: tokens, Labels: make([]string, len(tokens))}
}

func textsOf(sequences []Sequence) (all []string) {
	for _, s := range sequences {
		all = append(all, strings.Join(s.Tokens, ""))
	}
	return all
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text, opening, closing, want string
		ok                           bool
	}{
		{"a한", "/*", "*/", "/*a한*/", true},
		{"/ *", "/*", "*/", "/*/ **/", true},
		{"a`", "/*", "*/", "/*a`*/", true},
		{"a*/b", "/*", "*/", "", false},
		{"a*/b", "`", "`", "`a*/b`", true},
		{"a`b", "`", "`", "", false},
		{"", "`", "`", "", false},
	} {
		s, ok := Wrap(code("f.go:1", test.text), test.opening, test.closing, GoComment)
		if got := strings.Join(s.Tokens, ""); got != test.want || ok != test.ok {
			t.Errorf("Wrap(%q, %q) = %q, %t, want %q, %t", test.text, test.opening, got, ok, test.want, test.ok)
		}
		if ok && (picture(s.Labels) != strings.Repeat("c", len(s.Tokens)) || s.Name != "f.go:1 as comment") {
			t.Errorf("Wrap(%q, %q): labels %q, name %q", test.text, test.opening, s.Labels, s.Name)
		}
	}
}

// What Wrap labels is what the scanner makes of the wrapped text.
func TestWrapIsGo(t *testing.T) {
	for _, text := range []string{"a", "/", "*", "//", "a\r\n", "\"'", "한"} {
		for _, w := range wrappings {
			s, _ := Wrap(code("", text), w.opening, w.closing, w.class)
			if want := classify(w.opening + text + w.closing); !equalSequences(Sequence{Tokens: s.Tokens, Labels: s.Labels}, want) {
				t.Errorf("%q as %s: labels %q, want %q", text, w.class, s.Labels, want.Labels)
			}
		}
	}
}

func TestWrapCuts(t *testing.T) {
	s, ok := Wrap(code("", strings.Repeat("한", MaxDeclaration-1)), "`", "`", GoString)
	if !ok || len(s.Tokens) != MaxDeclaration || len(s.Labels) != MaxDeclaration {
		t.Errorf("%d tokens, %d labels, %t", len(s.Tokens), len(s.Labels), ok)
	}
}

func TestGoProbes(t *testing.T) {
	long := strings.Repeat("x", minProbe)
	probes := GoProbes([]Sequence{
		code("short", long[1:]), code("both", long), code("raw", long+"`"), code("comment", long+"*/"), code("none", long+"*/`"),
	})
	var names []string
	for _, p := range probes {
		names = append(names, p.Name)
	}
	want := []string{"both as comment", "both as string", "raw as comment", "comment as string"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func TestWithWrapped(t *testing.T) {
	train := []Sequence{code("", "a"), code("", "*/"), code("", "b"), code("", "c`"), code("", "d"), code("", "e"), code("", "f")}
	for n, want := range map[int][]string{
		-1: nil,
		0:  nil,
		1:  {"/*a*/", "`*/`", "/*b*/", "`d`", "/*e*/", "`f`"},
		2:  {"/*b*/", "`e`"},
		9:  nil,
	} {
		got := textsOf(WithWrapped(train, n))
		if !slices.Equal(got[:len(train)], textsOf(train)) || !slices.Equal(got[len(train):], want) {
			t.Errorf("n = %d: got %q, want the training set and %q", n, got, want)
		}
	}
}
