package input

import "github.com/unroll-go/unroll/internal/kernel"

// Embedding gives every id of a vocabulary a learned vector. Its parameters
// and gradients are views of the model's slabs.
type Embedding[F kernel.Float] struct {
	V, E          int // ids, width
	Weights, Grad []F // [V, E]
}

// Forward sets E columns of a matrix of that width to the vectors of ids, a
// row each; x begins at the first of the columns.
func (e *Embedding[F]) Forward(x []F, width int, ids []int32) {
	for r, id := range ids {
		copy(x[r*width:r*width+e.E], e.Weights[int(id)*e.E:])
	}
}

// Backward adds ∂L/∂x, laid out like x in Forward, to the gradients of the
// ids' vectors, columns [from, to) of them; each is one sum in the order of
// the rows.
func (e *Embedding[F]) Backward(dx []F, width int, ids []int32, from, to int) {
	for r, id := range ids {
		g := e.Grad[int(id)*e.E+from : int(id)*e.E+to]
		for j, v := range dx[r*width+from : r*width+to] {
			g[j] += v
		}
	}
}
