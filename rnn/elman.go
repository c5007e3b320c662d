package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// The simple recurrent cell (Elman 1990), with tanh as in the paper or ReLU.
// Forward stands beside backward: what a step computes, then its derivative.

// forwardStep turns a [n, H], which holds Wxh·x_t + bh, into h_t, given
// prev [n, H], the states h_{t-1}.
func (l *layer[F]) forwardStep(a, prev []F, n int) {
	kernel.Mul(a, prev, n, &l.whh, true)
	if l.cell == ReLU {
		kernel.ReLU(a)
	} else {
		kernel.Tanh(a) // (2)
	}
}

// backwardStep turns delta [n, H], which holds ∂L/∂h_t from above, into
// δ_t = ∂L/∂a_t, and dprev [n, H], which holds ∂L/∂h_t from the step after,
// into ∂L/∂h_{t-1}.
func (l *layer[F]) backwardStep(delta, dprev, h []F, n int) {
	if l.cell == ReLU {
		for i, v := range h {
			if v > 0 {
				delta[i] += dprev[i]
			} else {
				delta[i] = 0
			}
		}
	} else {
		for i, v := range h {
			delta[i] = F((delta[i] + dprev[i]) * (1 - F(v*v))) // (10): one factor of ∂h_{t+1}/∂h_k
		}
	}
	kernel.Mul(dprev, delta, n, &l.whhT, false)
}
