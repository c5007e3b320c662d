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
	for columns := 1; columns <= 4; columns++ {
		splitProduct(columns)
	}
}

// The eight tile registers: sums of up to four tiles of columns, the three
// pieces of A, and a piece of B.
const (
	tileA = 4
	tileB = 7
)

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

func splitProduct(columns int) {
	name := fmt.Sprintf("split%dAMX", columns)
	TEXT(name, 4, "func(shape *byte, c, from *float32, a, b *uint16, ldc, ldfrom, nextC, nextFrom, nextB, chunks, tiles, panels, panelC, panelFrom, panelB int)")
	doc(`%s multiplies into %d tiles of 16 columns of C for so many tiles of rows
below each other, which are nextC and nextFrom bytes apart, and this for so many
panels, which are panelC, panelFrom and panelB bytes apart. shape says how many rows
and columns a tile has. A and B are pieces, chunk after chunk; from one chunk of B to
the next it is nextB bytes. chunks, tiles and panels are at least 1.`, name, columns)
	c, from, a, b := reg.RDI, reg.RSI, reg.RDX, reg.RBX
	ldc, ldfrom, line, nextB := reg.R8, reg.R9, reg.R10, reg.R11
	chunks, tiles, step := reg.RCX, reg.R13, reg.RAX
	Load(Param("shape"), step)
	tileConfigure(step)
	Load(Param("ldc"), ldc)
	Load(Param("ldfrom"), ldfrom)
	Load(Param("nextB"), nextB)
	MOVQ(I32(64), line)
	Label("panel")
	Load(Param("c"), c)
	Load(Param("from"), from)
	Load(Param("a"), a)
	Load(Param("tiles"), tiles)
	Label("tile")
	for j := range columns {
		tileLoad(j, from, ldfrom, 64*j)
	}
	Load(Param("b"), b)
	Load(Param("chunks"), chunks)
	align()
	Label("chunk")
	for i := range 3 {
		tileLoad(tileA+i, a, line, i*tileBytes)
	}
	for j := range columns {
		for i := 2; i >= 0; i-- { // the small products first
			tileLoad(tileB, b, line, j*piecesBytes+i*tileBytes)
			for k := range 3 - i {
				tileMultiply(j, tileA+k, tileB)
			}
		}
	}
	ADDQ(I32(piecesBytes), a)
	ADDQ(nextB, b)
	DECQ(chunks)
	JNE(LabelRef("chunk"))
	for j := range columns {
		tileStore(j, c, ldc, 64*j)
	}
	ADDQ(slot("nextC"), c)
	ADDQ(slot("nextFrom"), from)
	DECQ(tiles)
	JNE(LabelRef("tile"))
	for _, name := range []string{"C", "From", "B"} {
		MOVQ(slot("panel"+name), step)
		ADDQ(step, slot(strings.ToLower(name)))
	}
	DECQ(slot("panels"))
	JNE(LabelRef("panel"))
	tileRelease()
	RET()
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
