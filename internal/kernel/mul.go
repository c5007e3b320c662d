package kernel

// Packed is a weight matrix laid out for being multiplied from the left many
// times: pack it once a training step, use it at every time step. The zero
// value is ready to be packed; packing again reuses the memory.
type Packed[F Float] struct {
	n, k int
	rows []F // [n, k]: row j holds what column j of the product sums over
	own  []F // memory for rows when they had to be transposed
}

// Pack prepares W [n, k] for C = A·Wᵀ, A [m, k], C [m, n]. The memory of w is
// used, not copied: it must not change before the next Pack.
func (p *Packed[F]) Pack(w []F, n, k int) {
	p.n, p.k, p.rows = n, k, w[:n*k]
}

// PackTransposed prepares W [k, n] for C = A·W, A [m, k], C [m, n]. It copies.
func (p *Packed[F]) PackTransposed(w []F, k, n int) {
	p.own = Grow(p.own, n*k)
	transpose(p.own, w[:k*n], k, n)
	p.n, p.k, p.rows = n, k, p.own
}

// Mul computes C = A·B, or C += A·B when add is set, for a packed B [k, n];
// a is A [m, k], c is C [m, n], and they may not overlap.
func Mul[F Float](c, a []F, m int, b *Packed[F], add bool) {
	dots(c, a, b.rows, m, b.n, b.k, add)
}

// dots computes C[i,j] (+)= Σ_p A[i,p]·B[j,p]: rows of A against rows of B,
// in tiles of 2 × 4 whose eight sums stay in registers.
func dots[F Float](c, a, b []F, m, n, k int, add bool) {
	if !add {
		clear(c[:m*n])
	}
	i := 0
	for ; i+2 <= m; i += 2 {
		a0, a1 := a[i*k:(i+1)*k], a[(i+1)*k:(i+2)*k]
		c0, c1 := c[i*n:(i+1)*n], c[(i+1)*n:(i+2)*n]
		j := 0
		for ; j+4 <= n; j += 4 {
			tile2x4((*[4]F)(c0[j:]), (*[4]F)(c1[j:]), a0, a1, b[j*k:(j+4)*k], k)
		}
		for ; j < n; j++ {
			c0[j] = dot(c0[j], a0, b[j*k:(j+1)*k])
			c1[j] = dot(c1[j], a1, b[j*k:(j+1)*k])
		}
	}
	if i < m {
		dotsRow(c[i*n:(i+1)*n], a[i*k:(i+1)*k], b, n, k)
	}
}

// dotsRow is dots for a single row of A: the tail of a batch, or a stream.
func dotsRow[F Float](c, a, b []F, n, k int) {
	j := 0
	for ; j+4 <= n; j += 4 {
		tile1x4((*[4]F)(c[j:]), a, b[j*k:(j+4)*k], k)
	}
	for ; j < n; j++ {
		c[j] = dot(c[j], a, b[j*k:(j+1)*k])
	}
}

func tile2x4[F Float](c0, c1 *[4]F, a0, a1, b []F, k int) {
	a0 = a0[:k]
	a1 = a1[:len(a0)]
	b0 := b[:len(a0)]
	b1 := b[k:][:len(a0)]
	b2 := b[2*k:][:len(a0)]
	b3 := b[3*k:][:len(a0)]
	s00, s01, s02, s03 := c0[0], c0[1], c0[2], c0[3]
	s10, s11, s12, s13 := c1[0], c1[1], c1[2], c1[3]
	for p, x := range a0 {
		y := a1[p]
		w0, w1, w2, w3 := b0[p], b1[p], b2[p], b3[p]
		s00 += F(w0 * x)
		s10 += F(w0 * y)
		s01 += F(w1 * x)
		s11 += F(w1 * y)
		s02 += F(w2 * x)
		s12 += F(w2 * y)
		s03 += F(w3 * x)
		s13 += F(w3 * y)
	}
	c0[0], c0[1], c0[2], c0[3] = s00, s01, s02, s03
	c1[0], c1[1], c1[2], c1[3] = s10, s11, s12, s13
}

func tile1x4[F Float](c *[4]F, a, b []F, k int) {
	a = a[:k]
	b0 := b[:len(a)]
	b1 := b[k:][:len(a)]
	b2 := b[2*k:][:len(a)]
	b3 := b[3*k:][:len(a)]
	s0, s1, s2, s3 := c[0], c[1], c[2], c[3]
	for p, x := range a {
		s0 += F(b0[p] * x)
		s1 += F(b1[p] * x)
		s2 += F(b2[p] * x)
		s3 += F(b3[p] * x)
	}
	c[0], c[1], c[2], c[3] = s0, s1, s2, s3
}

func dot[F Float](s F, a, b []F) F {
	b = b[:len(a)]
	for p, x := range a {
		s += F(b[p] * x)
	}
	return s
}
