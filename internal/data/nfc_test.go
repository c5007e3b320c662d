package data

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// interesting are the characters that normalization changes or joins, or that
// stand still beside them.
func interesting() []rune {
	all := []rune("a 가각\u1100\u1112\u1161\u1175\u11a8\u11c2\u11a7漢😀")
	for _, c := range compositions {
		all = append(all, c.r)
		all = append(all, []rune(c.whole)...)
	}
	for _, c := range combiningRuns {
		all = append(all, c.from, c.to)
	}
	return all
}

// TestNFC compares with golang.org/x/text/unicode/norm: every character by itself
// and beside marks, and texts of those that matter.
func TestNFC(t *testing.T) {
	if norm.Version != nfcVersion {
		t.Skipf("the tables are of Unicode %s, the other's of %s", nfcVersion, norm.Version)
	}
	check := func(t interface{ Errorf(string, ...any) }, text string) {
		if got, want := NFC(text), norm.NFC.String(text); got != want {
			t.Errorf("%+q becomes %+q, want %+q", text, got, want)
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if utf8.ValidRune(r) {
			check(t, string(r))
			check(t, string([]rune{'e', r, 0x301}))
			check(t, norm.NFD.String(string(r)))
		}
	}
	of := rapid.SampledFrom(interesting())
	rapid.Check(t, func(t *rapid.T) {
		check(t, string(rapid.SliceOfN(of, 1, 9).Draw(t, "text")))
	})
	for _, broken := range []string{"e\xff\u0301", "\xea\xb0", "\u1100\xff\u1161"} {
		check(t, broken)
	}
}

func TestNFCOfNormalTextAllocatesNothing(t *testing.T) {
	for _, text := range []string{"plain", "déjà vu", "한국어를 씁니다", "漢字 😀 Ж"} {
		if n := testing.AllocsPerRun(10, func() { NFC(text) }); n != 0 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}

// TestNFCOfManyMarks wants a million marks to take no longer than sorting them.
func TestNFCOfManyMarks(t *testing.T) {
	text := "a" + strings.Repeat("\u0301\u0323", 500_000)
	if got := NFC(text); !strings.HasPrefix(got, "\u1ea1\u0323") || len(got) != len(text) {
		t.Errorf("%d bytes that begin with %+q, want %d", len(got), got[:min(len(got), 9)], len(text))
	}
}

// FuzzNFC wants the result to be as the other implementation has it, and normal;
// what the other makes of marks behind bytes that are not UTF-8 is its own.
func FuzzNFC(f *testing.F) {
	for _, seed := range []string{"e\u0301\u0323", "\u1112\u1161\u11ab", "\ufb2c\u05bc", "\xff\u0301", "\u0344\u0308"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := NFC(text), norm.NFC.String(text); norm.Version == nfcVersion && got != want && utf8.ValidString(text) && !manyMarks(text) {
			t.Errorf("%+q becomes %+q, want %+q", text, got, want)
		}
		if once := NFC(text); NFC(once) != once {
			t.Errorf("%+q becomes another the second time", text)
		}
	})
}

// manyMarks tells whether text has more than 30 marks in a row, between which
// the other implementation puts a joiner (UAX #15's stream-safe format).
func manyMarks(text string) bool {
	n := 0
	for _, r := range norm.NFD.String(text) {
		if n++; combiningClass(r) == 0 {
			n = 0
		}
		if n > 25 {
			return true
		}
	}
	return false
}
