package metrics

import "iter"

// Baselines learns, from the training sequences, the two predictions that a
// model must beat: the most frequent label whatever the token, and the most
// frequent label of the very token. Of labels equally frequent it takes the
// one with the smaller index.
type Baselines struct {
	counts []int            // [K] of all tokens
	tokens map[string][]int // [K] of each token
}

// NewBaselines returns baselines for label indices 0 to labels-1 that have
// learned nothing.
func NewBaselines(labels int) *Baselines {
	return &Baselines{counts: make([]int, labels), tokens: map[string][]int{}}
}

// Learn counts one training token and its label.
func (b *Baselines) Learn(token string, label int) {
	counts, ok := b.tokens[token]
	if !ok {
		counts = make([]int, len(b.counts))
		b.tokens[token] = counts
	}
	counts[label]++
	b.counts[label]++
}

// MostFrequent returns the most frequent label; 0 if nothing was learned.
func (b *Baselines) MostFrequent() int { return largest(b.counts) }

// MostFrequentOf returns the most frequent label of a token, or that of all
// tokens if this one was not in the training sequences.
func (b *Baselines) MostFrequentOf(token string) int {
	if counts, ok := b.tokens[token]; ok {
		return largest(counts)
	}
	return b.MostFrequent()
}

// Accuracies returns the share of held-out (token, gold label) pairs that each
// of the two predicts right. A gold label of [Unknown] is always wrong.
func (b *Baselines) Accuracies(heldOut iter.Seq2[string, int]) (mostFrequent, ofToken float64) {
	top := b.MostFrequent()
	var n, topRight, tokenRight int
	for token, gold := range heldOut {
		n++
		if gold == top {
			topRight++
		}
		if gold == b.MostFrequentOf(token) {
			tokenRight++
		}
	}
	return ratio(topRight, n), ratio(tokenRight, n)
}

// largest returns the index of the largest count, the first of equals.
func largest(counts []int) int {
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return best
}
