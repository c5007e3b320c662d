package loss

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

func both(t *testing.T, f32, f64 func(*testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

func source() *rand.Rand { return rand.New(rand.NewPCG(3, 4)) }

func normals[F kernel.Float](rng *rand.Rand, n int) []F {
	x := make([]F, n)
	for i := range x {
		x[i] = F(rng.NormFloat64())
	}
	return x
}

func anyTargets(rng *rand.Rand, rows, k int) []int32 {
	targets := make([]int32, rows)
	for r := range targets {
		targets[r] = rng.Int32N(int32(k))
	}
	return targets
}

// epsilon is the distance from 1 to the next F.
func epsilon[F kernel.Float]() float64 {
	if x := F(1 << 24); x+1 == x {
		return 0x1p-23
	}
	return 0x1p-52
}

func wantNear(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) { // NaN is not near
		t.Errorf("%s is %v, want %v ± %g", what, got, want, tolerance)
	}
}

func wantEqual[F kernel.Float](t *testing.T, what string, got, want []F) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Float64bits(float64(got[i])) != math.Float64bits(float64(want[i])) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// slope is the central difference of f for *x. With steps of 2^-14 and third
// derivatives below 1 its error is below 1e-9: 2^-28/6, and the rounding of f.
func slope(x *float64, f func() float64) float64 {
	const step = 0x1p-14
	at := *x
	*x = at + step
	up := f()
	*x = at - step
	down := f()
	*x = at
	return (up - down) / (2 * step)
}
