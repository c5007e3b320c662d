package explain

import (
	"math"
	"strings"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// layer is one direction of a recurrent layer in float64: the weights that
// package rnn names and orders, and its equations in plain loops.
type layer struct {
	cell           rnn.Cell
	i, h           int
	wxh, whh       []float64 // [G·H, I], [G·H, H]
	b, bhn         []float64 // [G·H]; of the GRU's n gate, [H]
	h0, c0         []float64 // learned initial states; nil for zero
	packedX, packH kernel.Packed[float64]
}

// layersOf returns the layers of c, lowest first, and of each its directions.
// They use params, laid out as c.Tensors says.
func layersOf(c rnn.Config, params []float64) [][]*layer {
	var all [][]*layer
	var l *layer
	for _, t := range c.Tensors() {
		data := params[t.Offset : t.Offset+t.Size()]
		name, _, _ := strings.Cut(t.Name, "_l")
		switch name {
		case "weight_ih":
			if !strings.HasSuffix(t.Name, "_reverse") {
				all = append(all, nil)
			}
			l = &layer{cell: c.Cell, i: t.Shape[1], h: c.Hidden, wxh: data}
			all[len(all)-1] = append(all[len(all)-1], l)
		case "weight_hh":
			l.whh = data
		case "bias":
			l.b = data
		case "bias_hn":
			l.bhn = data
		case "h0":
			l.h0 = data
		case "c0":
			l.c0 = data
		}
	}
	return all
}

// state returns S, the width of what a step hands to the next: H, and of the
// LSTM, whose state is (h, c), 2H.
func (l *layer) state() int { return stateOf(rnn.Config{Cell: l.cell, Hidden: l.h}) }

func stateOf(c rnn.Config) int {
	if c.Cell == rnn.LSTM {
		return 2 * c.Hidden
	}
	return c.Hidden
}

// run is a layer's pass over one sequence, in its own direction: entry t is
// its t-th step, 1..T, and entry 0 what it begins from.
type run struct {
	*layer
	h, c  [][]float64 // [T+1][H]
	gates [][]float64 // [T+1][G·H] i, f, g, o or r, z, n; of the GRU Whn·h_{t−1} + bhn behind them
}

func (r *run) steps() int { return len(r.h) - 1 }

// forward runs the layer over x [T][I].
func (l *layer) forward(x [][]float64) *run {
	r := &run{layer: l, h: [][]float64{zeros(l.h0, l.h)}, c: [][]float64{zeros(l.c0, l.h)}, gates: [][]float64{nil}}
	l.packedX.Pack(l.wxh, len(l.b), l.i)
	l.packH.Pack(l.whh, len(l.b), l.h)
	for _, xt := range x {
		r.step(xt)
	}
	return r
}

// zeros returns v, or n zeros where there is none.
func zeros(v []float64, n int) []float64 {
	if v == nil {
		return make([]float64, n)
	}
	return v
}

// step adds step t, whose input is x.
func (r *run) step(x []float64) {
	n, before := r.layer.h, len(r.h)-1
	a, wh := make([]float64, len(r.b)), make([]float64, len(r.b))
	kernel.Mul(a, x, 1, &r.packedX, false)
	kernel.Mul(wh, r.h[before], 1, &r.packH, false)
	for j, b := range r.b {
		a[j] += b
		if r.cell != rnn.GRU || j < 2*n {
			a[j] += wh[j]
		}
	}
	h, c, gates := make([]float64, n), []float64(nil), a
	switch r.cell {
	case rnn.LSTM:
		c = make([]float64, n)
		i, f, g, o := a[:n], a[n:2*n], a[2*n:3*n], a[3*n:]
		for j := range n {
			i[j], f[j], g[j], o[j] = sigmoid(i[j]), sigmoid(f[j]), math.Tanh(g[j]), sigmoid(o[j])
			c[j] = f[j]*r.c[before][j] + i[j]*g[j]
			h[j] = o[j] * math.Tanh(c[j])
		}
	case rnn.GRU:
		gates = append(a, wh[2*n:]...)
		reset, z, cand, hn := gates[:n], gates[n:2*n], gates[2*n:3*n], gates[3*n:]
		for j := range n {
			hn[j] += r.bhn[j]
			reset[j], z[j] = sigmoid(reset[j]), sigmoid(z[j])
			cand[j] = math.Tanh(cand[j] + reset[j]*hn[j])
			h[j] = (1-z[j])*cand[j] + z[j]*r.h[before][j]
		}
	case rnn.ReLU:
		for j := range n {
			h[j] = max(a[j], 0)
		}
	default:
		for j := range n {
			h[j] = math.Tanh(a[j]) // (2)
		}
	}
	r.h, r.c, r.gates = append(r.h, h), append(r.c, c), append(r.gates, gates)
}

func sigmoid(a float64) float64 { return 1 / (1 + math.Exp(-a)) }

// caseRun is the pass that a trace of the paper's network is.
func caseRun(n *bptt.Network, tr *bptt.Trace) *run {
	l := &layer{cell: rnn.Tanh, i: n.I, h: n.H, wxh: n.Wxh, whh: n.Whh, b: n.Bh}
	return &run{layer: l, h: tr.H}
}
