package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// The products of a layer with its weights, of a chunk's rows at once or of a step.

// forwardInputs computes Wxh·x_t + b for a worker's rows of the stretch.
func (l *layer[F]) forwardInputs(w int) {
	rows, row := l.chunk.batch.Range(l.from, l.to), l.chunk.row(l.from)
	if l.byUnits {
		from, to := l.unitsOf(w)
		l.project(l.gatesAt(l.from), l.x[row*l.i:], nil, rows, from, to, w)
		return
	}
	from, to := kernel.Share(rows, w, l.chunk.workers)
	l.project(l.gatesAt(l.from).From(from), l.x[(row+from)*l.i:], nil, to-from, 0, l.h, w)
}

// project sets rows of the gates of units [from, to) to Wxh·x + b, x being the first
// rows or, in matrix units, those whose numbers are in at.
func (l *layer[F]) project(gates kernel.Matrix[F], x []F, at []int32, rows, from, to, w int) {
	q := len(l.layout.x)
	sums := gates.Cut(0, q*l.u)
	bias := kernel.Matrix[F]{Data: l.b, Width: sums.Width, Panel: sums.Width}
	left := kernel.Dense(x, l.i)
	l.mulAt(&sums, &bias, &left, at, rows, &l.wxh, l.wxh.Walk(q*from, q*to, false), w)
	if l.kind == GRU && rows > 0 {
		hn := gates.Cut(3*l.u, l.u)
		hn.Data = hn.Data[from/l.u*hn.Panel:]
		hn.Fill(l.bhn[from:], rows, (to-from+l.u-1)/l.u*l.u)
	}
}

// addState adds Whh·h_{t-1} to the sums of a step; of a cell without gates h_t takes
// what comes of it.
func (l *layer[F]) addState(s *step[F]) {
	sums := s.Gates.Cut(l.layout.hFrom*l.u, len(l.layout.h)*l.u)
	q := len(l.layout.h)
	into := sums
	if l.layout.blocks == 1 {
		into = s.H
	}
	l.mul(&into, &sums, &s.Prev, s.N, &l.whh, l.whh.Walk(q*s.From, q*s.To, s.Down), s.Worker)
}

// stateBack sets DState to δ·Whh; of a GRU it adds that to the way around the gates.
func (l *layer[F]) stateBack(s *step[F]) {
	delta, start := s.Delta.Cut(l.layout.hFrom*l.u, len(l.layout.h)*l.u), kernel.Matrix[F]{}
	if l.kind == GRU {
		start = s.DState
	}
	l.mul(&s.DState, &start, &delta, s.N, &l.whhT, l.whhT.Walk(s.From, s.To, s.Down), s.Worker)
}

// backwardProducts adds a worker's units of the weight gradients, and computes
// its share of ∂L/∂x where that is wanted.
func (l *layer[F]) backwardProducts(w int) {
	if l.chunk.grouped {
		l.groupGradients(w)
	} else {
		l.weightGradients(w)
	}
	if l.dx != nil {
		l.inputsBack(w)
	}
}

// inputsBack computes a worker's share of ∂L/∂x, δ·Wxh.
func (l *layer[F]) inputsBack(w int) {
	rows, row := l.chunk.batch.Range(l.from, l.to), l.chunk.row(l.from)
	from, to, columns := l.shareOfInputs(rows, w)
	delta := l.delta.From(from).Cut(0, len(l.layout.x)*l.u)
	into := kernel.Dense(l.dx[(row+from)*l.i:], l.i)
	l.mul(&into, &kernel.Matrix[F]{}, &delta, to-from, &l.wxhT, columns, w)
}

// shareOfInputs returns a worker's share of ∂L/∂x: rows or, where it has so many
// columns that to cut all of δ for some of them costs little, columns, for which it
// reads but their weights.
func (l *layer[F]) shareOfInputs(rows, w int) (from, to int, columns kernel.Walk) {
	const many = 256 // a worker
	if workers := l.chunk.workers; l.wxhT.InPieces() && workers > 1 && l.i >= many*workers {
		first, last := kernel.ShareColumns[F](l.i, w, workers)
		return 0, rows, l.wxhT.Walk(first, last, false)
	}
	from, to = kernel.Share(rows, w, l.chunk.workers)
	return from, to, kernel.Walk{To: l.wxhT.Panels()}
}

// weightGradients adds a worker's units of the weight gradients. The sums over k
// and t of the paper are one product each over all rows of a block.
func (l *layer[F]) weightGradients(w int) {
	c, s, f := l.chunk, &l.scratch[w], &l.factors[w]
	rows, row := c.batch.Range(l.from, l.to), c.row(l.from)
	if l.inTurn {
		f = &l.factors[0] // which its part has packed
	}
	if !l.inTurn || w == 0 {
		f.prev.Pack(l.prev, rows, l.h, l.split)
		f.x.Pack(l.x[row*l.i:], rows, l.i, l.split)
	}
	from, to := kernel.Share(l.panels, w, c.workers)
	from, to = from*l.u, min(to*l.u, l.h)
	if l.panels == 1 {
		from, to = kernel.Share(l.h, w, c.workers)
	}
	l.eachBlock(from, to, func(block, unit, n int, delta []F) {
		s.Left(delta, l.delta.Stride, rows, n, l.split)
		s.Next(l.following(block, unit, n, to))
		bias := l.addBlock(&l.grads, f, s, block, unit)
		kernel.AddRows(bias[:n], delta, l.delta.Stride, rows)
	})
}

// addBlock adds the products of the δ that s has, of units of a block from the
// given one on, to gradients, and returns where those of their biases begin.
func (l *layer[F]) addBlock(grads *views[F], f *factors[F], s *kernel.Scratch[F], block, unit int) (bias []F) {
	if q := block - l.layout.hFrom; q >= 0 {
		f.prev.AddOuter(grads.whh[(l.layout.h[q]*l.h+unit)*l.h:], s) // (11)
	}
	if block >= len(l.layout.x) {
		return grads.bhn[unit:]
	}
	gate := l.layout.x[block]*l.h + unit
	f.x.AddOuter(grads.wxh[gate*l.i:], s) // (14)
	return grads.b[gate:]
}

// eachBlock calls f for every block of the units [from, to) that lie in one panel:
// units [unit, unit+n) of a gate, whose δ are the first n columns of delta.
func (l *layer[F]) eachBlock(from, to int, f func(block, unit, n int, delta []F)) {
	for unit := from; unit < to; {
		n := min(to, (unit/l.u+1)*l.u, unit+mostUnits) - unit
		for block := range l.layout.blocks {
			f(block, unit, n, l.delta.Data[l.deltaAt(block, unit):])
		}
		unit += n
	}
}

// deltaAt returns where the δ of a gate's units from the given one on begin.
func (l *layer[F]) deltaAt(block, unit int) int {
	panel := unit / l.u
	return panel*l.delta.Panel + block*l.u + unit - panel*l.u
}

// following returns how many elements on the δ begin that eachBlock comes to next of the
// same gate, 0 if there are none.
func (l *layer[F]) following(block, unit, n, to int) int {
	if unit+n >= to {
		return 0
	}
	return l.deltaAt(block, unit+n) - l.deltaAt(block, unit)
}

// mostUnits is how many units of a block are taken at a time: their pieces are
// to stay in the cache.
const mostUnits = 96
