package kernel

// cut makes the pieces of B: groups of up to four whole tiles of columns, then
// the one that is not whole.
func (r *Right[F]) cut(b []F) {
	lanes, chunks := r.set.lanes, chunksOf(r.rows)
	columns := (r.k + lanes - 1) / lanes
	r.pieces = Grow(r.pieces, columns*chunks*splitPieces)
	for j := range columns {
		g := r.group(j)
		at, together := g.tile(j-g.from, chunks)
		r.set.splitPairs(&r.pieces[at], &b[j*lanes], r.k*size[F](), r.rows, min(lanes, r.k-j*lanes), chunks, together)
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
func (s *Scratch[F]) cut(set *set[F]) {
	chunks := chunksOf(s.rows)
	tiles := (s.n + splitTile - 1) / splitTile
	s.left = Grow(s.left, tiles*chunks*splitPieces)
	for i := range tiles {
		set.splitPairs(&s.left[i*chunks*splitPieces], &s.a[i*splitTile], s.lda*size[F](), s.rows, min(splitTile, s.n-i*splitTile), chunks, 1)
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
