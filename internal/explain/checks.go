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

// OK says whether no check failed; one may have been unable to tell.
func (r *Report) OK() bool { return len(r.Failed()) == 0 }

// Failed names the checks that failed.
func (r *Report) Failed() []string {
	return r.named(func(c Check) bool { return !c.OK && !c.CannotTell })
}

// Unsure names the checks that cannot tell.
func (r *Report) Unsure() []string { return r.named(func(c Check) bool { return c.CannotTell }) }

func (r *Report) named(which func(Check) bool) (names []string) {
	for _, c := range r.Checks {
		if which(c) {
			names = append(names, c.Name)
		}
	}
	return names
}

// name is how a check calls an equation.
func (q *Equation) name() string {
	if q.Eq == "" {
		return q.Of
	}
	return "(" + q.Eq + ") " + q.Of
}

// worst collects the largest error of a check: of those that show a mistake, of
// those that cannot tell where there are none, otherwise of all.
type worst struct {
	of            string
	relErr, limit float64
	outcome       outcome
}

type outcome int

const (
	passes outcome = iota
	cannotTell
	fails
)

// see takes the error that is worst, or largest beside what may be.
func (w *worst) see(of string, relErr, limit float64) {
	o := passes
	if !(relErr < limit) {
		o = fails
	}
	w.take(of, relErr, limit, o)
}

func (w *worst) take(of string, relErr, limit float64, o outcome) {
	if w.of == "" || o > w.outcome || o == w.outcome && relErr/limit > w.relErr/w.limit {
		*w = worst{of, relErr, limit, o}
	}
}

// seeNumeric takes what differences say of an equation.
func (w *worst) seeNumeric(q *Equation) {
	o := passes
	switch {
	case q.NumericUnsure():
		o = cannotTell
	case q.NumericFails():
		o = fails
	}
	w.take(q.name(), q.NumericRelErr, q.NumericLimit(), o)
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
		differences.seeNumeric(q)
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
	if w.T() > ShownSteps {
		r.leaveOut("values", fmt.Sprintf("%d steps: x, h, alpha and z are told of up to %d", w.T(), ShownSteps))
	}
	if sampled > 0 {
		r.leaveOut("differences", "of most numbers: some were compared, the largest among them")
	}
}

// add adds a check if it was made.
func (r *Report) add(name string, w worst) {
	if w.of != "" {
		r.Checks = append(r.Checks, Check{Name: name, Of: w.of, RelErr: w.relErr, Limit: w.limit, OK: w.outcome == passes, CannotTell: w.outcome == cannotTell})
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
