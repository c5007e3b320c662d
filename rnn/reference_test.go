package rnn_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/rnn"
)

// problem is a one-layer tanh network with a batch and an output layer, so
// that the paper's network (package bptt) can be asked for the same numbers.
type problem struct {
	config  rnn.Config
	k       int
	lengths []int
	params  []float64 // of the layer, as Config.Tensors says
	whz, bz []float64
	x       [][][]float64 // [B][T][I]
	h0      [][]float64   // [B][H]
	y       [][]int       // [B][T]
}

func newProblem(r *rand.Rand, i, h, k int, lengths ...int) *problem {
	p := &problem{config: rnn.Config{Cell: rnn.Tanh, Input: i, Hidden: h, Layers: 1}, k: k, lengths: lengths}
	p.params, p.whz, p.bz = draw(r, p.config.Size()), draw(r, k*h), draw(r, k)
	for j := range p.params { // keep a wide network from exploding, where float32 cannot follow
		p.params[j] *= min(1, 2/math.Sqrt(float64(h)))
	}
	for _, n := range lengths {
		var x [][]float64
		var y []int
		for range n {
			x, y = append(x, draw(r, i)), append(y, r.IntN(k))
		}
		p.x, p.y, p.h0 = append(p.x, x), append(p.y, y), append(p.h0, draw(r, h))
	}
	return p
}

func draw(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 0.6 * r.NormFloat64()
	}
	return v
}

// paper runs every sequence through package bptt: h, ∂L/∂h as the output layer
// gives it, ∂L/∂x and ∂L/∂h_0 of each, and the sums of the parameters' gradients.
func (p *problem) paper(t *testing.T) (h, dh, dx [][][]float64, dh0 [][]float64, grads []float64) {
	t.Helper()
	n := bptt.New(p.config.Input, p.config.Hidden, p.k)
	from := 0
	for _, v := range [][]float64{n.Wxh, n.Whh, n.Bh} {
		from += copy(v, p.params[from:])
	}
	copy(n.Whz, p.whz)
	copy(n.Bz, p.bz)
	grads = make([]float64, len(p.params))
	for b := range p.lengths {
		tr, err := n.Forward(p.x[b], p.h0[b], p.y[b])
		if err != nil {
			t.Fatal(err)
		}
		g := n.Backward(tr)
		var up [][]float64
		for s := 1; s <= tr.T(); s++ {
			da, row := tr.DAlpha(s), make([]float64, p.config.Hidden)
			for j := range row {
				for c, v := range da {
					row[j] += v * p.whz[c*p.config.Hidden+j]
				}
			}
			up = append(up, row)
		}
		h, dh, dx, dh0 = append(h, tr.H[1:]), append(dh, up), append(dx, g.X[1:]), append(dh0, g.H0)
		at := 0
		for _, v := range [][]float64{g.Wxh, g.Whh, g.Bh} {
			for i, x := range v {
				grads[at+i] += x
			}
			at += len(v)
		}
	}
	return h, dh, dx, dh0, grads
}

// pack lays [B][T][width] out as the batch has it.
func pack[F rnn.Float](b *rnn.Batch, values [][][]float64) []F {
	var out []F
	for t := range b.Steps() {
		for s := range b.Alive(t) {
			out = append(out, convert[F](values[s][t])...)
		}
	}
	return out
}

func convert[F rnn.Float](v []float64) []F {
	out := make([]F, len(v))
	for i, x := range v {
		out[i] = F(x)
	}
	return out
}

// relErr is max|a − b| / max(max|b|, 1e-8).
func relErr[F rnn.Float](a, b []F) float64 {
	worst, scale := 0.0, 1e-8
	for i := range b {
		worst = max(worst, math.Abs(float64(a[i]-b[i])))
		scale = max(scale, math.Abs(float64(b[i])))
	}
	if len(a) != len(b) || worst != worst {
		return math.Inf(1)
	}
	return worst / scale
}

func flat[F rnn.Float](rows [][]float64) []F {
	var out []F
	for _, r := range rows {
		out = append(out, convert[F](r)...)
	}
	return out
}

// TestPaper compares packed batches with the paper's own loops, in float64
// below 1e-10 and in float32 below 1e-5.
func TestPaper(t *testing.T) {
	shapes := []struct {
		i, h, k int
		lengths []int
	}{
		{1, 1, 2, []int{1}}, {3, 4, 3, []int{2}}, {5, 7, 4, []int{9, 6, 3, 1}}, {2, 5, 3, []int{4, 4, 4}},
		{4, 9, 2, []int{30}}, {7, 3, 5, []int{12, 11, 11, 2, 2, 1}}, {6, 33, 4, []int{17, 5}},
	}
	for seed, s := range shapes {
		p := newProblem(rand.New(rand.NewPCG(uint64(seed), 0)), s.i, s.h, s.k, s.lengths...)
		t.Run(fmt.Sprintf("I%d_H%d_%v", s.i, s.h, s.lengths), func(t *testing.T) {
			comparePaper[float64](t, p, 1e-10)
			comparePaper[float32](t, p, 1e-5)
		})
	}
}

func comparePaper[F rnn.Float](t *testing.T, p *problem, tolerance float64) {
	t.Helper()
	h, dh, dx, dh0, grads := p.paper(t)
	b, err := rnn.NewBatch(p.lengths...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := rnn.New(p.config, convert[F](p.params), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	n.Begin(b, rnn.States[F]{H: flat[F](p.h0)})
	gotH := n.Forward(0, b.Steps(), pack[F](b, p.x))
	gotDX := make([]F, b.Rows()*p.config.Input)
	n.Backward(pack[F](b, dh), gotDX)
	dh0Got, _ := n.StateGradient(0, 0)
	for _, c := range []struct {
		name      string
		got, want []F
	}{
		{"h", gotH, pack[F](b, h)}, {"dx", gotDX, pack[F](b, dx)},
		{"dh0", dh0Got, flat[F](dh0)}, {"parameters", n.Grads(), convert[F](grads)},
	} {
		if e := relErr(c.got, c.want); e >= tolerance {
			t.Errorf("%T: %s is off by %.2g, want below %.0e", F(0), c.name, e, tolerance)
		}
	}
}
