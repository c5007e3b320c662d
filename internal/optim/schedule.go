package optim

import "math"

// Schedule names how the learning rate changes over training.
type Schedule string

// The schedules, after the warm-up.
const (
	Constant Schedule = "constant"
	Cosine   Schedule = "cosine" // from η down to 0 along half a cosine (Loshchilov and Hutter 2017)
)

// RateAt returns the learning rate of step 0 … total-1. Over the first Warmup
// steps it rises in a line, so that the last of them has the full rate.
func (c Config) RateAt(step, total int) float64 {
	if step < c.Warmup {
		return c.Rate * float64(step+1) / float64(c.Warmup)
	}
	if c.Schedule == Constant {
		return c.Rate
	}
	done := float64(step-c.Warmup) / float64(max(total-c.Warmup, 1))
	return c.Rate * (1 + math.Cos(math.Pi*min(done, 1))) / 2
}
