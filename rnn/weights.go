package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// pack lays the weights out for the products of one training step.
func (l *layer[F]) pack(team *Team) {
	l.units(l.h, l.layout)
	l.wxh.SetGates(l.params.wxh, l.layout.x, l.h, l.u, l.i)
	l.whh.SetGates(l.params.whh, l.layout.h, l.h, l.u, l.h)
	l.lay(team, l.fill, &l.whh, &l.wxh)
	l.b = l.biasRow(l.b, l.params.b, l.layout.x)
	if l.kind == GRU {
		l.bhn = l.biasRow(l.bhn, l.params.bhn, one)
	}
	l.packedBack, l.packedInputBack = false, false
}

var one = []int{0}

// biasRow lays the gates' blocks of a bias out as a row of the panels, zero
// where there are no units.
func (l *layer[F]) biasRow(row, bias []F, gates []int) []F {
	row = kernel.Grow(row, l.panels*l.u*len(gates))
	clear(row)
	for p := range l.panels {
		for q, gate := range gates {
			n := min(l.u, l.h-p*l.u)
			copy(row[(p*len(gates)+q)*l.u:], bias[gate*l.h+p*l.u:][:n])
		}
	}
	return row
}

// mul computes C = C0 + A·B for the rows of a worker.
func (l *layer[F]) mul(c, c0, a *kernel.Matrix[F], rows int, b *kernel.Packed[F], walk kernel.Walk, w int) {
	l.mulAt(c, c0, a, nil, rows, b, walk, w)
}

// mulAt is mul of the rows of A whose numbers are in at, unless it is nil.
func (l *layer[F]) mulAt(c, c0, a *kernel.Matrix[F], at []int32, rows int, b *kernel.Packed[F], walk kernel.Walk, w int) {
	if !l.split {
		kernel.MulPanels(c, c0, a, rows, b, walk)
		return
	}
	kernel.MulSplit(c, c0, a, at, rows, b, walk, &l.scratch[w])
}

// packBack lays the weights out for the way back, the first time that it is gone;
// those of the input the first time that ∂L/∂x is wanted.
func (l *layer[F]) packBack(team *Team) {
	var state, input *kernel.Packed[F]
	if !l.packedBack {
		l.packedBack, state = true, &l.whhT
		state.SetGatesTransposed(l.params.whh, l.layout.h, l.h, l.u, l.h)
	}
	if l.dx != nil && !l.packedInputBack {
		l.packedInputBack, input = true, &l.wxhT
		input.SetGatesTransposed(l.params.wxh, l.layout.x, l.h, l.u, l.i)
	}
	l.lay(team, l.fill, state, input)
	if !l.split {
		return
	}
	if input = nil; l.dx != nil {
		input = &l.wxhT
	}
	l.cutFor(team, &l.whhT, input)
}

// cutFor cuts weights that are laid out, of the state and unless nil of the input, into
// pieces, if they are worth it for the batch and not there.
func (l *layer[F]) cutFor(team *Team, state, input *kernel.Packed[F]) {
	if !state.Split(l.chunk.batch.Size()) {
		state = nil
	}
	if input != nil && !input.Split(fastRows) {
		input = nil
	}
	l.lay(team, l.cut, state, input)
}

// lay shares a way to lay weights out, of the state and of the input unless they are
// nil, over the workers.
func (l *layer[F]) lay(team *Team, phase func(worker int), state, input *kernel.Packed[F]) {
	const work = 64 // an element takes as long as so many operations
	columns := 0
	if state != nil {
		columns += l.h
	}
	if input != nil {
		columns += l.i
	}
	if columns == 0 {
		return
	}
	l.laid = [2]*kernel.Packed[F]{state, input}
	elements := l.g * l.h * columns
	if l.chunk.single { // one worker goes through the steps, and is to have all in its cache
		elements /= awayCost
	}
	l.packers = team.Size()
	team.RunFor(work*elements, phase)
}

// fillWeights and cutWeights are a worker's part of it.
func (l *layer[F]) fillWeights(w int) {
	for _, weights := range l.laid {
		if weights != nil {
			weights.Fill(w, l.packers)
		}
	}
}

func (l *layer[F]) cutWeights(w int) {
	for _, weights := range l.laid {
		if weights != nil {
			weights.Cut(w, l.packers)
		}
	}
}
