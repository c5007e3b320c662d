package data

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestJamo(t *testing.T) {
	for _, test := range []struct {
		word string
		want []string
	}{
		{"", nil},
		{"가", []string{"\u1100", "\u1161"}},
		{"힣", []string{"\u1112", "\u1175", "\u11c2"}},
		{"퓛", []string{"\u1111", "\u1171", "\u11b6"}}, // U+D4DB, the standard's own example
		{"한글", []string{"\u1112", "\u1161", "\u11ab", "\u1100", "\u1173", "\u11af"}},
		{"a가1\n", []string{"a", "\u1100", "\u1161", "1", "\n"}},
		{"ㅋ\u1112é東😀", []string{"ㅋ", "\u1112", "é", "東", "😀"}},
		{"\uabff\ud7a4", []string{"\uabff", "\ud7a4"}}, // beside the first and the last
		{"\xea\xb0가\xff", []string{"\xea", "\xb0", "\u1100", "\u1161", "\xff"}},
	} {
		if got := Jamo(nil, test.word); !slices.Equal(got, test.want) {
			t.Errorf("Jamo(%q) = %q, want %q", test.word, got, test.want)
		}
	}
	if got := Jamo([]string{"x"}, "가"); !slices.Equal(got, []string{"x", "\u1100", "\u1161"}) {
		t.Errorf("appended: %q", got)
	}
}

// TestJamoInverse puts every syllable together again by the standard's
// composition, S = ((L·21 + V)·28 + T) + SBase.
func TestJamoInverse(t *testing.T) {
	for s := rune(0xAC00); s <= 0xD7A3; s++ {
		jamo := Jamo(nil, string(s))
		if len(jamo) == 2 {
			jamo = append(jamo, "\u11a7") // no trailing consonant
		}
		var index [3]rune
		for i, base := range []rune{0x1100, 0x1161, 0x11A7} {
			r, w := utf8.DecodeRuneInString(jamo[i])
			if w != len(jamo[i]) {
				t.Fatalf("%c: %q, expected one character each", s, jamo)
			}
			index[i] = r - base
		}
		if got := (index[0]*21+index[1])*28 + index[2] + 0xAC00; got != s {
			t.Fatalf("%q make %c, want %c", jamo, got, s)
		}
	}
}

// A word without syllables is its characters.
func TestJamoCharacters(t *testing.T) {
	for _, word := range []string{"Dogs", "naïve", "\xff\x80a", "日本ㅎ"} {
		if got, want := Jamo(nil, word), Characters(word); !slices.Equal(got, want) {
			t.Errorf("Jamo(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestJamoAllocations(t *testing.T) {
	word := strings.Repeat("한국어 a\xff", 20)
	units := make([]string, 0, 400)
	if n := testing.AllocsPerRun(100, func() { units = Jamo(units[:0], word) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
