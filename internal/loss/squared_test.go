package loss

import (
	"fmt"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

func TestSquaredErrorByHand(t *testing.T) { both(t, testSquared[float32], testSquared[float64]) }

func testSquared[F kernel.Float](t *testing.T) {
	for _, c := range []struct {
		k         int
		alpha     []F
		y         []float32
		losses    []float64
		gradients []F
	}{
		{1, nil, nil, nil, nil},
		{1, []F{3}, []float32{1}, []float64{4}, []F{4}},
		{1, []F{0.5, -2, 7}, []float32{0, 1, 7}, []float64{0.25, 9, 0}, []F{1, -6, 0}},
		{2, []F{1, 2, -1, 0.25}, []float32{0, 4, -1, 0}, []float64{5, 0.0625}, []F{2, -4, 0, 0.5}},
		{3, []F{0x1p100, 0, 3}, []float32{0, 0.5, 3}, []float64{0x1p200}, []F{0x1p101, -1, 0}}, // finite in float64 alone
	} {
		losses, before := make([]float64, len(c.losses)), slices.Clone(c.alpha)
		SquaredError(c.alpha, c.y, losses, c.k)
		wantEqual(t, "alpha after its loss", c.alpha, before)
		wantEqual(t, fmt.Sprintf("losses of %v and %v", c.alpha, c.y), losses, c.losses)
		SquaredErrorGradient(c.alpha, c.y, c.k)
		wantEqual(t, fmt.Sprintf("gradients of %v and %v", before, c.y), c.alpha, c.gradients)
	}
}

// TestSquaredErrorKeepsDigits wants differences and sums that are taken in float64.
func TestSquaredErrorKeepsDigits(t *testing.T) {
	losses := make([]float64, 1)
	SquaredError([]float64{1 + 0x1p-40}, []float32{1}, losses, 1)
	wantEqual(t, "the loss of alpha in float64", losses, []float64{0x1p-80})
	SquaredError([]float32{1}, []float32{-0x1p-26}, losses, 1)
	wantEqual(t, "the loss of a difference that float32 rounds", losses, []float64{(1 + 0x1p-26) * (1 + 0x1p-26)})
	SquaredError([]float32{1, 0x1p-20}, []float32{0, 0}, losses, 2)
	wantEqual(t, "a sum of two squares", losses, []float64{1 + 0x1p-40})
}

func TestSquaredErrorAgainstCentralDifferences(t *testing.T) {
	rng := source()
	for _, shape := range [][2]int{{1, 1}, {6, 1}, {4, 3}} {
		rows, k := shape[0], shape[1]
		alpha, y, losses := normals[float64](rng, rows*k), normals[float32](rng, rows*k), make([]float64, rows)
		sum := func() float64 {
			SquaredError(alpha, y, losses, k)
			s := 0.0
			for _, l := range losses {
				s += l
			}
			return s
		}
		got, narrow := slices.Clone(alpha), make([]float32, len(alpha))
		for i, v := range alpha {
			narrow[i] = float32(v)
		}
		SquaredErrorGradient(got, y, k)
		SquaredErrorGradient(narrow, y, k)
		for i := range alpha {
			wantNear(t, fmt.Sprintf("gradient %d", i), got[i], slope(&alpha[i], sum), 1e-9) // the loss has no third derivative
			wantNear(t, fmt.Sprintf("gradient %d in float32", i), float64(narrow[i]), got[i], 1e-6)
		}
	}
}
