package show

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// gradient is what an equation is of: L(t) or, with t = 0, L, by a parameter,
// h_0, or alpha or x of a step. Its formulas follow from that and the terms'
// (t, k).
type gradient struct {
	t  int
	by string // alpha, Whz, bz, Whh, Wxh, bh, h0, x
	at int    // of alpha and x, which step; 0 for all
}

// gradientOf reads an equation's name: "dL2/dWhh", "dL/dbz", "dL1/dalpha1".
func gradientOf(of string) (g gradient, ok bool) {
	left, by, cut := strings.Cut(of, "/d")
	left, isLoss := strings.CutPrefix(left, "dL")
	if !cut || !isLoss {
		return g, false
	}
	g.t, ok = stepOf(left)
	if !ok {
		return g, false
	}
	for _, name := range []string{"alpha", "x"} {
		if at, is := strings.CutPrefix(by, name); is {
			g.by = name
			g.at, ok = stepOf(at)
			return g, ok
		}
	}
	g.by = by
	return g, slices.Contains([]string{"Whz", "bz", "Whh", "Wxh", "bh", "h0"}, by)
}

// stepOf reads the number of a step, 0 where none is written.
func stepOf(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	t, err := strconv.Atoi(text)
	return t, err == nil && t > 0
}

// parameter is what the gradient is by, in MathML.
func (g gradient) parameter() *element {
	name := map[string]string{"alpha": "α", "x": "x"}[g.by]
	switch {
	case name == "":
		return weight(g.by)
	case g.at == 0:
		return msub(name, mi("t"))
	}
	return step(name, g.at)
}

// recurrent says whether paths lead through earlier states.
func (g gradient) recurrent() bool { return g.by != "alpha" && g.by != "Whz" && g.by != "bz" }

// printed is the equation as the paper prints it: sums, derivatives, values; what
// it does not give, in values as it would write them.
// Each term has the class of its number, which gives it its colour.
func (g gradient) printed(e explain.Equation) *element {
	left := partial(lossOf(g.t), g.parameter())
	var rows []*element
	add := func(relation string, right ...*element) {
		rows = append(rows, line(left, relation, right...))
		left = mrow()
	}
	if g.t == 0 && e.Eq != "" {
		add("=", g.sums(e)...)
	}
	order := printedOrder(e.Terms)
	if g.by != "alpha" && e.Eq != "" {
		for i, n := range order {
			add(relation(i, "=", "+"), colored(n, g.chain(e.Terms[n])...))
		}
	}
	for i, n := range order {
		add(relation(i, "=", ""), colored(n, g.value(e.Terms[n])...))
	}
	switch g.by {
	case "Whz", "bz":
		if g.t == 0 {
			sum := []*element{mo("−"), sumOver("t", 1, mn(lastStep(e))), mo("("), msub("y", mi("t")), mo("−"), msub("z", mi("t")), mo(")")}
			if g.by == "Whz" {
				sum = append(sum, msub("h", mi("t")))
			}
			add("=", sum...)
		}
	}
	return formula(e.Printed, rows...)
}

// printedOrder is the paper's order of the terms: by t, the nearest k first.
func printedOrder(terms []explain.Term) []int {
	order := make([]int, len(terms))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(terms[a].T, terms[b].T), cmp.Compare(terms[b].K, terms[a].K))
	})
	return order
}

func relation(n int, first, then string) string {
	if n == 0 {
		return first
	}
	return then
}

func colored(n int, parts ...*element) *element { return el("mrow."+termClass(n), parts) }

// termClass is the class of what belongs to an equation's n-th term.
func termClass(n int) string { return "t" + strconv.Itoa(n%colors) }

// colors is how many the style has for terms and curves.
const colors = 4

func lastStep(e explain.Equation) int {
	last := 0
	for _, t := range e.Terms {
		last = max(last, t.T)
	}
	return last
}

// sums is the first line of (23)-(26).
func (g gradient) sums(e explain.Equation) []*element {
	at := func(name string) *element { return msub(name, mi("t")) }
	row := []*element{sumOver("t", 1, mn(lastStep(e)))}
	if g.recurrent() {
		row = append(row, sumOver("k", 1, mi("t")))
		loss := mrow(mi("ℒ"), mo("("), mi("t"), mo(")"))
		return append(row, partial(loss, at("z")), partial(at("z"), at("α")), partial(at("α"), at("h")),
			partial(at("h"), msub("h", mi("k"))), partial(msub("h", mi("k")), g.parameter()))
	}
	return append(row, partial(lossOf(0), at("z")), partial(at("z"), at("α")), partial(at("α"), g.parameter()))
}

// chain is a term's product of derivatives. The paper writes L for L(t) in (23)
// and (24); in (21) and (22) it goes from alpha_2 to h_1 in one factor, in (25)
// and (26) by way of h_2.
func (g gradient) chain(t explain.Term) []*element {
	loss := lossOf(t.T)
	if g.t == 0 && !g.recurrent() {
		loss = lossOf(0)
	}
	row := []*element{partial(loss, step("z", t.T)), partial(step("z", t.T), step("α", t.T))}
	if !g.recurrent() {
		return append(row, partial(step("α", t.T), g.parameter()))
	}
	switch {
	case t.K == t.T || g.t != 0:
		row = append(row, partial(step("α", t.T), step("h", t.K)))
	default:
		row = append(row, partial(step("α", t.T), step("h", t.T)), partial(step("h", t.T), step("h", t.K)))
	}
	return append(row, partial(step("h", t.K), g.parameter()))
}

// value is a term as the paper writes it out: -(y-z) Whz (1-h²) … h_{k-1}.
func (g gradient) value(t explain.Term) []*element {
	row := []*element{mo("−"), mo("("), step("y", t.T), mo("−"), step("z", t.T), mo(")")}
	if g.recurrent() {
		row = append(row, weight("Whz"), slope(t.T))
		for j := t.T - 1; j >= t.K; j-- {
			row = append(row, weight("Whh"), slope(j))
		}
	}
	switch g.by {
	case "Whz", "Whh", "Wxh":
		row = append(row, g.last(t))
	case "h0":
		row = append(row, weight("Whh"))
	case "x":
		row = append(row, weight("Wxh"))
	}
	return row
}

// general is one of (5), (6), (7), (11), (14), as the paper prints it, nil for
// another equation.
func (g gradient) general(e explain.Equation) *element {
	t, next := func(name string) *element { return msub(name, mi("t")) }, func(name string) *element {
		return el("msub", mi(name), mrow(mi("t"), mo("+"), mn(1)))
	}
	var row []*element
	switch e.Eq {
	case "5":
		row = []*element{mo("−"), bracketed(t("y"), mo("−"), t("z"))}
	case "6", "7":
		row = []*element{el("munder", mo("∑"), mi("t")), partial(lossOf(0), t("z")), partial(t("z"), g.parameter())}
	case "11", "14":
		k := msub("h", mi("k"))
		loss := mrow(mi("ℒ"), mo("("), mi("t"), mo("+"), mn(1), mo(")"))
		row = []*element{el("munder", mo("∑"), mi("t")), sumOver("k", 1, mrow(mi("t"), mo("+"), mn(1))),
			partial(loss, next("z")), partial(next("z"), next("h")), partial(next("h"), k), partial(k, g.parameter())}
	default:
		return nil
	}
	return formula(e.Printed, line(partial(lossOf(g.t), g.parameter()), "=", row...))
}

// slope is the paper's (1 - h_t²).
func slope(t int) *element {
	return mrow(mo("("), mn(1), mo("−"), el("msubsup", mi("h"), mn(t), mn(2)), mo(")"))
}

// last is the last factor of a weight's term.
func (g gradient) last(t explain.Term) *element {
	switch g.by {
	case "Whz":
		return step("h", t.T)
	case "Whh":
		return step("h", t.K-1)
	case "Wxh":
		return step("x", t.K)
	}
	return nil
}

// meant is a term with every factor's shape: a row, times what it meets last; of
// a weight the row is transposed first.
func (g gradient) meant(n int, t explain.Term) *element {
	row := []*element{mo("−"), shaped(transposed(bracketed(step("y", t.T), mo("−"), step("z", t.T))), "1", "K")}
	if g.recurrent() {
		row = append(row, shaped(weight("Whz"), "K", "H"), shaped(step("D", t.T), "H", "H"))
		for j := t.T - 1; j >= t.K; j-- {
			row = append(row, shaped(weight("Whh"), "H", "H"), shaped(step("D", j), "H", "H"))
		}
	}
	switch g.by {
	case "Whz", "Whh", "Wxh":
		width := map[string]string{"Whz": "H", "Whh": "H", "Wxh": "I"}[g.by]
		row = []*element{transposed(bracketed(row...)), shaped(transposed(g.last(t)), "1", width)}
	case "h0":
		row = append(row, shaped(weight("Whh"), "H", "H"))
	case "x":
		row = append(row, shaped(weight("Wxh"), "H", "I"))
	}
	return el("div.wide", el("math", at("display", "block"), at("alttext", t.Meant), el("mrow."+termClass(n), row)))
}
