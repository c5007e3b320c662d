package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cutter cuts vectors of float32 into three bfloat16, each in the upper half
// of a lane: the nearest one, the nearest one to what is left, and the rest.
type cutter struct{ half, upper reg.VecVirtual }

func newCutter() cutter {
	c := cutter{ZMM(), ZMM()}
	x := GP32()
	MOVL(U32(1<<15), x)
	VPBROADCASTD(x, c.half)
	MOVL(U32(0xffff<<16), x)
	VPBROADCASTD(x, c.upper)
	return c
}

func (c cutter) cut(x reg.VecVirtual) [3]reg.VecVirtual {
	first, second, rest := ZMM(), ZMM(), ZMM()
	VPADDD(c.half, x, first)
	VPANDD(c.upper, first, first)
	VSUBPS(first, x, rest)
	VPADDD(c.half, rest, second)
	VPANDD(c.upper, second, second)
	VSUBPS(second, rest, rest)
	VPANDD(c.upper, rest, rest) // which changes only what is next to nothing
	return [3]reg.VecVirtual{first, second, rest}
}

// splitRows writes the cutting of A, row by row.
func splitRows() {
	TEXT("splitRowsAMX", 4, "func(dst *uint16, src *float32, ldsrc, rows, groups, half, tail int)")
	doc(`splitRowsAMX cuts rows of so many groups of 16 elements, the last of which has tail,
into pieces of A, beginning with the half-th half of a chunk. ldsrc is in bytes,
rows and groups are at least 1, rows at most 16; a tail of 0 makes zeros.`)
	dst, src, ldsrc, rows := arg("dst"), arg("src"), arg("ldsrc"), arg("rows")
	last := newMask(avx512, arg("tail"))
	c := newCutter()
	to, from, groups, step := GP64(), GP64(), GP64(), GP64()
	store := func(x reg.VecVirtual) {
		for i, piece := range c.cut(x) {
			VPSRLD(Imm(16), piece, piece)
			VPMOVDW(piece, Mem{Base: to, Disp: (2 - i) * tileBytes})
		}
	}
	first := GP64() // from the first group to the second
	MOVQ(slot("half"), first)
	IMUL3Q(I32(piecesBytes-64), first, first)
	ADDQ(I32(32), first)
	start := arg("half")
	SHLQ(U8(5), start)
	ADDQ(start, dst)
	Label("row")
	MOVQ(dst, to)
	MOVQ(src, from)
	MOVQ(first, step)
	MOVQ(slot("groups"), groups)
	DECQ(groups)
	JEQ(LabelRef("last"))
	x := ZMM()
	Label("group")
	VMOVUPS(Mem{Base: from}, x)
	store(x)
	ADDQ(I32(64), from)
	ADDQ(step, to)
	NEGQ(step)
	ADDQ(I32(piecesBytes), step)
	DECQ(groups)
	JNE(LabelRef("group"))
	Label("last")
	last.load(Mem{Base: from}, x)
	store(x)
	ADDQ(I32(64), dst)
	ADDQ(ldsrc, src)
	DECQ(rows)
	JNE(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// rowAt writes how far the row is from the first whose number stands i numbers after at.
func rowAt(at reg.GPVirtual, i int, ld reg.GPVirtual) reg.GPVirtual {
	row := GP64()
	MOVLQSX(Mem{Base: at, Disp: 4 * i}, row)
	IMULQ(ld, row)
	return row
}

// splitPairs writes the cutting of B, two rows at a time.
func splitPairs() {
	TEXT("splitPairsAMX", 4, "func(dst *uint16, src *float32, at *int32, nextSrc, nextAt, ldsrc, rows, tail, chunks, together int)")
	doc(`splitPairsAMX cuts tail columns of so many rows, those whose numbers stand at at, into
pieces of a tile of B of so many chunks, together with so many tiles; what is missing
becomes zero. After a chunk src goes on by nextSrc, at by nextAt; these and ldsrc are in
bytes, tail at most 16.`)
	dst, src, at, ldsrc, rows := arg("dst"), arg("src"), arg("at"), arg("ldsrc"), arg("rows")
	columns := newMask(avx512, arg("tail"))
	c := newCutter()
	x, y := ZMM(), ZMM()
	pairs, step, nextAt := GP64(), arg("together"), arg("nextAt")
	IMUL3Q(I32(tileBytes), step, step) // from a piece to the next larger one
	SUBQ(I32(4*32), nextAt)            // which a chunk has gone on by
	load := func(i int, x reg.VecVirtual) {
		columns.load(Mem{Base: src, Index: rowAt(at, i, ldsrc), Scale: 1}, x)
	}
	Label("chunk")
	MOVQ(I32(16), pairs)
	Label("pair")
	CMPQ(rows, I8(2))
	JLT(LabelRef("few"))
	load(0, x)
	load(1, y)
	JMP(LabelRef("cut"))
	Label("few")
	VPXORD(x, x, x)
	VPXORD(y, y, y)
	CMPQ(rows, I8(1))
	JLT(LabelRef("cut"))
	load(0, x)
	Label("cut")
	low, high := c.cut(x), c.cut(y)
	for i := range low {
		VPSRLD(Imm(16), low[i], low[i])
		VPORD(low[i], high[i], high[i])
	}
	VMOVDQU32(high[2], Mem{Base: dst})
	VMOVDQU32(high[1], Mem{Base: dst, Index: step, Scale: 1})
	VMOVDQU32(high[0], Mem{Base: dst, Index: step, Scale: 2})
	ADDQ(I32(64), dst)
	ADDQ(I8(8), at)
	SUBQ(I8(2), rows)
	DECQ(pairs)
	JNE(LabelRef("pair"))
	LEAQ(Mem{Base: dst, Index: step, Scale: 2, Disp: -tileBytes}, dst)
	ADDQ(step, dst)
	ADDQ(slot("nextSrc"), src)
	ADDQ(nextAt, at)
	DECQ(slot("chunks"))
	JNE(LabelRef("chunk"))
	VZEROUPPER()
	RET()
}

// addRowsAt writes the sum over rows, four vectors of columns at a time.
func addRowsAt() {
	TEXT("addRowsAtAMX", 4, "func(dst, src *float32, at *int32, ldsrc, rows, n int)")
	doc(`addRowsAtAMX adds n elements of each of so many rows, those whose numbers stand at at,
to dst, row after row. ldsrc is in bytes, rows at least 1, n at most 64.`)
	dst, src, at, ldsrc, rows := arg("dst"), arg("src"), arg("at"), arg("ldsrc"), arg("rows")
	columns := GP64()
	MOVQ(I32(-1), columns)
	BZHIQ(arg("n"), columns, columns)
	var masks [4]reg.OpmaskVirtual
	var sums [4]reg.VecVirtual
	for i := range masks {
		masks[i], sums[i] = K(), ZMM()
		KMOVW(columns.As32(), masks[i])
		SHRQ(Imm(16), columns)
		VMOVUPS_Z(Mem{Base: dst, Disp: 64 * i}, masks[i], sums[i])
	}
	x := ZMM()
	Label("row")
	row := rowAt(at, 0, ldsrc)
	for i := range masks {
		VMOVUPS_Z(Mem{Base: src, Index: row, Scale: 1, Disp: 64 * i}, masks[i], x)
		VADDPS(x, sums[i], sums[i])
	}
	ADDQ(I8(4), at)
	DECQ(rows)
	JNE(LabelRef("row"))
	for i := range masks {
		VMOVUPS(sums[i], masks[i], Mem{Base: dst, Disp: 64 * i})
	}
	VZEROUPPER()
	RET()
}

// turnPairs writes the transposition of tiles of pairs: from B to A.
func turnPairs() {
	TEXT("turnPairsAMX", 4, "func(tile *uint16, tiles int)")
	doc(`turnPairsAMX transposes so many tiles of 16 rows of 16 pairs, in place: what was
cut as tiles of B, columns side by side, becomes tiles of A.`)
	tile, tiles := arg("tile"), arg("tiles")
	Label("tile")
	var r, t, u [16]reg.VecVirtual
	for i := range r {
		r[i], t[i], u[i] = ZMM(), ZMM(), ZMM()
	}
	for i := range r {
		VMOVUPS(Mem{Base: tile, Disp: 64 * i}, r[i])
	}
	for i := 0; i < 16; i += 2 {
		VUNPCKLPS(r[i+1], r[i], t[i])
		VUNPCKHPS(r[i+1], r[i], t[i+1])
	}
	for i := 0; i < 16; i += 4 { // then lane l of u[i+c] has column 4·l + c of rows i … i+3
		VUNPCKLPD(t[i+2], t[i], u[i])
		VUNPCKHPD(t[i+2], t[i], u[i+1])
		VUNPCKLPD(t[i+3], t[i+1], u[i+2])
		VUNPCKHPD(t[i+3], t[i+1], u[i+3])
	}
	const even, odd = 0x88, 0xdd // lanes of both operands
	pick := func(which uint8, a, b reg.VecVirtual) reg.VecVirtual {
		v := ZMM()
		VSHUFF32X4(U8(which), b, a, v)
		return v
	}
	for c := range 4 {
		for i, which := range []uint8{even, odd} {
			v, w := pick(which, u[c], u[c+4]), pick(which, u[c+8], u[c+12])
			VMOVUPS(pick(even, v, w), Mem{Base: tile, Disp: 64 * (4*i + c)})
			VMOVUPS(pick(odd, v, w), Mem{Base: tile, Disp: 64 * (4*i + 8 + c)})
		}
	}
	ADDQ(I32(tileBytes), tile)
	DECQ(tiles)
	JNE(LabelRef("tile"))
	VZEROUPPER()
	RET()
}
