package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/check"
)

// The checks, and the largest relative errors that pass of those whose limit is
// always the same.
const (
	CheckTerms       = "terms"       // the terms add up to the total
	CheckDoubleSum   = "double-sum"  // the literal double sums (11) and (14) are what the recursion gives
	CheckDifferences = "differences" // so are central differences of the loss
	CheckGolden      = "golden"      // and what another program computed

	LimitTerms     = 1e-13
	LimitDoubleSum = 1e-12
)

// OK says whether all checks passed.
func (r *Report) OK() bool {
	return !slices.ContainsFunc(r.Checks, func(c Check) bool { return !c.OK })
}

// name is how a check calls an equation.
func (q *Equation) name() string {
	if q.Eq == "" {
		return q.Of
	}
	return "(" + q.Eq + ") " + q.Of
}

// worst collects the largest error of a check.
type worst struct {
	of            string
	relErr, limit float64
}

// see takes the error that is largest beside what may be.
func (w *worst) see(of string, relErr, limit float64) {
	if w.of == "" || relErr/limit > w.relErr/w.limit {
		w.of, w.relErr, w.limit = of, relErr, limit
	}
}

// addChecks sums up what was compared, and compares with the golden file.
func (w *work) addChecks(r *Report) {
	var terms, differences, doubleSum worst
	sampled := 0
	for i := range r.Equations {
		q := &r.Equations[i]
		if len(q.Terms) > 0 {
			terms.see(q.name(), q.SumRelErr, LimitTerms)
		}
		differences.see(q.name(), q.NumericRelErr, q.NumericLimit())
		if q.Numeric == nil {
			sampled++
		}
	}
	if e, ok := r.DoubleSum["Whh"]; ok {
		doubleSum.see("(11) dL/dWhh", e, LimitDoubleSum)
		doubleSum.see("(14) dL/dWxh", r.DoubleSum["Wxh"], LimitDoubleSum)
	}
	r.add(CheckTerms, terms)
	r.add(CheckDoubleSum, doubleSum)
	r.add(CheckDifferences, differences)
	w.addGolden(r)

	if w.T() > fewSteps {
		r.leaveOut("terms", fmt.Sprintf("%d steps: single terms are told of up to %d", w.T(), fewSteps))
	}
	if w.T() > shownSteps {
		r.leaveOut("values", fmt.Sprintf("%d steps: x, h, alpha and z are told of up to %d", w.T(), shownSteps))
	}
	if sampled > 0 {
		r.leaveOut("differences", "of most numbers: some were compared, the largest among them")
	}
}

// add adds a check if it was made.
func (r *Report) add(name string, w worst) {
	if w.of != "" {
		r.Checks = append(r.Checks, Check{Name: name, Of: w.of, RelErr: w.relErr, Limit: w.limit, OK: w.relErr < w.limit})
	}
}

// addGolden compares with what the case's file expects.
func (w *work) addGolden(r *Report) {
	if w.golden == nil {
		return
	}
	var golden worst
	var absent []string
	for _, c := range w.goldenTensors() {
		if c.want == nil {
			absent = append(absent, c.name)
			continue
		}
		golden.see(c.name, relErr(c.got, c.want), limit(check.Limit64, c.rounding))
	}
	r.add(CheckGolden, golden)
	switch {
	case golden.of == "":
		r.leaveOut(CheckGolden, "the file does not say what to expect")
	case len(absent) > 0:
		r.leaveOut(CheckGolden, "not in the file: "+strings.Join(absent, ", "))
	}
}

// compared is a tensor and what it should be; nil if that is not known.
type compared struct {
	name      string
	got, want []float64
	rounding  float64 // what it alone does to a gradient
}

// goldenTensors lists what a golden file may expect.
func (w *work) goldenTensors() []compared {
	g, grads := w.golden, w.grads[0]
	var loss []float64
	if g.Loss != nil {
		loss = []float64{*g.Loss}
	}
	all := []compared{
		{"h", slices.Concat(w.tr.H[1:]...), g.H.Data, 0},
		{"logits", slices.Concat(w.tr.Alpha...), g.Logits.Data, 0},
		{"step_loss", w.tr.StepLoss[1:], g.StepLoss.Data, 0},
		{"loss", []float64{w.tr.Loss}, loss, 0},
	}
	for _, p := range []struct{ name, by string }{
		{"rnn.weight_ih_l0", "Wxh"}, {"rnn.weight_hh_l0", "Whh"}, {"rnn.bias_ih_l0", "bh"}, {"rnn.bias_hh_l0", "bh"},
		{"out.weight", "Whz"}, {"out.bias", "bz"}, {"x", "x"}, {"h0", "h0"},
	} {
		c := compared{name: "grads." + p.name, got: gradient(grads, p.by, 0), want: g.Grads[p.name].Data}
		for _, m := range w.moved {
			c.rounding = max(c.rounding, relErr(gradient(m, p.by, 0), c.got))
		}
		all = append(all, c)
	}
	return all
}
