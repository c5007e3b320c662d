package show

import (
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/explain"
)

// newExample explains a random sequence of T steps: 2 inputs, 3 hidden units
// and 2 labels, numbers of W_hh up to a size.
func newExample(t *testing.T, name string, T int, size float64) *explain.Report {
	t.Helper()
	const I, H, K = 2, 3, 2
	rng := rand.New(rand.NewPCG(7, 7))
	random := func(n int, size float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = size * (2*rng.Float64() - 1)
		}
		return v
	}
	n := bptt.New(I, H, K)
	n.Wxh, n.Whh, n.Bh, n.Whz, n.Bz = random(H*I, 0.8), random(H*H, size), random(H, 0.3), random(K*H, 1), random(K, 0.3)
	e := explain.Example{Name: name, Net: n, H0: random(H, 0.6)}
	for i := range T {
		e.X, e.Y = append(e.X, random(I, 1)), append(e.Y, i%K)
	}
	r, err := e.Explain(explain.None)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
