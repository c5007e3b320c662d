package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// checkAdam wants an update of n elements by the implementation in use to have
// the bits of the specification, and to leave what stands behind them.
func checkAdam(t *testing.T, rng *rand.Rand, n int) {
	t.Helper()
	const behind = 3
	var x, want [4][]float32 // params, grads, m, v
	for i := range x {
		x[i] = wild[float32](rng, n+behind)
		if i == 3 {
			for j, v := range x[i] {
				x[i][j] = float32(math.Abs(float64(v)))
			}
		}
		want[i] = slices.Clone(x[i])
	}
	c := normals[float32](rng, 9)
	s := &AdamStep[float32]{c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]}
	s.Update(x[0][:n], x[1], x[2], x[3])
	s.apply(want[0][:n], want[1][:n], want[2], want[3])
	for i := range x {
		wantSame(t, x[i], want[i], "slice %d of %d elements, %+v", i, n, *s)
	}
}

func TestAdamHasTheBitsOfTheSpecification(t *testing.T) {
	onEach(t, func(t *testing.T) {
		rng := source()
		for n := range 130 {
			checkAdam(t, rng, n)
		}
	})
}

// checkSquares wants the sum to have the bits of the specification.
func checkSquares(t *testing.T, x []float32) {
	t.Helper()
	got, blocks := SumSquares(x), len(x)/chains*chains
	want := foldSquares(x[:blocks])
	exact := 0.0
	for i, v := range x {
		square := float64(v) * float64(v)
		if exact += square; i >= blocks {
			want += square
		}
	}
	if !same(got, want) || math.Abs(got-exact) > 1e-12*exact {
		t.Fatalf("sum of %d squares %v, want %v, about %v", len(x), got, want, exact)
	}
}

func TestSumSquares(t *testing.T) {
	onEach(t, func(t *testing.T) {
		rng := source()
		for n := range 300 {
			checkSquares(t, normals[float32](rng, n))
			checkSquares(t, wild[float32](rng, n))
		}
	})
	if got := SumSquares([]float32{3, -4}); got != 25 {
		t.Errorf("sum of the squares of 3 and −4: %v", got)
	}
}

func TestTrainingKernelsAllocateNothing(t *testing.T) {
	x, s := make([]float32, 100), &AdamStep[float32]{}
	wantNoAllocs(t, "Adam", func() { s.Update(x, x, x, x) })
	wantNoAllocs(t, "SumSquares", func() { SumSquares(x) })
	wantNoAllocs(t, "ExpRow", func() { ExpRow(x) })
}

func FuzzTraining(f *testing.F) {
	f.Add(uint64(1), uint16(100))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16) {
		rng := rand.New(rand.NewPCG(seed, 1))
		onEach(t, func(t *testing.T) {
			checkAdam(t, rng, int(n%1000))
			checkSquares(t, wild[float32](rng, int(n%1000)))
			checkExpRow(t, normals[float32](rng, 1+int(n%1000)))
		})
	})
}
