package loss

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestScaledIsTheLogDomain wants what is done with scaled probabilities to be
// what the log domain comes to, for scores as far apart as they may be, with
// and without constraints, of long sequences too.
func TestScaledIsTheLogDomain(t *testing.T) {
	for _, c := range []struct {
		k, steps int
		size     float64
		forbid   bool
	}{{1, 4, 1, false}, {5, 1, 1, false}, {17, 30, 1, false}, {13, 9, 8, false}, {9, 12, 1, true}, {9, 40, 6, true}, {4, 3000, 3, false}} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			r := rand.New(rand.NewPCG(8, uint64(c.k)))
			f := newCRF(r, c.k, c.size)
			if c.forbid {
				f.Forbidden = make([]bool, (c.k+1)*(c.k+1))
				for from := range c.k {
					f.Forbidden[from*(c.k+1)+(from+3)%c.k] = true
				}
			}
			f.Pack()
			alpha := normals[float64](r, c.steps*c.k)
			for i := range alpha {
				alpha[i] *= c.size
			}
			scaled, logs := f.expectations(alpha, c.steps, true), f.expectations(slices.Clone(alpha), c.steps, false)
			if scaled == nil {
				t.Fatal("the scores are too far apart")
			}
			for i, v := range logs {
				// logarithms lose digits as they grow with the sequence
				if limit := 1e-12 * float64(c.steps) * max(v, 1); !(math.Abs(scaled[i]-v) <= limit) {
					t.Fatalf("number %d is %v, want %v ± %g", i, scaled[i], v, limit)
				}
			}
		})
	}
}

// expectations are log Z, the marginals and the expected transitions.
func (f *CRF[F]) expectations(alpha []F, steps int, scaled bool) (all []float64) {
	c := &Chain{Pairs: make([]float64, f.K*f.K)}
	z := slices.Clone(alpha)
	if scaled {
		if !f.scaled(c, z, steps) {
			return nil
		}
		f.scaledPairs(c, steps)
		f.scaledMarginals(c, z, steps)
	} else {
		f.sums(c, z, steps)
		f.pairs(c, z, steps)
		f.marginals(c, z, steps)
	}
	all = append(all, c.LogZ)
	for _, v := range z {
		all = append(all, float64(v))
	}
	return append(all, c.Pairs...)
}

func TestScoresFarApartAreForTheLogDomain(t *testing.T) {
	r := source()
	f := newCRF(r, 4, 1)
	f.Pack()
	alpha := normals[float64](r, 3*4)
	if f.expectations(alpha, 3, true) == nil {
		t.Error("scores of a few are too far apart")
	}
	alpha[5] = 200
	if f.expectations(alpha, 3, true) != nil {
		t.Error("a score of 200 is not too far")
	}
	alpha[5] = 1
	f.Trans[2] = -200
	f.Pack()
	if f.expectations(alpha, 3, true) != nil {
		t.Error("a transition's score of −200 is not too far")
	}
}

func BenchmarkCRF(b *testing.B) {
	const steps, k = 20, 17
	r := source()
	f := newCRF(r, k, 1)
	f.Pack()
	alpha, y := normals[float64](r, steps*k), anyTargets(r, steps, k)
	c, work := &Chain{}, make([]float64, steps*k)
	for b.Loop() {
		copy(work, alpha)
		f.NLL(c, work, y)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*steps), "ns/step")
}
