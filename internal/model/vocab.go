package model

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Unknown is the id of every token that is not in the vocabulary.
const Unknown = 0

// Vocab numbers tokens: 1, 2, … in the order of its list, and Unknown for any other.
type Vocab struct {
	tokens []string
	ids    map[string]int32
}

// NewVocab returns the vocabulary of these tokens, which must be distinct and UTF-8.
func NewVocab(tokens []string) (*Vocab, error) {
	ids, err := number("token", tokens, Unknown+1)
	return &Vocab{tokens, ids}, err
}

// number gives names, which must be distinct and UTF-8, the numbers from first on.
func number(what string, names []string, first int) (map[string]int32, error) {
	ids := make(map[string]int32, len(names))
	for i, n := range names {
		if !utf8.ValidString(n) {
			return nil, fmt.Errorf("%s %.60q is not UTF-8", what, n)
		}
		if _, seen := ids[n]; seen {
			return nil, fmt.Errorf("%s %.60q stands twice", what, n)
		}
		ids[n] = int32(first + i)
	}
	return ids, nil
}

// CountVocab returns the vocabulary of the tokens that were counted at least
// min times, most frequent first. The rarer ones are what trains Unknown. It
// is an error if a token is not UTF-8.
func CountVocab(counts map[string]int, min int) (*Vocab, error) {
	var tokens []string
	for t, n := range counts {
		if n >= min {
			tokens = append(tokens, t)
		}
	}
	slices.SortFunc(tokens, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return NewVocab(tokens)
}

// Size returns the number of ids, Unknown among them.
func (v *Vocab) Size() int { return len(v.tokens) + 1 }

// Tokens returns the tokens of ids 1, 2, …; it is the vocabulary's own.
func (v *Vocab) Tokens() []string { return v.tokens }

// ID returns the token's id.
func (v *Vocab) ID(token string) int32 { return v.ids[token] }

// Encode appends the tokens' ids to ids.
func (v *Vocab) Encode(ids []int32, tokens []string) []int32 {
	for _, t := range tokens {
		ids = append(ids, v.ids[t])
	}
	return ids
}
