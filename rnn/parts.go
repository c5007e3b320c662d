package rnn

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// partRows is how many rows a part of a chunk has at least, so that what is
// done at its borders is nothing beside what is done between.
const partRows = 2048

// parts are the parts of a chunk that is run in parts; of none, borders is empty.
type parts struct {
	borders   []int // part i is the steps [borders[i], borders[i+1])
	states    []int // where the states before part i are kept, in rows; at last their number
	recompute bool
	pass      pass
}

// pass is what a run over a part is to do.
type pass int

const (
	first pass = iota // compute it
	again             // compute it once more
	found             // find what is kept of it
)

func (p *parts) reset() { p.borders, p.recompute, p.pass = p.borders[:0], false, first }

// of returns which part the steps [from, to) are, −1 for none.
func (p *parts) of(from, to int) int {
	i, ok := slices.BinarySearch(p.borders, from)
	if !ok || i+1 == len(p.borders) || p.borders[i+1] != to {
		return -1
	}
	return i
}

// whole returns the steps of all parts.
func (p *parts) whole() (from, to int) { return p.borders[0], p.borders[len(p.borders)-1] }

// divide cuts steps [from, to) into parts: whole blocks of at least partRows
// rows and as many steps as there may be parts, so that neither a part nor the
// states at the borders grow faster than the square root of the steps.
func (c *chunk) divide(from, to int, recompute bool) {
	c.recompute, c.grouped = recompute, c.sumsByGroups(from, to)
	c.borders, c.states = append(c.borders[:0], from), append(c.states[:0], 0)
	steps := int(math.Sqrt(float64(to - from)))
	for start := from; from < to; {
		from = c.stretch(from, to, c.blockRows())
		if from == to || (from-start >= steps && c.batch.Range(start, from) >= partRows) {
			c.add(start, from)
			start = from
		}
	}
}

// add adds the part [from, to).
func (c *chunk) add(from, to int) {
	c.borders = append(c.borders, to)
	c.states = append(c.states, c.states[len(c.states)-1]+c.batch.Alive(from))
}

// Parts begins a chunk, the steps [from, to), that is run a part at a time, so
// that outputs and gradients are needed of one part at a time only. It returns
// the parts' borders: part i is the steps [borders[i], borders[i+1]). Run
// Forward over the parts from the first to the last; then, from the last to the
// first, [Net.Again] and Backward, which is given the part's gradient and takes
// on the one that flows in from the part after it. The results are those of one
// Forward and one Backward over all steps, to the bit.
//
// With recompute the layers keep of all parts but one the states before it
// alone, and Again computes it once more: a third more work, and memory for one
// part. A part has at least 2048 rows and as many steps as the square root of
// all. Without, they keep all of all parts. Of a bidirectional network, which
// needs all steps at once, there is one part.
//
// The borders are the Net's and hold until the next Parts or Begin.
func (n *Net[F]) Parts(from, to int, recompute bool) (borders []int) {
	c := &n.chunk
	if from >= to {
		panic(fmt.Sprintf("rnn: parts of the steps from %d to %d", from, to))
	}
	c.shareAmong(n.workers(from, to))
	c.divide(from, to, recompute)
	if n.config.Bidirectional {
		c.borders, c.states = append(c.borders[:0], from), append(c.states[:0], 0)
		c.add(from, to)
	}
	if recompute {
		n.keepStates(c.states[len(c.states)-1])
	}
	return c.borders
}

// Again makes the part [from, to), which Forward has run, the one that Output,
// Final and Backward are about, and returns the top layer's output as Forward
// did. x are the same inputs as then.
func (n *Net[F]) Again(from, to int, x []F) []F {
	c := &n.chunk
	if c.of(from, to) < 0 {
		panic(fmt.Sprintf("rnn: the steps from %d to %d are no part", from, to))
	}
	c.pass = found
	if c.recompute && (c.from != from || c.to != to) {
		c.pass = again
	}
	c.begin(from, to)
	h := n.run(x)
	c.pass = first
	return h
}

// borderStates are a layer's states before each part of a chunk, part after
// part, of the sequences alive there: [rows, H].
type borderStates[F Float] struct{ h, c []F }

// keepStates makes room for so many rows of states.
func (n *Net[F]) keepStates(rows int) {
	for _, v := range n.levels {
		for _, l := range v.directions {
			l.border.h = kernel.Grow(l.border.h, rows*l.h)
			if l.kind == LSTM {
				l.border.c = kernel.Grow(l.border.c, rows*l.h)
			}
		}
	}
}

// keepState keeps the states before the chunk, if it is a part to be computed again.
func (l *layer[F]) keepState() {
	if c := l.chunk; c.recompute && c.of(c.from, c.to) >= 0 {
		h, cell := l.keptState()
		copy(h, l.state)
		copy(cell, l.cstate)
	}
}

// keptState returns where the states before the chunk, a part, are kept.
func (l *layer[F]) keptState() (h, c []F) {
	i := l.chunk.of(l.chunk.from, l.chunk.to)
	from, to := l.chunk.states[i]*l.h, l.chunk.states[i+1]*l.h
	if l.kind == LSTM {
		c = l.border.c[from:to]
	}
	return l.border.h[from:to], c
}
