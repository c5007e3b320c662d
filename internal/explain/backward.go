package explain

import (
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// back takes the losses [from, to) down from the top layer to x, each by itself,
// and enters the norms of what reaches every state, and every input: sizes. A gradient
// of n losses is [n, ·], a row a loss; there is one of every place, 1..T.
func (s *stack) back(losses []source, from, to int, all [][]Influence, sizes [][]float64) {
	T, n := s.runs[0][0].steps(), to-from
	h, directions := s.runs[0][0].layer.h, len(s.runs[0])
	dout := rows(T+1, n*directions*h) // what reaches a layer's output from above
	for i, loss := range losses[from:to] {
		for d := range directions {
			copy(dout[loss.at[d]][(i*directions+d)*h:], loss.dh[d])
		}
	}
	for l := len(s.runs) - 1; l >= 0; l-- {
		dx := rows(T+1, n*s.runs[l][0].i)
		for d, r := range s.runs[l] {
			b := backward{run: r, n: n, from: d * h, width: directions * h,
				place: func(t int) int { return s.position(d, t) },
				enter: func(i, k int, size float64) { all[l][d].DLdH[from+i][k] = size }}
			b.through(dout, dx)
		}
		dout = dx
	}
	width := s.runs[0][0].i
	for p := 1; p <= T; p++ {
		for i := range n {
			sizes[from+i][p-1] = length(dout[p][i*width : (i+1)*width])
		}
	}
}

// backward takes n losses back through one direction of a layer.
type backward struct {
	*run
	n           int
	from, width int                          // its columns in what reaches the layer from above: [from, from+H) of width
	place       func(t int) int              // where its step t stands in the sequence
	enter       func(i, k int, size float64) // ‖∂L_i/∂h_k‖, k a place, or 0 for the state before the first step

	g, next         []float64 // [n, S] ∂L/∂s_t
	jacobian, input []float64
	packed          kernel.Packed[float64]
}

// through goes from the last step to the first:
//
//	∂L/∂s_t = ∂L/∂s_{t+1} · ∂s_{t+1}/∂s_t + (∂L/∂h_t from above, 0)
//	∂L/∂x_t = ∂L/∂s_t · ∂s_t/∂x_t, added to dx
func (b *backward) through(dout, dx [][]float64) {
	n, s, h := b.n, b.state(), b.layer.h
	b.g, b.next = make([]float64, n*s), make([]float64, n*s)
	b.jacobian, b.input = make([]float64, s*s), make([]float64, s*b.i)
	for t := b.steps(); t > 0; t-- {
		p := b.place(t)
		for i := range n {
			addScaled(b.g[i*s:i*s+h], 1, dout[p][i*b.width+b.from:])
			b.enter(i, p, length(b.g[i*s:i*s+h]))
		}
		b.inputJacobian(t, b.input)
		b.times(dx[p], b.input, b.i, true)
		b.run.jacobian(t, b.jacobian)
		b.times(b.next, b.jacobian, s, false)
		b.g, b.next = b.next, b.g
	}
	for i := range n {
		b.enter(i, 0, length(b.g[i*s:i*s+h]))
	}
}

// times sets to [n, columns] to g·m, m [S, columns], or adds that to it.
func (b *backward) times(to, m []float64, columns int, add bool) {
	b.packed.PackTransposed(m, b.state(), columns)
	kernel.Mul(to, b.g, b.n, &b.packed, add)
}

// length returns the Euclidean norm of v; its largest number if that is beyond float64.
func length(v []float64) float64 {
	top := 0.0
	for _, x := range v {
		top = max(top, math.Abs(x))
	}
	if top == 0 || top-top != 0 {
		return finite(top)
	}
	sum := 0.0
	for _, x := range v {
		sum += (x / top) * (x / top)
	}
	return finite(top * math.Sqrt(sum))
}
