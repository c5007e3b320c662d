package train

import (
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/seq"
)

// Example is a sequence as numbers: tokens by the vocabulary, labels by their
// index or loss.NoLabel. Both have the sequence's length, at least 1.
type Example struct{ IDs, Labels []int32 }

// poolBatches is how many batches' sequences are sorted by length together:
// enough that a batch's sequences are nearly as long as each other, few enough
// that batches stay mixed.
const poolBatches = 16

// plan returns the batches of an epoch, indices of examples: shuffled, sorted
// by length within pools, cut into batches, and these shuffled.
func plan(examples []Example, size int, r *rand.Rand) [][]int {
	size = min(size, len(examples))
	shuffled := r.Perm(len(examples))
	var batches [][]int
	for len(shuffled) > 0 {
		pool := shuffled[:min(size*poolBatches, len(shuffled))]
		shuffled = shuffled[len(pool):]
		batches = append(batches, cut(examples, pool, size)...)
	}
	r.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	return batches
}

// cut sorts the indices by their examples' lengths, longest first, and cuts
// them into batches of size.
func cut(examples []Example, indices []int, size int) [][]int {
	lengths := make([]int, len(indices))
	for i, e := range indices {
		lengths[i] = len(examples[e].IDs)
	}
	sorted := make([]int, len(indices))
	for i, o := range seq.Order(nil, lengths) {
		sorted[i] = indices[o]
	}
	var batches [][]int
	for len(sorted) > 0 {
		n := min(size, len(sorted))
		batches, sorted = append(batches, sorted[:n:n]), sorted[n:]
	}
	return batches
}

// batch is examples packed; its memory is used again for the next.
type batch struct {
	layout      seq.Packed
	ids, labels []int32
	lengths     []int
}

// fill packs the examples of these indices, longest first. It returns an error
// for none other than a broken plan.
func (b *batch) fill(examples []Example, indices []int) error {
	b.lengths = b.lengths[:0]
	for _, i := range indices {
		b.lengths = append(b.lengths, len(examples[i].IDs))
	}
	if err := b.layout.Reset(b.lengths); err != nil {
		return err
	}
	rows := b.layout.Rows()
	b.ids, b.labels = kernel.Grow(b.ids, rows), kernel.Grow(b.labels, rows)
	for row, i := range indices {
		seq.Scatter(&b.layout, b.ids, examples[i].IDs, row, 1)
		seq.Scatter(&b.layout, b.labels, examples[i].Labels, row, 1)
	}
	return nil
}

// rows returns ids and labels of the steps [from, to).
func (b *batch) rows(from, to int) (ids, labels []int32) {
	lo, hi := b.layout.Off[from], b.layout.Off[to]
	return b.ids[lo:hi], b.labels[lo:hi]
}

// count returns how many of the labels are known.
func count(labels []int32) int {
	n := 0
	for _, l := range labels {
		if l >= 0 {
			n++
		}
	}
	return n
}
