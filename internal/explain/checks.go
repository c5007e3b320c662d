package explain

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/check"
)

// The checks, and the largest relative errors that pass.
const (
	CheckTerms       = "terms"       // the terms add up to the total
	CheckDoubleSum   = "double-sum"  // the literal double sums (11) and (14) are what the recursion gives
	CheckDifferences = "differences" // so are central differences of the loss
	CheckGolden      = "golden"      // and what another program computed

	limitTerms     = 1e-13
	limitDoubleSum = 1e-12
)

// OK says whether all checks passed.
func (r *Report) OK() bool {
	return !slices.ContainsFunc(r.Checks, func(c Check) bool { return !c.OK })
}

// Limit returns the largest error that passes a check; infinity of a check that
// was not made.
func (r *Report) Limit(name string) float64 {
	for _, c := range r.Checks {
		if c.Name == name {
			return c.Limit
		}
	}
	return math.Inf(1)
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
	of     string
	relErr float64
}

func (w *worst) see(of string, relErr float64) {
	if w.of == "" || relErr > w.relErr {
		w.of, w.relErr = of, relErr
	}
}

// addChecks sums up what was compared, and compares with the golden file.
func (w *work) addChecks(r *Report) {
	var terms, differences, doubleSum worst
	sampled := 0
	for i := range r.Equations {
		q := &r.Equations[i]
		if len(q.Terms) > 0 {
			terms.see(q.name(), q.SumRelErr)
		}
		differences.see(q.name(), q.NumericRelErr)
		if q.Numeric == nil {
			sampled++
		}
	}
	if e, ok := r.DoubleSum["Whh"]; ok {
		doubleSum.see("(11) dL/dWhh", e)
		doubleSum.see("(14) dL/dWxh", r.DoubleSum["Wxh"])
	}
	r.add(CheckTerms, terms, limitTerms)
	r.add(CheckDoubleSum, doubleSum, limitDoubleSum)
	r.add(CheckDifferences, differences, check.LimitDiff)
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
func (r *Report) add(name string, w worst, limit float64) {
	if w.of != "" {
		r.Checks = append(r.Checks, Check{Name: name, Of: w.of, RelErr: w.relErr, Limit: limit, OK: w.relErr < limit})
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
		golden.see(c.name, relErr(c.got, c.want))
	}
	r.add(CheckGolden, golden, check.Limit64)
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
}

// goldenTensors lists what a golden file may expect.
func (w *work) goldenTensors() []compared {
	g, grads := w.golden, w.grads[0]
	var loss []float64
	if g.Loss != nil {
		loss = []float64{*g.Loss}
	}
	all := []compared{
		{"h", slices.Concat(w.tr.H[1:]...), g.H.Data},
		{"logits", slices.Concat(w.tr.Alpha...), g.Logits.Data},
		{"step_loss", w.tr.StepLoss[1:], g.StepLoss.Data},
		{"loss", []float64{w.tr.Loss}, loss},
	}
	for _, p := range []struct {
		name string
		got  []float64
	}{
		{"rnn.weight_ih_l0", grads.Wxh}, {"rnn.weight_hh_l0", grads.Whh}, {"rnn.bias_ih_l0", grads.Bh}, {"rnn.bias_hh_l0", grads.Bh},
		{"out.weight", grads.Whz}, {"out.bias", grads.Bz}, {"x", gradient(grads, "x", 0)}, {"h0", grads.H0},
	} {
		all = append(all, compared{"grads." + p.name, p.got, g.Grads[p.name].Data})
	}
	return all
}
