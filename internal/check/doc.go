// Package check proves gradients: against the numbers of another program, kept
// in golden files, and against central differences of the loss itself.
//
// The error of a tensor is relative to its largest element everywhere:
// max|a − b| / max(max|b|, 1e-8), b being the reference.
package check

import "math"

// floor keeps the relative error of a tensor of zeros finite.
const floor = 1e-8

// RelErr returns the relative error of a against the reference b, which has
// the same length; infinite if a number is not finite or the lengths differ.
func RelErr(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst, scale := 0.0, floor
	for i, v := range b {
		d := math.Abs(a[i] - v)
		if d-d != 0 {
			return math.Inf(1)
		}
		worst, scale = max(worst, d), max(scale, math.Abs(v))
	}
	return worst / scale
}

// TensorError is how far one tensor is from its reference, and may be.
type TensorError struct {
	Name     string  `json:"name"`
	Elements int     `json:"elements"`
	RelErr   float64 `json:"rel_err"`
	Limit    float64 `json:"limit"`              // the error must be below
	Rounding float64 `json:"rounding,omitempty"` // see Against32
}

// OK says whether the tensor is near enough to its reference.
func (e TensorError) OK() bool { return e.RelErr < e.Limit }

// The largest relative errors that pass.
const (
	Limit64   = 1e-10 // float64 against a golden file
	Limit32   = 1e-5  // float32 against a golden file, or against float64
	LimitDiff = 1e-7  // float64 against central differences, which are no better
)

// perRounding is how many times the effect of rounding a case's numbers to
// float32 its results in float32 may be off: every step rounds again.
const perRounding = 10

// Worst returns the largest error of the tensors, and 0 for none.
func Worst(rows []TensorError) TensorError {
	var worst TensorError
	for _, r := range rows {
		if worst.Name == "" || r.RelErr > worst.RelErr {
			worst = r
		}
	}
	return worst
}
