package loss

import (
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// CRF is a linear-chain conditional random field over the labels of a whole
// sequence (Lafferty et al. 2001): the score of labels y_1 … y_T is
//
//	s(y) = Start[y_1] + Σ_t α_t[y_t] + Σ_{t>1} Trans[y_{t-1}, y_t] + End[y_T]
//
// and their probability e^{s(y)} / Z, Z = Σ_y e^{s(y)}. All is done in float64,
// and in the log domain where scores lie far apart, so that no length and no
// score overflows. Its parameters and gradients are views of the model's slabs.
//
// A forbidden transition has the score −∞ instead of its parameter, which is
// never read and has no gradient: labels that use it have the probability 0.
// Labels that use none must exist for every length that is asked for.
type CRF[F kernel.Float] struct {
	K                             int
	Trans, Start, End             []F // [K, K], [K], [K]
	GradTrans, GradStart, GradEnd []F
	Forbidden                     []bool // [K+1, K+1] from (row K: the beginning) to (column K: the end); nil for none

	trans, start, end []float64 // [K, K], [K], [K] the scores that Pack made
	odds              odds
}

// Pack takes the parameters and what is forbidden into use as they are now:
// before anything else, and whenever they have changed.
func (f *CRF[F]) Pack() {
	k := f.K
	f.trans, f.start, f.end = kernel.Grow(f.trans, k*k), kernel.Grow(f.start, k), kernel.Grow(f.end, k)
	for i := range k {
		f.packScore(&f.start[i], &f.Start[i], k, i)
		f.packScore(&f.end[i], &f.End[i], i, k)
		for j := range k {
			f.packScore(&f.trans[i*k+j], &f.Trans[i*k+j], i, j)
		}
	}
	f.odds.pack(f.trans, f.start, f.end)
}

func (f *CRF[F]) packScore(score *float64, param *F, from, to int) {
	*score = math.Inf(-1)
	if !f.forbids(from, to) {
		*score = float64(*param)
	}
}

func (f *CRF[F]) forbids(from, to int) bool {
	return f.Forbidden != nil && f.Forbidden[from*(f.K+1)+to]
}

// Allows says whether the labels y [T] use no forbidden transition. Only such
// have a finite loss.
func (f *CRF[F]) Allows(y []int32) bool {
	from := f.K
	for _, label := range y {
		if f.forbids(from, int(label)) {
			return false
		}
		from = int(label)
	}
	return !f.forbids(from, f.K)
}

// Chain is the working memory of a CRF, and what it found out about one
// sequence. The zero value is ready; it grows to the longest sequence.
type Chain struct {
	forward, backward []float64 // [T, K] log of the sums over all labels before and after; or scaled
	emit, norm        []float64 // [T, K], [T] of the scaled ones
	back              []int32   // [T, K] the best label before, for Best
	row               []float64 // [K]
	LogZ              float64
	Pairs             []float64 // [K, K] expected number of each transition, minus the true one
	Ends              []float64 // [2, K] the same of the first and of the last label
}

// NLL turns alpha [T, K] of one sequence into ∂L/∂alpha, the marginals minus
// the true labels, L = log Z − s(y), and returns L. Pairs and Ends of c are
// the gradients of Trans and of Start and End. y must be allowed.
func (f *CRF[F]) NLL(c *Chain, alpha []F, y []int32) float64 {
	k, steps := f.K, len(y)
	score := f.score(alpha, y)
	c.Pairs, c.Ends = kernel.Grow(c.Pairs, k*k), kernel.Grow(c.Ends, 2*k)
	clear(c.Pairs)
	if f.scaled(c, alpha, steps) {
		f.scaledPairs(c, steps)
		f.scaledMarginals(c, alpha, steps)
	} else {
		f.sums(c, alpha, steps)
		f.pairs(c, alpha, steps)
		f.marginals(c, alpha, steps)
	}
	Gradient(alpha, y, k)
	for j := range k { // Start and End are added to α_1 and α_T
		c.Ends[j], c.Ends[k+j] = float64(alpha[j]), float64(alpha[(steps-1)*k+j])
	}
	for t := 1; t < steps; t++ {
		c.Pairs[int(y[t-1])*k+int(y[t])]--
	}
	return c.LogZ - score
}

// score returns s(y).
func (f *CRF[F]) score(alpha []F, y []int32) float64 {
	s := f.start[y[0]] + f.end[y[len(y)-1]]
	for t, label := range y {
		s += float64(alpha[t*f.K+int(label)])
		if t > 0 {
			s += f.trans[int(y[t-1])*f.K+int(label)]
		}
	}
	return s
}

// sums fills forward and backward and finds log Z.
func (f *CRF[F]) sums(c *Chain, alpha []F, steps int) {
	k := f.K
	c.forward, c.backward, c.row = kernel.Grow(c.forward, steps*k), kernel.Grow(c.backward, steps*k), kernel.Grow(c.row, k)
	for t := range steps {
		for j := range k {
			into := f.start[j]
			if t > 0 {
				for i := range k {
					c.row[i] = c.forward[(t-1)*k+i] + f.trans[i*k+j]
				}
				into = logSum(c.row)
			}
			c.forward[t*k+j] = into + float64(alpha[t*k+j])
		}
	}
	for t := steps - 1; t >= 0; t-- {
		for i := range k {
			out := f.end[i]
			if t < steps-1 {
				for j := range k {
					c.row[j] = f.trans[i*k+j] + float64(alpha[(t+1)*k+j]) + c.backward[(t+1)*k+j]
				}
				out = logSum(c.row)
			}
			c.backward[t*k+i] = out
		}
	}
	for j := range k {
		c.row[j] = c.forward[(steps-1)*k+j] + f.end[j]
	}
	c.LogZ = logSum(c.row)
}

// pairs adds up the probabilities of each transition over the steps.
func (f *CRF[F]) pairs(c *Chain, alpha []F, steps int) {
	k := f.K
	for t := 1; t < steps; t++ {
		for i := range k {
			before := c.forward[(t-1)*k+i] - c.LogZ
			for j := range k {
				c.Pairs[i*k+j] += math.Exp(before + f.trans[i*k+j] + float64(alpha[t*k+j]) + c.backward[t*k+j])
			}
		}
	}
}

// Loss turns alpha [T, K] of one sequence into z, as Marginals does, and
// returns L of the labels y, +∞ if they are not allowed.
func (f *CRF[F]) Loss(c *Chain, alpha []F, y []int32) float64 {
	score := f.score(alpha, y)
	f.Marginals(c, alpha)
	return c.LogZ - score
}

// Marginals turns alpha [T, K] of one sequence into z, the probability of
// every label at every step.
func (f *CRF[F]) Marginals(c *Chain, alpha []F) {
	steps := len(alpha) / f.K
	if f.scaled(c, alpha, steps) {
		f.scaledMarginals(c, alpha, steps)
		return
	}
	f.sums(c, alpha, steps)
	f.marginals(c, alpha, steps)
}

func (f *CRF[F]) marginals(c *Chain, alpha []F, steps int) {
	for i := range alpha[:steps*f.K] {
		alpha[i] = F(math.Exp(c.forward[i] + c.backward[i] - c.LogZ))
	}
}

// Decode sets y to the allowed labels with the highest score (Viterbi 1967); of
// equals those that come first.
func (f *CRF[F]) Decode(c *Chain, alpha []F, y []int32) {
	k, steps := f.K, len(y)
	c.forward, c.back = kernel.Grow(c.forward, steps*k), kernel.Grow(c.back, steps*k)
	for j := range k {
		c.forward[j] = f.start[j] + float64(alpha[j])
	}
	for t := 1; t < steps; t++ {
		for j := range k {
			best, from := math.Inf(-1), 0
			for i := range k {
				if v := c.forward[(t-1)*k+i] + f.trans[i*k+j]; v > best {
					best, from = v, i
				}
			}
			c.forward[t*k+j], c.back[t*k+j] = best+float64(alpha[t*k+j]), int32(from)
		}
	}
	last := c.forward[(steps-1)*k : steps*k]
	best := 0
	for j := range last {
		if last[j]+f.end[j] > last[best]+f.end[best] {
			best = j
		}
	}
	for t := steps - 1; t >= 0; t-- {
		y[t] = int32(best)
		best = int(c.back[t*k+best])
	}
}

// logSum returns log Σ e^{v_i}; −∞ if all are.
func logSum(v []float64) float64 {
	top := math.Inf(-1)
	for _, x := range v {
		top = max(top, x)
	}
	if math.IsInf(top, -1) {
		return top
	}
	sum := 0.0
	for _, x := range v {
		sum += math.Exp(x - top)
	}
	return top + math.Log(sum)
}
