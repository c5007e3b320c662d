package rnn_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

func stepLSTM(l *literal, t int) {
	H := l.h
	a := affine(l.wxh, l.x[t-1], l.b)
	for j, v := range affine(l.whh, l.hs[t-1], nil) {
		a[j] += v
	}
	i, f := each(a[:H], sigmoid), each(a[H:2*H], sigmoid)
	g, o := each(a[2*H:3*H], math.Tanh), each(a[3*H:], sigmoid)
	l.gates[t] = map[string][]float64{"i": i, "f": f, "g": g, "o": o}
	l.cs[t], l.hs[t] = make([]float64, H), make([]float64, H)
	for j := range H {
		l.cs[t][j] = f[j]*l.cs[t-1][j] + i[j]*g[j]
		l.hs[t][j] = o[j] * math.Tanh(l.cs[t][j])
	}
}

func backLSTM(l *literal, e [][]float64) grad {
	H := l.h
	d := grad{wxh: make([]float64, len(l.wxh)), whh: make([]float64, len(l.whh)), b: make([]float64, len(l.b)),
		h0: make([]float64, H), c0: make([]float64, H), x: make([][]float64, len(l.x))}
	delta, qf := make([]float64, 4*H), make([]float64, H) // δ_{t+1}, q_{t+1} ⊙ f_{t+1}
	for t := len(l.x); t >= 1; t-- {
		dh := timesMatrix(delta, l.whh, H)
		i, f, g, o := l.gates[t]["i"], l.gates[t]["f"], l.gates[t]["g"], l.gates[t]["o"]
		for j := range H {
			dh[j] += e[t][j]
			tc := math.Tanh(l.cs[t][j])
			q := dh[j]*o[j]*(1-tc*tc) + qf[j] // ∂L/∂c_t
			delta[j] = q * g[j] * i[j] * (1 - i[j])
			delta[H+j] = q * l.cs[t-1][j] * f[j] * (1 - f[j])
			delta[2*H+j] = q * i[j] * (1 - g[j]*g[j])
			delta[3*H+j] = dh[j] * tc * o[j] * (1 - o[j])
			qf[j] = q * f[j]
		}
		addOuter(d.wxh, delta, l.x[t-1])
		addOuter(d.whh, delta, l.hs[t-1])
		for j, v := range delta {
			d.b[j] += v
		}
		d.x[t-1] = timesMatrix(delta, l.wxh, l.i)
	}
	d.h0, d.c0 = timesMatrix(delta, l.whh, H), qf
	return d
}

// TestLSTMAsDerived is testLiteral for the LSTM.
func TestLSTMAsDerived(t *testing.T) { testLiteral(t, rnn.LSTM) }

// TestSlopeOfSigmoid wants σ' = σ(1 − σ), by differences of the kernel's own.
func TestSlopeOfSigmoid(t *testing.T) {
	for _, at := range []float64{-4, -1, 0, 0.3, 2} {
		a := []float64{at}
		f := func() []float64 {
			s := slices.Clone(a)
			kernel.Sigmoid(s)
			return s
		}
		s := f()[0]
		if e := relErr(jacobian(f, a)[0], []float64{s * (1 - s)}); !(e < 1e-9) {
			t.Errorf("at %v: off by %.2g", at, e)
		}
	}
}

// lastState returns a function that runs the layer anew and returns h_T, or c_T
// of an LSTM.
func (l *literal) lastState(t *testing.T) func() []float64 {
	return func() []float64 {
		n, b := l.net(t)
		n.Forward(0, b.Steps(), slices.Concat(l.x...))
		h, c := n.State(0, 0)
		if l.cell == rnn.LSTM {
			return slices.Clone(c)
		}
		return slices.Clone(h)
	}
}

// product multiplies a gate's values of all steps, element by element.
func (l *literal) product(gate string) []float64 {
	out := slices.Clone(l.gates[1][gate])
	for _, g := range l.gates[2:] {
		for j, v := range g[gate] {
			out[j] *= v
		}
	}
	return out
}

// diagonal fails the test unless got is the diagonal matrix of d, within 1e-9 of
// the largest element.
func diagonal(t *testing.T, what string, got [][]float64, d []float64) {
	t.Helper()
	want := make([]float64, len(d)*len(d))
	for i, v := range d {
		want[i*len(d)+i] = v
	}
	if e := relErr(slices.Concat(got...), want); !(e < 1e-9) {
		t.Errorf("%s: off by %.2g from diag(%v)", what, e, d)
	}
}

// TestCellPathHoldsForgetGatesAlone wants ∂c_1/∂c_0 with h_0 held to be diag(f_1)
// whatever the weights, and ∂c_T/∂c_0 the product of all f where Whh is zero.
func TestCellPathHoldsForgetGatesAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	one := newLiteral(r, rnn.LSTM, 3, 5, 2, 1)
	one.forward()
	diagonal(t, "one step", jacobian(one.lastState(t), one.c0), one.gates[1]["f"])

	many := newLiteral(r, rnn.LSTM, 3, 5, 2, 6)
	clear(many.whh)
	many.forward()
	diagonal(t, "Whh = 0, six steps", jacobian(many.lastState(t), many.c0), many.product("f"))
}

// constant returns an LSTM of one unit and one input, all of it zero but for the
// forget gate's bias.
func constant(forget float64, steps int) *literal {
	l := newLiteral(newRand(), rnn.LSTM, 1, 1, 2, steps)
	for _, v := range [][]float64{l.wxh, l.whh, l.b, l.h0, l.c0} {
		clear(v)
	}
	l.b[1] = forget
	return l
}

// TestCellPathOverHundredSteps has f = 0.99, of which 100 steps leave 0.366; f =
// σ(1) = 0.731, with which Init starts, of which 23 leave less than 1e-3 and 22
// more; and f = 1/2, of which 10 do and 9 don't.
func TestCellPathOverHundredSteps(t *testing.T) {
	fraction := func(forget float64, steps int) float64 {
		l := constant(forget, steps)
		return jacobian(l.lastState(t), l.c0)[0][0]
	}
	if got := fraction(math.Log(99), 100); math.Abs(got-0.366) > 0.0005 {
		t.Errorf("f = 0.99, 100 steps: %v, want 0.366", got)
	}
	c := rnn.Config{Cell: rnn.LSTM, Input: 1, Hidden: 1, Layers: 1}
	start := make([]float64, c.Size())
	rnn.Init(c, start, newRand())
	forget := start[c.Tensors()[2].Offset+1]
	for _, b := range []struct {
		forget float64
		steps  int
	}{{forget, 23}, {0, 10}} {
		if before, after := fraction(b.forget, b.steps-1), fraction(b.forget, b.steps); before < 1e-3 || after >= 1e-3 {
			t.Errorf("b_f = %v: %v after %d steps and %v after one more, want 1e-3 between", b.forget, before, b.steps-1, after)
		}
	}
	if f := sigmoid(forget); math.Abs(f-0.731) > 0.0005 {
		t.Errorf("Init starts with f = %v, want 0.731", f)
	}
}

// TestLSTMMayExplodeThroughH has one unit with i = f = o = 1/2 and a weight of 20
// from h to g: at rest, where c grows by f + o·i·20 = 5.5 a step.
func TestLSTMMayExplodeThroughH(t *testing.T) {
	l := constant(0, 8)
	l.whh[2] = 20
	l.c0[0] = 0
	_, e := l.forward()
	for s := range e {
		e[s] = []float64{0}
	}
	e[8][0] = 1
	got, want := l.back(l, e).c0[0], 0.25*math.Pow(5.5, 7) // o·f·5.5^7
	if math.Abs(got-want) > 1e-12*want {
		t.Errorf("∂h_8/∂c_0 = %v, want %v", got, want)
	}
}
