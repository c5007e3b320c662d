package kernel

// The rows of the factors may be some of a matrix: those whose numbers are in a
// slice at, the last being the greatest. Without it they are all, one after the other.

// firstRows are the rows of a chunk of all.
var firstRows = func() (rows [splitChunk]int32) {
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}()

// cutPairs cuts so many rows.
func (s *set[F]) cutPairs(dst *uint16, src *F, at []int32, ldsrc, rows, tail, chunks, together int) {
	if at == nil {
		s.splitPairs(dst, src, &firstRows[0], splitChunk*ldsrc, 0, ldsrc, rows, tail, chunks, together)
		return
	}
	s.splitPairs(dst, src, &at[:rows][0], 0, 4*splitChunk, ldsrc, rows, tail, chunks, together)
}

// PackAt is Pack for matrix units, which there must be, of the rows at of a B [·, k].
func (r *Right[F]) PackAt(b []F, at []int32, k int) {
	r.set, r.rows, r.k, r.split = active[F](), len(at), k, true
	if len(at) > 0 && k > 0 {
		r.cut(b[:int(at[len(at)-1]+1)*k], at)
	}
}

// LeftAt is Left likewise, of the rows at of an A [·, n].
func (s *Scratch[F]) LeftAt(a []F, lda int, at []int32, n int) {
	s.a, s.lda, s.rows, s.n = a, lda, len(at), n
	if len(at) > 0 && n > 0 {
		_ = a[int(at[len(at)-1])*lda+n-1]
		s.cut(active[F](), at)
	}
}

// AddRowsAt is AddRows of the rows at, where there are matrix units.
func AddRowsAt[F Float](dst, a []F, lda int, at []int32) {
	if len(at) == 0 || len(dst) == 0 {
		return
	}
	_ = a[int(at[len(at)-1])*lda+len(dst)-1]
	const most = 64
	for j := 0; j < len(dst); j += most {
		active[F]().addRowsAt(&dst[j], &a[j], &at[0], lda*size[F](), len(at), min(most, len(dst)-j))
	}
}

// cut makes the pieces of B: groups of up to four whole tiles of columns, then
// the one that is not whole.
func (r *Right[F]) cut(b []F, at []int32) {
	lanes, chunks := r.set.lanes, chunksOf(r.rows)
	columns := (r.k + lanes - 1) / lanes
	r.pieces = Grow(r.pieces, columns*chunks*splitPieces)
	for j := range columns {
		g := r.group(j)
		to, together := g.tile(j-g.from, chunks)
		r.set.cutPairs(&r.pieces[to], &b[j*lanes], at, r.k*size[F](), r.rows, min(lanes, r.k-j*lanes), chunks, together)
	}
}

// group returns the tiles of columns that are multiplied together with tile j.
func (r *Right[F]) group(j int) tileGroup {
	whole, from := r.k/r.set.lanes, j/4*4
	if j >= whole {
		return tileGroup{j, 0}
	}
	return tileGroup{from, min(4, whole-from)}
}

// cut makes the pieces of Aᵀ: cut like a B, tiles of columns become tiles of rows.
func (s *Scratch[F]) cut(set *set[F], at []int32) {
	chunks := chunksOf(s.rows)
	tiles := (s.n + splitTile - 1) / splitTile
	s.left = Grow(s.left, tiles*chunks*splitPieces)
	for i := range tiles {
		set.cutPairs(&s.left[i*chunks*splitPieces], &s.a[i*splitTile], at, s.lda*size[F](), s.rows, min(splitTile, s.n-i*splitTile), chunks, 1)
	}
	set.turnPairs(&s.left[0], tiles*chunks*3)
}

// addSplit is AddOuter in matrix units.
func (r *Right[F]) addSplit(c []F, s *Scratch[F]) {
	lanes, chunks, ldc := r.set.lanes, chunksOf(r.rows), r.k*size[F]()
	_ = s.left[(s.n+splitTile-1)/splitTile*chunks*splitPieces-1]
	for j := 0; j*lanes < r.k; {
		g, panels := r.group(j), 1
		v := max(g.whole, 1)
		if v == 4 {
			panels = (r.k/lanes - j) / 4
		}
		call := splitCall[F]{set: r.set, ldc: ldc, ldfrom: ldc, chunks: chunks, columns: min(lanes, r.k-j*lanes),
			panels: panels, panelC: v * lanes * size[F](), panelFrom: v * lanes * size[F](), panelB: v * chunks * splitPieces * 2}
		for from := 0; from < s.n; {
			rows, tiles := splitTile, (s.n-from)/splitTile
			if tiles == 0 {
				rows, tiles = s.n-from, 1
			}
			at := &c[from*r.k+j*lanes]
			call.tiles(v, rows, tiles, at, at, &s.left[from/splitTile*chunks*splitPieces], &r.pieces[j*chunks*splitPieces])
			from += rows * tiles
		}
		j += panels * v
	}
}
