package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// maxRows is how many rows a tile of that many vectors may have: what the
// registers hold beside a row of B and an element of A. kernel.maxRows says
// the same.
func maxRows(s isa, vectors int) int {
	if s.wide() {
		return []int{12, 12, 8, 6}[vectors-1]
	}
	return []int{8, 6, 4, 3}[vectors-1]
}

func tiles(s isa) {
	for _, s := range []isa{s, s.float64()} {
		for vectors := 1; vectors <= 4; vectors++ {
			tile(s, vectors)
		}
	}
}

// tile writes the product of rows of A with one panel of B that many vectors
// wide. The sums of a tile of C stay in registers over the whole of k.
func tile(s isa, vectors int) {
	name := fmt.Sprintf("tile%d%s", vectors, s.suffix())
	TEXT(name, 4, fmt.Sprintf("func(c, from, a, b *%s, ldc, ldfrom, rowA, stepA, skipA, k, blocks, rows, tiles, rest, tail, ahead int)", s.element()))
	doc(`%s multiplies into %d columns of C, the last of whose %d vectors has
tail columns. All distances are in bytes. It equals, m = tiles·rows + rest·(rows−1),

	for i := range m { // rows of C
		sum := from[i·ldfrom:][:columns]
		for kb := range blocks·k {
			x := a[i·rowA + kb·stepA + kb/k·skipA]
			for j := range sum { sum[j] = fma(x, b[kb·%d+j], sum[j]) }
		}
		c[i·ldc:][:columns] = sum
	}

k and blocks are at least 1, rows at most %d, tiles at least 1. It fetches what A has
that many bytes ahead: at each block four vectors of every row, at each kb a line of the
first one. What is not there is no fault; 0 fetches nothing.`, name, s.lanes()*vectors, vectors, s.lanes()*vectors, maxRows(s, vectors))
	t := &tiler{s: s, name: name, vectors: vectors}
	t.c, t.a = arg("c"), arg("a")
	t.rowA, t.stepA = arg("rowA"), arg("stepA")
	t.row3 = GP64()
	LEAQ(Mem{Base: t.rowA, Index: t.rowA, Scale: 2}, t.row3)
	t.mask = newMask(s, arg("tail"))
	rows := arg("rows")
	for r := maxRows(s, vectors); r > 1; r-- {
		CMPQ(rows, I8(r))
		JEQ(LabelRef(t.label("rows", r)))
	}
	for r := 1; r <= maxRows(s, vectors); r++ {
		t.rows(r)
	}
	Label("done")
	VZEROUPPER()
	RET()
}

type tiler struct {
	s                 isa
	name              string
	vectors           int
	c, a              reg.GPVirtual // the tile's first row
	rowA, row3, stepA reg.GPVirtual
	mask              mask
}

func (t *tiler) label(what string, rows int) string { return fmt.Sprintf("%s%d", what, rows) }

// rows writes the loop over tiles of so many rows.
func (t *tiler) rows(rows int) {
	Label(t.label("rows", rows))
	sums, from := make([][]reg.VecVirtual, rows), arg("from")
	for r := range sums {
		sums[r] = t.s.vectors(t.vectors)
		for v, sum := range sums[r] {
			t.load(Mem{Base: from, Disp: v * t.s.bytes}, v, sum)
		}
		ADDQ(slot("ldfrom"), from)
	}
	MOVQ(from, slot("from"))
	aside := t.sum(rows, sums)
	defer aside()
	for r := range sums {
		for v, sum := range sums[r] {
			t.store(sum, v, Mem{Base: t.c, Disp: v * t.s.bytes})
		}
		ADDQ(slot("ldc"), t.c)
	}
	advance := GP64()
	IMUL3Q(I32(rows), t.rowA, advance)
	ADDQ(advance, t.a)
	DECQ(slot("tiles"))
	JNE(LabelRef(t.label("rows", rows)))
	if rows == 1 {
		JMP(LabelRef("done"))
		return
	}
	rest := GP64()
	MOVQ(slot("rest"), rest)
	TESTQ(rest, rest)
	JEQ(LabelRef("done"))
	MOVQ(rest, slot("tiles"))
	MOVQ(I32(0), slot("rest"))
	JMP(LabelRef(t.label("rows", rows-1)))
}

// sum writes the loops over k: a tile's sums gain one row of B times an
// element of each row of A. It returns what writes the code that it jumps to in between.
func (t *tiler) sum(rows int, sums [][]reg.VecVirtual) (aside func()) {
	bases := make([]reg.GPVirtual, (rows+3)/4) // each of four rows of A
	for i := range bases {
		bases[i] = GP64()
		if i == 0 {
			MOVQ(t.a, bases[0])
		} else {
			LEAQ(Mem{Base: bases[i-1], Index: t.rowA, Scale: 4}, bases[i])
		}
	}
	b, blocks, k, ahead := arg("b"), arg("blocks"), GP64(), arg("ahead")
	Label(t.label("block", rows))
	MOVQ(slot("k"), k)
	TESTQ(ahead, ahead)
	JNE(LabelRef(t.label("ahead", rows)))
	loop := func(name string, fetch func()) {
		align()
		Label(t.label(name, rows))
		fetch()
		t.multiply(rows, sums, bases, b)
		for _, base := range bases {
			ADDQ(t.stepA, base)
		}
		ADDQ(I32(t.vectors*t.s.bytes), b)
		DECQ(k)
		JNE(LabelRef(t.label(name, rows)))
	}
	loop("k", func() {})
	Label(t.label("end", rows))
	for _, base := range bases {
		ADDQ(slot("skipA"), base)
	}
	DECQ(blocks)
	JNE(LabelRef(t.label("block", rows)))
	return func() {
		Label(t.label("ahead", rows))
		t.fetchAhead(rows, bases, ahead)
		loop("fetching", func() { PREFETCHT0(Mem{Base: bases[0], Index: ahead, Scale: 1}) })
		JMP(LabelRef(t.label("end", rows)))
	}
}

// row is where a row of A is, of which each fourth has a base.
func (t *tiler) row(r int, bases []reg.GPVirtual) Mem {
	switch base := bases[r/4]; r % 4 {
	case 0:
		return Mem{Base: base}
	case 3:
		return Mem{Base: base, Index: t.row3, Scale: 1}
	default:
		return Mem{Base: base, Index: t.rowA, Scale: uint8(r % 4)}
	}
}

// fetchAhead fetches what the rows of A have ahead: up to four vectors each, a block of gates.
func (t *tiler) fetchAhead(rows int, bases []reg.GPVirtual, ahead reg.GPVirtual) {
	for i, base := range bases {
		next := GP64()
		LEAQ(Mem{Base: base, Index: ahead, Scale: 1}, next)
		for r := range min(4, rows-4*i) {
			line := t.row(r, []reg.GPVirtual{next})
			for ; line.Disp < 4*t.s.bytes; line.Disp += 64 {
				PREFETCHT0(line)
			}
		}
	}
}

func (t *tiler) multiply(rows int, sums [][]reg.VecVirtual, bases []reg.GPVirtual, b reg.GPVirtual) {
	vector := func(v int) Mem { return Mem{Base: b, Disp: v * t.s.bytes} }
	element := func(r int) Mem { return t.row(r, bases) }
	x := t.s.vector()
	switch {
	case rows == 1: // each vector of B is used once
		t.s.broadcast(element(0), x)
		for v := range t.vectors {
			t.s.fma(vector(v), x, sums[0][v])
		}
	case !t.s.wide() && t.vectors == 4: // too few registers for a row of B
		xs := t.s.vectors(rows)
		for r := range rows {
			t.s.broadcast(element(r), xs[r])
		}
		for v := range t.vectors {
			t.s.move(vector(v), x)
			for r := range rows {
				t.s.fma(x, xs[r], sums[r][v])
			}
		}
	default:
		row := t.s.vectors(t.vectors)
		for v := range row {
			t.s.move(vector(v), row[v])
		}
		for r := range rows {
			if t.s.wide() {
				x = t.s.vector() // two take turns
			}
			t.s.broadcast(element(r), x)
			for v := range row {
				t.s.fma(row[v], x, sums[r][v])
			}
		}
	}
}

func (t *tiler) load(from Mem, v int, to Op) {
	if v == t.vectors-1 {
		t.mask.load(from, to)
		return
	}
	t.s.move(from, to)
}

func (t *tiler) store(from Op, v int, to Mem) {
	if v == t.vectors-1 {
		t.mask.store(from, to)
		return
	}
	t.s.move(from, to)
}
