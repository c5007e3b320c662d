package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// training writes what the optimiser does to every parameter.
func training(s isa) {
	adam(s)
	sumSquares(s)
}

func adam(s isa) {
	name := "adam" + s.suffix()
	TEXT(name, 4, "func(params, grads, m, v *float32, n int, c *float32)")
	doc("%s is AdamStep.apply of n elements, c the fields of the AdamStep. n is at least 1.", name)
	params, grads, m, v := arg("params"), arg("grads"), arg("m"), arg("v")
	n, constants := arg("n"), arg("c")
	c := s.vectors(9) // in the order of the fields
	for i, r := range c {
		s.broadcast(Mem{Base: constants, Disp: 4 * i}, r)
	}
	scale, beta1, beta2, gain1, gain2, rate, root, epsilon, keep := c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]
	several := 1
	if s.wide() {
		several = 2
	}
	each(s, n, several, []reg.GPVirtual{params, grads, m, v}, func(vectors int, load, store func(from, to Op)) {
		for i := range vectors { // each product is rounded, as in Go
			g, moment, square := s.vector(), s.vector(), s.vector()
			load(column(s, grads, i), g)
			VMULPS(scale, g, g)
			load(column(s, m, i), moment)
			VMULPS(beta1, moment, moment)
			VMULPS(gain1, g, square)
			VADDPS(square, moment, moment)
			store(moment, column(s, m, i))
			load(column(s, v, i), square)
			VMULPS(beta2, square, square)
			VMULPS(g, g, g)
			VMULPS(gain2, g, g)
			VADDPS(g, square, square)
			store(square, column(s, v, i))
			VSQRTPS(square, square)
			VMULPS(root, square, square)
			VADDPS(epsilon, square, square)
			VMULPS(rate, moment, moment)
			VDIVPS(square, moment, moment)
			load(column(s, params, i), g)
			VMULPS(keep, g, g)
			VSUBPS(moment, g, g)
			store(g, column(s, params, i))
		}
	})
}

// sumSquares adds up in as many chains as the Go: 32, in vectors of float64.
func sumSquares(s isa) {
	name := "sumSquares" + s.suffix()
	TEXT(name, 4, "func(x *float32, blocks int) float64")
	doc("%s is foldSquares of x [32·blocks]. blocks is at least 1.", name)
	x, blocks := arg("x"), arg("blocks")
	d := s.float64()
	sums := s.vectors(32 / d.lanes())
	for _, sum := range sums {
		zeroOut(s, sum)
	}
	Label("blocks")
	for i, sum := range sums {
		v := s.vector()
		VCVTPS2PD(Mem{Base: x, Disp: i * s.bytes / 2}, v)
		VFMADD231PD(v, v, sum) // a square of float32 is exact in float64
	}
	ADDQ(I32(32*4), x)
	DECQ(blocks)
	JNE(LabelRef("blocks"))
	for n := len(sums) / 4; n > 0; n-- { // chains i, i+8, i+16 and i+24
		at := len(sums)/4 - n
		a, b, c, e := sums[at], sums[at+len(sums)/4], sums[at+len(sums)/2], sums[at+3*len(sums)/4]
		VADDPD(b, a, a)
		VADDPD(e, c, c)
		VADDPD(c, a, a)
	}
	low := sums[0]
	if s.wide() {
		high := YMM()
		VEXTRACTF64X4(Imm(1), low, high)
		VADDPD(high, low.AsY(), low.AsY())
	} else {
		VADDPD(sums[1], low, low)
	}
	high := XMM()
	VEXTRACTF128(Imm(1), low.AsY(), high)
	VADDPD(high, low.AsX(), low.AsX())
	VPERMILPD(Imm(1), low.AsX(), high)
	VADDSD(high, low.AsX(), low.AsX())
	Store(low.AsX(), ReturnIndex(0))
	finish()
}
