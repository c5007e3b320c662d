package loss

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

func TestSoftmaxAgainstItsDefinition(t *testing.T) {
	both(t, testSoftmaxDefinition[float32], testSoftmaxDefinition[float64])
}

func testSoftmaxDefinition[F kernel.Float](t *testing.T) {
	rng := source()
	for _, k := range []int{1, 2, 3, 7, 40} {
		const rows = 5
		alpha := normals[F](rng, rows*k)
		for i := range alpha {
			alpha[i] *= 3
		}
		z := make([]F, rows*k)
		Softmax(z, alpha, k)
		for r := range rows {
			total, sum := 0.0, 0.0
			for _, a := range alpha[r*k : (r+1)*k] {
				total += math.Exp(float64(a))
			}
			for i, a := range alpha[r*k : (r+1)*k] {
				got, want := float64(z[r*k+i]), math.Exp(float64(a))/total
				wantNear(t, fmt.Sprintf("K %d: z[%d,%d]", k, r, i), got, want, 8*epsilon[F]()*want)
				sum += got
			}
			wantNear(t, fmt.Sprintf("K %d: the sum of row %d", k, r), sum, 1, 2*epsilon[F]())
		}
		Softmax(alpha, alpha, k)
		wantEqual(t, "softmax in place", alpha, z)
	}
}

func TestSoftmaxAtTheEdges(t *testing.T) {
	both(t, testSoftmaxEdges[float32], testSoftmaxEdges[float64])
}

func testSoftmaxEdges[F kernel.Float](t *testing.T) {
	third, inf := float64(F(1.0/3)), F(math.Inf(-1))
	for _, c := range []struct {
		alpha []F
		want  []float64
	}{
		{[]F{5}, []float64{1}},
		{[]F{-1000}, []float64{1}},
		{[]F{1000, -1000}, []float64{1, 0}},
		{[]F{-1000, 1000}, []float64{0, 1}},
		{[]F{1000, 1000}, []float64{0.5, 0.5}},
		{[]F{-1000, -1000, -1000, -1000}, []float64{0.25, 0.25, 0.25, 0.25}},
		{[]F{0.1, 0.1, 0.1}, []float64{third, third, third}},
		{[]F{inf, 2, 2}, []float64{0, 0.5, 0.5}},
	} {
		z := make([]F, len(c.alpha))
		Softmax(z, c.alpha, len(z))
		for i := range z {
			if float64(z[i]) != c.want[i] {
				t.Errorf("softmax(%v) = %v, want %v", c.alpha, z, c.want)
				break
			}
		}
	}
	nan := []F{1, F(math.NaN()), 2}
	Softmax(nan, nan, 3)
	for _, v := range nan {
		if v == v {
			t.Errorf("softmax of a row with NaN is %v, want NaN everywhere", nan)
			break
		}
	}
}

func TestNLLAgainstItsDefinition(t *testing.T) {
	both(t, testNLLDefinition[float32], testNLLDefinition[float64])
}

func testNLLDefinition[F kernel.Float](t *testing.T) {
	rng := source()
	for _, k := range []int{1, 2, 5, 30} {
		const rows = 8
		alpha, targets, losses := normals[F](rng, rows*k), anyTargets(rng, rows, k), make([]float64, rows)
		targets[2] = NoLabel
		z := slices.Clone(alpha)
		SoftmaxNLL(z, targets, losses, k)
		want := slices.Clone(alpha)
		Softmax(want, alpha, k)
		wantEqual(t, "z", z, want)
		for r, y := range targets {
			sum, loss := 0.0, 0.0
			for _, a := range alpha[r*k : (r+1)*k] {
				sum += math.Exp(float64(a))
			}
			if y != NoLabel {
				loss = -math.Log(math.Exp(float64(alpha[r*k+int(y)])) / sum)
			}
			// The sum is in float64 for both types, so the bound is the same.
			wantNear(t, fmt.Sprintf("K %d: loss of row %d", k, r), losses[r], loss, 1e-14)
		}
	}
}

func TestNLLIsFiniteWhereZUnderflows(t *testing.T) {
	both(t, testNLLUnderflow[float32], testNLLUnderflow[float64])
}

func testNLLUnderflow[F kernel.Float](t *testing.T) {
	for _, c := range []struct {
		alpha  []F
		target int32
		want   float64
	}{
		{[]F{0, 1000}, 0, 1000},
		{[]F{0, 1000}, 1, 0},
		{[]F{-1000, 1000}, 0, 2000},
		{[]F{-1000, -3000, -1000}, 1, 2000 + math.Ln2},
		{[]F{7}, 0, 0},
		{[]F{-3e38, 3e38}, 0, 2 * float64(F(3e38))},
	} {
		losses := []float64{math.NaN()}
		alpha := slices.Clone(c.alpha)
		SoftmaxNLL(alpha, []int32{c.target}, losses, len(alpha))
		wantNear(t, fmt.Sprintf("the loss of %v for label %d", c.alpha, c.target), losses[0], c.want, 1e-15*c.want)
	}
}

func TestNoLabelHasNoLossAndNoGradient(t *testing.T) {
	both(t, testNoLabel[float32], testNoLabel[float64])
}

func testNoLabel[F kernel.Float](t *testing.T) {
	z := []F{1, 2, 3, 4, 0, 2}
	targets, losses := []int32{NoLabel, 0, NoLabel}, []float64{-1, -1, -1}
	SoftmaxNLL(z, targets, losses, 2)
	if losses[0] != 0 || losses[2] != 0 || !(losses[1] > 0) {
		t.Errorf("losses %v, want 0 for the first and the last alone", losses)
	}
	if z[0] == 0 || z[4] == 0 {
		t.Errorf("z is %v: a step with no label has probabilities all the same", z)
	}
	label := z[2]
	Gradient(z, targets, 2)
	wantEqual(t, "gradient", z, []F{0, 0, label - 1, z[3], 0, 0})
	if z[3] == 0 {
		t.Errorf("gradient %v: the step with a label has one", z)
	}
}

func TestGradientAgainstCentralDifferences(t *testing.T) {
	rng := source()
	const rows, k = 6, 5
	alpha, targets, losses := normals[float64](rng, rows*k), anyTargets(rng, rows, k), make([]float64, rows)
	targets[4] = NoLabel
	z := make([]float64, len(alpha))
	sum := func() float64 {
		copy(z, alpha)
		SoftmaxNLL(z, targets, losses, k)
		s := 0.0
		for _, l := range losses {
			s += l
		}
		return s
	}
	sum()
	got := slices.Clone(z)
	Gradient(got, targets, k)
	for i := range alpha {
		wantNear(t, fmt.Sprintf("gradient %d", i), got[i], slope(&alpha[i], sum), 1e-9)
	}
}

func TestBestIsTheFirstOfTheLargest(t *testing.T) { both(t, testBest[float32], testBest[float64]) }

func testBest[F kernel.Float](t *testing.T) {
	for _, c := range []struct {
		z    []F
		want int
	}{
		{[]F{1}, 0}, {[]F{1, 2}, 1}, {[]F{2, 1}, 0}, {[]F{0, 3, 1, 3}, 1}, {[]F{2, 2, 2}, 0},
		{[]F{-3, -1, -2}, 1}, {[]F{-5, -5}, 0}, {[]F{0, 1, 2}, 2},
	} {
		if got := Best(c.z); got != c.want {
			t.Errorf("Best(%v) = %d, want %d", c.z, got, c.want)
		}
	}
}

// TestNLLGradientIsBothInOne holds it to SoftmaxNLL and Gradient in float64;
// the gradient's error is relative, however certain the prediction is.
func TestNLLGradientIsBothInOne(t *testing.T) {
	both(t, testNLLGradient[float32], testNLLGradient[float64])
}

func testNLLGradient[F kernel.Float](t *testing.T) {
	rng := source()
	tolerance := map[bool]float64{true: 2e-6, false: 1e-13}[epsilon[F]() > 1e-10]
	for _, k := range []int{1, 2, 5, 17, 300} {
		const rows = 9
		alpha, targets, losses := normals[F](rng, rows*k), anyTargets(rng, rows, k), make([]float64, rows)
		targets[2] = NoLabel
		if targets[3] != NoLabel {
			alpha[3*k+int(targets[3])] = 25 // nearly certain
		}
		want, wantLosses := make([]float64, rows*k), make([]float64, rows)
		for i, a := range alpha {
			want[i] = float64(a)
		}
		SoftmaxNLL(want, targets, wantLosses, k)
		Gradient(want, targets, k)
		NLLGradient(alpha, targets, losses, k)
		for i := range want {
			wantNear(t, fmt.Sprintf("K %d: gradient %d", k, i), float64(alpha[i]), want[i], tolerance*math.Abs(want[i]))
		}
		for r := range losses {
			wantNear(t, fmt.Sprintf("K %d: loss %d", k, r), losses[r], wantLosses[r], tolerance)
		}
	}
	inf := F(math.Inf(1))
	for _, bad := range []F{F(math.NaN()), inf} {
		for at := range 3 {
			alpha, losses := []F{1, 2, 3}, []float64{0}
			alpha[at] = bad
			if NLLGradient(alpha, []int32{1}, losses, 3); losses[0]-losses[0] == 0 {
				t.Errorf("the loss of a row with %v is %v, want one that is not finite", bad, losses[0])
			}
		}
	}
}
