package data

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is where a word stands in a text, in bytes.
type span struct{ from, to int }

// plainWords splits raw text into words. A word is one of
//
//   - a run of letters, digits, underscores, marks and joiners, of the
//     apostrophes between two letters, and of . , : between two digits;
//   - any other character but white space.
//
// With split, English words with an apostrophe are two, as in Universal
// Dependencies: do|n't, we|'ll, dog|'s; cannot is can|not.
func plainWords(text string, split bool) (words []span) {
	for at := 0; at < len(text); {
		r, w := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += w
			continue
		}
		n := plainWordLen(text[at:])
		if head := contraction(text[at : at+n]); split && head > 0 {
			words = append(words, span{at, at + head})
			at, n = at+head, n-head
		}
		words = append(words, span{at, at + n})
		at += n
	}
	return words
}

// plainWordLen is the length of the word that text begins with.
func plainWordLen(text string) int {
	n := runLen(text)
	if n == 0 {
		return CharacterLen(text)
	}
	for n+1 < len(text) && strings.IndexByte(".,:", text[n]) >= 0 {
		last, _ := utf8.DecodeLastRuneInString(text[:n])
		next, _ := utf8.DecodeRuneInString(text[n+1:])
		if !unicode.IsDigit(last) || !unicode.IsDigit(next) {
			break
		}
		n += 1 + runLen(text[n+1:])
	}
	return n
}

// contraction is where an English word is two; 0 if it is one.
func contraction(word string) int {
	if strings.EqualFold(word, "cannot") {
		return len("can")
	}
	at := strings.LastIndexAny(word, "'’")
	if at < 1 {
		return 0
	}
	_, w := utf8.DecodeRuneInString(word[at:])
	switch after := strings.ToLower(word[at+w:]); {
	case after == "t" && at > 1 && (word[at-1] == 'n' || word[at-1] == 'N'):
		return at - 1
	case slices.Contains([]string{"s", "m", "d", "ll", "re", "ve"}, after):
		return at
	}
	return 0
}

// sentenceEnds tells whether a sentence of raw text probably ends behind word i:
// after . ! ? or the like, and brackets and quotes behind it, before white space
// or the end.
func sentenceEnds(text string, words []span, i int) bool {
	to := words[i].to
	if next, _ := utf8.DecodeRuneInString(text[to:]); to < len(text) && !unicode.IsSpace(next) {
		return false
	}
	for ; i > 0 && strings.Contains(`"'”’»)]`, text[words[i].from:words[i].to]); i-- {
	}
	return strings.Contains(".!?…。！？", text[words[i].from:words[i].to])
}
