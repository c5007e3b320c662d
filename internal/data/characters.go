package data

import (
	"unicode"
	"unicode/utf8"
)

// Characters splits text into its characters, as a reader sees them: see
// [CharacterLen]. Joined they are the text.
func Characters(text string) []string {
	characters := make([]string, 0, utf8.RuneCountInString(text))
	for len(text) > 0 {
		n := CharacterLen(text)
		characters = append(characters, text[:n])
		text = text[n:]
	}
	return characters
}

// CharacterLen is the length in bytes of the character that text, not empty,
// begins with, as a reader sees it: a letter with its combining marks, Hangul
// jamo that make a syllable, an emoji with its modifiers or joined to others, a
// flag of two regional indicators. These are the extended grapheme clusters of
// Unicode's UAX #29 but for CR LF, which is two characters here, for what
// Indic scripts put before a letter or join by a virama, and for symbols that
// are not emoji, which a joiner joins all the same. A byte that is not
// UTF-8 is a character.
func CharacterLen(text string) int {
	r, n := utf8.DecodeRuneInString(text)
	if n == len(text) || r < utf8.RuneSelf && text[n] < utf8.RuneSelf || r == utf8.RuneError && n == 1 || unicode.Is(unicode.C, r) && !isExtending(r) {
		return n
	}
	flag := isRegional(r)
	for n < len(text) {
		next, w := utf8.DecodeRuneInString(text[n:])
		switch {
		case next == utf8.RuneError && w == 1:
			return n
		case isExtending(next):
		case r == zeroWidthJoiner && isPictographic(next) && joinsPictographic(text[:n]):
		case flag && isRegional(r) && isRegional(next):
			flag = false
		case joinsHangul(r, next):
		default:
			return n
		}
		r, n = next, n+w
	}
	return n
}

const zeroWidthJoiner = '\u200d'

// isExtending tells whether a character belongs to the one before it.
func isExtending(r rune) bool {
	return isExtension(r) || 0x1F3FB <= r && r <= 0x1F3FF || 0xE0020 <= r && r <= 0xE007F
}

func isRegional(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

// isPictographic tells whether a character may be joined to another by a
// joiner: any symbol, and not just those that Unicode names emoji.
func isPictographic(r rune) bool {
	return !isRegional(r) && (r >= 0x2190 && unicode.Is(unicode.So, r) || r == 0x2194 || r >= 0x1F000 && r <= 0x1FAFF)
}

// joinsPictographic tells whether text, which ends in a joiner, has a
// pictographic character before it, with no more between them than marks that
// take no space.
func joinsPictographic(text string) bool {
	text = text[:len(text)-len(string(zeroWidthJoiner))]
	for len(text) > 0 {
		r, w := utf8.DecodeLastRuneInString(text)
		if !isExtending(r) || r == zeroWidthJoiner || unicode.Is(unicode.Mc, r) {
			return isPictographic(r)
		}
		text = text[:len(text)-w]
	}
	return false
}

// jamoKind tells which part of a syllable a Hangul character is.
func jamoKind(r rune) (leading, vowel, trailing bool) {
	switch {
	case isSyllable(r):
		return false, (r-hangulSBase)%hangulTCount == 0, true // ends in a vowel, or in a consonant
	case 0x1100 <= r && r <= 0x115F, 0xA960 <= r && r <= 0xA97C:
		return true, false, false
	case 0x1160 <= r && r <= 0x11A7, 0xD7B0 <= r && r <= 0xD7C6:
		return false, true, true
	case 0x11A8 <= r && r <= 0x11FF, 0xD7CB <= r && r <= 0xD7FB:
		return false, false, true
	}
	return false, false, false
}

// joinsHangul tells whether two characters are of one Hangul syllable.
func joinsHangul(a, b rune) bool {
	leading, vowel, trailing := jamoKind(a)
	nextLeading, nextVowel, nextTrailing := jamoKind(b)
	if leading {
		return nextLeading || nextVowel || isSyllable(b)
	}
	if isSyllable(b) {
		return false
	}
	return vowel && nextVowel || trailing && nextTrailing && !nextVowel
}
