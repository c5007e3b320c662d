package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// memory is what a layer keeps of N rows, those of a chunk or of all its parts,
// of which B' sequences begin it. Gates stand in panels of u units, block by block of
// steps; c step by step, see cells.go.
type memory[F Float] struct {
	u, panels, width int // units of a panel, panels, width of gates: all panels' columns

	hs     []F // [B'+N, H] the states before the chunk, then h_t; of a cell without gates its gates, too
	gates  []F // [N, width]
	sums   []F // [rows, H] of a block of a cell without gates, where workers' stand apart
	cs     []F // [B'+N, panels·u] c, like hs
	tanhC  []F // [N, panels·u]
	dcells []F // [B, panels·u] ∂L/∂c as the steps pass it on

	first int              // step of the block of steps that the layer is at
	block kernel.Matrix[F] // [rows, width] its gates

	delta          kernel.Matrix[F] // [rows, width] of the block that backward is at
	deltas         []F
	prev, gathered []F  // [rows, H] its h_{t-1}
	whole          bool // these stand in hs as they are, no sequence ending before the block does
}

// units sets the sizes of panels.
func (m *memory[F]) units(h int, g gateLayout) {
	m.u = h
	if g.blocks > 1 {
		m.u = kernel.Units[F](h)
	}
	m.panels = (h + m.u - 1) / m.u
	m.width = m.panels * m.u * g.blocks
}

// resize makes room for the rows that are kept.
func (m *memory[F]) resize(h int, kind Cell, c *chunk) {
	n, b, padded := c.kept(c.end), c.entered(), m.panels*m.u
	m.hs = kernel.Grow(m.hs, (b+n)*h)
	switch kind {
	case LSTM:
		m.cs, m.tanhC = kernel.Grow(m.cs, (b+n)*padded), kernel.Grow(m.tanhC, n*padded)
		fallthrough
	case GRU:
		m.gates = kernel.Grow(m.gates, n*m.width)
	}
}

// enterBlock makes the steps [from, to), a block of the chunk, the ones the layer is at.
func (l *layer[F]) enterBlock(from, to int) {
	c := l.chunk
	l.first = from
	rows := c.batch.Range(from, to)
	switch {
	case l.layout.blocks > 1:
		l.block = l.gateRows(l.gates[c.kept(from)*l.width:], rows)
	case l.apart.on:
		l.sums = kernel.Grow(l.sums, rows*l.h)
		l.block = kernel.Dense(l.sums, l.h)
	default:
		l.block = kernel.Dense(l.out[c.row(from)*l.h:], l.h)
	}
	if l.apart.on {
		l.enterApart(from, to)
	}
}

// gatesAt returns the gates of the block's rows from step t on.
func (l *layer[F]) gatesAt(t int) kernel.Matrix[F] {
	return l.block.From(l.chunk.batch.Off[t] - l.chunk.batch.Off[l.first])
}

// gateRows is the matrix of gates, or of δ, of so many rows.
func (l *layer[F]) gateRows(data []F, rows int) kernel.Matrix[F] {
	width := l.layout.blocks * l.u
	return kernel.Matrix[F]{Data: data, Stride: width, Width: width, Panel: rows * width}
}

// view makes s the rows of n sequences at step t, from sequence lo on.
func (l *layer[F]) view(s *step[F], t, lo, n int) {
	c, h := l.chunk, l.h
	row := c.entered() + c.kept(t)
	before, _ := c.before(t)
	s.t, s.lo = t, lo
	s.N, s.Down = n, t%2 == 1
	s.Prev, s.H = kernel.Dense(l.hs[(before+lo)*h:], h), kernel.Dense(l.hs[(row+lo)*h:], h)
	switch {
	case l.apart.on:
		s.Gates = l.block.From(l.apart.starts[s.Worker][t-l.first])
	case l.layout.blocks > 1:
		s.Gates = l.gatesAt(t).From(lo)
	default:
		s.Gates = s.H
	}
	if l.kind == LSTM {
		l.viewCells(&s.Step, t, lo)
	}
}

// viewBack is view with what backward needs besides.
func (l *layer[F]) viewBack(s *step[F], t, lo, n int) {
	l.view(s, t, lo, n)
	s.DH = kernel.Dense(l.dh[(l.chunk.row(t)+lo)*l.h:], l.h)
	s.DState = kernel.Dense(l.dstate[lo*l.h:], l.h)
	s.Delta = l.delta.From(l.chunk.batch.Range(l.from, t) + lo)
	if l.kind == LSTM {
		s.DCell = l.cells(l.dcells, l.chunk.batch.Size(), lo)
	}
}

// resizeBack makes room for a block's rows on the way back.
func (l *layer[F]) resizeBack(rows int) {
	l.deltas = kernel.Grow(l.deltas, rows*l.width)
	l.resizePrev(rows)
	l.delta = l.gateRows(l.deltas, rows)
	if l.layout.blocks == 1 {
		l.delta = kernel.Dense(l.deltas, l.h)
	}
}

// resizePrev finds the block's h_{t-1}, or makes room for them.
func (l *layer[F]) resizePrev(rows int) {
	c := l.chunk
	before, alive := c.before(l.from)
	if l.whole = alive == c.batch.Alive(l.to-1); l.whole {
		l.prev = l.hs[before*l.h : (before+rows)*l.h]
		return
	}
	l.gathered = kernel.Grow(l.gathered, rows*l.h)
	l.prev = l.gathered
}

// enter puts the states where the chunk's first step looks for them, if they
// are not there since the steps before are kept.
func (l *layer[F]) enter(state, cstate []F) {
	if l.chunk.from != l.chunk.origin {
		return
	}
	b := l.chunk.alive()
	copy(l.hs[:b*l.h], state)
	if l.kind == LSTM {
		clear(l.cs[:b*l.panels*l.u])
		for s := range b {
			l.eachCell(l.cs, b, s, func(unit int, v []F) { copy(v, cstate[s*l.h+unit:]) })
		}
	}
}

// leave takes the states after each sequence's last step in the chunk.
func (l *layer[F]) leave() {
	c := l.chunk
	for s := range c.alive() {
		t := min(c.batch.Lengths[s], c.to) - 1
		row := c.entered() + c.kept(t)
		copy(l.state[s*l.h:(s+1)*l.h], l.hs[(row+s)*l.h:])
		if l.kind == LSTM {
			l.eachCell(l.cs[row*l.panels*l.u:], c.batch.Alive(t), s, func(unit int, v []F) { copy(l.cstate[s*l.h+unit:], v) })
		}
	}
}

// enterBack starts the way back. What flows in comes from the part after, if
// that is where the last way back ended: nothing from later chunks.
func (l *layer[F]) enterBack() {
	if l.chunk.back == l.chunk.to {
		return
	}
	clear(l.dstate)
	if l.kind == LSTM {
		l.dcells = kernel.Grow(l.dcells, l.chunk.batch.Size()*l.panels*l.u)
		clear(l.dcells)
	}
}

// leaveBack makes ∂L/∂c dense.
func (l *layer[F]) leaveBack() {
	if l.kind != LSTM {
		return
	}
	b := l.chunk.batch.Size()
	for s := range b {
		l.eachCell(l.dcells, b, s, func(unit int, v []F) { copy(l.dcell[s*l.h+unit:], v) })
	}
}
