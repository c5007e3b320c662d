package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// The LSTM's c, and what goes with it, stand in tiles of sequences of a step, a tile's
// panels one after the other: [tile][panel][row][u]. So what workers with sequences of
// their own write lies apart. If all rows of a panel stood together, a processor that
// fetches ahead of what one worker reads would take the lines that another writes.

// cellTile is how many sequences a tile has, if there are several workers.
const cellTile = 16

// tileSize returns how many sequences a tile has: all for one worker.
func (l *layer[F]) tileSize() int {
	if l.chunk.workers == 1 {
		return max(l.chunk.batch.Size(), 1)
	}
	return cellTile
}

// cells returns the rows from sequence s on of the tile that it is in, of a step's c
// of so many sequences, which begin data.
func (l *layer[F]) cells(data []F, sequences, s int) kernel.Matrix[F] {
	size := l.tileSize()
	first := s - s%size
	rows := min(size, sequences-first)
	tile := kernel.Matrix[F]{Data: data[first*l.panels*l.u:], Stride: l.u, Width: l.u, Panel: rows * l.u}
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

// eachTile calls f for the rows of s tile by tile.
func (l *layer[F]) eachTile(s *step[F], f func(*kernel.Step[F], int, int)) {
	size := l.tileSize()
	if s.lo%size+s.N <= size {
		f(&s.Step, s.From, s.To)
		return
	}
	for r, next := 0, 0; r < s.N; r = next {
		next = min(r+size-(s.lo+r)%size, s.N)
		p := &s.part
		p.N, p.Gates, p.H = next-r, s.Gates.From(r), s.H.From(r)
		l.viewCells(p, s.t, s.lo+r)
		if s.DCell.Data != nil {
			p.DH, p.DState, p.Delta = s.DH.From(r), s.DState.From(r), s.Delta.From(r)
			p.DCell = l.cells(l.dcells, l.chunk.batch.Size(), s.lo+r)
		}
		f(p, s.From, s.To)
	}
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
