// Package seq describes packed batches: B sequences of different lengths laid
// out time-major without padding.
//
// The sequences are sorted longest first. Step t holds the rows of the B_t
// sequences still alive, so row Off[t]+b of an [N, ·] matrix is sequence b at
// step t, N = Σ lengths, and the alive rows of a step are a prefix of those of
// the step before. A range of steps is a range of rows.
package seq

import (
	"cmp"
	"fmt"
	"slices"
)

// Packed is the layout of a batch. The zero value is an empty batch; Reset
// makes it another one, reusing its memory.
type Packed struct {
	Lengths []int // steps of each sequence, longest first, none below 1
	Off     []int // [T+1]: the first row of every step, and at last N
}

// New returns the layout of a batch with these lengths, longest first.
func New(lengths ...int) (*Packed, error) {
	p := new(Packed)
	return p, p.Reset(lengths)
}

// Reset makes p the layout of a batch with these lengths, longest first; it
// copies them. An error leaves p empty.
func (p *Packed) Reset(lengths []int) error {
	p.Lengths, p.Off = p.Lengths[:0], append(p.Off[:0], 0)
	for b, n := range lengths {
		if n < 1 {
			return fmt.Errorf("sequence %d has %d steps, expected at least 1", b, n)
		}
		if b > 0 && n > lengths[b-1] {
			return fmt.Errorf("sequence %d has %d steps, more than the one before it (%d): expected longest first", b, n, lengths[b-1])
		}
	}
	p.Lengths = append(p.Lengths, lengths...)
	alive := len(lengths)
	for t := 0; alive > 0; {
		p.Off = append(p.Off, p.Off[t]+alive)
		t++
		for alive > 0 && lengths[alive-1] <= t {
			alive--
		}
	}
	return nil
}

// Size returns B, the number of sequences.
func (p *Packed) Size() int { return len(p.Lengths) }

// Steps returns T, the length of the longest sequence.
func (p *Packed) Steps() int { return max(len(p.Off)-1, 0) }

// Rows returns N, the number of real steps of all sequences.
func (p *Packed) Rows() int { return p.Range(0, p.Steps()) }

// Range returns the number of rows of the steps [from, to).
func (p *Packed) Range(from, to int) int {
	if from >= to {
		return 0
	}
	return p.Off[to] - p.Off[from]
}

// Alive returns B_t, the number of sequences longer than t steps.
func (p *Packed) Alive(t int) int { return p.Off[t+1] - p.Off[t] }

// Row returns the row of sequence b at step t, t < Lengths[b].
func (p *Packed) Row(b, t int) int { return p.Off[t] + b }

// Ending returns the sequences [lo, hi) whose last step is one of [from, to).
func (p *Packed) Ending(from, to int) (lo, hi int) {
	if to < p.Steps() {
		lo = p.Alive(to)
	}
	return lo, p.Alive(from)
}

// Split shares the sequences out to len(bounds)-1 workers, worker w getting
// [bounds[w], bounds[w+1]), so that each has about the same number of real
// steps in [from, to).
func (p *Packed) Split(bounds []int, from, to int) {
	workers := len(bounds) - 1
	total, done, b := p.Range(from, to), 0, 0
	bounds[0] = 0
	for w := 1; w < workers; w++ {
		for b < p.Size() {
			steps := max(min(p.Lengths[b], to)-from, 0)
			if (done+steps/2)*workers >= total*w {
				break
			}
			done += steps
			b++
		}
		bounds[w] = b
	}
	bounds[workers] = p.Size()
}

// Order writes to order the indices of lengths, longest first; equal lengths
// keep their order. It returns order, grown if need be.
func Order(order []int, lengths []int) []int {
	order = order[:0]
	for i := range lengths {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lengths[b], lengths[a]) })
	return order
}

// Scatter copies one sequence's elements, width values a step, into the rows
// of sequence b in the packed matrix dst [N, width].
func Scatter[T any](p *Packed, dst, src []T, b, width int) {
	for t := range p.Lengths[b] {
		copy(dst[p.Row(b, t)*width:][:width], src[t*width:])
	}
}

// Gather copies the rows of sequence b of the packed matrix src [N, width]
// into dst [Lengths[b], width].
func Gather[T any](p *Packed, dst, src []T, b, width int) {
	for t := range p.Lengths[b] {
		copy(dst[t*width:][:width], src[p.Row(b, t)*width:])
	}
}
