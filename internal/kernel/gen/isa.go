package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is a set of instructions with its width of a vector, and an element type.
type isa struct {
	name   string
	bytes  int  // of a vector
	double bool // float64
}

var (
	avx512 = isa{"AVX512", 64, false}
	avx2   = isa{"AVX2", 32, false}
)

func (s isa) float64() isa { s.double = true; return s }

func (s isa) wide() bool { return s.bytes == 64 }

func (s isa) size() int {
	if s.double {
		return 8
	}
	return 4
}

func (s isa) lanes() int { return s.bytes / s.size() }

// element is Go's name of the element type.
func (s isa) element() string { return fmt.Sprintf("float%d", 8*s.size()) }

// suffix ends the names of functions.
func (s isa) suffix() string { return fmt.Sprintf("F%d%s", 8*s.size(), s.name) }

// vector returns a new vector register.
func (s isa) vector() reg.VecVirtual {
	if s.wide() {
		return ZMM()
	}
	return YMM()
}

func (s isa) vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = s.vector()
	}
	return v
}

// pick returns the instruction for the element type.
func pick[T any](s isa, single, double T) T {
	if s.double {
		return double
	}
	return single
}

func (s isa) move(from, to Op)      { pick(s, VMOVUPS, VMOVUPD)(from, to) }
func (s isa) broadcast(from, to Op) { pick(s, VBROADCASTSS, VBROADCASTSD)(from, to) }

// fma adds x·y to sum.
func (s isa) fma(x, y, sum Op) { pick(s, VFMADD231PS, VFMADD231PD)(x, y, sum) }

// mask keeps the first elements of a vector. A masked load sets the others to
// zero, a masked store leaves them.
type mask struct {
	s isa
	k reg.OpmaskVirtual
	y reg.VecVirtual
}

// newMask returns the mask of the first n lanes, 1 ≤ n ≤ s.lanes().
func newMask(s isa, n reg.GPVirtual) mask {
	m := mask{s: s}
	if s.wide() {
		bits := GP64()
		MOVQ(I32(-1), bits)
		BZHIQ(n, bits, bits)
		m.k = K()
		KMOVW(bits.As32(), m.k)
		return m
	}
	address := GP64()
	LEAQ(windows(s), address)
	offset := GP64()
	MOVQ(I32(s.lanes()), offset)
	SUBQ(n, offset)
	m.y = YMM()
	VMOVUPS(Mem{Base: address, Index: offset, Scale: uint8(s.size())}, m.y)
	return m
}

func (m mask) load(from, to Op) {
	switch {
	case m.s.wide():
		pick(m.s, VMOVUPS_Z, VMOVUPD_Z)(from, m.k, to)
	default:
		pick(m.s, VMASKMOVPS, VMASKMOVPD)(from, m.y, to)
	}
}

func (m mask) store(from, to Op) {
	switch {
	case m.s.wide():
		if m.s.double {
			VMOVUPD(from, m.k, to)
		} else {
			VMOVUPS(from, m.k, to)
		}
	default:
		pick(m.s, VMASKMOVPS, VMASKMOVPD)(from, m.y, to)
	}
}

var windowOf = map[bool]Mem{}

// windows is a table of ones and then zeros: read from lanes − n on, it is the
// mask of the first n lanes.
func windows(s isa) Mem {
	if m, ok := windowOf[s.double]; ok {
		return m
	}
	m := GLOBL("windows"+s.suffix(), 8|16) // RODATA|NOPTR
	for i := range 2 * s.lanes() {
		ones := uint64(0)
		if i < s.lanes() {
			ones = ^uint64(0)
		}
		if s.double {
			DATA(8*i, U64(ones))
		} else {
			DATA(4*i, U32(ones))
		}
	}
	windowOf[s.double] = m
	return m
}

// arg loads a parameter into a register.
func arg(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

// slot is the memory of a parameter, for what finds no register.
func slot(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// align puts the loop that follows at the beginning of half a cache line,
// from where the processor decodes it fastest.
func align() { Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(32)}}) }

// doc sets the comment of a function: the Go that it equals.
func doc(format string, args ...any) {
	Doc(strings.Split(fmt.Sprintf(format, args...), "\n")...)
}
