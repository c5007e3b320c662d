package kernel

// splitRight makes the pieces of B [rows, k]: groups of up to four tiles of
// columns, chunk after chunk.
func (s *Scratch[F]) splitRight(b []F) {
	lanes, chunks := s.set.lanes, chunksOf(s.rows)
	columns := (s.k + lanes - 1) / lanes
	s.right = Grow(s.right, columns*chunks*splitPieces)
	for j := range columns {
		g := s.group(j)
		at, together := g.tile(j-g.from, chunks)
		s.set.splitPairs(&s.right[at], &b[j*lanes], s.k*size[F](), s.rows, min(lanes, s.k-j*lanes), chunks, together)
	}
}

// group returns the tiles of columns that are multiplied together with tile j:
// four whole ones, those that are left, or none.
func (s *Scratch[F]) group(j int) tileGroup {
	whole, from := s.k/s.set.lanes, j/4*4
	if j >= whole {
		return tileGroup{j, 0}
	}
	return tileGroup{from, min(4, whole-from)}
}

// addSplit adds Aᵀ·B to C [n, k], whose tiles of rows are made of columns of A.
func (s *Scratch[F]) addSplit(c, a []F, lda, n int) {
	lanes, chunks, ldc := s.set.lanes, chunksOf(s.rows), s.k*size[F]()
	s.left = Grow(s.left, chunks*splitPieces)
	for i := 0; i < n; i += lanes {
		rows := min(lanes, n-i)
		s.set.splitPairs(&s.left[0], &a[i], lda*size[F](), s.rows, rows, chunks, 1)
		s.set.turnPairs(&s.left[0], 3*chunks)
		for j := 0; j*lanes < s.k; {
			g, groups := s.group(j), 1
			v := max(g.whole, 1)
			if v == 4 {
				groups = (s.k/lanes - j) / 4
			}
			at := &c[i*s.k+j*lanes]
			s.set.split[v-1](&tileShapes[0][rows][min(lanes, s.k-j*lanes)][0], at, at, &s.left[0], &s.right[j*chunks*splitPieces],
				ldc, ldc, 0, 0, chunks, 1, groups, v*lanes*size[F](), v*lanes*size[F](), v*chunks*splitPieces*2)
			j += groups * v
		}
	}
}
