package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// limits writes what measures the processor.
func limits(s isa) {
	for _, s := range []isa{s, s.float64()} {
		peak(s)
		pass(s)
	}
}

// chains is how many sums a loop keeps apart: more than the units for
// multiply-add have under way, four cycles long and two at a time, so that none waits.
const chains = 12

// peak writes the multiply-adds that nothing but their units binds.
func peak(s isa) {
	TEXT("peak"+s.suffix(), 4, fmt.Sprintf("func(sums, one *%s, loops int)", s.element()))
	doc(`peak%s adds a number's square to each of %d vectors, again and again,
all in registers. loops is at least 1. It equals

	for range loops {
		for j := range %d { sums[j] += one * one }
	}

for sums that are zero before.`, s.suffix(), chains, chains*s.lanes())
	sums, from, loops := arg("sums"), arg("one"), arg("loops")
	one := s.vector()
	s.broadcast(Mem{Base: from}, one)
	sum := zeros(s, chains)
	align()
	Label("again")
	for _, v := range sum {
		s.fma(one, one, v)
	}
	DECQ(loops)
	JNE(LabelRef("again"))
	for i, v := range sum {
		s.move(v, Mem{Base: sums, Disp: i * s.bytes})
	}
	VZEROUPPER()
	RET()
}

// pass writes the reading of memory that nothing but reading binds: eight
// vectors, a cache line or half of one each, to a loop.
func pass(s isa) {
	TEXT("pass"+s.suffix(), 4, fmt.Sprintf("func(sums, x *%s, loops int)", s.element()))
	doc(`pass%s reads loops · 8 vectors of x, at least 8, and adds them up. It equals

	for i := range loops * %d { sums[i%%%d] += x[i] }

for sums that are zero before.`, s.suffix(), 8*s.lanes(), 8*s.lanes())
	sums, x, loops := arg("sums"), arg("x"), arg("loops")
	sum := zeros(s, 8)
	align()
	Label("again")
	for i, v := range sum {
		pick(s, VADDPS, VADDPD)(Mem{Base: x, Disp: i * s.bytes}, v, v)
	}
	ADDQ(I32(8*s.bytes), x)
	DECQ(loops)
	JNE(LabelRef("again"))
	for i, v := range sum {
		s.move(v, Mem{Base: sums, Disp: i * s.bytes})
	}
	VZEROUPPER()
	RET()
}

func zeros(s isa, n int) []reg.VecVirtual {
	v := s.vectors(n)
	for _, v := range v {
		pick(s, VXORPS, VXORPD)(v, v, v)
	}
	return v
}
