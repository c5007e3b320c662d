package kernel

import (
	"math"
	"slices"
	"testing"
)

// checkExpRow holds the exponentials and their sum to float64's.
func checkExpRow(t *testing.T, x []float32) {
	t.Helper()
	top, want := x[0], 0.0
	for _, v := range x {
		top = max(top, v)
	}
	got := slices.Clone(x)
	gotTop, sum := ExpRow(got)
	for i, v := range x {
		e, far := math.Exp(float64(v)-float64(top)), math.Abs(float64(v-top))
		want += e
		if d := relative(float64(got[i]), float64(float32(e))); d > 4e-7+6e-8*far && e > 0 { // the difference, rounded
			t.Fatalf("element %d of %d: e^%v is %v, %.2g off", i, len(x), v-top, got[i], d)
		}
	}
	if gotTop != top || math.Abs(sum-want) > 1e-6*want {
		t.Fatalf("%d elements: top %v and sum %v, want %v and %v", len(x), gotTop, sum, top, want)
	}
}

func TestExpRow(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	onEach(t, func(t *testing.T) {
		rng := source()
		for n := 1; n < 200; n++ {
			x := normals[float32](rng, n)
			checkExpRow(t, x)
			for i := range x {
				x[i] = 20*x[i] - 500 // far below zero, which no lane may bring in
			}
			checkExpRow(t, x)
			checkExpRow(t, append(x, -inf))
		}
		for _, bad := range []float32{nan, inf} {
			x := make([]float32, 37)
			for at := range x {
				clear(x)
				x[at] = bad
				if _, sum := ExpRow(x); sum == sum {
					t.Errorf("a row with %v at %d has the sum %v", bad, at, sum)
				}
			}
		}
	})
}

func TestScaleRow(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for n := range 70 {
			x := normals[float32](source(), n+2)
			want, sum, size := slices.Clone(x), 0.0, 0.0
			for i := range n {
				want[i] *= 0.3
				sum, size = sum+float64(want[i]), size+math.Abs(float64(want[i]))
			}
			got := ScaleRow(x[:n], 0.3)
			wantSame(t, x, want, "%d elements", n)
			if math.Abs(float64(got)-sum) > 1e-6*size {
				t.Errorf("sum of %d elements %v, want %v", n, got, sum)
			}
		}
	})
}
