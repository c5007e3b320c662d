// Package check proves gradients: against the numbers of another program, kept
// in golden files, and against central differences of the loss itself.
//
// The error of a tensor is relative to its largest element everywhere:
// max|a − b| / max(max|b|, 1e-8), b being the reference.
package check

import (
	"math"
	"math/rand/v2"
)

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
	Rounding float64 `json:"rounding,omitempty"` // what rounding the case to float32 does alone
}

// OK says whether the tensor is near enough to its reference.
func (e TensorError) OK() bool { return e.RelErr < e.Limit }

// The largest relative errors that pass.
const (
	Limit64   = 1e-10 // float64 against a golden file
	Limit32   = 1e-5  // float32 against a golden file, or against float64
	Most32    = 1e-4  // the same where rounding alone does much, at the most
	LimitDiff = 1e-7  // float64 against central differences, which are no better
)

// widen sets the limit of a float32 tensor that rounding alone can move so far.
// It never goes beyond Most32: where rounding does more, float32 fails.
func (e *TensorError) widen(rounding float64) {
	e.Rounding = max(e.Rounding, rounding)
	e.Limit = min(max(Limit32, perRounding*e.Rounding), Most32)
}

// roundings is how often rounding is tried: to the nearest float32, and then
// by random amounts as large, since one try may do little by luck.
const roundings = 4

// rounded returns the numbers rounded to float32, in the given try.
func rounded(v []float64, try int) []float64 {
	if try == 0 {
		return convert[float64](convert[float32](v))
	}
	const half = 1.0 / (1 << 24) // unit in the last place
	r := rand.New(rand.NewPCG(uint64(try), uint64(len(v))))
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x * (1 + half*(2*r.Float64()-1))
	}
	return out
}

// perRounding is how many times the effect of rounding a case's numbers to
// float32 its results in float32 may be off: every step rounds again.
const perRounding = 3

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
