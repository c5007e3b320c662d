package explain

import (
	"slices"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// The passes are those of the layers that train, in every digit but for rounding.
func TestForwardIsThatOfTheLayers(t *testing.T) {
	for _, s := range shapes() {
		net, err := rnn.New(s.Config, s.params, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := rnn.NewBatch(len(s.x))
		net.Begin(b, rnn.States[float64]{})
		net.Forward(0, len(s.x), slices.Concat(s.x...))
		st := forward(layersOf(s.Config, s.params), s.x)
		for l := range s.Layers {
			near(t, s.String(), slices.Concat(st.output(l)...), net.Output(l), 1e-13)
		}
	}
}

// stepper computes one step of a real layer of one direction from any state
// and input.
type stepper struct {
	net *rnn.Net[float64]
	b   *rnn.Batch
}

func newStepper(t *testing.T, s shape) *stepper {
	net, err := rnn.New(s.Config, s.params, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := rnn.NewBatch(1)
	return &stepper{net, b}
}

// step returns the state, (h, c) of the LSTM, after a step.
func (s *stepper) step(state, x []float64) []float64 {
	h := s.net.Config().Hidden
	given := rnn.States[float64]{H: state[:h]}
	if len(state) > h {
		given.C = state[h:]
	}
	s.net.Begin(s.b, given)
	s.net.Forward(0, 1, x)
	to, c := s.net.State(0, 0)
	return slices.Concat(to, c)
}

// difference is how far numbers are moved: little with ReLU, whose pieces are
// straight, so that none of them is left.
func (s shape) difference() float64 {
	if s.Cell == rnn.ReLU {
		return 1e-6
	}
	return smooth
}

const smooth = 0.003

// differences returns the Jacobian of f at v by central differences of sixth
// order, the output in rows.
func differences(f func([]float64) []float64, v []float64, step float64) []float64 {
	n := len(f(v))
	m := make([]float64, n*len(v))
	for j := range v {
		at := func(k float64) []float64 {
			moved := slices.Clone(v)
			moved[j] += k * step
			return f(moved)
		}
		for k, weight := range []float64{45, -9, 1} {
			up, down := at(float64(k+1)), at(-float64(k+1))
			for i := range n {
				m[i*len(v)+j] += weight * (up[i] - down[i]) / (60 * step)
			}
		}
	}
	return m
}

// ∂s_t/∂s_{t−1} and ∂s_t/∂x_t of every cell are the differences of the real
// layer; and the products of the first are those of many of its steps.
func TestJacobians(t *testing.T) {
	for _, s := range shapes() {
		if s.Layers > 1 || s.Bidirectional {
			continue
		}
		r := forward(layersOf(s.Config, s.params), s.x).runs[0][0]
		real, n := newStepper(t, s), r.state()
		state := func(t int) []float64 { return slices.Concat(r.h[t], r.c[t])[:n] }
		for step := 1; step <= r.steps(); step++ {
			j, k := make([]float64, n*n), make([]float64, n*s.Input)
			r.jacobian(step, j)
			r.inputJacobian(step, k)
			x := s.x[step-1]
			near(t, s.String()+" by the state", j, differences(func(v []float64) []float64 { return real.step(v, x) }, state(step-1), s.difference()), 1e-9)
			near(t, s.String()+" by the input", k, differences(func(v []float64) []float64 { return real.step(state(step-1), v) }, x, s.difference()), 1e-9)
		}

		var c chain
		jacobian := make([]float64, n*n)
		for from := range r.steps() {
			norms := r.follow(&c, jacobian, from, r.steps())
			through := func(v []float64) []float64 {
				for step := from + 1; step <= r.steps(); step++ {
					v = real.step(v, s.x[step-1])
				}
				return v
			}
			want := differences(through, state(from), s.difference())
			near(t, s.String()+" products", c.product, want, 1e-8)
			near(t, s.String()+" norms", norms[len(norms)-1:], []float64{jacobiNorm(want, n)}, 1e-7)
		}
	}
}
