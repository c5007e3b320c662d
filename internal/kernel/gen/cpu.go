package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cpu writes what asks the processor for its instructions.
func cpu() {
	TEXT("cpuid", 4, "func(leaf, sub uint32) (a, b, c, d uint32)")
	doc("cpuid is the instruction CPUID.")
	Load(Param("leaf"), reg.EAX)
	Load(Param("sub"), reg.ECX)
	CPUID()
	Store(reg.EAX, Return("a"))
	Store(reg.EBX, Return("b"))
	Store(reg.ECX, Return("c"))
	Store(reg.EDX, Return("d"))
	RET()

	TEXT("xgetbv", 4, "func() uint32")
	doc("xgetbv says which registers the operating system keeps, the low half of XCR0.")
	XORL(reg.ECX, reg.ECX)
	XGETBV()
	Store(reg.EAX, ReturnIndex(0))
	RET()

	TEXT("tscAux", 4, "func() uint32")
	doc("tscAux is the number that the instruction RDTSCP gives beside the time.")
	RDTSCP()
	Store(reg.ECX, ReturnIndex(0))
	RET()

	TEXT("pause", 4, "func(times int)")
	doc("pause is the instruction PAUSE, several times, at least once.")
	times := Load(Param("times"), GP64())
	Label("again")
	PAUSE()
	DECQ(times)
	JNE(LabelRef("again"))
	RET()
}
