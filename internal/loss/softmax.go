package loss

import (
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// NoLabel marks a step whose label the model doesn't know: it has no loss, no
// gradient, and counts as wrong.
const NoLabel = -1

// Softmax sets z [rows, K] to softmax(alpha) row by row; they may be the same
// memory. The maximum is subtracted first, so nothing overflows.
func Softmax[F kernel.Float](z, alpha []F, k int) {
	for r := 0; r+k <= len(alpha); r += k {
		softmaxRow(z[r:r+k], alpha[r:r+k]) // (3)
	}
}

// softmaxRow sets z to softmax(a) and returns log Σ exp(a).
func softmaxRow[F kernel.Float](z, a []F) (logSum float64) {
	top := a[0]
	for _, v := range a[1:] {
		top = max(top, v)
	}
	sum := 0.0
	for i, v := range a {
		e := math.Exp(float64(v) - float64(top))
		z[i] = F(e)
		sum += e
	}
	for i := range z {
		z[i] = F(float64(z[i]) / sum)
	}
	return float64(top) + math.Log(sum)
}

// SoftmaxNLL turns alpha [rows, K] in place into z, as Softmax does, and sets
// losses [rows] to −log z[target], 0 for NoLabel. It comes from the
// log-sum-exp, so it is finite where z rounds to zero.
func SoftmaxNLL[F kernel.Float](alpha []F, targets []int32, losses []float64, k int) {
	for r, y := range targets {
		row := alpha[r*k : (r+1)*k]
		target := F(0)
		if y != NoLabel {
			target = row[y]
		}
		losses[r] = softmaxRow(row, row) - float64(target) // (4)
		if y == NoLabel {
			losses[r] = 0
		}
	}
}

// Gradient turns z [rows, K] in place into ∂L/∂alpha = z − y, L the sum of the
// losses. z_y − 1 is taken as minus the other probabilities, which keeps its
// digits where z_y is nearly 1.
func Gradient[F kernel.Float](z []F, targets []int32, k int) {
	for r, y := range targets {
		row := z[r*k : (r+1)*k]
		if y == NoLabel {
			clear(row)
			continue
		}
		row[y] = 0
		sum := F(0)
		for _, v := range row {
			sum += v
		}
		row[y] = -sum // (5)
	}
}

// NLLGradient is SoftmaxNLL and Gradient in one, for training: it turns alpha
// [rows, K] in place into z − y and sets losses [rows]. A row is walked through
// while it is in the cache; in assembly its exponentials and their sum are of
// float32, which is within 1e-6.
func NLLGradient[F kernel.Float](alpha []F, targets []int32, losses []float64, k int) {
	for r, y := range targets {
		row := alpha[r*k : (r+1)*k]
		if y == NoLabel {
			clear(row)
			losses[r] = 0
			continue
		}
		target := row[y]
		top, sum := kernel.ExpRow(row)
		losses[r] = float64(top) + math.Log(sum) - float64(target) // (4)
		row[y] = 0
		row[y] = -kernel.ScaleRow(row, F(1/sum)) // (3), (5)
	}
}

// Best returns the most likely label of a row: the index of its largest
// element, the first of equals.
func Best[F kernel.Float](z []F) int {
	best := 0
	for i, v := range z {
		if v > z[best] {
			best = i
		}
	}
	return best
}
