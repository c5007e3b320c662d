package loss

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDraw draws often and compares the shares with what the settings make of
// the probabilities, within four standard deviations.
func TestDraw(t *testing.T) {
	z := []float32{0.1, 0.4, 0, 0.3, 0.2}
	for _, c := range []struct {
		name    string
		sampler Sampler
		want    []float64
	}{
		{"as they are", Sampler{Temperature: 1, TopP: 1}, []float64{0.1, 0.4, 0, 0.3, 0.2}},
		{"cold", Sampler{Temperature: 0.5, TopP: 1}, []float64{0.01 / 0.3, 0.16 / 0.3, 0, 0.09 / 0.3, 0.04 / 0.3}},
		{"the best", Sampler{TopP: 1}, []float64{0, 1, 0, 0, 0}},
		{"two", Sampler{Temperature: 1, TopK: 2, TopP: 1}, []float64{0, 4.0 / 7, 0, 3.0 / 7, 0}},
		{"most of it", Sampler{Temperature: 1, TopP: 0.75}, []float64{0, 4.0 / 9, 0, 3.0 / 9, 2.0 / 9}},
		{"one", Sampler{Temperature: 1, TopP: 0.1}, []float64{0, 1, 0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.sampler.Rand = rand.New(rand.NewPCG(1, 1))
			const n = 20_000
			counts := make([]float64, len(z))
			for range n {
				counts[c.sampler.Draw(z)]++
			}
			for i, p := range c.want {
				if d := math.Abs(counts[i]/n - p); d > 4*math.Sqrt(p*(1-p)/n) {
					t.Errorf("label %d was drawn %.4f of the time, want %.4f", i, counts[i]/n, p)
				}
			}
		})
	}
}

func TestSamplerErrors(t *testing.T) {
	for _, s := range []Sampler{{Temperature: -1, TopP: 1}, {Temperature: math.NaN(), TopP: 1}, {Temperature: math.Inf(1), TopP: 1},
		{TopP: 0}, {TopP: 1.1}, {TopP: math.NaN()}, {TopP: 1, TopK: -1}} {
		if s.Validate() == nil {
			t.Errorf("%+v: no error", s)
		}
	}
	if err := (&Sampler{TopP: 1}).Validate(); err != nil {
		t.Error(err)
	}
}
