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

// horner sets p to the polynomial with these coefficients, constant first, at x.
func horner(coefficients []float64, x, p reg.VecVirtual) {
	last := len(coefficients) - 1
	VMOVUPS(constant(coefficients[last]), p)
	for i := last - 1; i >= 0; i-- {
		VFMADD213PS(constant(coefficients[i]), x, p)
	}
}

// round sets n to x rounded to an integer.
func round(s isa, x, n reg.VecVirtual) {
	if s.wide() {
		VRNDSCALEPS(Imm(8), x, n)
	} else {
		VROUNDPS(Imm(8), x, n)
	}
}

// log2e is log2(e) in two parts, the second what float32 loses of the first.
var log2e = [2]float64{float64(float32(math.Log2E)), math.Log2E - float64(float32(math.Log2E))}

// exp replaces x in [-104, 89] or NaN by e^(sign·x): 2^n·2^f with n an integer
// and |f| ≤ 1/2.
func exp(s isa, x reg.VecVirtual, sign float64) {
	n, f := s.vector(), s.vector()
	VMULPS(constant(sign*log2e[0]), x, n)
	round(s, n, n)
	VMOVAPS(x, f)
	VFMSUB132PS(constant(sign*log2e[0]), n, f) // f = x·log2e − n
	VFMADD132PS(constant(sign*log2e[1]), f, x)
	horner(append([]float64{1}, exp2m1(4)...), x, f) // 1 at 0 exactly
	if s.wide() {
		VSCALEFPS(n, f, x)
		return
	}
	// Two factors 2^(n/2), as n may be out of the exponent's range.
	half := s.vector()
	VCVTPS2DQ(n, n)
	VPSRAD(Imm(1), n, half)
	VPSUBD(half, n, n)
	for _, h := range []reg.VecVirtual{half, n} {
		VPSLLD(Imm(23), h, h)
		VPADDD(constant(1), h, h)
	}
	VMULPS(half, f, f)
	VMULPS(n, f, x)
}

// exp2m1 returns the coefficients of (2^f − 1)/f for |f| ≤ 1/2.
func exp2m1(degree int) []float64 {
	return interpolate(func(f float64) float64 { return math.Expm1(f*math.Ln2) / f }, -0.5, 0.5, degree)
}

// clamp limits x to [lo, hi]; NaN stays.
func clamp(s isa, x reg.VecVirtual, lo, hi float64) {
	// Of two operands of which one is NaN, the second is the result: in Go's
	// order the first.
	limit := constantReg(s, lo)
	VMAXPS(x, limit, x)
	limit = constantReg(s, hi)
	VMINPS(x, limit, x)
}

// sigmoid replaces x by 1/(1 + e^−x).
func sigmoid(s isa, x reg.VecVirtual) {
	clamp(s, x, -89, 104)
	exp(s, x, -1)
	one := constantReg(s, 1)
	VADDPS(one, x, x)
	VDIVPS(x, one, x)
}

// tanh sets y to tanh x: tanh|x| = E/(E + 2), E = e^{2|x|} − 1 = 2^n·(2^f − 1)
// + (2^n − 1), which loses nothing near zero, with the sign of x.
func tanh(s isa, x, y reg.VecVirtual) {
	sign, n, f, p := s.vector(), s.vector(), s.vector(), s.vector()
	andBits(s, bits(1<<31), x, sign)
	andBits(s, bits(1<<31-1), x, y)
	limit := constantReg(s, 10) // from 9.02 on it is 1
	VMINPS(y, limit, y)
	VMULPS(constant(2*math.Log2E), y, n)
	round(s, n, n)
	VMOVAPS(y, f)
	VFMSUB132PS(constant(2*math.Log2E), n, f) // f = 2|x|·log2e − n
	horner(exp2m1(5), f, p)
	VMULPS(f, p, p) // 2^f − 1
	one := constantReg(s, 1)
	scale := s.vector()
	if s.wide() {
		VSCALEFPS(n, one, scale)
	} else {
		VCVTPS2DQ(n, scale)
		VPSLLD(Imm(23), scale, scale)
		VPADDD(one, scale, scale)
	}
	VSUBPS(one, scale, y)
	VFMADD231PS(scale, p, y) // E
	VADDPS(constant(2), y, p)
	VDIVPS(p, y, y)
	orBits(s, sign, y)
}

func andBits(s isa, m Op, x, y reg.VecVirtual) {
	if s.wide() {
		VPANDD(m, x, y)
	} else {
		VANDPS(m, x, y)
	}
}

func orBits(s isa, x, y reg.VecVirtual) {
	if s.wide() {
		VPORD(x, y, y)
	} else {
		VORPS(x, y, y)
	}
}
