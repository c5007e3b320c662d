package kernel

// Mul computes C = A·B, or C += A·B when add is set, for a packed B [k, n];
// a is A [m, k], c is C [m, n], and they may not overlap.
func Mul[F Float](c, a []F, m int, b *Packed[F], add bool) {
	to, from := Dense(c, b.n), Matrix[F]{}
	if add {
		from = to
	}
	left := Dense(a, b.k)
	MulMatrix(&to, &from, &left, m, b)
}

// MulMatrix computes C = C0 + A·B for a packed B [k, n], C and C0 [m, n] and A
// [m, k] lying in memory as they say. C0 may be C itself, or zero where it has
// no Data; one row for all where its Stride is 0. A and C may not overlap. A's
// panels must share k evenly, C's be those that B was packed for, or one.
func MulMatrix[F Float](c, c0, a *Matrix[F], m int, b *Packed[F]) {
	if m == 0 || b.n == 0 {
		return
	}
	if c.holds(m, b.n); c0.Data != nil {
		c0.holds(m, b.n)
	}
	if b.k > 0 {
		a.holds(m, b.k)
	}
	if b.set.lanes == 0 || b.k == 0 {
		mulGeneric(c, c0, a, m, b)
		return
	}
	b.multiply(c, c0, a, m)
}

// multiply is MulMatrix in assembly, panel by panel of B; of one row two
// panels at a time where they have the same width.
func (b *Packed[F]) multiply(c, c0, a *Matrix[F], m int) {
	s, bytes := b.set, size[F]()
	k, blocks, skip := b.k, 1, 0
	if a.Width < k {
		k, blocks, skip = a.Width, k/a.Width, a.Panel-a.Width
	}
	for i := 0; i < b.panels; i++ {
		from, to := b.panel(i)
		v, j := to-from, from*s.lanes
		start, ld, next := zeros[F](), 0, 0
		if c0.Data != nil {
			start, ld = c0.at(0, j), c0.Stride
		}
		if i+1 < b.panels && m == 1 {
			if _, end := b.panel(i + 1); end-to == v {
				i++
				if c0.Data != nil {
					next = c0.index(0, to*s.lanes) - c0.index(0, j)
				}
				s.pair[v-1](c.at(0, j), start, &a.Data[0], &b.data[j*b.k],
					(c.index(0, to*s.lanes)-c.index(0, j))*bytes, next*bytes, v*s.lanes*b.k*bytes,
					bytes, skip*bytes, k, blocks, min(b.n-(end-1)*s.lanes, s.lanes))
				continue
			}
		}
		rows, tiles, rest := split(m, s.rows[v-1])
		s.tile[v-1](c.at(0, j), start, &a.Data[0], &b.data[j*b.k], c.Stride*bytes, ld*bytes,
			a.Stride*bytes, bytes, skip*bytes, k, blocks, rows, tiles, rest, min(b.n-(to-1)*s.lanes, s.lanes))
	}
}

// split shares m rows out to tiles of so many rows, and a rest of tiles of one
// row less, none of more than limit.
func split(m, limit int) (rows, tiles, rest int) {
	if m <= limit { // saves dividing
		return m, 1, 0
	}
	n := (m + limit - 1) / limit
	rows = (m + n - 1) / n
	rest = rows*n - m
	return rows, n - rest, rest
}

// Where a product begins that begins at zero: four of the widest vectors.
var (
	zeros32 [64]float32
	zeros64 [32]float64
)

func zeros[F Float]() *F {
	if p, ok := any(&zeros32[0]).(*F); ok {
		return p
	}
	return any(&zeros64[0]).(*F)
}

// mulGeneric is the specification of MulMatrix: every element of C is one
// chain of additions in the order of k.
func mulGeneric[F Float](c, c0, a *Matrix[F], m int, b *Packed[F]) {
	for i := range m {
		for j := 0; j < b.n; j += c.Width {
			n := min(c.Width, b.n-j)
			row := c.row(i, j, n)
			if c0.Data == nil {
				clear(row)
			} else {
				copy(row, c0.row(i, j, n))
			}
			for p := 0; p < b.k; p += a.Width {
				width := min(a.Width, b.k-p)
				addDots(row, a.row(i, p, width), b.data[j*b.k+p:], b.k)
			}
		}
	}
}

// addDots adds to each element of c the product of a with a row of B, whose
// rows are ld apart: four rows at a time, whose sums stay in registers.
func addDots[F Float](c, a, b []F, ld int) {
	j := 0
	for ; j+4 <= len(c); j += 4 {
		dot4((*[4]F)(c[j:]), a, b[j*ld:], ld)
	}
	for ; j < len(c); j++ {
		c[j] = dot(c[j], a, b[j*ld:])
	}
}

func dot4[F Float](c *[4]F, a, b []F, ld int) {
	b0 := b[:len(a)]
	b1 := b[ld:][:len(a)]
	b2 := b[2*ld:][:len(a)]
	b3 := b[3*ld:][:len(a)]
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
