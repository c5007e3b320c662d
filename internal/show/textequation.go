package show

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// equation shows one gradient with its terms.
func (s *Screen) equation(b *strings.Builder, r *explain.Report, q *explain.Equation) {
	number := "(" + q.Eq + ")"
	if q.Eq == "" {
		number = "    "
	}
	name := lossName(q.Of)
	fmt.Fprintf(b, "\n%s %s\n", s.strong(number+" "+name)+blanks(s.Columns-2-widthOf(number+name)-len(q.Lines)), s.faint(q.Lines))
	printed, meant := s.say("printed", "논문"), s.say("meant", "뜻")
	if q.Printed != "" {
		fmt.Fprintf(b, "  %s= %s\n", left(printed, 8), s.wrapped(q.Printed, 12))
	} else {
		fmt.Fprintf(b, "  %s  %s\n", left(printed, 8), s.say("(the paper leaves it out)", "(논문에는 없다)"))
	}
	fmt.Fprintf(b, "  %s= %s\n", left(meant, 8), s.wrapped(q.Meant, 12))
	b.WriteString("\n")
	s.place(b, s.blocks(r, q))
	s.byDistance(b, q)
	s.verdict(b, r, q)
}

// blocks are the matrices that an equation comes down to: terms, in the paper's
// order, where k falls, their total, and the differences.
func (s *Screen) blocks(r *explain.Report, q *explain.Equation) []block {
	terms := slices.Clone(q.Terms)
	slices.SortFunc(terms, func(a, b explain.Term) int { return cmp.Or(a.T-b.T, b.K-a.K) })
	var blocks []block
	for i, t := range terms {
		m := s.matrix(fmt.Sprintf(s.say("term t = %d, k = %d", "항 t = %d, k = %d"), t.T, t.K), explain.Tensor{Shape: t.Shape, Data: t.Data})
		if i > 0 {
			m.before = "+"
		}
		blocks = append(blocks, m)
	}
	total := s.matrix(s.say("total", "전체"), q.Total)
	if q.Recursive() {
		total = s.matrix(s.say("total, by recursion", "전체 (재귀 계산)"), q.Total)
	}
	if len(terms) > 0 {
		total.before = sign("=", q.SumRelErr, explain.LimitTerms)
	}
	blocks = append(blocks, total)
	if q.Numeric != nil {
		m := s.matrix(s.say("differences", "중앙차분"), *q.Numeric)
		m.before = numericSign(q)
		blocks = append(blocks, m)
	}
	return blocks
}

// sign is the one between two things that should be the same, and may not be.
func sign(same string, relErr, limit float64) string {
	if relErr < limit {
		return same
	}
	return "≠"
}

// numericSign is the one between a total and its differences.
func numericSign(q *explain.Equation) string {
	if q.NumericUnsure() {
		return "?"
	}
	return sign("≈", q.NumericRelErr, q.NumericLimit())
}

// verdict says how far an equation is from what it is compared with.
func (s *Screen) verdict(b *strings.Builder, r *explain.Report, q *explain.Equation) {
	b.WriteString("  " + s.say("relative error: ", "상대 오차: "))
	if len(q.Terms) > 0 {
		fmt.Fprintf(b, s.say("terms’ sum %s, ", "항들의 합 %s, "), s.errorOf(q.SumRelErr, explain.LimitTerms))
	}
	fmt.Fprintf(b, s.say("differences %s", "중앙차분 %s"), s.numericError(q))
	if q.Numeric == nil {
		size := len(q.Total.Data)
		fmt.Fprintf(b, s.say(" (%d of %d numbers)", " (수 %[2]d개 가운데 %[1]d개)"), q.NumericElements, size)
	}
	b.WriteString("\n")
}

// byDistance shows how much the terms of a double sum give by how far back they
// lie, at some distances.
func (s *Screen) byDistance(b *strings.Builder, q *explain.Equation) {
	if len(q.ByDistance) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s%s%s%s\n", right("t − k", 7), right(s.say("terms", "항의 수"), 9), right(s.say("norm of their sum", "합의 노름"), 20), right(s.say("largest single term", "가장 큰 항의 노름"), 22))
	next := 0
	for i, d := range q.ByDistance {
		if i < next && i+1 < len(q.ByDistance) {
			continue
		}
		fmt.Fprintf(b, "  %s%9d%20.3g%22.3g\n", right(fmt.Sprint(d.Distance), 7), d.Terms, d.Norm, d.Largest)
		next = max(i+1, 2*i-1)
	}
}

// names of what is derived.
var symbols = map[string]string{"alpha": "α", "Whz": "W_hz", "bz": "b_z", "Whh": "W_hh", "Wxh": "W_xh", "bh": "b_h", "h": "h", "x": "x"}

var gradientName = regexp.MustCompile(`^dL(\d*)/d([A-Za-z]+)(\d*)$`)

// lossName writes a gradient's name as the paper does: "dL2/dWhh" as
// ∂L(2)/∂W_hh.
func lossName(of string) string {
	m := gradientName.FindStringSubmatch(of)
	if m == nil {
		return of
	}
	loss := "∂L"
	if m[1] != "" {
		loss += "(" + m[1] + ")"
	}
	by := symbols[m[2]]
	switch {
	case m[3] != "":
		by += subscript(m[3])
	case m[2] == "alpha", m[2] == "x":
		by += "_t"
	}
	return loss + "/∂" + by
}

func sub(n int) string { return subscript(fmt.Sprint(n)) }

// subscript lowers digits.
func subscript(digits string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '₀' }, digits)
}

// breaks are where a formula may go on in the next line: before a term, and
// before what is said beside it.
var breaks = regexp.MustCompile(` \+ | − \(|  | ∂h_\{t\+1\}/∂h_k`)

// wrapped breaks a formula into lines that fit, the further ones indented.
func (s *Screen) wrapped(formula string, indent int) string {
	var b strings.Builder
	used := indent
	for len(formula) > 0 {
		end := len(formula)
		if at := breaks.FindStringIndex(formula[1:]); at != nil {
			end = at[0] + 1
		}
		part := formula[:end]
		formula = formula[end:]
		if used > indent && used+widthOf(part) > s.Columns {
			part = strings.TrimLeft(part, " ")
			b.WriteString("\n" + blanks(indent))
			used = indent
		}
		b.WriteString(part)
		used += widthOf(part)
	}
	return b.String()
}
