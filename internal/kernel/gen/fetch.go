package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// fetch writes what has lines of memory come into the cache.
func fetch() {
	TEXT("fetchRows", 4, "func(x *byte, ld, rows, bytes int)")
	doc(`fetchRows fetches the first bytes of each of so many rows, ld bytes apart, into the
cache. rows and bytes are at least 1. What is not there is no fault.`)
	x, ld, rows, bytes := arg("x"), arg("ld"), arg("rows"), arg("bytes")
	Label("row")
	line, end := GP64(), GP64()
	LEAQ(Mem{Base: x, Index: bytes, Scale: 1}, end)
	MOVQ(x, line)
	ANDQ(I32(-64), line)
	Label("line")
	PREFETCHT0(Mem{Base: line})
	ADDQ(I32(64), line)
	CMPQ(line, end)
	JLT(LabelRef("line"))
	ADDQ(ld, x)
	DECQ(rows)
	JNE(LabelRef("row"))
	RET()
}
