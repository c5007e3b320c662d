package kernel

// OuterRows is how many rows AddOuter takes at a time: so many that reading
// and writing C costs little, so few that both factors stay in the cache.
const OuterRows = 512

// Scratch is working memory of products; one a worker. The zero value is ready.
type Scratch[F Float] struct {
	own Right[F] // AddOuter's

	a            []F // the left factor of outer products, [rows, n]
	lda, rows, n int
	next         int // how many elements on an A begins that is to be fetched, or 0
	flat         []F // its transposition, for the generic Go

	left []uint16 // pieces of A, see split.go
}

// Right is a right factor B [rows, k] of outer products. The zero value is
// ready to be packed; packing again reuses the memory.
type Right[F Float] struct {
	set     *set[F]
	rows, k int
	b       []F
	split   bool     // B is in pieces
	pieces  []uint16 // see splitouter.go
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
		s.own.Pack(b[r*k:(r+rows)*k], rows, k, false)
		s.Left(a[r*n+from:], n, rows, to-from, false)
		s.own.AddOuter(c[from*k:to*k], s)
	}
}

// Pack prepares B [rows, k], for matrix units if split is set and there are any.
func (r *Right[F]) Pack(b []F, rows, k int, split bool) {
	r.set, r.rows, r.k = active[F](), rows, k
	r.split = split && r.set.split[0] != nil
	lanes := r.set.lanes
	switch {
	case rows == 0 || k == 0:
		return
	case lanes == 0:
		r.b = Grow(r.b, rows*k)
		transpose(r.b, b, rows, k, k)
		return
	case r.split:
		r.cut(b[:rows*k], nil)
		return
	}
	_ = b[rows*k-1]
	vectors := (k + lanes - 1) / lanes
	r.b = Grow(r.b, rows*vectors*lanes)
	for i := range (vectors + 3) / 4 {
		from, to := Share(vectors, i, (vectors+3)/4)
		r.set.copyPanel(&r.b[from*lanes*rows], &b[from*lanes], k*size[F](), rows, to-from, min(k-(to-1)*lanes, lanes))
	}
}

// Left takes A [rows, n], whose rows are lda apart, for the calls of
// Right.AddOuter that follow; split as in Pack.
func (s *Scratch[F]) Left(a []F, lda, rows, n int, split bool) {
	s.a, s.lda, s.rows, s.n, s.next = a, lda, rows, n, 0
	if n == 0 || rows == 0 {
		return
	}
	_ = a[(rows-1)*lda+n-1]
	switch set := active[F](); {
	case set.lanes == 0:
		s.flat = Grow(s.flat, n*rows)
		transpose(s.flat, a, rows, n, lda)
	case split && set.split[0] != nil:
		s.cut(set, nil)
	}
}

// Next says that an A as large begins so many elements on that a later Left will be given,
// for the next AddOuter to fetch it: columns of distant rows, which no processor foresees.
// Matrix units and the generic Go do not.
func (s *Scratch[F]) Next(elements int) { s.next = elements }

// AddOuter adds Aᵀ·B to C [n, k] for the A that s has, which must have as many
// rows as B, and be split if B is.
func (r *Right[F]) AddOuter(c []F, s *Scratch[F]) {
	n, next := s.n, s.next
	if s.next = 0; n == 0 || r.rows == 0 || r.k == 0 {
		return
	}
	_ = c[n*r.k-1]
	lanes, bytes := r.set.lanes, size[F]()
	switch {
	case lanes == 0:
		for j := range n {
			addDots(c[j*r.k:(j+1)*r.k], s.flat[j*r.rows:(j+1)*r.rows], r.b, r.rows)
		}
		return
	case r.split:
		r.addSplit(c, s)
		return
	}
	_ = s.a[(r.rows-1)*s.lda+n-1]
	vectors := (r.k + lanes - 1) / lanes
	panels := (vectors + 3) / 4
	r.fetch(c, n, 0, panels)
	for i := range panels {
		if i+1 < panels {
			r.fetch(c, n, i+1, panels) // so that it is there when it is to be added to
		}
		from, to := Share(vectors, i, panels)
		v, j := to-from, from*lanes
		rows, tiles, rest := split(n, r.set.rows[v-1])
		r.set.tile[v-1](&c[j], &c[j], &s.a[0], &r.b[j*r.rows], r.k*bytes, r.k*bytes,
			bytes, s.lda*bytes, 0, r.rows, 1, rows, tiles, rest, min(r.k-(to-1)*lanes, lanes), next*bytes)
		next = 0
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
