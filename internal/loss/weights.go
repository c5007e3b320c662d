package loss

import "github.com/unroll-go/unroll/internal/kernel"

// Balanced returns the weight n/(K·n_c) of each of K labels that n_c of n
// targets have. With them every label has the same part of the loss, and the
// mean weight of the targets is 1. A label that no target has gets 0; K counts
// the others.
func Balanced(counts []int) []float64 {
	n, k := 0, 0
	for _, c := range counts {
		n += c
		if c > 0 {
			k++
		}
	}
	weights := make([]float64, len(counts))
	for label, c := range counts {
		if c > 0 {
			weights[label] = float64(n) / (float64(k) * float64(c))
		}
	}
	return weights
}

// Weigh multiplies the losses [rows] and gradients [rows, K] of NLLGradient by
// the weight of each row's target, of weights [K]: L = −w_y log z_y, ∂L/∂alpha =
// w_y (z − y).
func Weigh[F kernel.Float](gradients []F, targets []int32, losses []float64, weights []F, k int) {
	for r, y := range targets {
		if y == NoLabel {
			continue
		}
		w := weights[y]
		losses[r] *= float64(w)
		row := gradients[r*k : (r+1)*k]
		for i := range row {
			row[i] *= w
		}
	}
}
