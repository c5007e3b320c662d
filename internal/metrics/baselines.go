package metrics

import "iter"

// Baselines learns, from the training sequences, the two predictions that a
// model must beat: the most frequent label whatever the token, and the most
// frequent label of the very token. Of labels equally frequent it takes the
// one with the smaller index.
type Baselines struct {
	all    labelCounts
	tokens map[string]*labelCounts
}

// labelCounts counts labels, only those that occur.
type labelCounts struct {
	counts map[int]int
	best   int // the most frequent
}

func (c *labelCounts) add(label int) {
	c.counts[label]++
	n, most := c.counts[label], c.counts[c.best]
	if n > most || (n == most && label < c.best) {
		c.best = label
	}
}

// NewBaselines returns baselines that have learned nothing.
func NewBaselines() *Baselines {
	return &Baselines{all: labelCounts{counts: map[int]int{}}, tokens: map[string]*labelCounts{}}
}

// Learn counts one training token and the index of its label.
func (b *Baselines) Learn(token string, label int) {
	c, ok := b.tokens[token]
	if !ok {
		c = &labelCounts{counts: map[int]int{}, best: label}
		b.tokens[token] = c
	}
	c.add(label)
	b.all.add(label)
}

// MostFrequent returns the most frequent label; 0 if nothing was learned.
func (b *Baselines) MostFrequent() int { return b.all.best }

// MostFrequentOf returns the most frequent label of a token, or that of all
// tokens if this one was not in the training sequences.
func (b *Baselines) MostFrequentOf(token string) int {
	if c, ok := b.tokens[token]; ok {
		return c.best
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
