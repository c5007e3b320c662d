package bptt_test

import (
	"math"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// What the paper prints wrongly or short, shown by numbers. Each test holds the
// literal formula and the meant one against central differences: the meant one
// must agree within right, the literal one must be off by more than wrong.
const (
	right = 1e-9
	wrong = 1e-2
)

// stepLoss reads L(t) off a trace.
func stepLoss(t int) func(*bptt.Trace) float64 {
	return func(tr *bptt.Trace) float64 { return tr.StepLoss[t] }
}

// wxhTerms and whhTerms are the sum over k = from..to of the terms of L(t).
func (p *problem) wxhTerms(tr *bptt.Trace, t, from, to int) matrix {
	return p.terms(tr, t, from, to, func(k int) []float64 { return tr.X[k] })
}

func (p *problem) whhTerms(tr *bptt.Trace, t, from, to int) matrix {
	return p.terms(tr, t, from, to, func(k int) []float64 { return tr.H[k-1] })
}

func (p *problem) terms(tr *bptt.Trace, t, from, to int, last func(k int) []float64) matrix {
	total := fill(p.n.H, len(last(1)), func(_, _ int) float64 { return 0 })
	for k := from; k <= to; k++ {
		total = total.plus(row(p.n.Terms(tr, t)[k]).t().times(row(last(k))))
	}
	return total
}

// Below (4), L(y,z) = -sum of L(y_t,z_t) is printed; L is that without the minus.
func TestExtraMinusBelow4(t *testing.T) {
	tr := newProblem(1, 4, 3, 4, 3, 0.7).forward(t)
	meant, literal := 0.0, 0.0
	for s := 1; s <= tr.T(); s++ {
		meant += -math.Log(tr.Z[s][tr.Y[s]]) // + L(y_t,z_t)
		literal -= -math.Log(tr.Z[s][tr.Y[s]])
	}
	closeTo(t, "the sum", []float64{tr.Loss}, []float64{meant}, 1e-14)
	farFrom(t, "minus the sum", []float64{literal}, []float64{tr.Loss}, wrong)
}

// (9) gives dL(t+1)/dWhh by the path through h_t alone, and (10) by the sum over
// k = 1..t. Both lack the direct term k = t+1 of (8), which (11) has; with it
// (10) is exact. (9) is (10) as printed if its dh_t/dWhh is read as the total
// derivative, and shorter still if that is read as the immediate one.
func TestDirectTermMissingIn9And10(t *testing.T) {
	p := newProblem(2, 3, 3, 4, 3, 0.7)
	tr := p.forward(t)
	for step := 2; step <= 3; step++ { // the paper's t+1
		truth := p.numeric(t, stepLoss(step)).Whh
		closeTo(t, "k = 1..t+1", p.whhTerms(tr, step, 1, step).flat(), truth, right)
		farFrom(t, "(10) as printed", p.whhTerms(tr, step, 1, step-1).flat(), truth, wrong)
		farFrom(t, "(8) alone", p.whhTerms(tr, step, step, step).flat(), truth, wrong)
		farFrom(t, "(9) as printed, immediate", p.whhTerms(tr, step, step-1, step-1).flat(), truth, wrong)
	}
}

// The factor dh_k/dWhh in (10) and (11) must hold h_{k-1}. With the total
// derivative of h_k instead, the early steps are counted more than once.
func TestImmediateDerivativeIn11(t *testing.T) {
	p := newProblem(3, 3, 3, 4, 3, 0.7)
	tr := p.forward(t)
	const last = 3
	truth := p.numeric(t, stepLoss(last)).Whh
	total := p.whhTerms(tr, last, 1, last)
	for k := 1; k < last; k++ { // the terms through h_k that total has once already
		total = total.plus(p.whhTerms(tr, last, 1, k))
	}
	closeTo(t, "immediate dh_k/dWhh", p.whhTerms(tr, last, 1, last).flat(), truth, right)
	farFrom(t, "total dh_k/dWhh", total.flat(), truth, wrong)
}

// (11) and (14) sum L(t+1) over t without a range. Over t = 0..T-1 they are the
// gradient of L; started at t = 1, as every other sum in the paper is, they are
// the gradient of L less that of L(1).
func TestRangeOfSumIn11And14(t *testing.T) {
	const T = 4
	p := newProblem(4, T, 3, 4, 3, 0.7)
	tr := p.forward(t)
	sum := func(from int, terms func(*bptt.Trace, int, int, int) matrix) matrix {
		total := terms(tr, from+1, 1, from+1)
		for s := from + 1; s < T; s++ {
			total = total.plus(terms(tr, s+1, 1, s+1))
		}
		return total
	}
	whole, first := p.numeric(t, wholeLoss), p.numeric(t, stepLoss(1))
	closeTo(t, "(11) from t = 0", sum(0, p.whhTerms).flat(), whole.Whh, right)
	closeTo(t, "(14) from t = 0", sum(0, p.wxhTerms).flat(), whole.Wxh, right)
	farFrom(t, "(11) from t = 1", sum(1, p.whhTerms).flat(), whole.Whh, wrong)
	farFrom(t, "(14) from t = 1", sum(1, p.wxhTerms).flat(), whole.Wxh, wrong)
	closeTo(t, "(11) from t = 1, and L(1)", minus(whole.Whh, first.Whh), sum(1, p.whhTerms).flat(), right)
	closeTo(t, "(14) from t = 1, and L(1)", minus(whole.Wxh, first.Wxh), sum(1, p.wxhTerms).flat(), right)
}

// (12) has two parts, with dh_{t+1}/dWxh and dh_t/dWxh. If both are immediate
// derivatives it is exact for t+1 = 2 and short for t+1 = 3; if both are total,
// it counts the second twice; if the first is immediate and the second total, it
// is exact always, and is (13).
func TestReadingsOf12(t *testing.T) {
	p := newProblem(5, 3, 3, 4, 3, 0.7)
	tr := p.forward(t)
	for step := 2; step <= 3; step++ { // the paper's t+1
		truth := p.numeric(t, stepLoss(step)).Wxh
		direct := p.wxhTerms(tr, step, step, step)
		totalThroughH := p.wxhTerms(tr, step, 1, step-1)
		bothImmediate := p.wxhTerms(tr, step, step-1, step).flat()
		bothTotal := direct.plus(totalThroughH).plus(totalThroughH).flat()

		closeTo(t, "immediate, then total", direct.plus(totalThroughH).flat(), truth, right)
		farFrom(t, "both total", bothTotal, truth, wrong)
		if step == 2 {
			closeTo(t, "both immediate, t+1 = 2", bothImmediate, truth, right)
		} else {
			farFrom(t, "both immediate, t+1 = 3", bothImmediate, truth, wrong)
		}
	}
}

// The paper's last form of tanh is NaN where e^{2x} overflows, and loses most
// digits near 0.
func TestTanhAsPrinted(t *testing.T) {
	literal := func(x float64) float64 {
		e := math.Exp(2 * x)
		return (e - 1) / (e + 1)
	}
	for _, x := range []float64{355, 1000} {
		if got := literal(x); !math.IsNaN(got) {
			t.Errorf("(e^{2x}-1)/(e^{2x}+1) at %v is %v, want NaN", x, got)
		}
		if got := bptt.Tanh(x); got != 1 {
			t.Errorf("Tanh(%v) = %v, want 1", x, got)
		}
	}
	closeTo(t, "literal at 1", []float64{literal(1)}, []float64{bptt.Tanh(1)}, 1e-15)
	const tiny = 1.5e-10 // tanh(x) = x - x^3/3 + ..., here x in every digit
	if got := bptt.Tanh(tiny); got != tiny {
		t.Errorf("Tanh(%v) = %v, want the same", tiny, got)
	}
	if e := math.Abs(literal(tiny)-tiny) / tiny; e < 1e-9 {
		t.Errorf("the literal form at %v is off by %v only", tiny, e)
	}
}
