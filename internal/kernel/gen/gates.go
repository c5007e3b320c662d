package main

import (
	"fmt"

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

// panelRows writes a loop over rows, several at a time and then one at a time,
// by body. What is in packed advances by a vector a row, what is in dense by
// ld, what is in gates by four vectors. Its name tells it from others.
func panelRows(s isa, name string, rows reg.GPVirtual, several int, packed, dense, gates []reg.GPVirtual, body func(rows int)) {
	for i, n := range []int{several, 1} {
		here, next := fmt.Sprintf("%s%d", name, i), fmt.Sprintf("%s%d", name, i+1)
		Label(here)
		CMPQ(rows, I8(n))
		JLT(LabelRef(next))
		body(n)
		for _, p := range packed {
			ADDQ(I32(n*s.bytes), p)
		}
		for _, p := range gates {
			ADDQ(I32(n*4*s.bytes), p)
		}
		for range n {
			for _, p := range dense {
				ADDQ(slot("ld"), p)
			}
		}
		SUBQ(I32(n), rows)
		JMP(LabelRef(here))
	}
	Label(name + "2")
}

func finish() {
	VZEROUPPER()
	RET()
}

// several is how many rows are worked on in step where registers allow.
func (s isa) several() int {
	if s.wide() {
		return 2
	}
	return 1
}

// denseRow is the first or second row of what is ld apart.
func denseRow(p, ld reg.GPVirtual, r int) Mem {
	if r == 0 {
		return Mem{Base: p}
	}
	return Mem{Base: p, Index: ld, Scale: 1}
}

func column(s isa, p reg.GPVirtual, i int) Mem { return Mem{Base: p, Disp: i * s.bytes} }

func lstmForward(s isa) {
	name := "lstmForward" + s.suffix()
	TEXT(name, 4, "func(gates, prevC, c, tanhC, h *float32, ld, rows, tail int)")
	doc(`%s is forwardLSTM of one panel of %d units: of h [rows, ·], whose rows are ld
bytes apart, it writes tail units; the others are in panels. rows is at least 1.`, name, s.lanes())
	lstmCell(s)
	lstmOut(s)
	finish()
}

// aheadRows is how many rows before it is written to a line is fetched.
const aheadRows = 8

// lstmCell writes the loop that computes the gates and c.
func lstmCell(s isa) {
	gates, prevC, c, tanhC, h := arg("gates"), arg("prevC"), arg("c"), arg("tanhC"), arg("h")
	panelRows(s, "cell", arg("rows"), s.several(), []reg.GPVirtual{prevC, c, tanhC}, []reg.GPVirtual{h}, []reg.GPVirtual{gates}, func(rows int) {
		for r := range rows { // where results go has not been in the cache for long
			PREFETCHT0(column(s, c, r+aheadRows))
			PREFETCHT0(column(s, tanhC, r))
		}
		PREFETCHT0(Mem{Base: h})
		v := make([]vecs, rows) // i, f, g, o
		var sigmoids, tanhs vecs
		for r := range v {
			v[r] = s.vectors(4)
			for i, x := range v[r] {
				VMOVUPS(column(s, gates, 4*r+i), x)
			}
			sigmoids, tanhs = append(sigmoids, v[r][0], v[r][1], v[r][3]), append(tanhs, v[r][2])
		}
		tanh(s, tanhs...)
		sigmoid(s, sigmoids...)
		for r, v := range v {
			for i, x := range v {
				VMOVUPS(x, column(s, gates, 4*r+i))
			}
			VMULPS(column(s, prevC, r), v[1], v[1])
			VFMADD231PS(v[0], v[2], v[1])
			VMOVUPS(v[1], column(s, c, r))
		}
	})
}

// lstmOut writes the loop that computes tanh c and h: one of its own, since it
// would wait for c at every row.
func lstmOut(s isa) {
	gates, c, tanhC, h := arg("gates"), arg("c"), arg("tanhC"), arg("h")
	mask, ld := newMask(s, arg("tail")), arg("ld")
	panelRows(s, "out", arg("rows"), 2*s.several(), []reg.GPVirtual{c, tanhC}, []reg.GPVirtual{h}, []reg.GPVirtual{gates}, func(rows int) {
		v := s.vectors(rows)
		for r, x := range v {
			VMOVUPS(column(s, c, r), x)
		}
		tanh(s, v...)
		to := GP64()
		MOVQ(h, to)
		for r, x := range v {
			VMOVUPS(x, column(s, tanhC, r))
			VMULPS(column(s, gates, 4*r+3), x, x)
			mask.store(x, Mem{Base: to})
			ADDQ(ld, to)
		}
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
	panelRows(s, "rows", arg("rows"), 1, []reg.GPVirtual{prevC, tanhC, dcell}, []reg.GPVirtual{dh, dstate}, []reg.GPVirtual{gates, delta}, func(int) {
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
	finish()
}

func gruForward(s isa) {
	name := "gruForward" + s.suffix()
	TEXT(name, 4, "func(gates, prev, h *float32, ld, rows, tail int)")
	doc(`%s is forwardGRU of one panel of %d units: of prev and h [rows, ·], whose rows
are ld bytes apart, it reads and writes tail units. rows is at least 1.`, name, s.lanes())
	gates, prev, h := arg("gates"), arg("prev"), arg("h")
	mask, ld := newMask(s, arg("tail")), arg("ld")
	panelRows(s, "rows", arg("rows"), s.several(), nil, []reg.GPVirtual{prev, h}, []reg.GPVirtual{gates}, func(rows int) {
		ns, rs, zs := s.vectors(rows), s.vectors(rows), s.vectors(rows)
		for i := range rows {
			VMOVUPS(column(s, gates, 4*i+1), rs[i])
			VMOVUPS(column(s, gates, 4*i+2), zs[i])
		}
		sigmoid(s, append(rs, zs...)...)
		for i := range rows {
			VMOVUPS(rs[i], column(s, gates, 4*i+1))
			VMOVUPS(zs[i], column(s, gates, 4*i+2))
			VMOVUPS(column(s, gates, 4*i), ns[i])
			VFMADD231PS(column(s, gates, 4*i+3), rs[i], ns[i])
		}
		tanh(s, ns...)
		for i := range rows {
			VMOVUPS(ns[i], column(s, gates, 4*i))
			mask.load(denseRow(prev, ld, i), rs[i])
			VSUBPS(ns[i], rs[i], rs[i])
			VFMADD231PS(zs[i], rs[i], ns[i])
			mask.store(ns[i], denseRow(h, ld, i))
		}
	})
	finish()
}

func gruBackward(s isa) {
	name := "gruBackward" + s.suffix()
	TEXT(name, 4, "func(gates, prev, dh, dstate, delta *float32, ld, rows, tail int)")
	doc(`%s is backwardGRU of one panel of %d units: of prev, dh and dstate [rows, ·],
whose rows are ld bytes apart, it reads and writes tail units. rows is at least 1.`, name, s.lanes())
	gates, prev, dh, dstate, delta := arg("gates"), arg("prev"), arg("dh"), arg("dstate"), arg("delta")
	mask, one := newMask(s, arg("tail")), constantReg(s, 1)
	panelRows(s, "rows", arg("rows"), 1, nil, []reg.GPVirtual{prev, dh, dstate}, []reg.GPVirtual{gates, delta}, func(int) {
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
	finish()
}
