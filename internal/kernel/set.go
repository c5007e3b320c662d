package kernel

import (
	"os"
	"slices"
)

// set is one implementation of the kernels: assembly for some instructions,
// or, where a field is nil, the generic Go, which is the specification.
type set[F Float] struct {
	name  string
	lanes int // elements of a vector; 0 for the generic set
	zeros *F  // four vectors of zeros

	// tile[v-1] multiplies into v vectors of columns, rows[v-1] rows at most at a time.
	tile [4]tileFunc[F]
	rows [4]int
	pair [4]pairFunc[F] // the same for one row and two panels

	// Where there are matrix units, split[v-1] multiplies pieces into v tiles of
	// columns, splitTwo[v-1] two tiles of rows at a time.
	split      [4]splitFunc[F]
	splitTwo   [2]splitFunc[F]
	splitRows  func(dst *uint16, src *F, ldsrc, rows, groups, half, tail int)
	splitPairs func(dst *uint16, src *F, at *int32, nextSrc, nextAt, ldsrc, rows, tail, chunks, together int)
	turnPairs  func(tile *uint16, tiles int)
	addRowsAt  func(dst, src *F, at *int32, ldsrc, rows, n int)

	copyPanel                func(dst, src *F, ldsrc, rows, vectors, tail int)
	fetch                    func(x *byte, ld, rows, bytes int)
	transpose8               func(dst, src *F, lddst, ldsrc, blocks int)
	addColumns               func(dst, a *F, lda, m, tail int)
	tanh, sigmoid, exp, relu func(x *F, n int)
	tanhBack, reluBack       func(delta, h, dh, dstate *F, n int)
	lstmForward              func(gates, prevC, c, tanhC, h *F, ld, rows, tail int)
	lstmBackward             func(gates, prevC, tanhC, dh, dstate, dcell, delta *F, ld, rows, tail int)
	gruForward               func(gates, prev, h *F, ld, rows, tail int)
	gruBackward              func(gates, prev, dh, dstate, delta *F, ld, rows, tail int)

	peak func(sums, one *F, loops int) // what the processor can do: see Limits
	pass func(sums, x *F, loops int)

	adam       func(params, grads, m, v *F, n int, c *F)
	sumSquares func(x *F, blocks int) float64
	expRow     func(x *F, n int) (top, sum F)
	scaleRow   func(x *F, n int, by F) (sum F)
}

// tileFunc is the type of tile1F32AVX2 and the others, whose docs say what it is.
type tileFunc[F Float] func(c, from, a, b *F, ldc, ldfrom, rowA, stepA, skipA, k, blocks, rows, tiles, rest, tail, ahead int)

// pairFunc is the type of pair1F32AVX2 and the others.
type pairFunc[F Float] func(c, from, a, b *F, nextC, nextFrom, nextB, stepA, skipA, k, blocks, tail int)

// splitFunc is the type of split1x1AMX and the others.
type splitFunc[F Float] func(shape *byte, c, from *F, a, b *uint16, ldc, ldfrom, nextC, nextFrom, chunks, tiles, panels, panelC, panelFrom, panelB int)

// kernels is what a processor can run, for both element types.
type kernels struct {
	single set[float32]
	double set[float64]
}

var generic = kernels{set[float32]{name: "generic"}, set[float64]{name: "generic"}}

// current is the best that the processor can run, or what the environment
// variable UNROLL_KERNEL names: amx, avx512, avx2 or generic. A name that the
// processor cannot run counts for nothing.
var current = choose(os.Getenv("UNROLL_KERNEL"))

func choose(name string) *kernels {
	all := available()
	i := slices.IndexFunc(all, func(k *kernels) bool { return k.single.name == name })
	return all[max(i, 0)]
}

// Names lists the implementations that this processor can run, the best first.
func Names() (names []string) {
	for _, k := range available() {
		names = append(names, k.single.name)
	}
	return names
}

// Name says which implementation is in use.
func Name() string { return current.single.name }

// active returns the set in use for the element type.
func active[F Float]() *set[F] {
	if s, ok := any(&current.single).(*set[F]); ok {
		return s
	}
	return any(&current.double).(*set[F])
}

// Units returns how many hidden units stand together in a panel of gates of a
// layer of h: as many as a vector has lanes where there is assembly for gates,
// otherwise all.
func Units[F Float](h int) int {
	if s := active[F](); s.lstmForward != nil {
		return s.lanes
	}
	return h
}
