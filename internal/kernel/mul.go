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

// dots computes C[i,j] (+)= Σ_p A[i,p]·B[j,p]: each row of A against rows of
// B, four at a time, whose sums stay in registers. (Two rows of A at a time
// read less, but spill registers and are a third slower.)
func dots[F Float](c, a, b []F, m, n, k int, add bool) {
	if !add {
		clear(c[:m*n])
	}
	for i := range m {
		ai, ci := a[i*k:(i+1)*k], c[i*n:(i+1)*n]
		j := 0
		for ; j+4 <= n; j += 4 {
			dot4((*[4]F)(ci[j:]), ai, b[j*k:(j+4)*k], k)
		}
		for ; j < n; j++ {
			ci[j] = dot(ci[j], ai, b[j*k:(j+1)*k])
		}
	}
}

func dot4[F Float](c *[4]F, a, b []F, k int) {
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
