package kernel

// Limits measures what the processor can do with the instructions that the
// kernels use: whoever times Peak and Pass knows what no product can exceed. It
// holds their sums; one a worker. The zero value is ready.
type Limits[F Float] struct {
	sums [peakChains * maxLanes]F
}

const (
	peakChains  = 12 // vectors that peak adds to
	passVectors = 8  // vectors that pass reads in a loop
	maxLanes    = 16 // elements of the largest vector
)

// Peak multiplies and adds in registers, 12 vectors in each of so many loops,
// at least 1, and nothing else. It returns how often it did so for an element,
// which is the sum of ones that it has added up; two floating-point operations each.
func (l *Limits[F]) Peak(loops int) float64 {
	s, one := active[F](), F(1)
	if s.peak == nil {
		return peakGeneric(loops, one)
	}
	l.sums[0] = one
	s.peak(&l.sums[0], &l.sums[0], loops)
	return total(l.sums[:peakChains*s.lanes])
}

// peakGeneric is Peak with what the generic Go computes with: numbers one by
// one, products rounded before they are added.
func peakGeneric[F Float](loops int, one F) float64 {
	var a, b, c, d, e, f, g, h, i, j, k, l F
	for range loops {
		a, b, c, d = F(a*one)+one, F(b*one)+one, F(c*one)+one, F(d*one)+one
		e, f, g, h = F(e*one)+one, F(f*one)+one, F(g*one)+one, F(h*one)+one
		i, j, k, l = F(i*one)+one, F(j*one)+one, F(k*one)+one, F(l*one)+one
	}
	return total([]F{a, b, c, d, e, f, g, h, i, j, k, l})
}

// Pass reads x from beginning to end as fast as its memory gives it, and
// returns the sum of its elements.
func (l *Limits[F]) Pass(x []F) float64 {
	s, done, sum := active[F](), 0, 0.0
	if loop := passVectors * s.lanes; s.pass != nil && len(x) >= loop {
		s.pass(&l.sums[0], &x[0], len(x)/loop)
		sum = total(l.sums[:loop])
		done = len(x) / loop * loop
	}
	return sum + total(x[done:])
}

// total adds up four sums apart, so that they need not wait for each other.
func total[F Float](x []F) float64 {
	var a, b, c, d F
	for ; len(x) >= 4; x = x[4:] {
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
	}
	for _, v := range x {
		a += v
	}
	return float64(a) + float64(b) + float64(c) + float64(d)
}
