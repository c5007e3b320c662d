package loss

import (
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// What a CRF sums over all labels is done with probabilities, scaled at every
// step so that those of the labels so far add up to 1 (Rabiner 1989, section
// V.A): K exponentials a step rather than K². That needs scores which lie close
// to each other; the log domain takes all others.

// widest is how far apart the scores of a step's labels, and those of
// transitions, may lie together: a label of BIOES can be four transitions
// behind the likeliest, and e^−400 is well within float64.
const widest = 100

// odds are e^score of transitions, relative to the largest; 0 where forbidden.
type odds struct {
	trans, back, start, end []float64 // [K, K], its transpose, [K], [K]
	top                     [3]float64
	spread                  float64 // largest less smallest score of a kind
}

// pack works the odds out.
func (o *odds) pack(trans, start, end []float64) {
	k := len(start)
	o.trans, o.back, o.start, o.end = kernel.Grow(o.trans, k*k), kernel.Grow(o.back, k*k), kernel.Grow(o.start, k), kernel.Grow(o.end, k)
	o.spread = 0
	for i, scores := range [...][]float64{trans, start, end} {
		top, bottom := bounds(scores)
		o.top[i], o.spread = top, max(o.spread, top-bottom)
		to := [...][]float64{o.trans, o.start, o.end}[i]
		for j, v := range scores {
			to[j] = math.Exp(v - top)
		}
	}
	for i := range k {
		for j := range k {
			o.back[j*k+i] = o.trans[i*k+j]
		}
	}
}

// bounds returns the largest and the smallest of the scores that are not −∞; of
// none that they are infinitely far apart.
func bounds(scores []float64) (top, bottom float64) {
	top, bottom = math.Inf(-1), math.Inf(1)
	for _, v := range scores {
		if top = max(top, v); !math.IsInf(v, -1) {
			bottom = min(bottom, v)
		}
	}
	if math.IsInf(top, -1) {
		return 0, math.Inf(-1)
	}
	return top, bottom
}

// scaled fills forward with the probabilities of labels given what is before,
// backward with what makes them probabilities given all, emit and norm, and
// finds log Z. It says whether the scores lie close enough.
func (f *CRF[F]) scaled(c *Chain, alpha []F, steps int) bool {
	k, o := f.K, &f.odds
	c.emit, c.norm = kernel.Grow(c.emit, steps*k), kernel.Grow(c.norm, steps)
	c.forward, c.backward = kernel.Grow(c.forward, steps*k), kernel.Grow(c.backward, steps*k)
	c.LogZ = o.top[1] + o.top[2] + float64(float64(steps-1)*o.top[0])
	for t := range steps {
		top, ok := emit(c.emit[t*k:(t+1)*k], alpha[t*k:(t+1)*k], widest-o.spread)
		if !ok {
			return false
		}
		row := c.forward[t*k : (t+1)*k]
		if t == 0 {
			copy(row, o.start)
		} else {
			clear(row)
			addRows(row, c.forward[(t-1)*k:t*k], o.trans)
		}
		sum := 0.0
		for j, e := range c.emit[t*k : (t+1)*k] {
			row[j] *= e
			sum += row[j]
		}
		for j := range row {
			row[j] /= sum
		}
		c.norm[t] = sum
		c.LogZ += top + math.Log(sum)
	}
	end := 0.0
	for j, p := range c.forward[(steps-1)*k : steps*k] {
		end += float64(p * o.end[j])
	}
	c.LogZ += math.Log(end)
	f.scaledBack(c, steps, end)
	return c.LogZ-c.LogZ == 0
}

// scaledBack fills backward, and turns emit of the steps from the second on
// into what a transition to each label is to be multiplied by.
func (f *CRF[F]) scaledBack(c *Chain, steps int, end float64) {
	k, o := f.K, &f.odds
	for j, e := range o.end {
		c.backward[(steps-1)*k+j] = e / end
	}
	for t := steps - 1; t > 0; t-- {
		into, row := c.emit[t*k:(t+1)*k], c.backward[(t-1)*k:t*k]
		for j, b := range c.backward[t*k : (t+1)*k] {
			into[j] *= b / c.norm[t]
		}
		clear(row)
		addRows(row, into, o.back)
	}
}

// scaledPairs adds up the probabilities of each transition over the steps.
func (f *CRF[F]) scaledPairs(c *Chain, steps int) {
	k := f.K
	for t := 1; t < steps; t++ {
		into := c.emit[t*k : (t+1)*k]
		for i, p := range c.forward[(t-1)*k : t*k] {
			addScaled(c.Pairs[i*k:(i+1)*k], into, p)
		}
	}
	for i, odds := range f.odds.trans {
		c.Pairs[i] *= odds
	}
}

// scaledMarginals turns alpha into the probabilities of labels.
func (f *CRF[F]) scaledMarginals(c *Chain, alpha []F, steps int) {
	for i := range alpha[:steps*f.K] {
		alpha[i] = F(c.forward[i] * c.backward[i])
	}
}

// emit sets e to e^(alpha − top), top the largest, unless they lie farther
// apart than limit.
func emit[F kernel.Float](e []float64, alpha []F, limit float64) (top float64, ok bool) {
	high, low := alpha[0], alpha[0]
	for _, v := range alpha[1:] {
		high, low = max(high, v), min(low, v)
	}
	if top = float64(high); !(top-float64(low) <= limit) { // nor if one is NaN
		return top, false
	}
	for j, v := range alpha {
		e[j] = math.Exp(float64(v) - top)
	}
	return top, true
}

// addRows adds to sum [K] the rows of m [K, K], each times its weight.
func addRows(sum, weights, m []float64) {
	k := len(sum)
	for i, w := range weights {
		addScaled(sum, m[i*k:(i+1)*k], w)
	}
}

// addScaled adds row, times w, to sum.
func addScaled(sum, row []float64, w float64) {
	row = row[:len(sum)]
	for j := range sum {
		sum[j] += float64(w * row[j])
	}
}
