package kernel

import "unsafe"

// Matrix units multiply bfloat16, numbers of 8 binary digits, and add up in
// float32. A float32 of 24 digits is exactly the sum of three of them, a product
// thus the sum of nine, of which the six largest are kept: the other three come to
// less than 2^-24 of the product, which is what rounding it to float32 may cost.
// Numbers below 1e-31 lose digits, since what is denormal counts as zero, and
// infinity becomes NaN, as does what becomes infinite with 8 digits, from 3.39e38 on.
//
// The sum over k is in chunks of 32, each added up by itself: the same order in
// every tile. It is not that of the other kernels.

const (
	splitTile   = 16              // rows and columns of a tile of C
	splitChunk  = 32              // k of a chunk
	splitPieces = 3 * 16 * 2 * 16 // elements of the pieces of a tile of A or B for a chunk
)

// tileShape is the configuration of the tile registers (LDTILECFG).
type tileShape [64]byte

// tileShapes are by whether two tiles of rows are multiplied at a time, and by
// rows and columns of a tile of C: C is in 0–3, A in 4–6, B in 7, or A in 4 and 5
// and B in 6 and 7.
var tileShapes = func() (s [2][splitTile + 1][splitTile + 1]tileShape) {
	for two := range s {
		for rows := range s[two] {
			for columns := range s[two][rows] {
				s[two][rows][columns] = shapeOf(rows, columns, 7-two)
			}
		}
	}
	return s
}()

// shapeOf returns the shape whose tiles from right on are of B.
func shapeOf(rows, columns, right int) (s tileShape) {
	s[0] = 1 // palette
	for tile := range 8 {
		bytes, high := 4*columns, rows
		switch {
		case tile >= right:
			high = splitTile
		case tile >= 4:
			bytes = 2 * splitChunk
		}
		s[16+2*tile], s[48+tile] = byte(bytes), byte(high)
	}
	return s
}

// Splits says whether there are matrix units for the element type.
func Splits[F Float]() bool { return active[F]().split[0] != nil }

func chunksOf(k int) int { return (k + splitChunk - 1) / splitChunk }

// Split decides whether MulSplit uses pieces of what was packed: where they are
// worth it for about so many rows at a time. It says whether Cut is to make them first.
func (p *Packed[F]) Split(rows int) (missing bool) {
	p.split = p.set.split[0] != nil && worthSplitting(rows, p.n, p.k)
	if !p.split || p.cut {
		return false
	}
	p.room()
	return true
}

// InPieces says whether MulSplit uses pieces.
func (p *Packed[F]) InPieces() bool { return p.split }

// room makes room for pieces.
func (p *Packed[F]) room() {
	p.split, p.cut = true, true
	p.pieces = Grow(p.pieces, p.vectors()*chunksOf(p.k)*splitPieces)
}

// Cut makes the pieces of a part of the panels, one of so many parts: a worker's.
func (p *Packed[F]) Cut(part, parts int) {
	lanes, chunks := p.set.lanes, chunksOf(p.k)
	first, last := Share(p.panels, part, parts)
	for i := first; i < last; i++ {
		from, to := p.panel(i)
		g := p.whole(i)
		for j := range to - from {
			at, together := g.tile(j, chunks)
			p.set.cutPairs(&p.pieces[at], &p.data[from*lanes*p.k+j*lanes], nil, (to-from)*lanes*size[F](), p.k, lanes, chunks, together)
		}
	}
}

// worthSplitting says whether matrix units multiply so many rows with a B [k, n]
// in less time: not rows that leave a quarter of their tiles empty, which take as
// long as full ones; nor a k that does so with its chunks; nor little work, since to
// set them up takes 100 ns; nor a few rows with pieces that the second-level cache
// does not hold.
func worthSplitting(rows, n, k int) bool {
	const least, near, few = 1 << 19, 2 << 20, 24
	tiles, chunks := (rows+splitTile-1)/splitTile, chunksOf(k)
	return 4*rows >= 3*splitTile*tiles && 4*k >= 3*splitChunk*chunks && rows*n*k >= least &&
		(rows > few || n*chunks*splitPieces*2/splitTile <= near)
}

// tileGroup is the whole tiles of columns [from, from+whole) of B, whose pieces
// stand two tiles together, chunk after chunk, of a chunk the smallest pieces
// first, as they are used. A tile that is not whole follows alone.
type tileGroup struct{ from, whole int }

// tile returns where the pieces of the group's j-th tile begin, and with how
// many tiles they stand together.
func (g tileGroup) tile(j, chunks int) (at, together int) {
	if j >= g.whole {
		return (g.from + j) * chunks * splitPieces, 1
	}
	return (g.from+j/2*2)*chunks*splitPieces + j%2*splitPieces/3, min(2, g.whole-j/2*2)
}

// whole returns panel i's whole tiles of columns.
func (p *Packed[F]) whole(i int) tileGroup {
	from, to := p.panel(i)
	return tileGroup{from, min(to, p.n/p.set.lanes) - from}
}

// leftBytes is how much the pieces of A may take at a time.
const leftBytes = 512 << 10

// MulSplit is MulPanels in matrix units, if b has been split: of the first m rows of A
// or, if b has been split, of those whose numbers are in at, the last being the
// greatest. s is the caller's alone. A's panels, if it has several, must be whole halves
// of chunks wide.
func MulSplit[F Float](c, c0, a *Matrix[F], at []int32, m int, b *Packed[F], w Walk, s *Scratch[F]) {
	if !b.split {
		MulPanels(c, c0, a, m, b, w)
		return
	}
	if m == 0 || w.From >= w.To {
		return
	}
	if at == nil {
		a.holds(m, b.k)
	} else {
		a.holds(int(at[m-1])+1, b.k)
	}
	c.holds(m, b.n)
	if c0.Data != nil {
		c0.holds(m, b.n)
	}
	limit := max(leftBytes/(chunksOf(b.k)*splitPieces*2), 1) * splitTile
	for r := 0; r < m; r += limit {
		rows := min(limit, m-r)
		p := splitProduct[F]{b: b, c: *c, c0: *c0, scratch: s}
		p.c.Data = c.Data[r*c.Stride:]
		if c0.Data != nil {
			p.c0.Data = c0.Data[r*c0.Stride:]
		}
		p.rows, p.tiles, p.rest = split(rows, splitTile)
		s.splitLeft(a, at, r, rows, b.k)
		p.walk(w)
	}
}

// splitProduct is a product of the pieces in scratch and in b.
type splitProduct[F Float] struct {
	b                 *Packed[F]
	c, c0             Matrix[F]
	scratch           *Scratch[F]
	rows, tiles, rest int
}

// walk multiplies with runs of panels of the same width, each in two calls: for
// the tiles of rows of one height and for those of the other.
func (p *splitProduct[F]) walk(w Walk) {
	for n := w.To - w.From; n > 0; {
		i, step := w.To-n, 1
		if w.Down {
			i, step = w.From+n-1, -1
		}
		from, to := p.b.panel(i)
		lanes, v := p.b.set.lanes, to-from
		if whole := p.b.whole(i).whole; whole < v {
			if p.run(i, whole, 1, p.b.n%lanes, 1, step); whole > 0 {
				p.run(i, 0, whole, lanes, 1, step)
			}
			n--
			continue
		}
		panels := 1
		for next := i + step; panels < n && p.b.bounds[next+1]-p.b.bounds[next] == v && p.b.bounds[next+1]*lanes <= p.b.n; next += step {
			panels++
		}
		p.run(i, 0, v, lanes, panels, step)
		n -= panels
	}
}

// run multiplies with v tiles of columns of each of so many panels, from tile at of
// panel i on, step by step; the last tile has so many columns.
func (p *splitProduct[F]) run(i, at, v, columns, panels, step int) {
	b := p.b
	from, to := b.panel(i)
	j, width := (from+at)*b.set.lanes, step*(to-from)*b.set.lanes
	chunks := chunksOf(b.k)
	first, _ := b.whole(i).tile(at, chunks)
	call := splitCall[F]{set: b.set, ldc: p.c.Stride * size[F](), chunks: chunks, columns: columns,
		panels: panels, panelB: step * (to - from) * chunks * splitPieces * 2}
	if panels > 1 {
		call.panelC = (p.c.index(0, j+width) - p.c.index(0, j)) * size[F]()
	}
	if p.c0.Data != nil {
		call.ldfrom = p.c0.Stride * size[F]()
		if panels > 1 {
			call.panelFrom = (p.c0.index(0, j+width) - p.c0.index(0, j)) * size[F]()
		}
	}
	for _, part := range [2]struct{ first, tiles, rows int }{{0, p.tiles, p.rows}, {p.tiles, p.rest, p.rows - 1}} {
		if part.tiles == 0 {
			break
		}
		row, start := part.first*p.rows, b.set.zeros
		if p.c0.Data != nil {
			start = p.c0.at(row, j)
		}
		call.tiles(v, part.rows, part.tiles, p.c.at(row, j), start, &p.scratch.left[part.first*chunks*splitPieces], &b.pieces[first])
	}
}

// splitCall is what calls of the matrix units for tiles of rows below each
// other have in common; distances are in bytes.
type splitCall[F Float] struct {
	set                               *set[F]
	ldc, ldfrom, chunks, columns      int // columns of the last tile of columns
	panels, panelC, panelFrom, panelB int
}

// tiles multiplies into v tiles of columns of so many tiles of rows: two by two
// where there are two, otherwise all columns at a time.
func (p *splitCall[F]) tiles(v, rows, tiles int, c, from *F, a, b *uint16) {
	if pairs := tiles / 2; pairs > 0 {
		for at := 0; at < v; at += 2 {
			right := unsafe.Add(unsafe.Pointer(b), at*p.chunks*splitPieces*2)
			p.call(p.set.splitTwo[min(2, v-at)-1], 1, rows, pairs, moved(c, 4*splitTile*at), moved(from, 4*splitTile*at), a, (*uint16)(right))
		}
		done := 2 * pairs
		if tiles -= done; tiles == 0 {
			return
		}
		c, from = moved(c, done*rows*p.ldc), moved(from, done*rows*p.ldfrom)
		a = (*uint16)(unsafe.Add(unsafe.Pointer(a), done*p.chunks*splitPieces*2))
	}
	p.call(p.set.split[v-1], 0, rows, tiles, c, from, a, b)
}

func (p *splitCall[F]) call(f splitFunc[F], two, rows, tiles int, c, from *F, a, b *uint16) {
	f(&tileShapes[two][rows][p.columns][0], c, from, a, b, p.ldc, p.ldfrom, rows*p.ldc, rows*p.ldfrom,
		p.chunks, tiles, p.panels, p.panelC, p.panelFrom, p.panelB)
}

func moved[F Float](p *F, bytes int) *F { return (*F)(unsafe.Add(unsafe.Pointer(p), bytes)) }
