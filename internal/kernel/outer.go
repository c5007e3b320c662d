package kernel

// outerBlock is how many rows AddOuter transposes at a time: small enough that
// a block of both operands stays in the first-level cache for 128 columns.
const outerBlock = 64

// Scratch is working memory of AddOuter; one a worker. The zero value is ready.
type Scratch[F Float] struct{ a, b []F }

// AddOuter adds Aᵀ·B to rows [from, to) of C: A [m, n], B [m, k], C [n, k].
// The sum over the m rows is never split, only the rows of C are, so workers
// that share out [0, n) give the same bits as one that does it all.
func AddOuter[F Float](c, a, b []F, m, n, k, from, to int, s *Scratch[F]) {
	width := to - from
	s.a = Grow(s.a, width*outerBlock)
	s.b = Grow(s.b, k*outerBlock)
	for r := 0; r < m; r += outerBlock {
		rows := min(outerBlock, m-r)
		transposeColumns(s.a, a[r*n:(r+rows)*n], rows, n, from, to)
		transpose(s.b, b[r*k:(r+rows)*k], rows, k)
		dots(c[from*k:to*k], s.a[:width*rows], s.b[:k*rows], width, k, rows, true)
	}
}

// AddColumns adds to dst [n] the column sums of A [m, n] over columns
// [from, to): the gradient of a bias.
func AddColumns[F Float](dst, a []F, m, n, from, to int) {
	d := dst[from:to]
	for r := range m {
		row := a[r*n+from : r*n+to][:len(d)]
		for j, v := range row {
			d[j] += v
		}
	}
}

// transpose writes src [rows, cols] to dst [cols, rows].
func transpose[F Float](dst, src []F, rows, cols int) {
	transposeColumns(dst, src, rows, cols, 0, cols)
}

// transposeColumns writes columns [from, to) of src [rows, cols] to dst [to-from, rows].
func transposeColumns[F Float](dst, src []F, rows, cols, from, to int) {
	for r := range rows {
		for j, v := range src[r*cols+from : r*cols+to] {
			dst[j*rows+r] = v
		}
	}
}

// Grow returns a slice of length n, in the memory of s where that is enough.
// The elements are not set: what a step needs comes from buffers that grow once.
func Grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
