package explain

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// large are networks of finite numbers that are too large, or too many steps that
// are too steep, for differences of one step around an exact pass.
func large(seed uint64) []*Example {
	chaotic := drawn(seed, sizes{100, 4, 32, 3}, 1)
	r := rand.New(rand.NewPCG(seed, 8))
	for _, w := range [][]float64{chaotic.Net.Wxh, chaotic.Net.Whh, chaotic.Net.Bh, chaotic.Net.Whz, chaotic.Net.Bz} {
		for i := range w {
			w[i] = 2*r.Float64() - 1
		}
	}
	chaotic.Name = "100 steps of 32 units, weights within 1"
	all := []*Example{chaotic}
	add := func(what string, by float64, change func(e *Example)) {
		e := drawn(seed, sizes{3, 2, 3, 3}, 1)
		change(e)
		e.Name = fmt.Sprintf("%s %g", what, by)
		all = append(all, e)
	}
	for _, by := range []float64{1e6, 1e10, 1e13, 1e16} {
		add("output weights of", by, func(e *Example) { multiply(by, e.Net.Whz) })
		add("output biases of", by, func(e *Example) { multiply(by, e.Net.Bz) })
		add("output biases that are alike but for", by, func(e *Example) {
			for i := range e.Net.Bz {
				e.Net.Bz[i] += by
			}
		})
	}
	for _, by := range []float64{20, 100, 1e8, 1e16} {
		add("weights of", by, func(e *Example) { multiply(by, e.Net.Wxh, e.Net.Whh, e.Net.Bh, e.Net.Whz, e.Net.Bz) })
	}
	return all
}

func multiply(by float64, tensors ...[]float64) {
	for _, v := range tensors {
		for i := range v {
			v[i] *= by
		}
	}
}

// TestLarge wants all checks to pass on large numbers and where a network is
// chaotic, none of them unable to tell, and the sign noticed by the differences.
func TestLarge(t *testing.T) {
	for seed := range uint64(2) {
		for _, e := range large(seed) {
			if r := explained(t, e, None); !r.OK() || len(r.Unsure()) > 0 {
				t.Errorf("%s, seed %d: %+v", e.Name, seed, r.Checks)
			}
			if seed > 0 {
				continue
			}
			if r := explained(t, e, Sign); !slices.Equal(r.Failed(), []string{CheckDifferences}) {
				t.Errorf("%s, seed %d: sign is noticed by %v", e.Name, seed, r.Failed())
			}
		}
	}
	if r := explained(t, large(0)[0], Held); !slices.Contains(r.Failed(), CheckDifferences) {
		t.Errorf("held is noticed by %v", r.Failed())
	}
}

// TestCannotTell wants differences that agree on no digit among themselves to be
// no failure and no pass, and the gradients of which they do to be held to them
// all the same.
func TestCannotTell(t *testing.T) {
	e := drawn(1, sizes{180, 2, 24, 3}, 2) // a state grows more than 1e30-fold
	r := explained(t, e, None)
	if !r.OK() || !slices.Equal(r.Unsure(), []string{CheckDifferences}) {
		t.Errorf("checks %+v", r.Checks)
	}
	for _, q := range r.Equations {
		if recurrent := q.Recursive(); q.NumericUnsure() != recurrent || q.NumericFails() {
			t.Errorf("%s: off by %.2g, differences among themselves by %.2g", q.name(), q.NumericRelErr, q.NumericDoubt)
		}
	}
	if r := explained(t, e, Sign); !slices.Equal(r.Failed(), []string{CheckDifferences}) {
		t.Errorf("sign is noticed by %v", r.Failed())
	}
}

// TestUnsure wants what is off by more than the differences themselves to fail.
func TestUnsure(t *testing.T) {
	for _, c := range []struct {
		relErr, rounding, doubt float64
		unsure, fails           bool
	}{
		{5e-8, 0, 0, false, false},
		{2e-7, 0, 1e-12, false, true},
		{2e-7, 0, 1e-7, true, false},
		{4e-7, 0, 1e-7, false, true},
		{1, 0, 0.09, false, true},
		{1e9, 0, 1, true, false},
		{2e-3, 1e-3, 1e-12, true, false},
		{2, 1e-3, 1e-12, false, true},
	} {
		q := Equation{NumericRelErr: c.relErr, Rounding: c.rounding, NumericDoubt: c.doubt}
		if q.NumericUnsure() != c.unsure || q.NumericFails() != c.fails {
			t.Errorf("%+v: unsure %v, fails %v", c, q.NumericUnsure(), q.NumericFails())
		}
	}
}

// TestPin wants the double pass to come to float64's, and not to follow one that
// is off by more than rounding.
func TestPin(t *testing.T) {
	e := large(0)[0]
	tr, err := e.Net.Forward(e.X, e.H0, e.Y)
	if err != nil {
		t.Fatal(err)
	}
	for _, off := range []float64{0, 1e-12} {
		tr.H[3][1] *= 1 + off
		d, worst := newDoubled(e, tr), 0.0
		for i, a := range slices.Concat(tr.Alpha...) {
			worst = max(worst, double{a, 0}.minus(d.alpha[i]).abs().hi)
		}
		if follows := worst < 1e-28; follows != (off == 0) {
			t.Errorf("a state off by %g: alphas are off by %.2g", off, worst)
		}
	}

	e = drawn(3, sizes{5, 2, 3, 3}, 0.8)
	if tr, err = e.Net.Forward(e.X, e.H0, e.Y); err != nil {
		t.Fatal(err)
	}
	tr.H[2][0] *= 1 + 1e-6
	w := &work{Example: e, sizes: sizes{5, 2, 3, 3}, tr: tr, told: tr, grads: []*bptt.Gradients{e.Net.Backward(tr)}, numeric: e.differences(tr)}
	if q := w.equation(derived{by: "bh"}); !q.NumericFails() {
		t.Errorf("of a pass that is wrong: %s is off by %.2g", q.name(), q.NumericRelErr)
	}
}
