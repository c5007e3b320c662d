package explain

import (
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/kernel"
)

// normTolerance is how near, relative to it, what norm returns is to a singular
// value; from a random start, the largest.
const normTolerance = 1e-7

// norm computes 2-norms, the largest singular values, of square matrices. A
// zero norm is ready; it keeps its memory.
//
// It is the power iteration with PᵀP, which turns a vector v towards the
// direction that P stretches most. Instead of the last of v, PᵀP·v, (PᵀP)²·v, …
// alone it uses all of them, made orthonormal, and takes the largest stretch in
// the space that they span (Lanczos 1950): never less, and much sooner. There
// PᵀP is a tridiagonal matrix; its largest eigenvalue is σ². It ends when
// PᵀP·v leaves σ²·v by less than normTolerance, which bounds the error. The
// largest elements should be near 1, since they are squared twice.
type norm struct {
	p, pt   kernel.Packed[float64]
	basis   []float64 // [steps, n] the vectors
	u, w    []float64
	a, b    []float64 // the tridiagonal matrix: diagonal, and beside it
	ritz    []float64
	started []float64 // the first vector: the same for all
}

// of returns the norm of p [n, n].
func (m *norm) of(p []float64, n int) float64 {
	m.p.Pack(p, n, n)
	m.pt.PackTransposed(p, n, n)
	m.u, m.w = kernel.Grow(m.u, n), kernel.Grow(m.w, n)
	m.basis = append(m.basis[:0], m.start(n)...)
	m.a, m.b = m.a[:0], m.b[:0]
	top := 0.0
	for step := 0; ; step++ {
		v := m.basis[step*n:]
		kernel.Mul(m.u, v, 1, &m.p, false)    // P·v
		kernel.Mul(m.w, m.u, 1, &m.pt, false) // Pᵀ·P·v
		m.a = append(m.a, inner(v, m.w))
		for range 2 { // once more for accuracy
			for i := range step + 1 {
				addScaled(m.w, -inner(m.basis[i*n:(i+1)*n], m.w), m.basis[i*n:])
			}
		}
		rest := math.Sqrt(inner(m.w, m.w))
		top = m.largest(top)
		if step == n-1 || rest*m.last(top) <= normTolerance*top {
			return math.Sqrt(top)
		}
		m.b = append(m.b, rest)
		for _, x := range m.w {
			m.basis = append(m.basis, x/rest)
		}
	}
}

// start returns a random unit vector, always the same.
func (m *norm) start(n int) []float64 {
	if len(m.started) == n {
		return m.started
	}
	r := rand.New(rand.NewPCG(uint64(n), 1))
	m.started = make([]float64, n)
	for i := range m.started {
		m.started[i] = r.NormFloat64()
	}
	size := math.Sqrt(inner(m.started, m.started))
	for i := range m.started {
		m.started[i] /= size
	}
	return m.started
}

// largest returns the largest eigenvalue of the tridiagonal matrix, which is at
// least low, by bisection.
func (m *norm) largest(low float64) float64 {
	high := 0.0
	for i, a := range m.a {
		low, high = max(low, a), max(high, a+m.off(i)+m.off(i-1)) // Gershgorin
	}
	for high-low > 1e-15*high {
		middle := low + (high-low)/2
		if middle == low || middle == high {
			break
		}
		if m.above(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// off returns the element beside a_i and a_{i+1}; 0 where there is none.
func (m *norm) off(i int) float64 {
	if i < 0 || i >= len(m.b) {
		return 0
	}
	return m.b[i]
}

// above says whether x is above all eigenvalues: then x − T has positive pivots.
func (m *norm) above(x float64) bool {
	pivot := x - m.a[0]
	for i, b := range m.b {
		if pivot <= 0 {
			return false
		}
		pivot = x - m.a[i+1] - b*b/pivot
	}
	return pivot > 0
}

// last returns the last component, in size, of the unit eigenvector of top.
func (m *norm) last(top float64) float64 {
	m.ritz = append(m.ritz[:0], 1)
	sum := 1.0
	for i, b := range m.b {
		v := (top - m.a[i]) * m.ritz[i]
		if i > 0 {
			v -= m.b[i-1] * m.ritz[i-1]
		}
		v /= b
		m.ritz = append(m.ritz, v)
		sum += v * v
	}
	return math.Abs(m.ritz[len(m.b)]) / math.Sqrt(sum)
}

func inner(a, b []float64) (s float64) {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

// addScaled adds f times v to dst.
func addScaled(dst []float64, f float64, v []float64) {
	v = v[:len(dst)]
	for i := range dst {
		dst[i] += f * v[i]
	}
}
