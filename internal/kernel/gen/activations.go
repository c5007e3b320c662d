package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// activations writes what replaces every element of a vector.
func activations(s isa) {
	elementwise(s, "tanh", "its hyperbolic tangent: an error of 4e-7 of it at most, ±1 far out, NaN and the sign of zero kept", func(xs vecs) { tanh(s, xs...) })
	elementwise(s, "sigmoid", "1/(1 + e^−x): an error of 4e-7 of it at most, 0 and 1 far out, NaN kept", func(xs vecs) { sigmoid(s, xs...) })
	elementwise(s, "exp", "e^x: an error of 4e-7 of it at most where that is a normal number, 0 and +Inf far out, NaN kept", func(xs vecs) {
		clamp(s, -104, 89, xs)
		exp(s, 1, xs)
	})
	elementwise(s, "relu", "max(x, 0), NaN and the sign of zero kept", func(xs vecs) {
		zero := s.vector()
		zeroOut(s, zero)
		for _, x := range xs {
			VMAXPS(x, zero, x)
		}
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

// each writes a loop over n > 0 elements, and the end of the function: a body
// with the moves that it is to use.
func each(s isa, n reg.GPVirtual, several int, pointers []reg.GPVirtual, body func(vectors int, load, store func(from, to Op))) {
	part(s, "vectors", n, several, pointers, func(vectors int, m *mask) {
		if m == nil {
			body(vectors, s.move, s.move)
		} else {
			body(vectors, m.load, m.store)
		}
	})
	finish()
}

// part writes a loop over n > 0 elements: a body for several vectors at a time,
// for one, and for what is left, with its mask. Its name tells it from others.
func part(s isa, name string, n reg.GPVirtual, several int, pointers []reg.GPVirtual, body func(vectors int, m *mask)) {
	for i, vectors := range []int{several, 1} {
		here, next := fmt.Sprintf("%s%d", name, i), fmt.Sprintf("%s%d", name, i+1)
		Label(here)
		CMPQ(n, I32(vectors*s.lanes()))
		JLT(LabelRef(next))
		body(vectors, nil)
		for _, p := range pointers {
			ADDQ(I32(vectors*s.bytes), p)
		}
		SUBQ(I32(vectors*s.lanes()), n)
		JMP(LabelRef(here))
	}
	Label(name + "2")
	TESTQ(n, n)
	JEQ(LabelRef(name + "3"))
	m := newMask(s, n)
	body(1, &m)
	Label(name + "3")
}

func elementwise(s isa, name, is string, f func(xs vecs)) {
	name += s.suffix()
	TEXT(name, 4, "func(x *float32, n int)")
	doc("%s replaces every element of x [n] by\n%s. n is at least 1.", name, is)
	at, n := arg("x"), arg("n")
	several := 2
	if s.wide() {
		several = 4
	}
	each(s, n, several, []reg.GPVirtual{at}, func(vectors int, load, store func(from, to Op)) {
		xs := s.vectors(vectors)
		for i, x := range xs {
			load(column(s, at, i), x)
		}
		f(xs)
		for i, x := range xs {
			store(x, column(s, at, i))
		}
	})
}

func backward(s isa, name, is string, f func(d, h reg.VecVirtual)) {
	name += s.suffix()
	TEXT(name, 4, "func(delta, h, dh, dstate *float32, n int)")
	doc("%s equals\n\n\tfor i := range n { delta[i] = %s }\n\nn is at least 1.", name, is)
	delta, h, dh, dstate, n := arg("delta"), arg("h"), arg("dh"), arg("dstate"), arg("n")
	d, hv, ds := s.vector(), s.vector(), s.vector()
	each(s, n, 1, []reg.GPVirtual{delta, h, dh, dstate}, func(_ int, load, store func(from, to Op)) {
		load(Mem{Base: dh}, d)
		load(Mem{Base: dstate}, ds)
		VADDPS(ds, d, d)
		load(Mem{Base: h}, hv)
		f(d, hv)
		store(d, Mem{Base: delta})
	})
}
