package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// The LSTM's c, and what goes with it, stand in tiles of sequences of a step, a tile's
// panels one after the other: [tile][panel][row][u]. So what workers with sequences of
// their own write lies apart. If all rows of a panel stood together, a processor that
// fetches ahead of what one worker reads would take the lines that another writes.

// cellTile is how many sequences a tile has, of several workers; all of one's are one.
const cellTile = 16

// cells returns the rows from sequence s on of the tile that it is in, of a step's c
// of so many sequences, which begin data.
func (l *layer[F]) cells(data []F, sequences, s int) kernel.Matrix[F] {
	first := 0
	if l.chunk.workers > 1 {
		first = s &^ (cellTile - 1)
		sequences = min(sequences-first, cellTile)
	}
	tile := kernel.Matrix[F]{Data: data[first*l.panels*l.u:], Stride: l.u, Width: l.u, Panel: sequences * l.u}
	return tile.From(s - first)
}

// viewCells makes c of step s, which is that of step t from sequence lo on, that of
// the first tile.
func (l *layer[F]) viewCells(s *kernel.Step[F], t, lo int) {
	c, padded := l.chunk, l.panels*l.u
	before, was := c.before(t)
	kept, alive := c.kept(t), c.batch.Alive(t)
	s.PrevC = l.cells(l.cs[before*padded:], was, lo)
	s.C = l.cells(l.cs[(c.entered()+kept)*padded:], alive, lo)
	s.TanhC = l.cells(l.tanhC[kept*padded:], alive, lo)
}

// inTile says whether all rows of s are of one tile.
func (l *layer[F]) inTile(s *step[F]) bool {
	return l.chunk.workers == 1 || s.lo%cellTile+s.N <= cellTile
}

// viewTile makes s.tile the rows of s from r on that are of one tile, and returns the
// row after them.
func (l *layer[F]) viewTile(s *step[F], r int) (next int) {
	first := s.lo + r
	next = min(r+cellTile-first%cellTile, s.N)
	p := &s.tile
	p.N, p.Gates, p.H = next-r, s.Gates.From(r), s.H.From(r)
	l.viewCells(p, s.t, first)
	return next
}

// viewTileBack is viewTile with what backward needs besides.
func (l *layer[F]) viewTileBack(s *step[F], r int) (next int) {
	p := &s.tile
	p.DH, p.DState, p.Delta = s.DH.From(r), s.DState.From(r), s.Delta.From(r)
	p.DCell = l.cells(l.dcells, l.chunk.batch.Size(), s.lo+r)
	return l.viewTile(s, r)
}

// eachCell calls f for what sequence s has of a step's c of so many sequences, which
// begin data, in each panel: its first unit and its values.
func (l *layer[F]) eachCell(data []F, sequences, s int, f func(unit int, v []F)) {
	tile := l.cells(data, sequences, s)
	for unit := 0; unit < l.h; unit += l.u {
		from := unit / l.u * tile.Panel
		f(unit, tile.Data[from:from+min(l.u, l.h-unit)])
	}
}
