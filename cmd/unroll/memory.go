package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/internal/train"
)

// byteSize is a flag's number of bytes; 0 for none given.
type byteSize int64

// units of a byteSize: those of GOMEMLIMIT, and decimal ones.
var units = map[string]float64{
	"": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
}

// Set takes a number with a unit or without.
func (b *byteSize) Set(s string) error {
	number := strings.TrimRight(s, "BKMGTi")
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	unit, ok := units[s[len(number):]]
	if err != nil || !ok || !(n*unit >= 1 && n*unit < math.MaxInt64) {
		return errors.New("expected a size such as 512MB or 2GiB")
	}
	*b = byteSize(n * unit)
	return nil
}

func (b *byteSize) Type() string { return "size" }

func (b *byteSize) String() string {
	if *b == 0 {
		return ""
	}
	return sizeText(int64(*b))
}

// limit makes the size the limit of the whole program's memory, and returns it
// or, without one, that of GOMEMLIMIT; 0 for none.
func (b *byteSize) limit() int64 {
	if *b > 0 {
		debug.SetMemoryLimit(int64(*b))
	}
	if l := debug.SetMemoryLimit(-1); l < math.MaxInt64 {
		return l
	}
	return 0
}

// sizeText shows a size in megabytes, one below that in kilobytes.
func sizeText(n int64) string {
	if n = max(n, 0); n > 0 && n < 1e6 {
		return thousands(int((n+999)/1000)) + " KB"
	}
	return thousands(int((n+5e5)/1e6)) + " MB"
}

// describeMemory says what becomes of steps that need more memory than is left.
func describeMemory(show io.Writer, m train.Memory) {
	need, left := sizeText(m.Need), sizeText(m.Left)
	switch {
	case m.Again:
		fmt.Fprintf(show, "the steps of a batch need %s, %s are left: computing them again on the way back (--recompute)\n", need, left)
	case m.Chunk > 0:
		warn("the %s steps of a chunk of a batch need %s and %s are left: a smaller --bptt or --batch would do", thousands(m.Chunk), need, left)
	case m.Keep:
		warn("the steps of a batch need %s and %s are left: --recompute or a smaller --batch would do", need, left)
	default:
		warn("the steps of a batch need %s and %s are left, and two directions cannot compute them again: a smaller --batch, or --bidirectional=false, would do", need, left)
	}
}
