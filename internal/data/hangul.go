package data

import "unicode/utf8"

// Hangul syllables and their conjoining jamo, as the Unicode Standard, section
// 3.12, names and counts them: SCount syllables from SBase on, each of one of
// LCount leading consonants, one of VCount vowels and one of TCount−1 trailing
// consonants or none. TBase is one below the first of these.
const (
	hangulSBase  = 0xAC00
	hangulLBase  = 0x1100
	hangulVBase  = 0x1161
	hangulTBase  = 0x11A7
	hangulLCount = 19
	hangulVCount = 21
	hangulTCount = 28
	hangulNCount = hangulVCount * hangulTCount // 588
	hangulSCount = hangulLCount * hangulNCount // 11172
)

// One string for each jamo, so that taking a syllable apart makes none.
var (
	hangulL = runesFrom(hangulLBase, hangulLCount)
	hangulV = runesFrom(hangulVBase, hangulVCount)
	hangulT = runesFrom(hangulTBase, hangulTCount)
)

func runesFrom(base rune, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = string(base + rune(i))
	}
	return all
}

// Jamo appends a word's characters to units, each Hangul syllable (U+AC00 to
// U+D7A3) as its two or three conjoining jamo. Other characters are appended as
// they are, as in [Characters]. What is appended are substrings of word and strings that all
// calls share: nothing is allocated but room in units.
func Jamo(units []string, word string) []string {
	for len(word) > 0 {
		r, w := utf8.DecodeRuneInString(word)
		switch leading, vowel, trailing := jamoKind(r); {
		case isSyllable(r):
			units = appendSyllable(units, int(r-hangulSBase))
		case leading || vowel || trailing:
			units = append(units, word[:w])
		default:
			w = CharacterLen(word)
			units = append(units, word[:w])
		}
		word = word[w:]
	}
	return units
}

// appendSyllable appends the jamo of syllable s, counted from 0.
func appendSyllable(units []string, s int) []string {
	units = append(units, hangulL[s/hangulNCount], hangulV[s%hangulNCount/hangulTCount])
	if t := s % hangulTCount; t != 0 {
		units = append(units, hangulT[t])
	}
	return units
}

func isSyllable(r rune) bool { return hangulSBase <= r && r < hangulSBase+hangulSCount }
