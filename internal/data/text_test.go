package data

import (
	"slices"
	"strings"
	"testing"
)

func TestReadText(t *testing.T) {
	got, err := ReadText(strings.NewReader("한a\n"), "f")
	if err != nil || got != "한a\n" {
		t.Errorf("%q, %v", got, err)
	}
	for text, want := range map[string]string{
		"":               "f: 0 characters",
		"x":              "f: 1 character",
		"ab\ncd\n\xff\n": "f:3: invalid UTF-8",
		"a\xff":          "f:1: invalid UTF-8",
	} {
		if _, err := ReadText(strings.NewReader(text), "f"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
	}
}

// TestNextTokens wants every token but the last labelled with the next, in
// pieces of equal length.
func TestNextTokens(t *testing.T) {
	tokens := Characters("abcdefgh")
	for _, c := range []struct {
		pieces int
		want   []string // tokens>labels
	}{
		{1, []string{"abcdefg>bcdefgh"}},
		{2, []string{"abc>bcd", "def>efg"}},
		{7, []string{"a>b", "b>c", "c>d", "d>e", "e>f", "f>g", "g>h"}},
		{100, []string{"a>b", "b>c", "c>d", "d>e", "e>f", "f>g", "g>h"}},
	} {
		sequences, err := NextTokens("f", tokens, c.pieces)
		var got []string
		for _, s := range sequences {
			got = append(got, strings.Join(s.Tokens, "")+">"+strings.Join(s.Labels, ""))
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%d pieces: %q, %v, want %q", c.pieces, got, err, c.want)
		}
	}
	if _, err := NextTokens("f", tokens[:1], 1); err == nil {
		t.Error("one token: no error")
	}
}
