package loss

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Sampler draws labels from the probabilities of a softmax.
type Sampler struct {
	Temperature float64 // z^{1/T}, made to add up to 1 again; 0 takes the most likely
	TopK        int     // of the most likely so many only; 0 for all
	TopP        float64 // of the fewest that have this probability together (Holtzman et al. 2020); 1 for all
	Rand        *rand.Rand

	order []int
	p     []float64
}

// Validate says what is wrong with s, if anything.
func (s *Sampler) Validate() error {
	switch {
	case !(s.Temperature >= 0) || math.IsInf(s.Temperature, 0):
		return fmt.Errorf("temperature %v: expected 0 or more", s.Temperature)
	case s.TopK < 0:
		return fmt.Errorf("top-k %d: expected 0 or more", s.TopK)
	case !(s.TopP > 0 && s.TopP <= 1):
		return fmt.Errorf("top-p %v: expected above 0, up to 1", s.TopP)
	}
	return nil
}

// Draw returns a label drawn from z [K].
func (s *Sampler) Draw(z []float32) int {
	if s.Temperature == 0 {
		return Best(z)
	}
	s.rank(z)
	kept, sum := 0, 0.0
	for _, p := range s.p {
		kept, sum = kept+1, sum+p
		if kept == s.TopK || sum >= s.TopP {
			break
		}
	}
	at := s.Rand.Float64() * sum
	for i, p := range s.p[:kept] {
		if at -= p; at < 0 {
			return s.order[i]
		}
	}
	return s.order[kept-1]
}

// rank sets order to the labels, most likely first, and p to their
// probabilities at the temperature.
func (s *Sampler) rank(z []float32) {
	s.order, s.p = s.order[:0], s.p[:0]
	for i := range z {
		s.order = append(s.order, i)
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(z[b], z[a]) })
	top, sum := math.Log(float64(z[s.order[0]])), 0.0
	for _, i := range s.order {
		p := math.Exp((math.Log(float64(z[i])) - top) / s.Temperature)
		s.p = append(s.p, p)
		sum += p
	}
	for i := range s.p {
		s.p[i] /= sum
	}
}
