package loss

import "github.com/unroll-go/unroll/internal/kernel"

// SquaredError sets losses [rows] to Σ_k (α_k − y_k)² of the rows of alpha
// [rows, K], which stay as they are, and y [rows, K]. The sums are in float64.
// The mean of losses with K = 1 is the mean squared error.
func SquaredError[F kernel.Float](alpha []F, y []float32, losses []float64, k int) {
	for r := range losses {
		sum := 0.0
		for i := r * k; i < (r+1)*k; i++ {
			d := float64(alpha[i]) - float64(y[i])
			sum += float64(d * d)
		}
		losses[r] = sum
	}
}

// SquaredErrorGradient turns alpha [rows, K] in place into ∂L/∂alpha =
// 2(α − y), L the sum of the losses, y [rows, K].
func SquaredErrorGradient[F kernel.Float](alpha []F, y []float32, k int) {
	for r := 0; r+k <= len(alpha); r += k {
		for i := r; i < r+k; i++ {
			alpha[i] = F(2 * (float64(alpha[i]) - float64(y[i])))
		}
	}
}
