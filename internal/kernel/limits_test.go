package kernel

import (
	"slices"
	"testing"
	"time"
)

func TestPeakCountsItsMultiplyAdds(t *testing.T) { both(t, testPeak[float32], testPeak[float64]) }

func testPeak[F Float](t *testing.T) {
	var l Limits[F]
	for _, loops := range []int{1, 2, 1000, 100_003} {
		if got, want := l.Peak(loops), float64(loops*12*max(active[F]().lanes, 1)); got != want {
			t.Errorf("%d loops: %v multiply-adds, want %v", loops, got, want)
		}
	}
	start := time.Now()
	n := l.Peak(100_000)
	if rate := n / time.Since(start).Seconds(); !(rate > 1e6 && rate < 1e13) {
		t.Errorf("%v multiply-adds a second, want something between 1e6 and 1e13", rate)
	}
	wantNoAllocs(t, "peak", func() { l.Peak(10) })
}

// Numbers are small and whole, so that sums are exact; each element in turn is
// made another, which the sum must show.
func TestPassReadsEveryElementOnce(t *testing.T) { both(t, testPass[float32], testPass[float64]) }

func testPass[F Float](t *testing.T) {
	rng := source()
	var l Limits[F]
	for _, n := range []int{0, 1, 7, 63, 64, 127, 128, 129, 255, 256, 300, 1024} {
		x := make([]F, n)
		want := 0.0
		for i := range x {
			x[i] = F(rng.IntN(100))
			want += float64(x[i])
		}
		kept := slices.Clone(x)
		if got := l.Pass(x); got != want {
			t.Errorf("%d elements: sum %v, want %v", n, got, want)
		}
		wantSame(t, x, kept, "memory that is only read")
		for i := range x {
			x[i] += 1000
			if got := l.Pass(x); got != want+1000 {
				t.Errorf("%d elements, number %d 1000 more: sum %v, want %v", n, i, got, want+1000)
			}
			x[i] -= 1000
		}
	}
	x := make([]F, 1000)
	wantNoAllocs(t, "pass", func() { l.Pass(x) })
}
