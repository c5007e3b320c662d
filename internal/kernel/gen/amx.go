package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// amx writes products in the matrix units (AMX) of numbers cut into three
// bfloat16: see kernel/split.go. Neither avo nor Go's assembler knows these
// instructions, so they are written byte by byte (Intel's Software Developer's
// Manual, volume 2).
func amx() {
	splitRows()
	splitPairs()
	turnPairs()
	addRowsAt()
	for columns := 1; columns <= 4; columns++ {
		splitProduct(columns, 1)
	}
	for columns := 1; columns <= 2; columns++ {
		splitProduct(columns, 2)
	}
}

// order is the order in which pieces of A and B are multiplied: the small
// products first, and one of the two stays from each to the next.
var order = [][2]int{{0, 2}, {0, 1}, {1, 1}, {1, 0}, {2, 0}, {0, 0}}

// What a tile of pieces takes, and all three pieces of it.
const (
	tileBytes   = 1024
	piecesBytes = 3 * tileBytes
)

// The second byte of operation in the VEX prefix, as a prefix of its own would be.
const (
	prefixNone = 0
	prefixF3   = 2
	prefixF2   = 3
)

// The registers of a product: those of the bytes written by hand must be fixed.
var (
	cAt, fromAt, aAt, bAt, moreB        = reg.RDI, reg.RSI, reg.RDX, reg.RBX, reg.R11
	ldc, ldfrom, line                   = reg.R8, reg.R9, reg.R10
	chunksLeft, tilesLeft, nextA, scrap = reg.RCX, reg.R13, reg.R12, reg.RAX
)

// splitProduct writes the product of so many tiles of columns with one tile of
// rows at a time, whose three pieces stay in registers while B's pass; or with two,
// so that B is read half as often.
func splitProduct(columns, rows int) {
	name := fmt.Sprintf("split%dx%dAMX", rows, columns)
	TEXT(name, 4, "func(shape *byte, c, from *float32, a, b *uint16, ldc, ldfrom, nextC, nextFrom, chunks, tiles, panels, panelC, panelFrom, panelB int)")
	doc(`%s multiplies into %d tiles of 16 columns of C for so many times %d tiles of
rows below each other, which are nextC and nextFrom bytes apart, and this for so many
panels, which are panelC, panelFrom and panelB bytes apart. shape says how many rows
and columns a tile has. A and B are pieces, chunk after chunk, B's two tiles of columns
together. chunks, tiles and panels are at least 1.`, name, columns, rows)
	Load(Param("shape"), scrap)
	tileConfigure(scrap)
	Load(Param("ldc"), ldc)
	Load(Param("ldfrom"), ldfrom)
	Load(Param("chunks"), nextA)
	IMUL3Q(I32(piecesBytes), nextA, nextA)
	MOVQ(I32(64), line)
	Label("panel")
	Load(Param("c"), cAt)
	Load(Param("from"), fromAt)
	Load(Param("a"), aAt)
	Load(Param("tiles"), tilesLeft)
	Label("tile")
	for r := range rows {
		for j := range columns {
			tileLoad(r*columns+j, fromAt, ldfrom, 64*j)
		}
		ADDQ(slot("nextFrom"), fromAt)
	}
	Load(Param("chunks"), chunksLeft)
	Load(Param("b"), bAt)
	if columns > 2 {
		IMUL3Q(I32(2*piecesBytes), chunksLeft, moreB)
		ADDQ(bAt, moreB)
	}
	align()
	Label("chunk")
	if rows == 1 {
		multiplyRow(columns)
	} else {
		multiplyRows(columns)
	}
	ADDQ(I32(piecesBytes), aAt)
	ADDQ(I32(min(columns, 2)*piecesBytes), bAt)
	if columns > 2 {
		ADDQ(I32((columns-2)*piecesBytes), moreB)
	}
	DECQ(chunksLeft)
	JNE(LabelRef("chunk"))
	for r := range rows {
		for j := range columns {
			tileStore(r*columns+j, cAt, ldc, 64*j)
		}
		ADDQ(slot("nextC"), cAt)
	}
	if rows == 2 {
		ADDQ(nextA, aAt)
	}
	DECQ(tilesLeft)
	JNE(LabelRef("tile"))
	for _, name := range []string{"C", "From", "B"} {
		MOVQ(slot("panel"+name), scrap)
		ADDQ(scrap, slot(strings.ToLower(name)))
	}
	DECQ(slot("panels"))
	JNE(LabelRef("panel"))
	tileRelease()
	RET()
}

// loadRight writes the loading of a piece of column tile j of so many.
func loadRight(tile, j, columns, piece int) {
	at, together := bAt, min(columns, 2)
	if j >= 2 {
		at, together = moreB, columns-2
	}
	tileLoad(tile, at, line, ((2-piece)*together+j%2)*tileBytes)
}

// multiplyRow writes a chunk of one tile of rows: sums in 0–3, A in 4–6, B in 7. It
// reads as much of B as two tiles of rows do in twice the time, so the next chunk of B
// is fetched ahead from the second-level cache.
func multiplyRow(columns int) {
	const a, b = 4, 7
	next := linesAhead(columns)
	each := len(next) / (len(order) * columns)
	for i := range 3 {
		tileLoad(a+i, aAt, line, (2-i)*tileBytes)
	}
	for first := 0; first < columns; first += 2 {
		for piece := 2; piece >= 0; piece-- {
			for j := first; j < min(first+2, columns); j++ {
				loadRight(b, j, columns, piece)
				for _, of := range order {
					if of[1] == piece {
						tileMultiply(j, a+of[0], b)
						for _, line := range next[:each] {
							PREFETCHT0(line)
						}
						next = next[each:]
					}
				}
			}
		}
	}
}

// linesAhead lists the lines of the next chunk of B, of so many columns.
func linesAhead(columns int) (lines []Mem) {
	for _, of := range []struct {
		at      reg.Register
		columns int
	}{{bAt, min(columns, 2)}, {moreB, max(columns-2, 0)}} {
		bytes := of.columns * piecesBytes
		for at := bytes; at < 2*bytes; at += 64 {
			lines = append(lines, Mem{Base: of.at, Disp: at})
		}
	}
	return lines
}

// multiplyRows writes a chunk of two tiles of rows: sums in 0–3, A in 4 and 5, B
// in 6 and 7. The second tile of A is nextA bytes after the first.
func multiplyRows(columns int) {
	const a, b = 4, 6
	LEAQ(Mem{Base: aAt, Index: nextA, Scale: 1}, scrap)
	in := [2]int{-1, -1}
	for _, pieces := range order {
		if pieces[0] != in[0] {
			tileLoad(a, aAt, line, (2-pieces[0])*tileBytes)
			tileLoad(a+1, scrap, line, (2-pieces[0])*tileBytes)
		}
		for j := range columns {
			if pieces[1] != in[1] {
				loadRight(b+j, j, columns, pieces[1])
			}
		}
		for r := range 2 {
			for j := range columns {
				tileMultiply(r*columns+j, a+r, b+j)
			}
		}
		in = pieces
	}
}

// raw writes an instruction with a VEX prefix: opcode in map 0F38, W0, 128 bits.
func raw(prefix, opcode byte, v int, x, b reg.Physical, rest ...byte) {
	high := func(r reg.Physical) byte {
		if r != nil && r.PhysicalIndex() >= 8 {
			return 0
		}
		return 1
	}
	bytes := append([]byte{0xc4, 1<<7 | high(x)<<6 | high(b)<<5 | 2, byte(^v&15)<<3 | prefix, opcode}, rest...)
	for _, v := range bytes {
		Instruction(&ir.Instruction{Opcode: "BYTE", Operands: []Op{U8(v)}})
	}
}

// at is ModRM, SIB and the distance of [base + index + distance].
func at(tile int, base, index reg.Physical, distance int) []byte {
	return []byte{0x80 | byte(tile)<<3 | 4, byte(index.PhysicalIndex()&7)<<3 | byte(base.PhysicalIndex()&7),
		byte(distance), byte(distance >> 8), byte(distance >> 16), byte(distance >> 24)}
}

func tileConfigure(shape reg.Physical) { // LDTILECFG [shape]
	raw(prefixNone, 0x49, 0, nil, shape, byte(shape.PhysicalIndex()&7))
}

func tileRelease() { raw(prefixNone, 0x49, 0, nil, nil, 0xc0) } // TILERELEASE

func tileLoad(tile int, base, index reg.Physical, distance int) { // TILELOADD
	raw(prefixF2, 0x4b, 0, index, base, at(tile, base, index, distance)...)
}

func tileStore(tile int, base, index reg.Physical, distance int) { // TILESTORED
	raw(prefixF3, 0x4b, 0, index, base, at(tile, base, index, distance)...)
}

func tileMultiply(sum, a, b int) { // TDPBF16PS
	raw(prefixF3, 0x5c, b, nil, nil, 0xc0|byte(sum)<<3|byte(a))
}
