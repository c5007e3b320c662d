package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// layer is one direction of a recurrent layer at work on a chunk of steps. Its
// loops over time are here; what one step computes is the cell's. Every phase
// is a function of a worker's number: rows, sequences or output tiles are
// shared out, a sum never is.
type layer[F Float] struct {
	kind    Cell
	cell    cell[F]
	i, h, g int // I, H, and the number of gates G
	params  views[F]
	grads   views[F]

	wxh, whh   kernel.Packed[F] // for y = x·Wᵀ
	wxhT, whhT kernel.Packed[F] // for dx = δ·W

	chunk         *chunk
	x, dx         []F     // [rows, I] of the chunk; dx may be nil
	dh            []F     // [rows, H] of the chunk, from above
	all           step[F] // the matrices of all the chunk's rows; its dstate and dcell are those below
	state, cstate []F     // [B, H] h and c after the chunk's forward pass
	dstate, dcell []F     // [B, H] ∂L/∂h and ∂L/∂c before the chunk, once backward
	scratch       []kernel.Scratch[F]
	at            []step[F] // the step that each worker is at

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

func newLayer[F Float](c Config, l int, ch *chunk, params views[F]) *layer[F] {
	ly := &layer[F]{kind: c.Cell, cell: newCell[F](c.Cell), i: c.inputOf(l), h: c.Hidden, g: c.Cell.gates(),
		chunk: ch, params: params}
	ly.scratch = make([]kernel.Scratch[F], ch.workers)
	ly.at = make([]step[F], ch.workers)
	ly.inputs, ly.steps = ly.forwardInputs, ly.forwardSteps
	ly.stepsBack, ly.products = ly.backwardSteps, ly.backwardProducts
	return ly
}

// packForward and packReverse lay the weights out for the products of one
// training step.
func (l *layer[F]) packForward() {
	l.wxh.Pack(l.params.wxh, l.g*l.h, l.i)
	l.whh.Pack(l.params.whh, l.g*l.h, l.h)
}

func (l *layer[F]) packReverse() {
	l.wxhT.PackTransposed(l.params.wxh, l.g*l.h, l.i)
	l.whhT.PackTransposed(l.params.whh, l.g*l.h, l.h)
}

// begin sets the states of b sequences to the given ones [B, H], or to the
// learned initial states, or to zero.
func (l *layer[F]) begin(b int, h0, c0 []F) {
	l.state = initial(l.state, b, l.h, h0, l.params.h0)
	l.dstate = kernel.Grow(l.dstate, b*l.h)
	if l.kind == LSTM {
		l.cstate = initial(l.cstate, b, l.h, c0, l.params.c0)
		l.dcell = kernel.Grow(l.dcell, b*l.h)
	}
}

func initial[F Float](state []F, b, h int, given, learned []F) []F {
	state = kernel.Grow(state, b*h)
	switch {
	case given != nil:
		copy(state, given)
	case len(learned) > 0:
		for s := range b {
			copy(state[s*h:], learned)
		}
	default:
		clear(state)
	}
	return state
}

// resize makes room for the chunk's rows.
func (l *layer[F]) resize(rows int) {
	a, n := &l.all, rows*l.h
	a.h, a.prev, a.delta = kernel.Grow(a.h, n), kernel.Grow(a.prev, n), kernel.Grow(a.delta, l.g*n)
	switch l.kind {
	default:
		a.gates, a.deltaH = a.h, a.delta
	case LSTM:
		a.gates, a.deltaH = kernel.Grow(a.gates, l.g*n), a.delta
		a.c, a.prevC, a.tanhC = kernel.Grow(a.c, n), kernel.Grow(a.prevC, n), kernel.Grow(a.tanhC, n)
	case GRU:
		a.gates, a.deltaH, a.hn = kernel.Grow(a.gates, l.g*n), kernel.Grow(a.deltaH, l.g*n), kernel.Grow(a.hn, n)
	}
}

// forwardInputs computes Wxh·x_t + b for a worker's rows, all steps at once.
func (l *layer[F]) forwardInputs(w int) {
	from, to := kernel.Share(l.chunk.size(), w, l.chunk.workers)
	l.project(l.all.gates[from*l.g*l.h:to*l.g*l.h], l.x[from*l.i:to*l.i], to-from)
}

func (l *layer[F]) project(gates, x []F, rows int) {
	for r := range rows {
		copy(gates[r*l.g*l.h:], l.params.b)
	}
	kernel.Mul(gates, x, rows, &l.wxh, true)
}

// view makes s the chunk's rows [from, to), of sequences that start at lo.
func (l *layer[F]) view(s *step[F], from, to, lo int) {
	a, h, g := &l.all, l.h, l.g*l.h
	s.n = to - from
	s.gates, s.delta, s.deltaH = a.gates[from*g:to*g], a.delta[from*g:to*g], a.deltaH[from*g:to*g]
	s.h, s.prev = a.h[from*h:to*h], a.prev[from*h:to*h]
	switch l.kind {
	case LSTM:
		s.c, s.prevC, s.tanhC = a.c[from*h:to*h], a.prevC[from*h:to*h], a.tanhC[from*h:to*h]
		s.dcell = l.dcell[lo*h : (lo+s.n)*h]
	case GRU:
		s.hn = a.hn[from*h : to*h]
	}
	s.dstate = l.dstate[lo*h : (lo+s.n)*h]
}

// forwardSteps runs a worker's sequences through the chunk's steps.
func (l *layer[F]) forwardSteps(w int) {
	c, s := l.chunk, &l.at[w]
	lo, hi := c.bounds[w], c.bounds[w+1]
	for t := c.from; t < c.to; t++ {
		from, to := c.rows(t, lo, hi)
		if from == to {
			break
		}
		l.view(s, from, to, lo)
		l.forwardStep(s, l.state[lo*l.h:], l.cells(lo))
	}
}

// cells returns c of the sequences from lo on, where the cell has it.
func (l *layer[F]) cells(lo int) []F {
	if l.kind != LSTM {
		return nil
	}
	return l.cstate[lo*l.h:]
}

// forwardStep computes a step from the states [n, H], and makes them its own.
func (l *layer[F]) forwardStep(s *step[F], state, cstate []F) {
	copy(s.prev, state)
	copy(s.prevC, cstate)
	l.cell.forward(l, s)
	copy(state, s.h)
	copy(cstate, s.c)
}

// backwardSteps walks a worker's sequences back down the chunk's steps.
func (l *layer[F]) backwardSteps(w int) {
	c, s := l.chunk, &l.at[w]
	lo, hi := c.bounds[w], c.bounds[w+1]
	for t := c.to - 1; t >= c.from; t-- {
		from, to := c.rows(t, lo, hi)
		if from == to {
			continue
		}
		l.view(s, from, to, lo)
		s.dh = l.dh[from*l.h : to*l.h]
		l.cell.backward(l, s)
	}
}

// backwardProducts adds a worker's rows of the weight gradients, and computes
// its rows of ∂L/∂x where that is wanted. The sums over k and t of the paper
// are one product each over all rows of the chunk.
func (l *layer[F]) backwardProducts(w int) {
	a, n, g, s := &l.all, l.chunk.size(), l.g*l.h, &l.scratch[w]
	from, to := kernel.Share(g, w, l.chunk.workers)
	kernel.AddOuter(l.grads.whh, a.deltaH, a.prev, n, g, l.h, from, to, s) // (11)
	kernel.AddOuter(l.grads.wxh, a.delta, l.x, n, g, l.i, from, to, s)     // (14)
	kernel.AddColumns(l.grads.b, a.delta, n, g, from, to)
	if l.kind == GRU && w == 0 {
		l.addBhn(n)
	}
	if l.dx != nil {
		from, to = kernel.Share(n, w, l.chunk.workers)
		kernel.Mul(l.dx[from*l.i:to*l.i], a.delta[from*g:to*g], to-from, &l.wxhT, false)
	}
}

// addBhn adds the gradient of bhn: the n gate's columns of deltaH.
func (l *layer[F]) addBhn(rows int) {
	for r := range rows {
		for j, v := range l.all.deltaH[(r*3+2)*l.h : (r+1)*3*l.h] {
			l.grads.bhn[j] += v
		}
	}
}

// learn adds the gradients of all sequences' initial states to those of the
// learned ones.
func (l *layer[F]) learn() {
	b := l.chunk.batch.Size()
	if len(l.grads.h0) > 0 {
		kernel.AddColumns(l.grads.h0, l.dstate, b, l.h, 0, l.h)
	}
	if len(l.grads.c0) > 0 {
		kernel.AddColumns(l.grads.c0, l.dcell, b, l.h, 0, l.h)
	}
}
