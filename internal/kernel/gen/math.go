package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constants are float32 numbers in memory, by their bits, repeated over a vector of AVX2.
var constants = map[uint32]Mem{}

func constant(v float64) Mem {
	b := math.Float32bits(float32(v))
	if m, ok := constants[b]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("constant%08x", b), 8|16) // RODATA|NOPTR
	for i := range 8 {
		DATA(4*i, U32(b))
	}
	constants[b] = m
	return m
}

// instruction is one of avo's.
type instruction func(...Op)

// apply writes an instruction whose first operand is a constant. AVX-512 has a
// form that reads one element: a whole vector in memory, which Go's linker
// aligns to 32 bytes at most, would often lie across two cache lines.
func (s isa) apply(plain, broadcast instruction, v float64, operands ...Op) {
	if s.wide() {
		plain = broadcast
	}
	plain(append([]Op{constant(v)}, operands...)...)
}

// constantReg returns a register that holds v.
func constantReg(s isa, v float64) reg.VecVirtual {
	r := s.vector()
	s.broadcast(constant(v), r)
	return r
}

// interpolate returns the coefficients, constant first, of the polynomial
// that equals f at the Chebyshev points of [lo, hi]: within a whisker of the
// best one of its degree.
func interpolate(f func(float64) float64, lo, hi float64, degree int) []float64 {
	n := degree + 1
	rows := make([][]float64, n)
	for i := range rows {
		x := (lo+hi)/2 + (hi-lo)/2*math.Cos(math.Pi*(2*float64(i)+1)/(2*float64(n)))
		power := 1.0
		for range n {
			rows[i] = append(rows[i], power)
			power *= x
		}
		rows[i] = append(rows[i], f(x))
	}
	for c := range n { // Gauss and Jordan
		p := c
		for r := c; r < n; r++ {
			if math.Abs(rows[r][c]) > math.Abs(rows[p][c]) {
				p = r
			}
		}
		rows[c], rows[p] = rows[p], rows[c]
		for r := range n {
			if r == c {
				continue
			}
			q := rows[r][c] / rows[c][c]
			for j := c; j <= n; j++ {
				rows[r][j] -= q * rows[c][j]
			}
		}
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = rows[i][n] / rows[i][i]
	}
	return out
}

// What follows works on several registers in step, one instruction for all of
// them after the other: each chain of dependent instructions is long, and the
// processor looks only so far ahead for others.

type vecs = []reg.VecVirtual

// horner sets ps to the polynomial with these coefficients, constant first, at xs.
func horner(s isa, coefficients []float64, xs, ps vecs) {
	last := len(coefficients) - 1
	for i := range xs {
		s.broadcast(constant(coefficients[last]), ps[i])
	}
	for c := last - 1; c >= 0; c-- {
		for i := range xs {
			s.apply(VFMADD213PS, VFMADD213PS_BCST, coefficients[c], xs[i], ps[i])
		}
	}
}

// magic is 1.5·2^23: added to a number below 2^22, it rounds it to an integer.
const magic = 3 << 22

// split sets ns to xs·factor rounded to integers, and fs to what that leaves.
func split(s isa, factor float64, xs, ns, fs vecs) {
	for i, x := range xs {
		s.broadcast(constant(magic), ns[i])
		s.apply(VFMADD231PS, VFMADD231PS_BCST, factor, x, ns[i])
	}
	for _, n := range ns {
		s.apply(VSUBPS, VSUBPS_BCST, magic, n, n)
	}
	for i, x := range xs {
		VMOVAPS(x, fs[i])
		s.apply(VFMSUB132PS, VFMSUB132PS_BCST, factor, ns[i], fs[i])
	}
}

// log2e is log2(e) in two parts, the second what float32 loses of the first.
var log2e = [2]float64{float64(float32(math.Log2E)), math.Log2E - float64(float32(math.Log2E))}

// exp replaces xs in [-104, 89] or NaN by e^(sign·x): 2^n·2^f with n an integer
// and |f| ≤ 1/2.
func exp(s isa, sign float64, xs vecs) {
	ns, fs := s.vectors(len(xs)), s.vectors(len(xs))
	split(s, sign*log2e[0], xs, ns, fs)
	for i, x := range xs {
		s.apply(VFMADD132PS, VFMADD132PS_BCST, sign*log2e[1], fs[i], x) // f
	}
	horner(s, append([]float64{1}, exp2m1(4)...), xs, fs) // 1 at 0 exactly
	if s.wide() {
		for i, x := range xs {
			VSCALEFPS(ns[i], fs[i], x)
		}
		return
	}
	// Two factors 2^(n/2), as n may be out of the exponent's range.
	half := s.vector()
	for i, n := range ns {
		VCVTPS2DQ(n, n)
		VPSRAD(Imm(1), n, half)
		VPSUBD(half, n, n)
		for _, h := range []reg.VecVirtual{half, n} {
			VPSLLD(Imm(23), h, h)
			VPADDD(constant(1), h, h)
		}
		VMULPS(half, fs[i], fs[i])
		VMULPS(n, fs[i], xs[i])
	}
}

// exp2m1 returns the coefficients of (2^f − 1)/f for |f| ≤ 1/2.
func exp2m1(degree int) []float64 {
	return interpolate(func(f float64) float64 { return math.Expm1(f*math.Ln2) / f }, -0.5, 0.5, degree)
}

// clamp limits xs to [lo, hi]; NaN stays.
func clamp(s isa, lo, hi float64, xs vecs) {
	// Of two operands of which one is NaN, the second is the result: in Go's
	// order the first.
	limit := constantReg(s, lo)
	for _, x := range xs {
		VMAXPS(x, limit, x)
	}
	limit = constantReg(s, hi)
	for _, x := range xs {
		VMINPS(x, limit, x)
	}
}

// sigmoid replaces xs by 1/(1 + e^−x).
func sigmoid(s isa, xs ...reg.VecVirtual) {
	clamp(s, -89, 104, xs)
	exp(s, -1, xs)
	one := constantReg(s, 1)
	for _, x := range xs {
		VADDPS(one, x, x)
	}
	s.reciprocal(xs, one, 1<<126) // 1 + e^−x may be infinite
}

// reciprocal replaces ds by 1/ds. AVX-512 has an estimate, good to 2^-14, which
// a step of Newton's makes accurate: dividing would keep its unit busy for
// longer than all the rest of an activation takes. The step begins from ds
// limited to top, if that is not 0, since it would make NaN of infinity.
func (s isa) reciprocal(ds vecs, one reg.VecVirtual, top float64) {
	if !s.wide() {
		for _, d := range ds {
			VDIVPS(d, one, d)
		}
		return
	}
	estimates := s.vectors(len(ds))
	for i, d := range ds {
		VRCP14PS(d, estimates[i])
	}
	if top != 0 {
		limit := constantReg(s, top)
		for _, d := range ds {
			VMINPS(d, limit, d)
		}
	}
	for i, d := range ds {
		VFNMADD213PS(one, estimates[i], d) // 1 − d·estimate
	}
	for i, d := range ds {
		VFMADD213PS(estimates[i], estimates[i], d)
	}
}

// tanhP and tanhQ are the coefficients, constant first, of P and Q with
// tanh x = x·P(x²)/Q(x²): the quotient of its degrees whose largest relative
// error for |x| ≤ 9 is least, 2e-8 (Lawson's reweighted least squares), rounded
// to float32, 4e-8. From there on it rises, and is above 1 + 1e-6 at 10.
var (
	tanhP = []float64{1, 0.13380996882915497, 0.003495553508400917, 2.0608513295883313e-05, 1.3353884220634882e-08}
	tanhQ = []float64{1, 0.46714311838150024, 0.025876851752400398, 0.0003285578277427703, 7.776237112011586e-07}
)

// tanh replaces xs by tanh x.
func tanh(s isa, xs ...reg.VecVirtual) {
	squares, ps, qs := s.vectors(len(xs)), s.vectors(len(xs)), s.vectors(len(xs))
	clamp(s, -10, 10, xs)
	for i, x := range xs {
		VMULPS(x, x, squares[i])
	}
	horner(s, tanhP, squares, ps)
	horner(s, tanhQ, squares, qs)
	s.reciprocal(qs, constantReg(s, 1), 0)
	for i, x := range xs {
		VMULPS(x, ps[i], x)
	}
	for i, x := range xs {
		VMULPS(qs[i], x, x)
	}
	clamp(s, -1, 1, xs) // which makes it exact far out
}
