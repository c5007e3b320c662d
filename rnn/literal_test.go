package rnn_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/rnn"
)

// literal is a cell with gates as docs/derivation.md writes it, in plain loops:
// one sequence, the paper's output layer and loss above it.
type literal struct {
	cell             rnn.Cell
	i, h, k          int
	wxh, whh, b, bhn []float64 // [G·H, I], [G·H, H], [G·H], [H]: the GRU's
	h0, c0           []float64 // [H]
	whz, bz          []float64 // [K, H], [K]
	x                [][]float64
	y                []int
	hs               [][]float64                          // [T+1][H] h_t, set by forward
	cs               [][]float64                          // [T+1][H] c_t of the LSTM
	gates            []map[string][]float64               // [T+1] gates by name
	step             func(l *literal, t int)              // h_t and c_t, of step t = 1..T
	back             func(l *literal, e [][]float64) grad // the document's recursion
}

// grad is a gradient by everything that a literal cell has.
type grad struct {
	wxh, whh, b, bhn, h0, c0 []float64
	x                        [][]float64
}

func newLiteral(r *rand.Rand, c rnn.Cell, i, h, k, steps int) *literal {
	g := map[rnn.Cell]int{rnn.LSTM: 4, rnn.GRU: 3}[c]
	l := &literal{cell: c, i: i, h: h, k: k, step: stepLSTM, back: backLSTM}
	l.wxh, l.whh, l.b = draw(r, g*h*i), draw(r, g*h*h), draw(r, g*h)
	l.h0, l.c0, l.whz, l.bz = draw(r, h), draw(r, h), draw(r, k*h), draw(r, k)
	if c == rnn.GRU {
		l.bhn, l.c0, l.step, l.back = draw(r, h), nil, stepGRU, backGRU
	}
	for range steps {
		l.x, l.y = append(l.x, draw(r, i)), append(l.y, r.IntN(k))
	}
	return l
}

// forward runs all steps and returns the loss and e_t = ∂L(t)/∂h_t, from 1.
func (l *literal) forward() (loss float64, e [][]float64) {
	steps := len(l.x)
	l.hs, l.cs = make([][]float64, steps+1), make([][]float64, steps+1)
	l.gates, e = make([]map[string][]float64, steps+1), make([][]float64, steps+1)
	l.hs[0], l.cs[0] = l.h0, l.c0
	for t := 1; t <= steps; t++ {
		l.step(l, t)
		alpha := affine(l.whz, l.hs[t], l.bz)
		z := bptt.Softmax(alpha)
		loss -= math.Log(z[l.y[t-1]])
		z[l.y[t-1]]-- // −(y_t − z_t)
		e[t] = timesMatrix(z, l.whz, l.h)
	}
	return loss, e
}

// affine returns W·v + b, W [len(b), len(v)]; nil b is zero.
func affine(w, v, b []float64) []float64 {
	out := make([]float64, len(w)/len(v))
	copy(out, b)
	for i := range out {
		for j := range v {
			out[i] += w[i*len(v)+j] * v[j]
		}
	}
	return out
}

// timesMatrix returns the row r·W, W [len(r), columns].
func timesMatrix(r, w []float64, columns int) []float64 {
	out := make([]float64, columns)
	for i := range r {
		for j := range out {
			out[j] += r[i] * w[i*columns+j]
		}
	}
	return out
}

// addOuter adds rᵀ·vᵀ to dst [len(r), len(v)].
func addOuter(dst, r, v []float64) {
	for i := range r {
		for j := range v {
			dst[i*len(v)+j] += r[i] * v[j]
		}
	}
}

func sigmoid(a float64) float64 { return 1 / (1 + math.Exp(-a)) }

// each returns f of every element.
func each(v []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(v))
	for i, a := range v {
		out[i] = f(a)
	}
	return out
}

// numeric returns the gradient by central differences of sixth order.
func (l *literal) numeric() grad {
	by := func(v []float64) []float64 {
		return jacobian(func() []float64 { loss, _ := l.forward(); return []float64{loss} }, v)[0]
	}
	return grad{by(l.wxh), by(l.whh), by(l.b), by(l.bhn), by(l.h0), by(l.c0), l.eachX(by)}
}

func (l *literal) eachX(f func([]float64) []float64) (out [][]float64) {
	for _, x := range l.x {
		out = append(out, f(x))
	}
	return out
}

// jacobian returns how f's results move with each number of v, rows by columns.
func jacobian(f func() []float64, v []float64) [][]float64 {
	const h = 0.003
	rows := make([][]float64, len(f()))
	for i := range rows {
		rows[i] = make([]float64, len(v))
	}
	for j, at := range v {
		for _, d := range []struct{ step, weight float64 }{{1, 3.0 / 4}, {2, -3.0 / 20}, {3, 1.0 / 60}} {
			for _, side := range []float64{1, -1} {
				v[j] = at + side*d.step*h
				for i, y := range f() {
					rows[i][j] += side * d.weight * y / h
				}
			}
		}
		v[j] = at
	}
	return rows
}

// net is the same layer as this package computes it.
func (l *literal) net(t *testing.T) (n *rnn.Net[float64], b *rnn.Batch) {
	t.Helper()
	c := rnn.Config{Cell: l.cell, Input: l.i, Hidden: l.h, Layers: 1}
	n, err := rnn.New(c, slices.Concat(l.wxh, l.whh, l.b, l.bhn), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = rnn.NewBatch(len(l.x)); err != nil {
		t.Fatal(err)
	}
	n.Begin(b, rnn.States[float64]{H: l.h0, C: l.c0})
	return n, b
}

// testLiteral holds the document's gradients to central differences, and this
// package's outputs and gradients to the document's.
func testLiteral(t *testing.T, cell rnn.Cell) {
	for seed, s := range [][4]int{{1, 1, 2, 1}, {3, 1, 2, 2}, {1, 4, 3, 3}, {3, 5, 4, 7}, {2, 9, 3, 4}} { // I, H, K, T
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			l := newLiteral(rand.New(rand.NewPCG(uint64(seed), 9)), cell, s[0], s[1], s[2], s[3])
			_, e := l.forward()
			g := l.back(l, e)
			numeric := l.numeric()
			_, e = l.forward()
			n, b := l.net(t)
			h, dx := n.Forward(0, b.Steps(), slices.Concat(l.x...)), make([]float64, len(l.x)*l.i)
			n.Backward(slices.Concat(e...), dx)
			dh0, dc0 := n.StateGradient(0, 0)
			for _, c := range []struct {
				what      string
				got, want []float64
				tolerance float64
			}{
				{"∂L/∂Wxh by differences", g.wxh, numeric.wxh, 1e-8},
				{"∂L/∂Whh by differences", g.whh, numeric.whh, 1e-8},
				{"∂L/∂b by differences", g.b, numeric.b, 1e-8},
				{"∂L/∂bhn by differences", g.bhn, numeric.bhn, 1e-8},
				{"∂L/∂h_0 by differences", g.h0, numeric.h0, 1e-8},
				{"∂L/∂c_0 by differences", g.c0, numeric.c0, 1e-8},
				{"∂L/∂x by differences", slices.Concat(g.x...), slices.Concat(numeric.x...), 1e-8},
				{"h", h, slices.Concat(l.hs[1:]...), 1e-10},
				{"parameters", n.Grads(), slices.Concat(g.wxh, g.whh, g.b, g.bhn), 1e-10},
				{"∂L/∂x", dx, slices.Concat(g.x...), 1e-10},
				{"∂L/∂h_0", dh0, g.h0, 1e-10},
				{"∂L/∂c_0", dc0[:len(g.c0)], g.c0, 1e-10},
			} {
				if e := relErr(c.got, c.want); !(e < c.tolerance) {
					t.Errorf("%s is off by %.2g, want below %.0e", c.what, e, c.tolerance)
				}
			}
		})
	}
}
