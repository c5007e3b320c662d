package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gates writes what the gates of LSTM and GRU do, one panel of units at a
// time: a row has four vectors of it.
func gates(s isa) {
	lstmForward(s)
	lstmBackward(s)
	gruForward(s)
	gruBackward(s)
}

// panelRows writes a loop over rows. What is in packed advances by a vector a
// row, what is in dense by ld, what is in gates by four vectors.
func panelRows(s isa, packed, dense, gates []reg.GPVirtual, body func()) {
	Label("row")
	body()
	for _, p := range packed {
		ADDQ(I32(s.bytes), p)
	}
	for _, p := range dense {
		ADDQ(slot("ld"), p)
	}
	for _, p := range gates {
		ADDQ(I32(4*s.bytes), p)
	}
	DECQ(slot("rows"))
	JNE(LabelRef("row"))
	VZEROUPPER()
	RET()
}

func column(s isa, p reg.GPVirtual, i int) Mem { return Mem{Base: p, Disp: i * s.bytes} }

func lstmForward(s isa) {
	name := "lstmForward" + s.suffix()
	TEXT(name, 4, "func(gates, prevC, c, tanhC, h *float32, ld, rows, tail int)")
	doc(`%s is forwardLSTM of one panel of %d units: of h [rows, ·], whose rows are ld
bytes apart, it writes tail units; the others are in panels. rows is at least 1.`, name, s.lanes())
	gates, prevC, c, tanhC, h := arg("gates"), arg("prevC"), arg("c"), arg("tanhC"), arg("h")
	mask := newMask(s, arg("tail"))
	panelRows(s, []reg.GPVirtual{prevC, c, tanhC}, []reg.GPVirtual{h}, []reg.GPVirtual{gates}, func() {
		v := s.vectors(4) // i, f, g, o
		for i, x := range v {
			VMOVUPS(column(s, gates, i), x)
			if i == 2 {
				tanh(s, x, x)
			} else {
				sigmoid(s, x)
			}
			VMOVUPS(x, column(s, gates, i))
		}
		VMULPS(Mem{Base: prevC}, v[1], v[1])
		VFMADD231PS(v[0], v[2], v[1])
		VMOVUPS(v[1], Mem{Base: c})
		tanh(s, v[1], v[1])
		VMOVUPS(v[1], Mem{Base: tanhC})
		VMULPS(v[3], v[1], v[1])
		mask.store(v[1], Mem{Base: h})
	})
}

// slope sets d to d·v·(1 − v), by way of t.
func slope(d, v, t, one reg.VecVirtual) {
	VSUBPS(v, one, t)
	VMULPS(v, t, t)
	VMULPS(t, d, d)
}

func lstmBackward(s isa) {
	name := "lstmBackward" + s.suffix()
	TEXT(name, 4, "func(gates, prevC, tanhC, dh, dstate, dcell, delta *float32, ld, rows, tail int)")
	doc(`%s is backwardLSTM of one panel of %d units: of dh and dstate [rows, ·], whose
rows are ld bytes apart, it reads tail units; the others are in panels. rows is at least 1.`, name, s.lanes())
	gates, prevC, tanhC := arg("gates"), arg("prevC"), arg("tanhC")
	dh, dstate, dcell, delta := arg("dh"), arg("dstate"), arg("dcell"), arg("delta")
	mask, one := newMask(s, arg("tail")), constantReg(s, 1)
	panelRows(s, []reg.GPVirtual{prevC, tanhC, dcell}, []reg.GPVirtual{dh, dstate}, []reg.GPVirtual{gates, delta}, func() {
		out, dc, d, t, v := s.vector(), s.vector(), s.vector(), s.vector(), s.vector()
		mask.load(Mem{Base: dh}, out)
		mask.load(Mem{Base: dstate}, d)
		VADDPS(d, out, out)
		VMOVUPS(Mem{Base: tanhC}, t)
		VMULPS(t, out, d)
		VFNMADD213PS(one, t, t) // 1 − tanh² c
		VMOVUPS(column(s, gates, 3), v)
		VMULPS(v, out, dc)
		VFMADD213PS(Mem{Base: dcell}, t, dc)
		slope(d, v, t, one)
		VMOVUPS(d, column(s, delta, 3))
		VMOVUPS(column(s, gates, 1), v)
		VMULPS(v, dc, d)
		VMOVUPS(d, Mem{Base: dcell})
		VMULPS(Mem{Base: prevC}, dc, d)
		slope(d, v, t, one)
		VMOVUPS(d, column(s, delta, 1))
		g := out
		VMOVUPS(column(s, gates, 2), g)
		VMOVUPS(column(s, gates, 0), v)
		VMULPS(g, dc, d)
		VMULPS(v, dc, dc)
		slope(d, v, t, one)
		VMOVUPS(d, column(s, delta, 0))
		VFNMADD213PS(one, g, g)
		VMULPS(g, dc, dc)
		VMOVUPS(dc, column(s, delta, 2))
	})
}

func gruForward(s isa) {
	name := "gruForward" + s.suffix()
	TEXT(name, 4, "func(gates, prev, h *float32, ld, rows, tail int)")
	doc(`%s is forwardGRU of one panel of %d units: of prev and h [rows, ·], whose rows
are ld bytes apart, it reads and writes tail units. rows is at least 1.`, name, s.lanes())
	gates, prev, h := arg("gates"), arg("prev"), arg("h")
	mask := newMask(s, arg("tail"))
	panelRows(s, nil, []reg.GPVirtual{prev, h}, []reg.GPVirtual{gates}, func() {
		n, r, z := s.vector(), s.vector(), s.vector()
		VMOVUPS(column(s, gates, 1), r)
		sigmoid(s, r)
		VMOVUPS(r, column(s, gates, 1))
		VMOVUPS(column(s, gates, 0), n)
		VFMADD231PS(column(s, gates, 3), r, n)
		tanh(s, n, n)
		VMOVUPS(n, column(s, gates, 0))
		VMOVUPS(column(s, gates, 2), z)
		sigmoid(s, z)
		VMOVUPS(z, column(s, gates, 2))
		mask.load(Mem{Base: prev}, r)
		VSUBPS(n, r, r)
		VFMADD231PS(z, r, n)
		mask.store(n, Mem{Base: h})
	})
}

func gruBackward(s isa) {
	name := "gruBackward" + s.suffix()
	TEXT(name, 4, "func(gates, prev, dh, dstate, delta *float32, ld, rows, tail int)")
	doc(`%s is backwardGRU of one panel of %d units: of prev, dh and dstate [rows, ·],
whose rows are ld bytes apart, it reads and writes tail units. rows is at least 1.`, name, s.lanes())
	gates, prev, dh, dstate, delta := arg("gates"), arg("prev"), arg("dh"), arg("dstate"), arg("delta")
	mask, one := newMask(s, arg("tail")), constantReg(s, 1)
	panelRows(s, nil, []reg.GPVirtual{prev, dh, dstate}, []reg.GPVirtual{gates, delta}, func() {
		out, n, z, t, d := s.vector(), s.vector(), s.vector(), s.vector(), s.vector()
		mask.load(Mem{Base: dh}, out)
		mask.load(Mem{Base: dstate}, d)
		VADDPS(d, out, out)
		VMOVUPS(column(s, gates, 0), n)
		VMOVUPS(column(s, gates, 2), z)
		mask.load(Mem{Base: prev}, d)
		VSUBPS(n, d, d)
		VMULPS(out, d, d)
		slope(d, z, t, one)
		VMOVUPS(d, column(s, delta, 2))
		VMULPS(z, out, d)
		mask.store(d, Mem{Base: dstate})
		VSUBPS(z, one, t)
		VMULPS(t, out, out)
		VFNMADD213PS(one, n, n)
		VMULPS(n, out, out)
		VMOVUPS(out, column(s, delta, 0))
		r := z
		VMOVUPS(column(s, gates, 1), r)
		VMULPS(r, out, d)
		VMOVUPS(d, column(s, delta, 3))
		VMULPS(column(s, gates, 3), out, d)
		slope(d, r, t, one)
		VMOVUPS(d, column(s, delta, 1))
	})
}
