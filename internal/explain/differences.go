package explain

import (
	"math"
	"slices"

	"github.com/unroll-go/unroll/bptt"
)

// steps are the δ of central differences, in the order in which they are tried.
// What the first leaves out is δ²/6 = 2e-21 times a third derivative. Where the
// loss is steep or weights are large it is too long, or loses itself among digits:
// then one of the others may be right. A gradient that is wrong agrees with none.
var steps = []float64{1e-10, 1e-15, 1e-6, 1e-20}

// numeric is a tensor's derivatives by central differences, of all elements or
// of some.
type numeric struct {
	elements []int // which; ascending
	slopes   func(element int, step float64) []float64
	tried    [][][]float64 // by step, of each element: as slopes returns them; of alpha's entry 0 alone
}

// by returns the derivatives by step i, of every element.
func (n *numeric) by(i int) [][]float64 {
	for len(n.tried) <= i {
		var all [][]float64
		for _, e := range n.elements {
			all = append(all, n.slopes(e, steps[len(n.tried)]))
		}
		n.tried = append(n.tried, all)
	}
	return n.tried[i]
}

// row returns the derivatives of L(t), or of L for t = 0, by the elements of row
// at of a tensor [T, width], of all rows for 0, and which elements of it they are.
func (n *numeric) row(i, t, at, width int) (slopes []float64, elements []int) {
	for j, s := range n.by(i) {
		switch e := n.elements[j]; {
		case at == 0:
			slopes, elements = append(slopes, s[t]), append(elements, e)
		case e/width == at-1:
			slopes, elements = append(slopes, s[t]), append(elements, e%width)
		}
	}
	return slopes, elements
}

// compareNumeric compares a total with differences: with those of further steps
// where the first do not agree. Of several the best counts, and how far the two
// are apart that agree best says what differences are worth here.
func (w *work) compareNumeric(q *Equation, d derived) {
	width, t := w.Net.I, d.step
	if d.by == "alpha" {
		width, t = w.Net.K, 0
	}
	q.NumericRelErr = math.MaxFloat64
	var tried [][]float64
	for i := range steps {
		want, elements := w.numeric[d.by].row(i, t, d.at, width)
		if e := relErr(pick(q.Total.Data, elements), want); i == 0 || e < q.NumericRelErr {
			q.NumericRelErr, q.NumericElements, q.Numeric = e, len(want), nil
			if len(want) == len(q.Total.Data) {
				q.Numeric = &Tensor{q.Total.Shape, want}
			}
		}
		if q.NumericRelErr < q.NumericLimit() {
			return
		}
		tried = append(tried, want)
		q.NumericDoubt = disagreement(tried)
	}
}

// pick returns some elements of v.
func pick(v []float64, elements []int) []float64 {
	out := make([]float64, len(elements))
	for i, e := range elements {
		out[i] = v[e]
	}
	return out
}

// disagreement returns how far apart those two are that agree best; 0 of one.
func disagreement(tried [][]float64) float64 {
	if len(tried) < 2 {
		return 0
	}
	least := math.MaxFloat64
	for i := range tried {
		for j := range i {
			least = min(least, relErr(tried[i], tried[j]))
		}
	}
	return least
}

// budget is about how many products all differences may take: a fraction of a second.
const budget = 3e7

// exponential is how many products one takes as long as.
const exponential = 20

// differences returns the derivatives by every tensor, to be computed when they
// are asked for. Where all elements would take too long it takes some of each:
// those evenly apart, and the one with the largest gradient.
func (e *Example) differences(tr *bptt.Trace) map[string]*numeric {
	d, g := newDoubled(e, tr), e.Net.Backward(tr)
	all := map[string][]double{"Wxh": d.wxh, "Whh": d.whh, "bh": d.bh, "Whz": d.whz, "bz": d.bz, "h0": d.h0, "x": d.x}
	least := 1
	if e.T() == 2 {
		least = 2 // one of each step's x_t and alpha_t
	}
	afford := func(one int) int { return max(least, budget/(2*one*len(all))) } // for two runs of so many products each
	byName := map[string]*numeric{
		"alpha": {elements: sample(slices.Concat(alphaGradients(tr)...), afford(exponential*d.k)), slopes: d.alphaSlopes},
	}
	most := afford(len(d.y) * (d.h*(d.h+d.i+d.k) + exponential*(d.h+d.k)))
	for name, v := range all {
		byName[name] = &numeric{
			elements: sample(gradient(g, name, 0), most),
			slopes:   func(i int, step float64) []float64 { return d.slopes(&v[i], step) },
		}
	}
	return byName
}

// sample returns up to most places of v, evenly apart but for the largest one's.
func sample(v []float64, most int) []int {
	var places []int
	stride := (len(v) + most - 1) / most
	for i := 0; i < len(v); i += stride {
		places = append(places, i)
	}
	if top := largest(v); !slices.Contains(places, top) {
		places[top/stride] = top
	}
	return places
}

// largest returns the place of the largest element, without its sign.
func largest(v []float64) int {
	top := 0
	for i := range v {
		if math.Abs(v[i]) > math.Abs(v[top]) {
			top = i
		}
	}
	return top
}
