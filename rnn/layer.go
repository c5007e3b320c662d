package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// layer is one recurrent layer at work on a chunk of steps. Its loops over
// time are here; what one step computes is the cell's. Every phase is a
// function of a worker's number: rows, sequences or output tiles are shared
// out, a sum never is.
type layer[F Float] struct {
	cell   Cell
	i, h   int
	params views[F]
	grads  views[F]

	wxh, whh   kernel.Packed[F] // for y = x·Wᵀ
	wxhT, whhT kernel.Packed[F] // for dx = δ·W

	chunk            *chunk
	x, dx            []F // [rows, I] of the chunk; dx may be nil
	out, prev, delta []F // [rows, H] of the chunk: h_t, h_{t-1}, δ_t
	state, dstate    []F // [B, H]: h after the chunk; ∂L/∂h before it, once backward
	scratch          []kernel.Scratch[F]

	inputs, steps, stepsBack, products func(worker int) // the phases, bound once
}

// chunk is what all layers share while they work on steps [from, to) of a batch.
type chunk struct {
	batch    *Batch
	from, to int
	bounds   []int // worker w has sequences [bounds[w], bounds[w+1])
	workers  int
}

// rows returns the rows, counted from the chunk's first, of sequences
// [lo, hi) at step t; none are left when from == to.
func (c *chunk) rows(t, lo, hi int) (from, to int) {
	base := c.batch.Off[t] - c.batch.Off[c.from]
	return base + lo, base + max(lo, min(hi, c.batch.Alive(t)))
}

func (c *chunk) size() int { return c.batch.Range(c.from, c.to) }

// views are a layer's parameters, or their gradients, in the slab.
type views[F Float] struct {
	wxh, whh, bh, h0 []F // [H, I], [H, H], [H], [H] or empty
}

// take cuts layer l's views off the slab and returns the rest.
func (v *views[F]) take(c Config, l int, slab []F) (rest []F) {
	i, h := c.inputOf(l), c.Hidden
	v.wxh, slab = slab[:h*i:h*i], slab[h*i:]
	v.whh, slab = slab[:h*h:h*h], slab[h*h:]
	v.bh, slab = slab[:h:h], slab[h:]
	if c.LearnH0 {
		v.h0, slab = slab[:h:h], slab[h:]
	}
	return slab
}

func newLayer[F Float](c Config, l int, ch *chunk, params, grads views[F]) *layer[F] {
	ly := &layer[F]{cell: c.Cell, i: c.inputOf(l), h: c.Hidden, chunk: ch, params: params, grads: grads}
	ly.scratch = make([]kernel.Scratch[F], ch.workers)
	ly.inputs, ly.steps = ly.forwardInputs, ly.forwardSteps
	ly.stepsBack, ly.products = ly.backwardSteps, ly.backwardProducts
	return ly
}

// pack lays the weights out for the products of one training step.
func (l *layer[F]) pack() {
	l.wxh.Pack(l.params.wxh, l.h, l.i)
	l.whh.Pack(l.params.whh, l.h, l.h)
	l.wxhT.PackTransposed(l.params.wxh, l.h, l.i)
	l.whhT.PackTransposed(l.params.whh, l.h, l.h)
}

// begin sets the states of b sequences to h0 [B, H], or to the learned initial
// state, or to zero.
func (l *layer[F]) begin(b int, h0 []F) {
	l.state = kernel.Grow(l.state, b*l.h)
	l.dstate = kernel.Grow(l.dstate, b*l.h)
	switch {
	case h0 != nil:
		copy(l.state, h0)
	case len(l.params.h0) > 0:
		for s := range b {
			copy(l.state[s*l.h:], l.params.h0)
		}
	default:
		clear(l.state)
	}
}

func (l *layer[F]) resize() {
	n := l.chunk.size() * l.h
	l.out, l.prev, l.delta = kernel.Grow(l.out, n), kernel.Grow(l.prev, n), kernel.Grow(l.delta, n)
}

// forwardInputs computes Wxh·x_t + bh for a worker's rows, all steps at once.
func (l *layer[F]) forwardInputs(w int) {
	from, to := kernel.Share(l.chunk.size(), w, l.chunk.workers)
	out := l.out[from*l.h : to*l.h]
	for r := range to - from {
		copy(out[r*l.h:], l.params.bh)
	}
	kernel.Mul(out, l.x[from*l.i:to*l.i], to-from, &l.wxh, true)
}

// forwardSteps runs a worker's sequences through the chunk's steps.
func (l *layer[F]) forwardSteps(w int) {
	c := l.chunk
	lo, hi := c.bounds[w], c.bounds[w+1]
	for t := c.from; t < c.to; t++ {
		from, to := c.rows(t, lo, hi)
		if from == to {
			break
		}
		out, prev := l.out[from*l.h:to*l.h], l.prev[from*l.h:to*l.h]
		state := l.state[lo*l.h:][:len(out)]
		copy(prev, state)
		l.forwardStep(out, prev, to-from)
		copy(state, out)
	}
}

// backwardSteps walks a worker's sequences back down the chunk's steps;
// l.delta holds ∂L/∂h_t from above and becomes δ_t.
func (l *layer[F]) backwardSteps(w int) {
	c := l.chunk
	lo, hi := c.bounds[w], c.bounds[w+1]
	for t := c.to - 1; t >= c.from; t-- {
		from, to := c.rows(t, lo, hi)
		if from == to {
			continue
		}
		out, delta := l.out[from*l.h:to*l.h], l.delta[from*l.h:to*l.h]
		l.backwardStep(delta, l.dstate[lo*l.h:][:len(out)], out, to-from)
	}
}

// backwardProducts adds a worker's rows of the weight gradients, and computes
// its rows of ∂L/∂x where that is wanted. The sums over k and t of the paper
// are one product each over all rows of the chunk.
func (l *layer[F]) backwardProducts(w int) {
	c := l.chunk
	n, s := c.size(), &l.scratch[w]
	from, to := kernel.Share(l.h, w, c.workers)
	kernel.AddOuter(l.grads.whh, l.delta, l.prev, n, l.h, l.h, from, to, s) // (11)
	kernel.AddOuter(l.grads.wxh, l.delta, l.x, n, l.h, l.i, from, to, s)    // (14)
	kernel.AddColumns(l.grads.bh, l.delta, n, l.h, from, to)
	if l.dx != nil {
		from, to = kernel.Share(n, w, c.workers)
		kernel.Mul(l.dx[from*l.i:to*l.i], l.delta[from*l.h:to*l.h], to-from, &l.wxhT, false)
	}
}

// learnH0 adds ∂L/∂h_0 of all sequences to the gradient of the learned state.
func (l *layer[F]) learnH0() {
	if len(l.grads.h0) > 0 {
		kernel.AddColumns(l.grads.h0, l.dstate, l.chunk.batch.Size(), l.h, 0, l.h)
	}
}
