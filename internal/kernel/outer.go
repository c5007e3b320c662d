package kernel

// OuterRows is how many rows AddOuter takes at a time: so many that reading
// and writing C costs little, so few that both factors stay in the cache.
const OuterRows = 512

// Scratch is working memory of AddOuter and MulSplit; one a worker. The zero value is ready.
type Scratch[F Float] struct {
	Split   bool // whether AddOuter is to work in matrix units, where there are any
	set     *set[F]
	a, b    []F
	rows, k int // of the packed B

	left, right []uint16 // pieces of A and of B, see split.go
}

// AddOuter adds Aᵀ·B to rows [from, to) of C: A [m, n], B [m, k], C [n, k].
// The sum over the m rows is never split, only the rows of C are, so workers
// that share out [0, n) give the same bits as one that does it all.
func AddOuter[F Float](c, a, b []F, m, n, k, from, to int, s *Scratch[F]) {
	if from == to || k == 0 {
		return
	}
	for r := 0; r < m; r += OuterRows {
		rows := min(OuterRows, m-r)
		s.Pack(b[r*k:(r+rows)*k], rows, k)
		s.AddOuter(c[from*k:to*k], a[r*n+from:], n, to-from)
	}
}

// Pack prepares B [rows, k] for AddOuter.
func (s *Scratch[F]) Pack(b []F, rows, k int) {
	s.set, s.rows, s.k = active[F](), rows, k
	lanes := s.set.lanes
	if lanes == 0 {
		s.b = Grow(s.b, rows*k)
		transpose(s.b, b, rows, k, k)
		return
	}
	if rows == 0 || k == 0 {
		return
	}
	_ = b[rows*k-1]
	if s.Split && s.set.split[0] != nil {
		s.splitRight(b)
		return
	}
	vectors := (k + lanes - 1) / lanes
	s.b = Grow(s.b, rows*vectors*lanes)
	for i := range (vectors + 3) / 4 {
		from, to := Share(vectors, i, (vectors+3)/4)
		s.set.copyPanel(&s.b[from*lanes*rows], &b[from*lanes], k*size[F](), rows, to-from, min(k-(to-1)*lanes, lanes))
	}
}

// AddOuter adds Aᵀ·B to C [n, k] for the packed B [rows, k] and A [rows, n],
// whose rows are lda apart.
func (s *Scratch[F]) AddOuter(c, a []F, lda, n int) {
	if n == 0 || s.rows == 0 || s.k == 0 {
		return
	}
	_, _ = c[n*s.k-1], a[(s.rows-1)*lda+n-1]
	lanes, bytes := s.set.lanes, size[F]()
	if lanes == 0 {
		s.addGeneric(c, a, lda, n)
		return
	}
	if s.Split && s.set.split[0] != nil {
		s.addSplit(c, a, lda, n)
		return
	}
	vectors := (s.k + lanes - 1) / lanes
	for i := range (vectors + 3) / 4 {
		from, to := Share(vectors, i, (vectors+3)/4)
		v, j := to-from, from*lanes
		rows, tiles, rest := split(n, s.set.rows[v-1])
		s.set.tile[v-1](&c[j], &c[j], &a[0], &s.b[j*s.rows], s.k*bytes, s.k*bytes,
			bytes, lda*bytes, 0, s.rows, 1, rows, tiles, rest, min(s.k-(to-1)*lanes, lanes))
	}
}

func (s *Scratch[F]) addGeneric(c, a []F, lda, n int) {
	s.a = Grow(s.a, n*s.rows)
	transpose(s.a, a, s.rows, n, lda)
	for j := range n {
		addDots(c[j*s.k:(j+1)*s.k], s.a[j*s.rows:(j+1)*s.rows], s.b, s.rows)
	}
}

// AddColumns adds to dst [n] the column sums of A [m, n] over columns
// [from, to): the gradient of a bias.
func AddColumns[F Float](dst, a []F, m, n, from, to int) {
	if m > 0 && from < to {
		AddRows(dst[from:to], a[from:], n, m)
	}
}

// AddRows adds to dst the first elements of each of m rows of A, lda apart.
func AddRows[F Float](dst, a []F, lda, m int) {
	if m == 0 || len(dst) == 0 {
		return
	}
	_ = a[(m-1)*lda+len(dst)-1]
	if s := active[F](); s.addColumns != nil {
		for j := 0; j < len(dst); j += s.lanes {
			s.addColumns(&dst[j], &a[j], lda*size[F](), m, min(s.lanes, len(dst)-j))
		}
		return
	}
	for r := range m {
		row := a[r*lda:][:len(dst)]
		for j, v := range row {
			dst[j] += v
		}
	}
}

// transpose writes the first columns of src, whose rows are ld apart, to dst [columns, rows].
func transpose[F Float](dst, src []F, rows, columns, ld int) {
	for r := range rows {
		for j, v := range src[r*ld:][:columns] {
			dst[j*rows+r] = v
		}
	}
}
