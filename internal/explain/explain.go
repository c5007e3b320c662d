package explain

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/check"
)

// Explain computes the example's report. The mistake, unless it is None, is put
// into the gradients that everything else is compared with.
//
// It fails where numbers overflow: in the forward pass, or in a gradient that
// explodes past what a float64 holds.
func (e *Example) Explain(m Mistake) (*Report, error) {
	w, err := e.work(m)
	if err != nil {
		return nil, err
	}
	r := &Report{Case: e.describe(w.tr), Broken: string(m), DoubleSum: map[string]float64{}}
	for _, d := range gradients(e.T()) {
		r.Equations = append(r.Equations, w.equation(d))
	}
	w.addRounding(r, m)
	w.addDoubleSum(r)
	w.addChecks(r)
	w.addInfluence(r)
	if err := r.checkFinite(); err != nil {
		return nil, err
	}
	return r, nil
}

// work is an example being explained.
type work struct {
	*Example
	sizes   sizes
	tr      *bptt.Trace         // as it is
	told    *bptt.Trace         // as the mistake has it
	grads   []*bptt.Gradients   // of L and, where the equations name them, of L(1), L(2): by the recursion
	moved   []*bptt.Gradients   // of L, where h and z are rounded otherwise
	numeric map[string]*numeric // by tensor
}

func (e *Example) work(m Mistake) (*work, error) {
	tr, err := e.Net.Forward(e.X, e.H0, e.Y)
	if err != nil {
		return nil, err
	}
	n := e.Net
	w := &work{Example: e, sizes: sizes{e.T(), n.I, n.H, n.K}, tr: tr, told: m.told(tr)}
	w.grads = w.gradients(m)
	w.numeric = e.differences(tr)
	return w, nil
}

// gradients returns those of L and, of two steps, of L(1) and L(2).
func (w *work) gradients(m Mistake) []*bptt.Gradients {
	all := []*bptt.Gradients{m.backward(w.Net, w.told)}
	if w.T() == 2 {
		all = append(all, m.backward(w.Net, only(w.told, 1)), m.backward(w.Net, only(w.told, 2)))
	}
	return all
}

// fewSteps is up to how many steps every single term is told.
const fewSteps = 4

// equation computes one gradient with all that is said of it.
func (w *work) equation(d derived) Equation {
	q := Equation{
		Eq: d.eq, Of: d.of(), Printed: d.printed, Meant: d.meant(w.sizes), Lines: lineOf[d.by],
		Total: Tensor{w.sizes.shape(d), w.total(d)}, Terms: []Term{},
	}
	if w.T() <= fewSteps {
		q.Terms = w.terms(d, q.Total.Shape)
	}
	q.SumRelErr = q.sumRelErr()
	w.compareNumeric(&q, d)
	return q
}

// sumRelErr returns how far the terms' sum is from the total, relative to the
// largest number in it or in a term: where terms cancel, what is left has as few
// digits as they have in common.
func (q *Equation) sumRelErr() float64 {
	if len(q.Terms) == 0 {
		return 0
	}
	sum, scale := make([]float64, len(q.Total.Data)), 0.0
	for _, t := range q.Terms {
		sum = plus(sum, t.Data)
		scale = max(scale, math.Abs(t.Data[largest(t.Data)]))
	}
	e := relErr(sum, q.Total.Data)
	if total := math.Abs(q.Total.Data[largest(q.Total.Data)]); total < scale {
		e *= max(total, 1e-8) / max(scale, 1e-8)
	}
	return e
}

// total returns a gradient by the recursion.
func (w *work) total(d derived) []float64 {
	switch {
	case d.by == "alpha" && d.at > 0:
		return w.told.DAlpha(d.at)
	case d.by == "alpha":
		return slices.Concat(alphaGradients(w.told)...)
	}
	return gradient(w.grads[d.step], d.by, d.at)
}

// terms computes what a gradient is the sum of; none of those that are rows of
// several gradients rather than one sum.
func (w *work) terms(d derived, shape []int) []Term {
	terms := []Term{}
	if d.at == 0 && (d.by == "alpha" || d.by == "x") {
		return terms
	}
	for _, p := range d.pairs(w.T()) {
		terms = append(terms, Term{T: p.t, K: p.k, Meant: d.formula(p), Shape: shape, Data: d.term(w.Net, w.told, p)})
	}
	return terms
}

// alphaGradients returns the rows ∂L(t)/∂α_t, t = 1..T.
func alphaGradients(tr *bptt.Trace) (all [][]float64) {
	for t := 1; t <= tr.T(); t++ {
		all = append(all, tr.DAlpha(t))
	}
	return all
}

// addDoubleSum compares the literal double sums with the recursion, and tells
// how much each distance gives, unless there are too many terms.
func (w *work) addDoubleSum(r *Report) {
	T, n := w.T(), w.Net
	products := float64(T) * float64(T+1) / 2 * float64(n.H) * float64(n.H+n.I)
	if products > mostProducts {
		r.leaveOut("double-sum", fmt.Sprintf("%d steps have %d terms: too many", T, T*(T+1)/2))
		return
	}
	g := n.DoubleSum(w.told)
	r.DoubleSum["Whh"], r.DoubleSum["Wxh"] = relErr(g.Whh, w.grads[0].Whh), relErr(g.Wxh, w.grads[0].Wxh)
	if T <= fewSteps || T > mostDistances {
		return
	}
	whh, wxh := byDistance(n, w.told)
	for i := range r.Equations {
		switch q := &r.Equations[i]; q.Eq {
		case "11":
			q.ByDistance = whh
		case "14":
			q.ByDistance = wxh
		}
	}
}

const (
	mostProducts  = 2e9  // of the double sums: a few seconds
	mostJacobians = 1e10 // products of Jacobians, as many
	mostDistances = 1000 // that are told
)

// addInfluence adds who influenced whom and what becomes of a gradient, as it is
// without a mistake. Where there is too much to compute, the latter is that of
// the first steps.
func (w *work) addInfluence(r *Report) {
	h := float64(w.Net.H)
	steps := min(w.T(), MaxSteps, max(1, int(math.Sqrt(mostJacobians/(h*h*h)))))
	first := beginning(w.tr, steps)
	in := CaseInfluence(w.Net, first)
	r.Flow = CaseFlow(w.Name, w.Net, first, in)
	r.Verdict = r.Flow.Verdict
	if steps < w.T() {
		r.leaveOut("influence", fmt.Sprintf("%d steps of %d units are too many: the flow is that of the first %d", w.T(), w.Net.H, steps))
		return
	}
	r.Influence = in
}

// beginning returns the first steps of a trace.
func beginning(tr *bptt.Trace, steps int) *bptt.Trace {
	if steps == tr.T() {
		return tr
	}
	n := steps + 1
	return &bptt.Trace{X: tr.X[:n], H: tr.H[:n], Alpha: tr.Alpha[:n], Z: tr.Z[:n], Y: tr.Y[:n], StepLoss: tr.StepLoss[:n]}
}

// checkFinite reports the first gradient that overflowed, or that no differences
// can be taken for; JSON has no infinity.
func (r *Report) checkFinite() error {
	for _, q := range r.Equations {
		for _, v := range q.Total.Data {
			if v-v != 0 {
				return fmt.Errorf("%s is %v: it explodes past what a float64 holds", q.Of, v)
			}
		}
		if q.NumericRelErr == math.MaxFloat64 {
			return fmt.Errorf("%s: the central differences are no finite numbers, expected smaller weights and inputs", q.Of)
		}
	}
	return nil
}

// leaveOut notes what the report does without.
func (r *Report) leaveOut(what, why string) {
	r.LeftOut = append(r.LeftOut, LeftOut{what, why})
}

// relErr is check's relative error, at most the largest float64: JSON has no
// infinity.
func relErr(a, b []float64) float64 { return min(check.RelErr(a, b), math.MaxFloat64) }
