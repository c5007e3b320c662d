package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// The LSTM's c, and what goes with it, stand in tiles of cellTile sequences of a step,
// a tile's panels one after the other: [tile][panel][row][u]. So what workers with
// sequences of their own write lies apart. If all rows of a panel stood together, then
// a processor that fetches ahead of one worker would take the lines of another.
const cellTile = 16

// cellTileOf returns the tile of a step's c, which begin data, that begins with sequence
// first of so many: the rows from sequence s on.
func (m *memory[F]) cellTileOf(data []F, first, sequences, s int) kernel.Matrix[F] {
	rows := min(cellTile, sequences-first)
	tile := kernel.Matrix[F]{Data: data[first*m.panels*m.u:], Stride: m.u, Width: m.u, Panel: rows * m.u}
	return tile.From(s - first)
}

// part makes s.part the rows of s from r on that are of one tile, and returns the row
// after them.
func (l *layer[F]) part(s *step[F], r int) (next int) {
	c, padded := l.chunk, l.panels*l.u
	sequence := s.lo + r
	first := sequence - sequence%cellTile
	next = min(first+cellTile-s.lo, s.N)
	p := &s.part
	p.N, p.Gates, p.H = next-r, s.Gates.From(r), s.H.From(r)
	before, was := c.before(s.t)
	p.PrevC = l.cellTileOf(l.cs[before*padded:], first, was, sequence)
	kept, alive := c.kept(s.t), c.batch.Alive(s.t)
	p.C = l.cellTileOf(l.cs[(c.entered()+kept)*padded:], first, alive, sequence)
	p.TanhC = l.cellTileOf(l.tanhC[kept*padded:], first, alive, sequence)
	return next
}

// partBack is part with what backward needs besides.
func (l *layer[F]) partBack(s *step[F], r int) (next int) {
	next = l.part(s, r)
	p, sequence := &s.part, s.lo+r
	p.DH, p.DState, p.Delta = s.DH.From(r), s.DState.From(r), s.Delta.From(r)
	p.DCell = l.cellTileOf(l.dcells, sequence-sequence%cellTile, l.chunk.batch.Size(), sequence)
	return next
}

// eachCell calls f for what sequence s has of a step's c, which begin data, of so many
// sequences, in each panel: its first unit and its values.
func (l *layer[F]) eachCell(data []F, sequences, s int, f func(unit int, v []F)) {
	tile := l.cellTileOf(data, s-s%cellTile, sequences, s)
	for unit := 0; unit < l.h; unit += l.u {
		from := unit / l.u * tile.Panel
		f(unit, tile.Data[from:from+min(l.u, l.h-unit)])
	}
}
