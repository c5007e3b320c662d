package rnn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

func stepGRU(l *literal, t int) {
	H, prev := l.h, l.hs[t-1]
	a, u := affine(l.wxh, l.x[t-1], l.b), affine(l.whh, prev, nil)
	r, z, n, m := make([]float64, H), make([]float64, H), make([]float64, H), make([]float64, H)
	l.hs[t] = make([]float64, H)
	for j := range H {
		r[j] = sigmoid(a[j] + u[j])
		z[j] = sigmoid(a[H+j] + u[H+j])
		m[j] = u[2*H+j] + l.bhn[j]
		n[j] = math.Tanh(a[2*H+j] + r[j]*m[j])
		l.hs[t][j] = (1-z[j])*n[j] + z[j]*prev[j]
	}
	l.gates[t] = map[string][]float64{"r": r, "z": z, "n": n, "m": m}
}

func backGRU(l *literal, e [][]float64) grad {
	H := l.h
	d := grad{wxh: make([]float64, len(l.wxh)), whh: make([]float64, len(l.whh)), b: make([]float64, len(l.b)),
		bhn: make([]float64, H), x: make([][]float64, len(l.x))}
	delta, eta, around := make([]float64, 3*H), make([]float64, 3*H), make([]float64, H) // around: ∂L/∂h_{t+1} ⊙ z_{t+1}
	for t := len(l.x); t >= 1; t-- {
		dh := timesMatrix(eta, l.whh, H)
		r, z, n, m := l.gates[t]["r"], l.gates[t]["z"], l.gates[t]["n"], l.gates[t]["m"]
		for j := range H {
			dh[j] += e[t][j] + around[j]
			dn := dh[j] * (1 - z[j]) * (1 - n[j]*n[j])
			dr := dn * m[j] * r[j] * (1 - r[j])
			dz := dh[j] * (l.hs[t-1][j] - n[j]) * z[j] * (1 - z[j])
			delta[j], delta[H+j], delta[2*H+j] = dr, dz, dn
			eta[j], eta[H+j], eta[2*H+j] = dr, dz, dn*r[j]
			around[j] = dh[j] * z[j]
			d.bhn[j] += dn * r[j]
		}
		addOuter(d.wxh, delta, l.x[t-1])
		addOuter(d.whh, eta, l.hs[t-1])
		for j, v := range delta {
			d.b[j] += v
		}
		d.x[t-1] = timesMatrix(delta, l.wxh, l.i)
	}
	d.h0 = timesMatrix(eta, l.whh, H)
	for j := range d.h0 {
		d.h0[j] += around[j]
	}
	return d
}

// TestGRUAsDerived is testLiteral for the GRU.
func TestGRUAsDerived(t *testing.T) { testLiteral(t, rnn.GRU) }

// TestGRUKeepsTwoBiases wants b_hn to stay inside r ⊙ (·): added to b_n instead,
// it makes another network. Biases of the other gates are one.
func TestGRUKeepsTwoBiases(t *testing.T) {
	l := newLiteral(rand.New(rand.NewPCG(5, 9)), rnn.GRU, 3, 4, 2, 5)
	before := l.lastState(t)()
	for j, v := range l.bhn {
		l.b[2*l.h+j] += v
	}
	clear(l.bhn)
	if e := relErr(l.lastState(t)(), before); e < 1e-2 {
		t.Errorf("b_hn added to b_n: h_T is off by %.2g only", e)
	}
}

// TestGRUPathAroundTheGates wants ∂h_T/∂h_0 to be the product of all z where Whh
// is zero.
func TestGRUPathAroundTheGates(t *testing.T) {
	l := newLiteral(rand.New(rand.NewPCG(6, 9)), rnn.GRU, 3, 5, 2, 6)
	clear(l.whh)
	l.forward()
	diagonal(t, "six steps", jacobian(l.lastState(t), l.h0), l.product("z"))
}
