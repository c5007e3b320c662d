package kernel

// splitLeft makes the pieces of rows [from, from+m) of A [·, k], or of those in at: tile
// after tile of rows, chunk after chunk.
func (s *Scratch[F]) splitLeft(a *Matrix[F], at []int32, from, m, k int) {
	chunks := chunksOf(k)
	rows, tiles, rest := split(m, splitTile)
	s.left = Grow(s.left, (tiles+rest)*chunks*splitPieces)
	for i := range tiles + rest {
		n := rows
		if i >= tiles {
			n--
		}
		tile := s.left[i*chunks*splitPieces : (i+1)*chunks*splitPieces]
		for r := 0; r < n; {
			row, run := runOf(at, from+r, n-r)
			splitTileRows(tile[r*splitChunk:], a, row, run, k)
			r += run
		}
		from += n
	}
}

// runOf returns the number of the i-th row, and how many of the next most stand
// one after the other from there on.
func runOf(at []int32, i, most int) (row, n int) {
	if at == nil {
		return i, most
	}
	for n = 1; n < most && at[i+n] == at[i]+int32(n); n++ {
	}
	return int(at[i]), n
}

// splitTileRows makes the pieces of n rows of A, row by row of a tile's from to on.
func splitTileRows[F Float](to []uint16, a *Matrix[F], row, n, k int) {
	set, group := active[F](), 0
	for j := 0; j < k; j += a.Width {
		width := min(a.Width, k-j)
		groups := (width + 15) / 16
		set.splitRows(&to[group/2*splitPieces], a.at(row, j), a.Stride*size[F](), n, groups, group%2, width-(groups-1)*16)
		group += groups
	}
	if group%2 == 1 {
		set.splitRows(&to[group/2*splitPieces], a.at(row, 0), 0, n, 1, 1, 0)
	}
}
