package explain

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/check"
)

// Where a unit saturates, h_t is nearly ±1 and few digits of 1 − h_t² are left;
// where a prediction is nearly certain, few of z_t − y_t. That is so in float64
// whoever computes it, so no gradient can agree better with an exact one, or with
// another program's. How much it is gets measured: h_t and z_t are moved by a unit
// in the last place, up or down by chance.

// roundings is how often they are moved, since once may do little by luck.
const roundings = 4

// perRounding is how many times the effect of that a gradient may be off: h, h²
// and what is made of them are rounded each.
const perRounding = 3

// limit returns the largest error that passes, given what rounding alone does:
// the usual one, raised at most to what passes for float32.
func limit(usual, rounding float64) float64 {
	return max(usual, min(perRounding*rounding, check.Most32))
}

// NumericLimit returns the largest NumericRelErr that passes.
func (q *Equation) NumericLimit() float64 { return limit(check.LimitDiff, q.Rounding) }

// noDigit is the disagreement of differences among themselves from which on they
// say nothing.
const noDigit = 0.1

// NumericUnsure says whether differences cannot tell if the total is right: more
// is between them than passes, but they disagree among themselves as much, or on
// every digit, or rounding alone can do it.
func (q *Equation) NumericUnsure() bool {
	return q.NumericRelErr >= q.NumericLimit() &&
		(q.NumericDoubt > noDigit || q.NumericRelErr < perRounding*max(q.Rounding, q.NumericDoubt))
}

// NumericFails says whether differences show that the total is wrong.
func (q *Equation) NumericFails() bool {
	return q.NumericRelErr >= q.NumericLimit() && !q.NumericUnsure()
}

// moved returns the trace with h_1..h_T and z_1..z_T moved.
func moved(tr *bptt.Trace, try uint64) *bptt.Trace {
	r := rand.New(rand.NewPCG(try, 0))
	move := func(rows [][]float64) [][]float64 {
		out := slices.Clone(rows)
		for t := 1; t < len(rows); t++ {
			out[t] = slices.Clone(rows[t])
			for i, v := range rows[t] {
				out[t][i] = math.Nextafter(v, float64(4*r.IntN(2)-2)) // towards -2 or 2, whichever: |v| <= 1
			}
		}
		return out
	}
	other := *tr
	other.H, other.Z = move(tr.H), move(tr.Z)
	return &other
}

// addRounding measures what rounding does to every total.
func (w *work) addRounding(r *Report, m Mistake) {
	for try := range uint64(roundings) {
		other := *w
		other.told = m.told(moved(w.tr, try))
		other.grads = other.gradients(m)
		w.moved = append(w.moved, other.grads[0])
		for i, d := range gradients(w.T()) {
			q := &r.Equations[i]
			q.Rounding = max(q.Rounding, relErr(other.total(d), q.Total.Data))
		}
	}
}
