package data

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

func TestCharacterLen(t *testing.T) {
	for _, test := range []string{
		"a|b", "e\u0301|x", "é|é", "👩‍👧‍👦|👍🏽|❤️|🇰🇷|🇺🇸|🇦", "\r|\n", "\n|\u0301", "한|\u1112\u1161\u11ab|ᄀ", "\xff|\xfe|a", "1️⃣|2", "a\u200d|b", "각\u11a8", "🇰\u0301|🇷🇺", "👩\u200d|🇰🇷", "👩\u0903\u200d|👩", "👩\u200d\u200d|👩", "👩\u0308\u200d👩",
	} {
		if got := strings.Join(Characters(strings.ReplaceAll(test, "|", "")), "|"); got != test {
			t.Errorf("%q, want %q", got, test)
		}
	}
}

// TestCharactersAreGraphemeClusters compares with another implementation of
// UAX #29, on letters, marks, jamo, emoji and flags.
func TestCharactersAreGraphemeClusters(t *testing.T) {
	of := rapid.SampledFrom([]rune("aé \n1.,한각가\u1100\u115f\ua960\u1161\ud7b0\u11a8\ud7cb\u0301\u0308\u20e3\ufe0f\u200d\u200c👩👍🏽🏿❤☎🇰🇷🇺📞🏴\U000e0067\U000e007fЯй日本हत\u0903"))
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(of, 1, 8).Draw(t, "text"))
		var want []string
		for g := uniseg.NewGraphemes(text); g.Next(); {
			want = append(want, g.Str())
		}
		if got := Characters(text); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("%+q, want %+q", got, want)
		}
	})
}
