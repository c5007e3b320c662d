package model

import (
	"cmp"
	"fmt"
	"slices"
)

// Unknown is the id of every token that is not in the vocabulary.
const Unknown = 0

// Vocab numbers tokens: 1, 2, … in the order of its list, and Unknown for any other.
type Vocab struct {
	tokens []string
	ids    map[string]int32
}

// NewVocab returns the vocabulary of these tokens, which must be distinct.
func NewVocab(tokens []string) (*Vocab, error) {
	v := &Vocab{tokens: tokens, ids: make(map[string]int32, len(tokens))}
	for i, t := range tokens {
		if _, seen := v.ids[t]; seen {
			return nil, fmt.Errorf("token %q stands twice in the vocabulary", t)
		}
		v.ids[t] = int32(i + 1)
	}
	return v, nil
}

// CountVocab returns the vocabulary of the tokens that were counted at least
// min times, most frequent first. The rarer ones are what trains Unknown.
func CountVocab(counts map[string]int, min int) *Vocab {
	var tokens []string
	for t, n := range counts {
		if n >= min {
			tokens = append(tokens, t)
		}
	}
	slices.SortFunc(tokens, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	v, _ := NewVocab(tokens) // keys of a map are distinct
	return v
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
