package model

import (
	"strings"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/input"
)

// Lexicon numbers distinct tokens as a model reads them.
type Lexicon struct {
	model   *Model
	forms   input.Forms
	numbers map[string]int32
	units   []string // of a token's characters
	value   []byte   // of a feature
	nfc     map[string]string
}

// NewLexicon returns an empty lexicon of the model's.
func (m *Model) NewLexicon() *Lexicon {
	return &Lexicon{model: m, numbers: map[string]int32{}}
}

// Forms returns the tokens so far, the lexicon's own.
func (l *Lexicon) Forms() *input.Forms { return &l.forms }

// Reset empties the lexicon.
func (l *Lexicon) Reset() {
	l.forms.Reset()
	clear(l.numbers)
}

// Number returns the token's number, a new one if it has none yet.
func (l *Lexicon) Number(token string) int32 {
	n, ok := l.numbers[token]
	if !ok {
		n = l.add(token)
		l.numbers[token] = n
	}
	return n
}

// Only makes the token the lexicon's only one, number 0. It allocates nothing
// once it has seen the longest token.
func (l *Lexicon) Only(token string) {
	l.forms.Reset()
	l.add(token)
}

// add reads a token. However its characters are composed it is the same one: a
// vocabulary has them in Unicode's form C, as training counts them. (A program
// may have made one of others, which are found as they are.)
func (l *Lexicon) add(token string) int32 {
	f, m := &l.forms, l.model
	id := m.Vocab.ID(token)
	if token = l.normal(token); id == Unknown {
		id = m.Vocab.ID(token)
	}
	f.IDs = append(f.IDs, id)
	if m.CharVocab != nil {
		l.units = Units(l.units[:0], token, m.Config.Jamo)
		f.Chars = m.CharVocab.Encode(f.Chars, l.units)
		f.Ends = append(f.Ends, int32(len(f.Chars)))
	}
	for i, feature := range m.Config.Features {
		f.Features = append(f.Features, m.FeatureVocabs[i].ids[string(feature.value(&l.value, token))])
	}
	return int32(len(f.IDs) - 1)
}

// maxNormal is how many tokens are remembered in form C.
const maxNormal = 1 << 12

// normal is a token in Unicode's form C. The few that are not in it are
// remembered, so that seen again they allocate nothing.
func (l *Lexicon) normal(token string) string {
	if kept, ok := l.nfc[token]; ok {
		return kept
	}
	composed := data.NFC(token)
	if composed != token {
		if l.nfc == nil || len(l.nfc) == maxNormal {
			l.nfc = map[string]string{}
		}
		l.nfc[strings.Clone(token)] = composed
	}
	return composed
}

// Units appends the characters of a token that a model reads, at least one: at
// most input.MaxChars of them, the first half and the last half where there
// are more. Hangul syllables come taken apart if jamo is set.
func Units(units []string, token string, jamo bool) []string {
	from := len(units)
	if jamo {
		units = data.Jamo(units, token)
	} else {
		for len(token) > 0 {
			n := data.CharacterLen(token)
			units, token = append(units, token[:n]), token[n:]
		}
	}
	const half = input.MaxChars / 2
	if n := len(units) - from; n > input.MaxChars {
		copy(units[from+half:], units[len(units)-half:])
		units = units[:from+input.MaxChars]
	} else if n == 0 {
		units = append(units, "")
	}
	return units
}
