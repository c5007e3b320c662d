package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// numbered returns n characters that are all different.
func numbered(n int) (units []string) {
	for i := range n {
		units = append(units, string(rune(0x4e00+i)))
	}
	return units
}

func TestUnitsAreATokensCharacters(t *testing.T) {
	const half = input.MaxChars / 2
	ends := func(units []string) []string {
		return slices.Concat(units[:half], units[len(units)-half:])
	}
	syllables := slices.Repeat([]string{"ᄀ", "ᅡ", "ᆨ"}, input.MaxChars) // as 각 comes taken apart
	for _, test := range []struct {
		name, token string
		jamo        bool
		want        []string
	}{
		{"a letter", "a", false, []string{"a"}},
		{"empty", "", false, []string{""}},
		{"empty, jamo", "", true, []string{""}},
		{"letters", "aé\u0301€👍🏽", false, []string{"a", "é\u0301", "€", "👍🏽"}},
		{"syllables", "한국", false, []string{"한", "국"}},
		{"syllables, jamo", "한구a", true, []string{"ᄒ", "ᅡ", "ᆫ", "ᄀ", "ᅮ", "a"}},
		{"jamo that stand alone", "ㅋᄒ", true, []string{"ㅋ", "ᄒ"}},
		{"broken", "a\xff\xfeb", false, []string{"a", "\xff", "\xfe", "b"}},
		{"broken, jamo", "가\xed\x95", true, []string{"ᄀ", "ᅡ", "\xed", "\x95"}},
		{"the replacement character", "\ufffd", false, []string{"\ufffd"}},
		{"as many as are read", strings.Join(numbered(input.MaxChars), ""), false, numbered(input.MaxChars)},
		{"one more", strings.Join(numbered(input.MaxChars+1), ""), false, ends(numbered(input.MaxChars + 1))},
		{"many more", strings.Join(numbered(1000), ""), false, ends(numbered(1000))},
		{"many more, jamo", strings.Join(numbered(1000), ""), true, ends(numbered(1000))},
		{"syllables that grow too many", strings.Repeat("각", input.MaxChars), true, ends(syllables)},
		{"bytes that are no characters", strings.Repeat("\xff", 99), false, slices.Repeat([]string{"\xff"}, input.MaxChars)},
	} {
		if got := model.Units(nil, test.token, test.jamo); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		before := []string{"x", "y"}
		if got := model.Units(before, test.token, test.jamo); !slices.Equal(got, slices.Concat(before, test.want)) {
			t.Errorf("%s, appended: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestLexiconNumbersDistinctTokens wants what a model reads of each token,
// once, and all of it gone after Reset.
func TestLexiconNumbersDistinctTokens(t *testing.T) {
	c := shape{rnn.Tanh, 1, false}.config(2, 3)
	all(chars(rnn.GRU), func(c *model.Config) {
		c.Features, c.FeatureEmbed = []model.Feature{"suffix1", model.Shape}, 1
	})(&c)
	m := newModel(t, c, []string{"ab", "b"}, []string{"X"}) // characters a, b; suffixes b; shapes x, xx
	l := m.NewLexicon()
	for round := range 2 {
		for i, want := range []int32{0, 1, 0, 2, 1, 3} {
			if got := l.Number([]string{"b", "?a", "b", "", "?a", "ab"}[i]); got != want {
				t.Errorf("round %d, token %d has number %d, want %d", round, i, got, want)
			}
		}
		f := l.Forms()
		for what, both := range map[string][2][]int32{
			"ids":        {f.IDs, {2, 0, 0, 1}},
			"characters": {f.Chars, {2, 0, 1, 0, 1, 2}},
			"ends":       {f.Ends, {1, 3, 4, 6}},
			"features":   {f.Features, {1, 1, 0, 0, 0, 0, 1, 2}},
		} {
			if !slices.Equal(both[0], both[1]) {
				t.Errorf("round %d: %s %v, want %v", round, what, both[0], both[1])
			}
		}
		l.Reset()
		if f.Len()+len(f.Chars)+len(f.Ends)+len(f.Features) > 0 {
			t.Errorf("after Reset: %+v", f)
		}
	}
	for range 2 {
		l.Only("ab")
		if f := l.Forms(); f.Len() != 1 || !slices.Equal(f.Chars, []int32{1, 2}) || !slices.Equal(f.Ends, []int32{2}) || !slices.Equal(f.Features, []int32{1, 2}) {
			t.Errorf("only ab: %+v", f)
		}
	}
}
