package kernel

// splitRight makes the pieces of B [rows, k]: groups of up to four tiles of
// columns, chunk after chunk.
func (s *Scratch[F]) splitRight(b []F) {
	lanes, chunks := s.set.lanes, chunksOf(s.rows)
	columns := (s.k + lanes - 1) / lanes
	s.right = Grow(s.right, columns*chunks*splitPieces)
	for j := range columns {
		from, to := s.group(j)
		s.set.splitPairs(&s.right[(from*chunks+j-from)*splitPieces], &b[j*lanes], s.k*size[F](), s.rows,
			min(lanes, s.k-j*lanes), chunks, (to-from)*splitPieces*2)
	}
}

// group returns the tiles of columns that stand together with tile j: four
// full ones, those that are left, or the one that is not full alone.
func (s *Scratch[F]) group(j int) (from, to int) {
	full := s.k / s.set.lanes
	if j >= full {
		return full, full + 1
	}
	return j / 4 * 4, min(j/4*4+4, full)
}

// addSplit adds Aᵀ·B to C [n, k], whose tiles of rows are made of columns of A.
func (s *Scratch[F]) addSplit(c, a []F, lda, n int) {
	lanes, chunks, ldc := s.set.lanes, chunksOf(s.rows), s.k*size[F]()
	s.left = Grow(s.left, chunks*splitPieces)
	for i := 0; i < n; i += lanes {
		rows := min(lanes, n-i)
		s.set.splitPairs(&s.left[0], &a[i], lda*size[F](), s.rows, rows, chunks, splitPieces*2)
		s.set.turnPairs(&s.left[0], 3*chunks)
		for j := 0; j*lanes < s.k; {
			from, to := s.group(j)
			groups := 1
			if to-from == 4 {
				groups = (s.k/lanes - from) / 4
			}
			at, group := &c[i*s.k+j*lanes], (to-from)*splitPieces*2
			s.set.split[to-from-1](&tileShapes[0][rows][min(lanes, s.k-j*lanes)][0], at, at, &s.left[0], &s.right[from*chunks*splitPieces],
				ldc, ldc, 0, 0, group, chunks, 1, groups, 4*lanes*size[F](), 4*lanes*size[F](), group*chunks)
			j += groups * (to - from)
		}
	}
}
