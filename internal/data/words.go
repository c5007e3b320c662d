package data

import (
	"unicode"
	"unicode/utf8"
)

// Words splits text into the tokens of a language model of words, substrings
// that joined are the text, whatever bytes it has. A token is one of
//
//   - a run of letters, decimal digits, underscores, marks and joiners, and of
//     the apostrophes ' and ’ that stand after a letter, its marks or joiners
//     and before a letter;
//   - a line feed;
//   - any other character but the space, or byte that is not UTF-8, with the
//     marks and joiners that follow it;
//   - a space.
//
// A token of the first or third kind takes in one space (U+0020), if there is
// one before it. Letters, digits and marks are Unicode's categories L, Nd and M,
// joiners are U+200C and U+200D: "To be,  or\nnot" is "To", " be", ",", " ",
// " or", "\n", "not".
func Words(text string) []string {
	var tokens []string
	for len(text) > 0 {
		n := tokenLen(text)
		tokens = append(tokens, text[:n])
		text = text[n:]
	}
	return tokens
}

// tokenLen is the length in bytes of the token that text, not empty, begins
// with.
func tokenLen(text string) int {
	start := 0
	if text[0] == ' ' {
		if len(text) == 1 || text[1] == ' ' {
			return 1
		}
		start = 1
	}
	if text[start] == '\n' {
		return 1 // the line feed, or the space before it
	}
	if n := runLen(text[start:]); n > 0 {
		return start + n
	}
	_, w := utf8.DecodeRuneInString(text[start:])
	return start + w + extensionLen(text[start+w:])
}

// runLen is the length of the run of letters and the like that text begins
// with.
func runLen(text string) int {
	n, afterLetter := 0, false
	for n < len(text) {
		r, w := utf8.DecodeRuneInString(text[n:])
		switch {
		case unicode.IsLetter(r):
			afterLetter = true
		case unicode.IsDigit(r) || r == '_' || isApostrophe(r) && afterLetter && startsLetter(text[n+w:]):
			afterLetter = false
		case !isExtension(r):
			return n
		}
		n += w
	}
	return n
}

// extensionLen is the length of the marks and joiners that text begins with.
func extensionLen(text string) int {
	for i, r := range text {
		if !isExtension(r) {
			return i
		}
	}
	return len(text)
}

// isExtension tells whether a character belongs to the one before it.
func isExtension(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.IsMark(r) || r == '\u200c' || r == '\u200d')
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

func startsLetter(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}
