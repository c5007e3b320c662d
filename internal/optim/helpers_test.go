package optim

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

func source() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }

func normals(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// plain returns settings under which nothing but the method's own rule acts.
func plain(m Method) Config {
	return Config{Method: m, Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Schedule: Constant}
}

func norm(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

func wantEqual(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: parameter %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func newTeam(t *testing.T, size int) *kernel.Team {
	team := kernel.NewTeam(size)
	t.Cleanup(team.Close)
	return team
}
