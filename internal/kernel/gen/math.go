package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constants are float32 numbers in memory, by their bits, repeated over the widest vector.
var constants = map[uint32]Mem{}

func constant(v float64) Mem { return bits(math.Float32bits(float32(v))) }

func bits(b uint32) Mem {
	if m, ok := constants[b]; ok {
		return m
	}
	m := GLOBL(fmt.Sprintf("constant%08x", b), 8|16) // RODATA|NOPTR
	for i := range 16 {
		DATA(4*i, U32(b))
	}
	constants[b] = m
	return m
}

// constantReg returns a register that holds v.
func constantReg(s isa, v float64) reg.VecVirtual {
	r := s.vector()
	VMOVUPS(constant(v), r)
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
func horner(coefficients []float64, xs, ps vecs) {
	last := len(coefficients) - 1
	for i := range xs {
		VMOVUPS(constant(coefficients[last]), ps[i])
	}
	for c := last - 1; c >= 0; c-- {
		for i := range xs {
			VFMADD213PS(constant(coefficients[c]), xs[i], ps[i])
		}
	}
}

// split sets ns to xs·factor rounded to integers, and fs to what that leaves.
func split(s isa, factor float64, xs, ns, fs vecs) {
	for i, x := range xs {
		VMULPS(constant(factor), x, ns[i])
	}
	for _, n := range ns {
		if s.wide() {
			VRNDSCALEPS(Imm(8), n, n)
		} else {
			VROUNDPS(Imm(8), n, n)
		}
	}
	for i, x := range xs {
		VMOVAPS(x, fs[i])
		VFMSUB132PS(constant(factor), ns[i], fs[i])
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
		VFMADD132PS(constant(sign*log2e[1]), fs[i], x) // f
	}
	horner(append([]float64{1}, exp2m1(4)...), xs, fs) // 1 at 0 exactly
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
	for _, x := range xs {
		VDIVPS(x, one, x)
	}
}

// tanh replaces xs by tanh x: tanh|x| = E/(E + 2), E = e^{2|x|} − 1 =
// 2^n·(2^f − 1) + (2^n − 1), which loses nothing near zero, with the sign of x.
func tanh(s isa, xs ...reg.VecVirtual) {
	ys, ns, fs, ps := s.vectors(len(xs)), s.vectors(len(xs)), s.vectors(len(xs)), s.vectors(len(xs))
	limit := constantReg(s, 10) // from 9.02 on it is 1
	for i, x := range xs {
		s.and(bits(1<<31-1), x, ys[i])
		VMINPS(ys[i], limit, ys[i])
	}
	split(s, 2*math.Log2E, ys, ns, fs)
	horner(exp2m1(5), fs, ps)
	one := constantReg(s, 1)
	for _, n := range ns { // 2^n
		if s.wide() {
			VSCALEFPS(n, one, n)
		} else {
			VCVTPS2DQ(n, n)
			VPSLLD(Imm(23), n, n)
			VPADDD(one, n, n)
		}
	}
	for i := range xs {
		VMULPS(fs[i], ps[i], ps[i]) // 2^f − 1
		VSUBPS(one, ns[i], ys[i])
	}
	for i := range xs {
		VFMADD231PS(ns[i], ps[i], ys[i]) // E
	}
	for i := range xs {
		VADDPS(constant(2), ys[i], ps[i])
	}
	for i, x := range xs {
		VDIVPS(ps[i], ys[i], ys[i])
		s.and(bits(1<<31), x, x)
	}
	for i, x := range xs {
		s.or(ys[i], x, x)
	}
}

func (s isa) and(m Op, x, y reg.VecVirtual) {
	if s.wide() {
		VPANDD(m, x, y)
	} else {
		VANDPS(m, x, y)
	}
}

func (s isa) or(m Op, x, y reg.VecVirtual) {
	if s.wide() {
		VPORD(m, x, y)
	} else {
		VORPS(m, x, y)
	}
}
