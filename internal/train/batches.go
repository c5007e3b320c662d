package train

import (
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/seq"
)

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
		lengths[i] = examples[e].steps()
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
	layout  seq.Packed
	all     model.Chunk // all steps
	task    string
	k       int // values
	lengths []int
}

// fill packs the examples of these indices, longest first. A token becomes
// unknown with probability drop. It returns an error for none other than a
// broken plan.
func (b *batch) fill(examples *Examples, indices []int, drop float64, r *rand.Rand) error {
	b.lengths = b.lengths[:0]
	for _, i := range indices {
		b.lengths = append(b.lengths, examples.All[i].steps())
	}
	if err := b.layout.Reset(b.lengths); err != nil {
		return err
	}
	b.all.Tokens, b.all.IDs, b.all.X = b.all.Tokens[:0], b.all.IDs[:0], b.all.X[:0]
	b.all.Labels, b.all.Values = b.all.Labels[:0], b.all.Values[:0]
	b.fillInput(examples, indices)
	for _, t := range b.all.Tokens {
		id := examples.Forms.IDs[t]
		if drop > 0 && r.Float64() < drop {
			id = model.Unknown
		}
		b.all.IDs = append(b.all.IDs, id)
	}
	b.fillTargets(examples, indices)
	return nil
}

// fillInput packs tokens or vectors.
func (b *batch) fillInput(examples *Examples, indices []int) {
	for t := range b.layout.Steps() {
		for _, i := range indices[:b.layout.Alive(t)] {
			e := &examples.All[i]
			if e.X != nil {
				b.all.X = append(b.all.X, e.X[t]...)
			} else {
				b.all.Tokens = append(b.all.Tokens, e.Tokens[t])
			}
		}
	}
}

// fillTargets packs labels or values: of every step, or of every sequence in
// the order of the batch's end, the longest first.
func (b *batch) fillTargets(examples *Examples, indices []int) {
	one := func(e *Example, t int) {
		if e.Values != nil {
			b.k = len(e.Values[t])
			b.all.Values = append(b.all.Values, e.Values[t]...)
		} else {
			b.all.Labels = append(b.all.Labels, e.Labels[t])
		}
	}
	if b.task == model.TaskClassify {
		for _, i := range indices {
			one(&examples.All[i], 0)
		}
		return
	}
	for t := range b.layout.Steps() {
		for _, i := range indices[:b.layout.Alive(t)] {
			one(&examples.All[i], t)
		}
	}
}

// chunk returns the steps [from, to).
func (b *batch) chunk(from, to int) model.Chunk {
	lo, hi := b.layout.Off[from], b.layout.Off[to]
	var c model.Chunk
	if len(b.all.X) > 0 {
		width := len(b.all.X) / b.layout.Rows()
		c.X = b.all.X[lo*width : hi*width]
	} else {
		c.Tokens, c.IDs = b.all.Tokens[lo:hi], b.all.IDs[lo:hi]
	}
	if b.task == model.TaskClassify {
		lo, hi = b.layout.Ending(from, to)
	}
	if len(b.all.Values) > 0 {
		c.Values = b.all.Values[lo*b.k : hi*b.k]
	} else {
		c.Labels = b.all.Labels[lo:hi]
	}
	return c
}

// targets returns how many outputs of a chunk are known.
func (b *batch) targets(c model.Chunk) int {
	if c.Values != nil {
		return len(c.Values) / b.k
	}
	return countKnown(c.Labels)
}
