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
	MulPanels(c, c0, a, m, b, Walk{To: b.Panels()})
}

// Walk says which of B's panels a product goes through, [From, To), and whether
// from the last to the first: what is multiplied again and again is best walked
// through up and down in turn, so that it begins with what is still in the cache.
type Walk struct {
	From, To int
	Down     bool
}

// MulPanels is MulMatrix for the columns of C that belong to some of B's panels.
func MulPanels[F Float](c, c0, a *Matrix[F], m int, b *Packed[F], w Walk) {
	if m == 0 || b.n == 0 || w.From >= w.To {
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
	var p product[F] // field by field: a literal would be made elsewhere, and copied
	p.c, p.c0, p.a, p.b, p.m, p.bytes = c, c0, a, b, m, size[F]()
	if p.k, p.blocks = b.k, 1; a.Width < b.k {
		p.k, p.blocks, p.skip = a.Width, b.k/a.Width, (a.Panel-a.Width)*p.bytes
	}
	p.walk(w)
}

// product is a product in assembly. All distances are in bytes.
type product[F Float] struct {
	c, c0, a        *Matrix[F]
	b               *Packed[F]
	m               int
	k, blocks, skip int // how A lies: blocks of k columns, and from the end of a row's one to its next
	bytes           int // of an element
}

// walk multiplies panel by panel; one row with two panels of the same width at a time.
func (p *product[F]) walk(w Walk) {
	bounds := p.b.bounds
	for n := w.To - w.From; n > 0; n-- {
		i, next := w.To-n, min(w.To-n+1, w.To-1)
		if w.Down {
			i, next = w.From+n-1, w.From+max(n-2, 0)
		}
		if p.m == 1 && n > 1 && bounds[i+1]-bounds[i] == bounds[next+1]-bounds[next] {
			p.pair(min(i, next))
			n--
			continue
		}
		p.panel(i)
	}
}

// panel multiplies with panel i of B.
func (p *product[F]) panel(i int) {
	b := p.b
	s, j, v := b.set, b.bounds[i]*b.set.lanes, b.bounds[i+1]-b.bounds[i]
	from, ldfrom := s.zeros, 0
	if p.c0.Data != nil {
		from, ldfrom = p.c0.at(0, j), p.c0.Stride*p.bytes
	}
	rows, tiles, rest := split(p.m, s.rows[v-1])
	tail := min(b.n-j-(v-1)*s.lanes, s.lanes)
	s.tile[v-1](p.c.at(0, j), from, &p.a.Data[0], &b.data[j*b.k], p.c.Stride*p.bytes, ldfrom, p.a.Stride*p.bytes, p.bytes, p.skip,
		p.k, p.blocks, rows, tiles, rest, tail, p.ahead())
}

// ahead returns how many bytes the next block of a row of A is away, for that to be fetched
// ahead: a processor that does so by itself stops where a block ends. It returns 0, to
// leave it, where A is near anyway.
func (p *product[F]) ahead() int {
	if p.m*p.b.k*p.bytes <= near || p.blocks == 1 {
		return 0
	}
	return p.a.Panel * p.bytes
}

// near is how many bytes of A a cache near the core holds; tests lower it.
var near = 2 << 20

// pair multiplies the only row with panels i and i + 1.
func (p *product[F]) pair(i int) {
	b := p.b
	s, j, k, v := b.set, b.bounds[i]*b.set.lanes, b.bounds[i+1]*b.set.lanes, b.bounds[i+1]-b.bounds[i]
	from, nextFrom := s.zeros, 0
	if p.c0.Data != nil {
		from, nextFrom = p.c0.at(0, j), p.c0.index(0, k)-p.c0.index(0, j)
	}
	s.pair[v-1](p.c.at(0, j), from, &p.a.Data[0], &b.data[j*b.k],
		(p.c.index(0, k)-p.c.index(0, j))*p.bytes, nextFrom*p.bytes, (k-j)*b.k*p.bytes, p.bytes, p.skip,
		p.k, p.blocks, min(b.n-k-(v-1)*s.lanes, s.lanes))
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
