// Package input makes the vectors x_t that enter the network, and sends their
// gradient back.
package input

import "github.com/unroll-go/unroll/internal/kernel"

// Embedding gives every token of a vocabulary a learned vector. Its parameters
// and gradients are views of the model's slabs.
type Embedding[F kernel.Float] struct {
	V, E          int // tokens, width
	Weights, Grad []F // [V, E]
}

// Forward sets x [len(ids), E] to the tokens' vectors.
func (e *Embedding[F]) Forward(x []F, ids []int32) {
	for r, id := range ids {
		copy(x[r*e.E:(r+1)*e.E], e.Weights[int(id)*e.E:])
	}
}

// Backward adds dx [len(ids), E] to the gradients of the tokens' vectors,
// columns [from, to) of them; each is one sum in the order of the rows.
func (e *Embedding[F]) Backward(dx []F, ids []int32, from, to int) {
	for r, id := range ids {
		g := e.Grad[int(id)*e.E+from : int(id)*e.E+to]
		for j, v := range dx[r*e.E+from : r*e.E+to] {
			g[j] += v
		}
	}
}
