package loss

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

func TestBalanced(t *testing.T) {
	for _, c := range []struct {
		counts []int
		want   []float64
	}{
		{nil, nil},
		{[]int{7}, []float64{1}},
		{[]int{5, 5}, []float64{1, 1}},
		{[]int{90, 9, 1}, []float64{100.0 / 270, 100.0 / 27, 100.0 / 3}},
		{[]int{3, 0, 1}, []float64{4.0 / 6, 0, 2}}, // the second is of no target: K is 2
		{[]int{0, 0}, []float64{0, 0}},
	} {
		got := Balanced(c.counts)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-15 }) {
			t.Errorf("%v: %v, want %v", c.counts, got, c.want)
		}
	}
}

func TestWeigh(t *testing.T) { both(t, testWeigh[float32], testWeigh[float64]) }

// testWeigh holds weighted losses and gradients to −w_y log(e^α_y/Σe^α) and
// w_y (e^α_i/Σe^α − [i = y]), written out in float64.
func testWeigh[F kernel.Float](t *testing.T) {
	rng := source()
	tolerance := map[bool]float64{true: 1e-5, false: 1e-13}[epsilon[F]() > 1e-10]
	for _, k := range []int{1, 2, 5, 17} {
		const rows = 9
		alpha, targets, losses := normals[F](rng, rows*k), anyTargets(rng, rows, k), make([]float64, rows)
		targets[4] = NoLabel
		weights := make([]F, k)
		for i := range weights {
			weights[i] = F(0.25 + float64(3*i))
		}
		got := slices.Clone(alpha)
		NLLGradient(got, targets, losses, k)
		Weigh(got, targets, losses, weights, k)
		for r, y := range targets {
			sum, w, loss := 0.0, 0.0, 0.0
			for _, a := range alpha[r*k : (r+1)*k] {
				sum += math.Exp(float64(a))
			}
			if y != NoLabel {
				w = float64(weights[y])
				loss = -w * math.Log(math.Exp(float64(alpha[r*k+int(y)]))/sum)
			}
			wantNear(t, fmt.Sprintf("K %d: loss of row %d", k, r), losses[r], loss, tolerance*max(1, w))
			for i, a := range alpha[r*k : (r+1)*k] {
				one := 0.0
				if i == int(y) {
					one = 1
				}
				want := w * (math.Exp(float64(a))/sum - one)
				wantNear(t, fmt.Sprintf("K %d: gradient [%d,%d]", k, r, i), float64(got[r*k+i]), want, tolerance*max(1, w))
			}
		}
	}
}
