package show

import (
	"strconv"
	"strings"
)

// MathML, of the few things that the paper's formulas are made of.

func mi(name string) *element     { return el("mi", name) }
func mo(operator string) *element { return el("mo", operator) }
func mn(n int) *element           { return el("mn", strconv.Itoa(n)) }

func mrow(parts ...*element) *element { return el("mrow", parts) }

func msub(base string, sub *element) *element { return el("msub", mi(base), sub) }

// step is a variable of a step: h_2.
func step(name string, t int) *element { return msub(name, mn(t)) }

// weight is a parameter, by its name in the code: W_hh of "Whh", b_z of "bz".
func weight(name string) *element {
	return msub(name[:1], mi(name[1:]))
}

// lossOf is L(t), or L for t = 0.
func lossOf(t int) *element {
	if t == 0 {
		return mi("ℒ")
	}
	return mrow(mi("ℒ"), mo("("), mn(t), mo(")"))
}

// partial is ∂of/∂by.
func partial(of, by *element) *element {
	return el("mfrac", mrow(mo("∂"), of), mrow(mo("∂"), by))
}

// transposed is a vector or matrix with a ⊤.
func transposed(m *element) *element { return el("msup", m, mo("⊤")) }

// bracketed stands in parentheses that grow.
func bracketed(parts ...*element) *element {
	return mrow(append(append([]*element{mo("(")}, parts...), mo(")"))...)
}

// shaped has its shape written below.
func shaped(m *element, rows, cols string) *element {
	return el("munder", m, el("mtext.shape", rows+"×"+cols))
}

// sumOver is Σ from index = from to a limit.
func sumOver(index string, from int, to *element) *element {
	return el("munderover", mo("∑"), mrow(mi(index), mo("="), mn(from)), to)
}

// formula is a formula in rows, each of a left side, a relation and a right side.
func formula(label string, rows ...*element) *element {
	return el("div.wide", el("math", at("display", "block"), at("alttext", label),
		el("mtable.formula", at("displaystyle", "true"), rows)))
}

// line is a row of a formula.
func line(left *element, relation string, right ...*element) *element {
	return el("mtr", el("mtd", left), el("mtd", mo(relation)), el("mtd", mrow(right...)))
}

// inline is a formula within a sentence, from a text such as "h_t" or "W_hh".
func inline(text string) *element {
	base, sub, ok := strings.Cut(text, "_")
	if !ok {
		return el("math", mi(base))
	}
	return el("math", msub(base, mi(sub)))
}
