// Package kernel holds the arithmetic that recurrent networks spend their time
// in: matrix products in the three orders that backpropagation through time
// needs, and activations. It knows nothing of networks.
//
// All matrices are row-major and contiguous. The three products are
//
//	C = A·Wᵀ   Mul with Packed.Pack            (forward: y = x·Wᵀ)
//	C = A·W    Mul with Packed.PackTransposed  (backward: dx = dy·W)
//	C += Aᵀ·B  AddOuter                        (weight gradient: dW = dyᵀ·x)
//
// The Go code here is the specification: every element of C is one chain of
// additions in the order of the summed index, starting from what C held (or
// from zero). So a row's result does not depend on the tile it falls into, nor
// on how rows are split between workers: the same bits whatever the threads.
// Products are rounded before they are added (the explicit conversions below
// forbid fused multiply-add), so they have the same bits on every processor.
//
// Two products also exist for matrix units, MulSplit and Right.AddOuter after a
// Pack that splits; their order of additions is another one, see split.go.
package kernel

// Float is the element type of everything here.
type Float interface{ float32 | float64 }
