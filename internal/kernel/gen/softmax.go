package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax writes what turns a row of scores into probabilities.
func softmax(s isa) {
	expRow(s)
	scaleRow(s)
}

func expRow(s isa) {
	name := "expRow" + s.suffix()
	TEXT(name, 4, "func(x *float32, n int) (top, sum float32)")
	doc(`%s sets top to the largest element of x [n], replaces every one by e^(x − top), and sets sum to their sum. n is at least 1.`, name)
	top := rowTop(s)
	x, n := arg("x"), arg("n")
	several := 2
	if s.wide() {
		several = 4
	}
	sums := s.vectors(several)
	for _, sum := range sums {
		zeroOut(s, sum)
	}
	part(s, "exp", n, several, []reg.GPVirtual{x}, func(vectors int, m *mask) {
		xs := s.vectors(vectors)
		for i, v := range xs {
			move(s, m, column(s, x, i), v)
			VSUBPS(top, v, v)
		}
		clamp(s, -104, 89, xs)
		exp(s, 1, xs)
		for i, v := range xs {
			if m != nil { // the lanes behind the last come back as zeros
				m.store(v, Mem{Base: x})
				m.load(Mem{Base: x}, v)
			} else {
				VMOVUPS(v, column(s, x, i))
			}
			VADDPS(v, sums[i], sums[i])
		}
	})
	for n := len(sums) / 2; n > 0; n /= 2 {
		for i := range n {
			VADDPS(sums[i+n], sums[i], sums[i])
		}
	}
	fold(s, VADDPS, sums[0])
	Store(top.AsX(), ReturnIndex(0))
	Store(sums[0].AsX(), ReturnIndex(1))
	finish()
}

// rowTop returns the largest element of x [n] in every lane.
func rowTop(s isa) reg.VecVirtual {
	x, n := arg("x"), arg("n")
	tops := s.vectors(2)
	for _, top := range tops {
		s.broadcast(Mem{Base: x}, top)
	}
	part(s, "top", n, 2, []reg.GPVirtual{x}, func(vectors int, m *mask) {
		for i := range vectors {
			v := s.vector()
			if m == nil {
				VMOVUPS(column(s, x, i), v)
			} else {
				m.loadOver(Mem{Base: x}, tops[i], v)
			}
			VMAXPS(v, tops[i], tops[i])
		}
	})
	VMAXPS(tops[1], tops[0], tops[0])
	fold(s, VMAXPS, tops[0])
	top := s.vector()
	VBROADCASTSS(tops[0].AsX(), top)
	return top
}

// loadOver loads the lanes of the mask, and takes the others from rest.
func (m mask) loadOver(from Op, rest, to reg.VecVirtual) {
	if m.s.wide() {
		VMOVAPS(rest, to)
		VMOVUPS(from, m.k, to)
		return
	}
	VMASKMOVPS(from, m.y, to)
	VBLENDVPS(m.y, to, rest, to)
}

// move loads a vector, the lanes of the mask if there is one.
func move(s isa, m *mask, from, to Op) {
	if m != nil {
		m.load(from, to)
	} else {
		VMOVUPS(from, to)
	}
}

// fold combines the lanes of x in its first one.
func fold(s isa, op func(...Op), x reg.VecVirtual) {
	if s.wide() {
		high := YMM()
		VEXTRACTF64X4(Imm(1), x, high)
		op(high, x.AsY(), x.AsY())
	}
	high := XMM()
	VEXTRACTF128(Imm(1), x.AsY(), high)
	op(high, x.AsX(), x.AsX())
	for _, order := range []uint8{0x4e, 0xb1} { // halves, neighbours
		VPERMILPS(Imm(uint64(order)), x.AsX(), high)
		op(high, x.AsX(), x.AsX())
	}
}

func scaleRow(s isa) {
	name := "scaleRow" + s.suffix()
	TEXT(name, 4, "func(x *float32, n int, by float32) (sum float32)")
	doc("%s multiplies every element of x [n] and returns their sum then. n is at least 1.", name)
	x, n, by, sums := arg("x"), arg("n"), s.vector(), s.vectors(2)
	s.broadcast(slot("by"), by)
	for _, sum := range sums {
		zeroOut(s, sum)
	}
	part(s, "scale", n, 2, []reg.GPVirtual{x}, func(vectors int, m *mask) {
		for i, v := range s.vectors(vectors) {
			move(s, m, column(s, x, i), v)
			VMULPS(by, v, v)
			if m != nil {
				m.store(v, Mem{Base: x})
			} else {
				VMOVUPS(v, column(s, x, i))
			}
			VADDPS(v, sums[i], sums[i])
		}
	})
	VADDPS(sums[1], sums[0], sums[0])
	fold(s, VADDPS, sums[0])
	Store(sums[0].AsX(), ReturnIndex(0))
	finish()
}
