package explain

import (
	"math"
	"testing"

	"github.com/unroll-go/unroll/internal/check"
)

// TestLimit wants the limit raised to three times what rounding does, never
// lowered, and never above 1e-4.
func TestLimit(t *testing.T) {
	for rounding, want := range map[float64]float64{0: 1e-7, 1e-8: 1e-7, 1e-6: 3e-6, 1: 1e-4} {
		if got := (&Equation{Rounding: rounding}).NumericLimit(); math.Abs(got-want) > 1e-12*want {
			t.Errorf("where rounding does %g, the limit is %g, want %g", rounding, got, want)
		}
	}
}

// TestRounding wants the limit where it always is for networks that do not
// saturate, raised for those that do, who then pass too; and mistakes that move
// numbers noticed all the same.
func TestRounding(t *testing.T) {
	raised := 0
	for seed := range uint64(40) {
		for _, scale := range []float64{0.01, 1, 5, 10} {
			e := drawn(seed, sizes{2, 3, 4, 3}, scale)
			r := explained(t, e, None)
			if !r.OK() {
				t.Errorf("%s, seed %d: checks %+v", e.Name, seed, r.Checks)
			}
			for _, q := range r.Equations {
				switch limit := q.NumericLimit(); {
				case scale <= 1 && limit != check.LimitDiff:
					t.Errorf("%s: the limit of %s is %g", e.Name, q.name(), limit)
				case limit > check.LimitDiff:
					raised++
				}
			}
			if scale > 1 {
				continue
			}
			if r := explained(t, e, Sign); r.OK() {
				t.Errorf("%s: sign is not noticed", e.Name)
			}
		}
	}
	if raised == 0 {
		t.Error("no limit was raised")
	}
}

// TestGoldenLimit wants a golden gradient refused that is 2e-10 off.
func TestGoldenLimit(t *testing.T) {
	for off, want := range map[float64]bool{5e-11: true, 2e-10: false} {
		e := Builtin()
		tr, err := e.Net.Forward(e.X, e.H0, e.Y)
		if err != nil {
			t.Fatal(err)
		}
		whh := e.Net.Backward(tr).Whh
		for i := range whh {
			whh[i] *= 1 + off
		}
		e.golden = &check.Golden{Grads: map[string]check.Array{"rnn.weight_hh_l0": {Data: whh}}}
		if r := explained(t, e, None); r.OK() != want || len(r.Checks) != 4 {
			t.Errorf("off by %g: checks %+v", off, r.Checks)
		}
	}
}
