package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// packing writes what lays weights out, and column sums.
func packing(s isa) {
	if !s.wide() {
		transpose()
	}
	addColumns(s)
	for _, s := range []isa{s, s.float64()} {
		copyPanel(s)
	}
}

// copyPanel writes the copy of a panel of B into place.
func copyPanel(s isa) {
	TEXT("copyPanel"+s.suffix(), 4, fmt.Sprintf("func(dst, src *%s, ldsrc, rows, vectors, tail int)", s.element()))
	doc(`copyPanel%s copies rows of a panel of so many vectors, of the last of which src
has tail columns: the others become zero. ldsrc is in bytes, rows and vectors at least 1.`, s.suffix())
	dst, src, ldsrc, rows := arg("dst"), arg("src"), arg("ldsrc"), arg("rows")
	vectors := arg("vectors")
	mask := newMask(s, arg("tail"))
	v := s.vector()
	DECQ(vectors)
	whole, from := GP64(), GP64()
	Label("row")
	MOVQ(vectors, whole)
	MOVQ(src, from)
	TESTQ(whole, whole)
	JEQ(LabelRef("last"))
	Label("vector")
	s.move(Mem{Base: from}, v)
	s.move(v, Mem{Base: dst})
	ADDQ(I32(s.bytes), from)
	ADDQ(I32(s.bytes), dst)
	DECQ(whole)
	JNE(LabelRef("vector"))
	Label("last")
	mask.load(Mem{Base: from}, v)
	s.move(v, Mem{Base: dst})
	ADDQ(I32(s.bytes), dst)
	ADDQ(ldsrc, src)
	DECQ(rows)
	JNE(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// transpose writes the transposition of eight rows. Shuffles bound it, so
// that wider vectors would gain nothing.
func transpose() {
	TEXT("transpose8F32AVX2", 4, "func(dst, src *float32, lddst, ldsrc, blocks int)")
	doc(`transpose8F32AVX2 transposes 8 rows of src, 8·blocks columns. Distances are
in bytes. It equals

	for r := range 8 {
		for j := range 8 * blocks { dst[j·lddst + 4·r] = src[r·ldsrc + 4·j] }
	}`)
	dst, src, lddst, ldsrc, blocks := arg("dst"), arg("src"), arg("lddst"), arg("ldsrc"), arg("blocks")
	ldsrc3, src4 := GP64(), GP64()
	LEAQ(Mem{Base: ldsrc, Index: ldsrc, Scale: 2}, ldsrc3)
	row := func(r, half int) Mem {
		m := Mem{Base: src, Index: ldsrc, Scale: 1, Disp: 16 * half}
		if r >= 4 {
			m.Base = src4
		}
		switch r % 4 {
		case 0:
			m.Index, m.Scale = nil, 0
		case 2:
			m.Scale = 2
		case 3:
			m.Index = ldsrc3
		}
		return m
	}
	Label("block")
	LEAQ(Mem{Base: src, Index: ldsrc, Scale: 4}, src4)
	for half := range 2 { // four columns of all rows
		rows := avx2.vectors(4) // r, and r + 4 in the upper half
		for r, v := range rows {
			VMOVUPS(row(r, half), v.AsX())
			VINSERTF128(Imm(1), row(r+4, half), v, v)
		}
		low, high := avx2.vectors(2), avx2.vectors(2)
		for i := range 2 {
			VUNPCKLPS(rows[2*i+1], rows[2*i], low[i])
			VUNPCKHPS(rows[2*i+1], rows[2*i], high[i])
		}
		out := avx2.vector()
		for i := range 4 {
			from := low
			if i >= 2 {
				from = high
			}
			if i%2 == 0 {
				VUNPCKLPD(from[1], from[0], out)
			} else {
				VUNPCKHPD(from[1], from[0], out)
			}
			VMOVUPS(out, Mem{Base: dst})
			ADDQ(lddst, dst)
		}
	}
	ADDQ(I32(32), src)
	DECQ(blocks)
	JNE(LabelRef("block"))
	VZEROUPPER()
	RET()
}

func addColumns(s isa) {
	TEXT("addColumns"+s.suffix(), 4, "func(dst, a *float32, lda, m, tail int)")
	doc(`addColumns%s adds rows of A to tail elements of dst, at most one vector.
lda is in bytes, m at least 1. It equals

	for r := range m {
		for j := range tail { dst[j] += a[r·lda + 4·j] }
	}`, s.suffix())
	dst, a, lda, m := arg("dst"), arg("a"), arg("lda"), arg("m")
	mask := newMask(s, arg("tail"))
	sum, row := s.vector(), s.vector()
	mask.load(Mem{Base: dst}, sum)
	Label("row")
	mask.load(Mem{Base: a}, row)
	VADDPS(row, sum, sum)
	ADDQ(lda, a)
	DECQ(m)
	JNE(LabelRef("row"))
	mask.store(sum, Mem{Base: dst})
	VZEROUPPER()
	RET()
}
