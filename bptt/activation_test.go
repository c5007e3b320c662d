package bptt_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/unroll-go/unroll/bptt"
)

func TestTanh(t *testing.T) {
	for _, c := range []struct{ x, want float64 }{
		{0, 0},
		{math.Copysign(0, -1), math.Copysign(0, -1)},
		{1000, 1}, {-1000, -1},
		{math.Inf(1), 1}, {math.Inf(-1), -1},
		{math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat64},
		{1e-300, 1e-300}, {-1e-20, -1e-20},
		{0.5, 0.46211715726000975}, // (e - 1)/(e + 1)
	} {
		got := bptt.Tanh(c.x)
		if math.Abs(got-c.want) > 2e-16 || math.Signbit(got) != math.Signbit(c.want) {
			t.Errorf("Tanh(%v) = %v, want %v", c.x, got, c.want)
		}
		if math.Abs(c.x) < 1e-10 && got != c.want {
			t.Errorf("Tanh(%v) = %v, want exactly %v", c.x, got, c.want)
		}
	}
	if got := bptt.Tanh(math.NaN()); !math.IsNaN(got) {
		t.Errorf("Tanh(NaN) = %v, want NaN", got)
	}
}

func TestSoftmax(t *testing.T) {
	for _, c := range []struct{ alpha, want []float64 }{
		{[]float64{1000, -1000}, []float64{1, 0}},
		{[]float64{-1000, 1000, -1000}, []float64{0, 1, 0}},
		{[]float64{-1000, -1000}, []float64{0.5, 0.5}},
		{[]float64{1000, 1000, 1000, 1000}, []float64{0.25, 0.25, 0.25, 0.25}},
		{[]float64{math.MaxFloat64, -math.MaxFloat64}, []float64{1, 0}},
		{[]float64{0, math.Log(3)}, []float64{0.25, 0.75}},
		{[]float64{7}, []float64{1}},
		{nil, nil},
	} {
		closeTo(t, "Softmax", bptt.Softmax(c.alpha), c.want, 1e-15)
	}
}

// Any finite alpha gives probabilities: in 0..1, adding up to 1, in the order of
// alpha but for rounding.
func TestSoftmaxGivesProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alpha := rapid.SliceOfN(rapid.Float64(), 1, 8).Draw(t, "alpha")
		z := bptt.Softmax(alpha)
		total := 0.0
		for i := range z {
			total += z[i]
			if !(z[i] >= 0 && z[i] <= 1) {
				t.Fatalf("z[%d] = %v", i, z[i])
			}
			for j := range z {
				if alpha[i] > alpha[j] && z[i] < z[j]*(1-1e-15) {
					t.Fatalf("alpha[%d] > alpha[%d], but z = %v", i, j, z)
				}
			}
		}
		if math.Abs(total-1) > 4e-15 {
			t.Fatalf("sum of z is %v, want 1", total)
		}
	})
}

// L(t) = -log z_t stays finite and exact where z_t is stored as 0, and where it
// is stored as 1.
func TestStepLossIsExact(t *testing.T) {
	for _, c := range []struct {
		alpha []float64
		y     int
		want  float64
	}{
		{[]float64{1000, -1000}, 0, 0},
		{[]float64{1000, -1000}, 1, 2000},
		{[]float64{-1000, -1000, -1000}, 2, math.Log(3)},
		{[]float64{40, 0}, 0, 4.248354255291589e-18}, // log(1 + e^-40)
		{[]float64{0, 40}, 0, 40},
		{[]float64{5}, 0, 0},
	} {
		n := bptt.New(1, 1, len(c.alpha)) // zero weights: alpha_t = Bz
		n.Bz = c.alpha
		tr, err := n.Forward([][]float64{{0}}, []float64{0}, []int{c.y})
		if err != nil {
			t.Fatal(err)
		}
		if e := math.Abs(tr.Loss - c.want); e > 1e-15*c.want {
			t.Errorf("alpha %v, y %d: loss %v, want %v", c.alpha, c.y, tr.Loss, c.want)
		}
	}
}
