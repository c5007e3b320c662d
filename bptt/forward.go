package bptt

import (
	"fmt"
	"slices"
)

// Trace is what Forward computed, and all that the gradients need beside the
// weights. Each slice has T+1 entries so that its index is the paper's t; entry
// 0 is unused but for H. The Trace owns its slices: they are copies.
type Trace struct {
	X        [][]float64 // [T+1][I] x_t; X[0] is nil
	H        [][]float64 // [T+1][H] h_t; H[0] is h_0
	Alpha    [][]float64 // [T+1][K] alpha_t; Alpha[0] is nil
	Z        [][]float64 // [T+1][K] z_t; Z[0] is nil
	Y        []int       // [T+1] y_t as an index; Y[0] is -1
	StepLoss []float64   // [T+1] L(t); StepLoss[0] is 0
	Loss     float64     // L, their sum (4)
}

// T returns the number of steps.
func (tr *Trace) T() int { return len(tr.H) - 1 }

// Forward runs the network over one sequence: inputs x [T][I] and labels y [T]
// with x[0] = x_1 and y[0] = y_1, each label in 0..K-1, from state h0 [H]. It
// keeps none of its arguments.
//
// It fails on a network that Check refuses, on a sequence of no steps or of the
// wrong widths, on labels out of range, and on numbers that are not finite or
// so large that a step's result is not. The error names the step, from 1.
func (n *Network) Forward(x [][]float64, h0 []float64, y []int) (*Trace, error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	if err := n.checkSequence(x, h0, y); err != nil {
		return nil, err
	}
	tr := newTrace(x, h0, y)
	for t := 1; t <= tr.T(); t++ {
		if err := n.step(tr, t); err != nil {
			return nil, fmt.Errorf("bptt: step %d: %w", t, err)
		}
	}
	return tr, nil
}

// step computes h_t, alpha_t, z_t and L(t) from h_{t-1} and x_t.
func (n *Network) step(tr *Trace, t int) error {
	a := sum(matVec(n.Whh, tr.H[t-1]), matVec(n.Wxh, tr.X[t]), n.Bh)
	tr.H[t] = tanhAll(a) // (2)
	tr.Alpha[t] = sum(matVec(n.Whz, tr.H[t]), n.Bz)
	tr.Z[t] = Softmax(tr.Alpha[t]) // (3)
	tr.StepLoss[t] = negLogSoftmax(tr.Alpha[t], tr.Y[t])
	tr.Loss += tr.StepLoss[t] // (4)

	// Finite numbers can still overflow in a product or a sum.
	if err := checkFinite("a", a); err != nil {
		return err
	}
	if err := checkFinite("alpha", tr.Alpha[t]); err != nil {
		return err
	}
	return checkFinite("loss", []float64{tr.Loss})
}

// newTrace copies a checked sequence into a Trace whose results are still empty.
func newTrace(x [][]float64, h0 []float64, y []int) *Trace {
	T := len(x)
	tr := &Trace{
		X:        make([][]float64, T+1),
		H:        make([][]float64, T+1),
		Alpha:    make([][]float64, T+1),
		Z:        make([][]float64, T+1),
		Y:        append([]int{-1}, y...),
		StepLoss: make([]float64, T+1),
	}
	tr.H[0] = slices.Clone(h0)
	for t := 1; t <= T; t++ {
		tr.X[t] = slices.Clone(x[t-1])
	}
	return tr
}

// checkSequence reports the first thing that Forward cannot run on.
func (n *Network) checkSequence(x [][]float64, h0 []float64, y []int) error {
	if len(x) == 0 {
		return fmt.Errorf("bptt: the sequence has no steps, want T of at least 1")
	}
	if len(y) != len(x) {
		return fmt.Errorf("bptt: %d labels for %d steps, want one a step", len(y), len(x))
	}
	if err := checkVector("h0", h0, "H", n.H); err != nil {
		return fmt.Errorf("bptt: step 0: %w", err)
	}
	for i := range x {
		if err := checkVector("x", x[i], "I", n.I); err != nil {
			return fmt.Errorf("bptt: step %d: %w", i+1, err)
		}
		if y[i] < 0 || y[i] >= n.K {
			return fmt.Errorf("bptt: step %d: label %d, want 0..%d", i+1, y[i], n.K-1)
		}
	}
	return nil
}

func checkVector(name string, v []float64, size string, want int) error {
	if len(v) != want {
		return fmt.Errorf("%s has width %d, want %s = %d", name, len(v), size, want)
	}
	return checkFinite(name, v)
}
