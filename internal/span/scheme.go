package span

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Scheme is a way to write spans as one label a token. Each label is O, outside
// of all spans, or a letter that gives the place in a span, "-" and the span's
// type.
type Scheme string

const (
	None  Scheme = ""      // any label after any other
	BIO   Scheme = "bio"   // a span of type x is B-x I-x*, as in IOB2
	BIOES Scheme = "bioes" // a span of type x is B-x I-x* E-x, or S-x alone
)

// Valid says whether s is one of the constants.
func (s Scheme) Valid() bool { return s == None || s.letters() != "" }

// letters returns the places in a span that s has labels for.
func (s Scheme) letters() string {
	switch s {
	case BIO:
		return "BI"
	case BIOES:
		return "BIES"
	}
	return ""
}

// split returns the place in a span, one of the letters of s, and the span's
// type; 'O' and no type for O and for labels that are none of the scheme's.
func (s Scheme) split(label string) (place byte, kind string) {
	letter, kind, _ := strings.Cut(label, "-")
	if kind == "" || len(letter) != 1 || !strings.Contains(s.letters(), letter) {
		return 'O', ""
	}
	return letter[0], kind
}

// Fits says why the labels, in any order, are not the scheme's, if they are
// not: each must be one of it, and sequences of every length must be possible,
// one token included.
func (s Scheme) Fits(labels []string) error {
	if s == None {
		return nil
	}
	if !s.Valid() {
		return fmt.Errorf("span scheme %.20q is unknown: expected %s or %s", string(s), BIO, BIOES)
	}
	for _, l := range labels {
		if place, _ := s.split(l); place == 'O' && l != "O" {
			return fmt.Errorf("label %.40q is none of the scheme %s: expected O or one of %s, \"-\" and a type", l, s, s.letters())
		}
	}
	// What may stand alone may follow itself.
	if !slices.ContainsFunc(labels, func(l string) bool { return s.Breaks([]string{l}) < 0 }) {
		alone := "B-"
		if s == BIOES {
			alone = "S-"
		}
		return fmt.Errorf("no label of the %d can stand alone in the scheme %s: expected O or one that begins with %s", len(labels), s, alone)
	}
	return nil
}

// Follows says whether the label to may stand directly after the label from.
// from is "" for the beginning of the sequence, to is "" for its end. A label
// that is none of the scheme's counts as O.
func (s Scheme) Follows(from, to string) bool {
	before, open := s.split(from)
	after, kind := s.split(to)
	inside := before == 'B' || before == 'I' // a span that may go on, and in BIOES must
	goesOn := after == 'I' || after == 'E'
	if goesOn {
		return inside && kind == open
	}
	return s != BIOES || !inside
}

// Breaks returns the index of the first of a sequence's labels that may not
// stand where it stands; len(labels) if only the end may not; −1 if all may.
func (s Scheme) Breaks(labels []string) int {
	from := ""
	for i, to := range labels {
		if !s.Follows(from, to) {
			return i
		}
		from = to
	}
	if !s.Follows(from, "") {
		return len(labels)
	}
	return -1
}

// Detect returns the scheme that the labels of a corpus are written in, None if
// they mark no spans or break the rules anywhere. distinct has each of them
// once, in any order; sequences are read until one breaks the scheme.
func Detect(distinct []string, sequences iter.Seq[[]string]) Scheme {
	s := guess(distinct)
	if s == None || s.Fits(distinct) != nil {
		return None
	}
	for labels := range sequences {
		if s.Breaks(labels) >= 0 {
			return None
		}
	}
	return s
}

// guess returns the one scheme that the labels may be in: BIOES if one has the
// place E or S, BIO if others have a place.
func guess(distinct []string) Scheme {
	s := None
	for _, l := range distinct {
		switch place, _ := BIOES.split(l); place {
		case 'E', 'S':
			return BIOES
		case 'B', 'I':
			s = BIO
		}
	}
	return s
}
