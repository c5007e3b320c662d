package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pairs writes the product of one row of A with two panels of B at a time: one
// alone has too few sums to keep the processor busy, since each waits for the
// step of its own before.
func pairs(s isa) {
	for _, s := range []isa{s, s.float64()} {
		for vectors := 1; vectors <= 4; vectors++ {
			pair(s, vectors)
		}
	}
}

func pair(s isa, vectors int) {
	name := fmt.Sprintf("pair%d%s", vectors, s.suffix())
	TEXT(name, 4, fmt.Sprintf("func(c, from, a, b *%s, nextC, nextFrom, nextB, stepA, skipA, k, blocks, tail int)", s.element()))
	doc(`%s is tile%d%s for one row and two panels: the second one's C, from and B
are nextC, nextFrom and nextB bytes after the first one's; tail is of the second,
all columns of the first being there.`, name, vectors, s.suffix())
	c, from, a, b := arg("c"), arg("from"), arg("a"), arg("b")
	stepA, k, nextB := arg("stepA"), GP64(), arg("nextB")
	mask := newMask(s, arg("tail"))
	sums := s.vectors(2 * vectors)
	eachOfPair(s, from, arg("nextFrom"), vectors, func(i int, at Mem) {
		if i == len(sums)-1 {
			mask.load(at, sums[i])
		} else {
			s.move(at, sums[i])
		}
	})
	x := s.vector()
	Label("block")
	MOVQ(slot("k"), k)
	align()
	Label("k")
	s.broadcast(Mem{Base: a}, x)
	for i, sum := range sums {
		at := Mem{Base: b, Disp: i % vectors * s.bytes}
		if i >= vectors {
			at.Index, at.Scale = nextB, 1
		}
		s.fma(at, x, sum)
	}
	ADDQ(stepA, a)
	ADDQ(I32(vectors*s.bytes), b)
	DECQ(k)
	JNE(LabelRef("k"))
	ADDQ(slot("skipA"), a)
	DECQ(slot("blocks"))
	JNE(LabelRef("block"))
	eachOfPair(s, c, arg("nextC"), vectors, func(i int, at Mem) {
		if i == len(sums)-1 {
			mask.store(sums[i], at)
		} else {
			s.move(sums[i], at)
		}
	})
	VZEROUPPER()
	RET()
}

// eachOfPair calls f for the vectors of a row in two panels.
func eachOfPair(s isa, at, next reg.GPVirtual, vectors int, f func(i int, at Mem)) {
	for i := range 2 * vectors {
		m := Mem{Base: at, Disp: i % vectors * s.bytes}
		if i >= vectors {
			m.Index, m.Scale = next, 1
		}
		f(i, m)
	}
}
