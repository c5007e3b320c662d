package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// activations writes what replaces every element of a vector.
func activations(s isa) {
	elementwise(s, "tanh", "its hyperbolic tangent: an error of 3e-7 of it at most, ±1 far out, NaN and the sign of zero kept", func(x reg.VecVirtual) { tanh(s, x, x) })
	elementwise(s, "sigmoid", "1/(1 + e^−x): an error of 3e-7 of it at most, 0 and 1 far out, NaN kept", func(x reg.VecVirtual) { sigmoid(s, x) })
	elementwise(s, "exp", "e^x: an error of 3e-7 of it at most where that is a normal number, 0 and +Inf far out, NaN kept", func(x reg.VecVirtual) {
		clamp(s, x, -104, 89)
		exp(s, x, 1)
	})
	elementwise(s, "relu", "max(x, 0), NaN and the sign of zero kept", func(x reg.VecVirtual) {
		zero := s.vector()
		zeroOut(s, zero)
		VMAXPS(x, zero, x)
	})
	backward(s, "tanhBack", "(dh[i] + dstate[i]) · (1 − h[i]²)", func(d, h reg.VecVirtual) {
		one := constantReg(s, 1)
		VFNMADD213PS(one, h, h)
		VMULPS(h, d, d)
	})
	backward(s, "reluBack", "dh[i] + dstate[i] if h[i] > 0, otherwise 0", func(d, h reg.VecVirtual) { positive(s, h, d) })
}

func zeroOut(s isa, x reg.VecVirtual) {
	if s.wide() {
		VPXORD(x, x, x)
	} else {
		VXORPS(x, x, x)
	}
}

// positive clears the elements of d where h is not above zero.
func positive(s isa, h, d reg.VecVirtual) {
	zero := s.vector()
	zeroOut(s, zero)
	const below = 1 // zero < h, false for NaN
	if s.wide() {
		k := K()
		VCMPPS(Imm(below), h, zero, k)
		VMOVAPS_Z(d, k, d)
		return
	}
	VCMPPS(Imm(below), h, zero, zero)
	VANDPS(zero, d, d)
}

// each writes a loop over n > 0 elements: body(false) for a whole vector, then
// body(true) for what is left, with the mask that it gets; both advance the pointers.
func each(s isa, n reg.GPVirtual, pointers []reg.GPVirtual, body func(load, store func(from, to Op))) {
	CMPQ(n, I32(s.lanes()))
	JLT(LabelRef("tail"))
	Label("vector")
	body(s.move, s.move)
	for _, p := range pointers {
		ADDQ(I32(s.bytes), p)
	}
	SUBQ(I32(s.lanes()), n)
	CMPQ(n, I32(s.lanes()))
	JGE(LabelRef("vector"))
	Label("tail")
	TESTQ(n, n)
	JEQ(LabelRef("done"))
	m := newMask(s, n)
	body(m.load, m.store)
	Label("done")
	VZEROUPPER()
	RET()
}

func elementwise(s isa, name, is string, f func(x reg.VecVirtual)) {
	name += s.suffix()
	TEXT(name, 4, "func(x *float32, n int)")
	doc("%s replaces every element of x [n] by\n%s. n is at least 1.", name, is)
	at, n := arg("x"), arg("n")
	x := s.vector()
	each(s, n, []reg.GPVirtual{at}, func(load, store func(from, to Op)) {
		load(Mem{Base: at}, x)
		f(x)
		store(x, Mem{Base: at})
	})
}

func backward(s isa, name, is string, f func(d, h reg.VecVirtual)) {
	name += s.suffix()
	TEXT(name, 4, "func(delta, h, dh, dstate *float32, n int)")
	doc("%s equals\n\n\tfor i := range n { delta[i] = %s }\n\nn is at least 1.", name, is)
	delta, h, dh, dstate, n := arg("delta"), arg("h"), arg("dh"), arg("dstate"), arg("n")
	d, hv, ds := s.vector(), s.vector(), s.vector()
	each(s, n, []reg.GPVirtual{delta, h, dh, dstate}, func(load, store func(from, to Op)) {
		load(Mem{Base: dh}, d)
		load(Mem{Base: dstate}, ds)
		VADDPS(ds, d, d)
		load(Mem{Base: h}, hv)
		f(d, hv)
		store(d, Mem{Base: delta})
	})
}
