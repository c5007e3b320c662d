package bptt_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/unroll-go/unroll/bptt"
)

// Every bad argument gives one line that says where and what was expected.
func TestBadInputs(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		want string
		edit func(p *problem)
	}{
		{"sizes I = 0, H = 3, K = 2, want each at least 1", func(p *problem) { p.n = bptt.New(0, 3, 2) }},
		{"sizes I = 2, H = -3, K = 2", func(p *problem) { p.n = bptt.New(2, -3, 2) }},
		{"sizes I = 0, H = 0, K = 0", func(p *problem) { p.n = &bptt.Network{} }},
		{"Wxh has 5 numbers, want H*I = 6", func(p *problem) { p.n.Wxh = p.n.Wxh[:5] }},
		{"Whh has 10 numbers, want H*H = 9", func(p *problem) { p.n.Whh = append(p.n.Whh, 0) }},
		{"Bh has 0 numbers, want H = 3", func(p *problem) { p.n.Bh = nil }},
		{"Whz has 0 numbers, want K*H = 6", func(p *problem) { p.n.Whz = nil }},
		{"Bz has 1 numbers, want K = 2", func(p *problem) { p.n.Bz = p.n.Bz[:1] }},
		{"Whh[4] is NaN, want a finite number", func(p *problem) { p.n.Whh[4] = nan }},
		{"Bz[1] is +Inf, want a finite number", func(p *problem) { p.n.Bz[1] = inf }},
		{"the sequence has no steps", func(p *problem) { p.x, p.y = nil, nil }},
		{"3 labels for 4 steps, want one a step", func(p *problem) { p.y = p.y[:3] }},
		{"4 labels for 3 steps, want one a step", func(p *problem) { p.x = p.x[:3] }},
		{"step 0: h0 has width 2, want H = 3", func(p *problem) { p.h0 = p.h0[:2] }},
		{"step 0: h0 has width 0, want H = 3", func(p *problem) { p.h0 = nil }},
		{"step 0: h0[1] is NaN, want a finite number", func(p *problem) { p.h0[1] = nan }},
		{"step 2: x has width 1, want I = 2", func(p *problem) { p.x[1] = p.x[1][:1] }},
		{"step 4: x has width 0, want I = 2", func(p *problem) { p.x[3] = nil }},
		{"step 3: x[1] is -Inf, want a finite number", func(p *problem) { p.x[2][1] = -inf }},
		{"step 1: label -1, want 0..1", func(p *problem) { p.y[0] = -1 }},
		{"step 4: label 2, want 0..1", func(p *problem) { p.y[3] = 2 }},
		{"step 3: a[0] is +Inf, want a finite number", func(p *problem) { p.n.Wxh[0], p.x[2][0] = 1e200, 1e200 }},
		{"step 1: alpha[0] is +Inf, want a finite number", func(p *problem) {
			for i := range p.n.H { // h = tanh(100) = 1
				p.n.Bh[i], p.n.Whz[i] = 100, math.MaxFloat64
			}
		}},
		{"step 1: loss[0] is +Inf, want a finite number", func(p *problem) {
			p.n.Bz = []float64{math.MaxFloat64, -math.MaxFloat64}
			p.y[0] = 1
		}},
	} {
		p := newProblem(6, 4, 2, 3, 2, 0.5)
		c.edit(p)
		tr, err := p.n.Forward(p.x, p.h0, p.y)
		if err == nil || tr != nil {
			t.Errorf("want the error %q, got trace %v and error %v", c.want, tr, err)
			continue
		}
		if msg := err.Error(); !strings.HasPrefix(msg, "bptt: "+c.want) || strings.Contains(msg, "\n") {
			t.Errorf("error %q, want one line starting with %q", msg, "bptt: "+c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	if err := bptt.New(2, 3, 4).Check(); err != nil {
		t.Errorf("a new network: %v", err)
	}
	if err := bptt.New(2, 0, 4).Check(); err == nil {
		t.Error("a network of no hidden units passes")
	}
}

// Whatever the sizes, lengths and numbers: an error, or a finite loss and
// gradients of the right shapes. Never a panic. Half of the cases are good.
func TestForwardNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		tr, err := p.n.Forward(p.x, p.h0, p.y)
		if err != nil {
			if tr != nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("trace %v beside error %q", tr, err)
			}
			return
		}
		if math.IsNaN(tr.Loss) || math.IsInf(tr.Loss, 0) || tr.Loss < 0 {
			t.Fatalf("loss %v", tr.Loss)
		}
		b := tensors(p.n.DoubleSum(tr))
		for i, a := range tensors(p.n.Backward(tr)) {
			if len(a.data) != len(b[i].data) {
				t.Fatalf("%s: %d numbers and %d", a.name, len(a.data), len(b[i].data))
			}
		}
	})
}

// drawProblem draws a good problem, or one with any sizes, lengths, labels and
// numbers at all.
func drawProblem(t *rapid.T) *problem {
	size, number := rapid.IntRange(1, 3), rapid.Float64Range(-2, 2)
	T, extra := rapid.IntRange(1, 3), rapid.Just(0)
	bad := rapid.Bool().Draw(t, "bad")
	if bad {
		size, T = rapid.IntRange(-1, 3), rapid.IntRange(0, 3)
		number = rapid.OneOf(number, rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), 1e308}))
		extra = rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 0, -1, 1})
	}
	vector := func(name string, n int) []float64 {
		n = max(0, n+extra.Draw(t, name+" extra"))
		return rapid.SliceOfN(number, n, n).Draw(t, name)
	}
	I, H, K := size.Draw(t, "I"), size.Draw(t, "H"), size.Draw(t, "K")
	p := &problem{n: bptt.New(I, H, K), h0: vector("h0", H)}
	p.n.Wxh, p.n.Whh, p.n.Bh = vector("Wxh", H*I), vector("Whh", H*H), vector("Bh", H)
	p.n.Whz, p.n.Bz = vector("Whz", K*H), vector("Bz", K)
	label := rapid.IntRange(0, max(0, K-1))
	if bad {
		label = rapid.IntRange(-1, 3)
	}
	for range T.Draw(t, "T") {
		p.x = append(p.x, vector("x", I))
	}
	steps := max(0, len(p.x)+extra.Draw(t, "y extra"))
	p.y = rapid.SliceOfN(label, steps, steps).Draw(t, "y")
	return p
}
