package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Feature names a property of a token that gets a vector of its own.
type Feature string

// Shape is a token's shape: capitals as X, other letters as x, digits as d and
// the rest as it is, no character more than twice in a row. prefix1 to prefix4
// and suffix1 to suffix4 are the token's first or last so many characters, or
// the whole where it has fewer.
const Shape Feature = "shape"

// Features lists the features there are.
func Features() []Feature {
	all := []Feature{Shape}
	for _, kind := range []string{"prefix", "suffix"} {
		for n := 1; n <= 4; n++ {
			all = append(all, Feature(fmt.Sprint(kind, n)))
		}
	}
	return all
}

// affix returns the n of prefix n and suffix n.
func (f Feature) affix() int { return int(f[len(f)-1] - '0') }

// validateFeatures says what is wrong with features of that width, if anything.
func validateFeatures(features []Feature, width int) error {
	for i, f := range features {
		if !slices.Contains(Features(), f) {
			return fmt.Errorf("feature %.20q is unknown: expected some of %v", string(f), Features())
		}
		if slices.Contains(features[:i], f) {
			return fmt.Errorf("feature %s stands twice", f)
		}
	}
	if (len(features) > 0) != (width > 0) || width < 0 || width > maxEmbed {
		return fmt.Errorf("%d features of width %d: expected both above 0, or none", len(features), width)
	}
	return nil
}

// Value returns the feature of a token.
func (f Feature) Value(token string) string { return string(f.value(new([]byte), token)) }

// value is Value in memory of the caller's; buf is memory that the next may use.
func (f Feature) value(buf *[]byte, token string) []byte {
	*buf = (*buf)[:0]
	switch {
	case f == Shape:
		*buf = appendShape(*buf, token)
	case strings.HasPrefix(string(f), "prefix"):
		*buf = append(*buf, prefix(token, f.affix())...)
	default:
		*buf = append(*buf, suffix(token, f.affix())...)
	}
	return *buf
}

func appendShape(buf []byte, token string) []byte {
	var last rune
	run := 0
	for _, r := range token {
		switch {
		case unicode.IsUpper(r):
			r = 'X'
		case unicode.IsLetter(r):
			r = 'x'
		case unicode.IsDigit(r):
			r = 'd'
		}
		if r != last {
			last, run = r, 0
		}
		if run++; run <= 2 {
			buf = utf8.AppendRune(buf, r)
		}
	}
	return buf
}

func prefix(token string, n int) string {
	at := 0
	for ; n > 0 && at < len(token); n-- {
		_, size := utf8.DecodeRuneInString(token[at:])
		at += size
	}
	return token[:at]
}

func suffix(token string, n int) string {
	at := len(token)
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(token[:at])
		at -= size
	}
	return token[at:]
}
