package show

import (
	"fmt"
	"strconv"

	"github.com/unroll-go/unroll/internal/explain"
)

// equations shows (15)-(26) in the paper's three parts: L(1), L(2), L.
func (s *sheet) equations() []*element {
	if len(s.Report.Equations) == 0 {
		return nil
	}
	all := []*element{
		el("h2", at("id", "equations"), s.say("The equations, with their numbers", "식과 그 값")),
		el("p", s.say("In each card: the equation as the paper prints it; each of its terms as it is meant, every factor with its shape; the sum of the terms, held to two independent computations. The gradient in the weight's own shape is the transpose of the row that the paper writes, and ",
			"카드마다 논문에 적힌 식, 각 항의 정확한 뜻(인수마다 모양 표시), 항들의 합과 독립적인 두 가지 계산과의 비교가 있다. 가중치와 같은 모양의 기울기는 논문이 쓴 행벡터의 전치이며, "),
			el("math", msub("D", mi("t"))), s.say(" is the diagonal matrix of ", "는 "), el("math", mn(1), mo("−"), el("msubsup", mi("h"), mi("t"), mn(2))),
			s.say(". Point at a term, or move to it with the Tab key: its path lights up. A ring marks the state or input that the row is multiplied with at the end.", "의 대각행렬이다. 항을 가리키거나 Tab 키로 옮겨 가면 그 항의 경로가 밝아진다. 고리는 행벡터에 마지막으로 곱하는 상태나 입력을 나타낸다.")),
	}
	worked, rest, leftOut := s.grouped()
	part := -1
	for _, e := range worked {
		if g, ok := gradientOf(e.Of); ok && g.t != part {
			part = g.t
			all = append(all, s.partHead(part))
		}
		all = append(all, s.card(e))
	}
	all = append(all, s.folded(s.say("For any number of steps", "시점 수에 관계없는 식"), rest, len(worked) == 0))
	return append(all, s.folded(s.say("What the paper leaves out", "논문에 없는 기울기"), leftOut, true))
}

// grouped are the equations of the worked example, those for any T, and what
// the paper does not give.
func (s *sheet) grouped() (worked, rest, leftOut []explain.Equation) {
	for _, e := range s.Report.Equations {
		switch n, err := strconv.Atoi(e.Eq); {
		case e.Eq == "":
			leftOut = append(leftOut, e)
		case err == nil && n >= 15:
			worked = append(worked, e)
		default:
			rest = append(rest, e)
		}
	}
	return worked, rest, leftOut
}

// folded are equations that can be folded away.
func (s *sheet) folded(title string, equations []explain.Equation, open bool) *element {
	if len(equations) == 0 {
		return nil
	}
	d := el("details.group", el("summary", el("h3", title)))
	if open {
		d.add(at("open", ""))
	}
	for _, e := range equations {
		d.add(s.card(e))
	}
	return d
}

// mostDrawn is how many steps are drawn as a graph.
const mostDrawn = 4

// partHead begins a part: its title and the figure of all its ways.
func (s *sheet) partHead(t int) *element {
	title, caption := el("h3", s.say("The gradient of ", "기울기: "), el("math", lossOf(t))), ""
	var figure *element
	if T := s.Report.Case.T; T <= mostDrawn {
		name := s.say("The computation graph of L", "ℒ의 계산 그래프")
		caption = s.say("The computation graph. The gradients of the parts add up, since the weights of all steps are the same ones.",
			"계산 그래프. 모든 시점의 가중치가 같은 것이므로 각 부분의 기울기를 더하면 된다.")
		if t > 0 {
			name = fmt.Sprintf(s.say("The paths of the gradient of ℒ(%d)", "ℒ(%d)의 기울기가 흐르는 경로"), t)
			caption = fmt.Sprintf(s.say("Backpropagation of ℒ(%d): the paths to the weights of its own step", "ℒ(%d)의 역전파: 같은 시점의 가중치로 가는 경로"), t)
			if t > 1 {
				caption += s.say("; dashed, those through earlier states.", ", 점선은 이전 상태를 거쳐 가는 경로.")
			} else {
				caption += "."
			}
		}
		figure = el("figure.part", s.graph(name, T, waysTo(t)), el("figcaption", caption))
	}
	return el("section.parthead", title, figure)
}

// waysTo are all ways that the gradient of L(t) goes to weights; none for L.
func waysTo(t int) []way {
	var ways []way
	if t == 0 {
		return nil
	}
	for k := t; k >= 1; k-- {
		n := min(t-k, 1)
		ways = append(ways, way{gradient{t: t, by: "Whh"}, k, n, ""}, way{gradient{t: t, by: "Wxh"}, k, n, ""})
	}
	return append(ways, way{gradient{t: t, by: "Whz"}, t, 0, ""})
}

// card shows an equation.
func (s *sheet) card(e explain.Equation) *element {
	g, known := gradientOf(e.Of)
	title := el("h4", el("code", e.Of))
	if e.Eq != "" {
		title = el("h4", "("+e.Eq+") ", el("code", e.Of))
	}
	card := el("article.eq", el("div", title, s.printed(e, g, known)))
	below := "div"
	if len(e.Terms) > 1 {
		below = "div.many" // side by side, below the figure
	}
	if T := s.Report.Case.T; known && T <= mostDrawn && len(e.Terms) > 0 && len(e.Terms) <= colors {
		name := fmt.Sprintf(s.say("The paths of the terms of %s", "%s의 항들이 흐르는 경로"), e.Of)
		card.add(el("figure", s.graph(name, T, waysOf(g, e.Terms))))
	}
	return card.add(el(below, s.terms(e, g, known), s.total(e), s.byDistance(e)))
}

// printed is the equation as the paper prints it, if it does, and in words what
// is meant where no terms say it.
func (s *sheet) printed(e explain.Equation, g gradient, known bool) []*element {
	var all []*element
	label := s.say("As printed", "논문의 식")
	if e.Eq == "" {
		label = s.say("As the paper would write it", "논문의 표기로 쓰면")
	}
	if e.Eq != "" || len(e.Terms) > 0 {
		all = append(all, el("p.label", label))
	}
	general := g.general(e)
	switch {
	case general != nil:
		all = append(all, general)
	case known && len(e.Terms) > 0:
		all = append(all, g.printed(e))
	case e.Eq != "":
		all = append(all, el("p", el("code", e.Printed)))
	}
	if (e.Eq == "21" || e.Eq == "22") && len(e.Terms) > 1 {
		all = append(all, el("p.note", s.say("∂α₂/∂h₁ stands for ∂α₂/∂h₂ ∂h₂/∂h₁: Wₕₕ comes from its second factor.",
			"∂α₂/∂h₁은 ∂α₂/∂h₂ ∂h₂/∂h₁을 줄여 쓴 것이다. 인수 Wₕₕ는 그 둘째 인수에서 나온다.")))
	}
	if len(e.Terms) == 0 || general != nil {
		all = append(all, el("p.label", s.say("As meant", "정확한 뜻")), el("p", el("code", e.Meant)))
	}
	return all
}

// mostTerms is how many terms are written out.
const mostTerms = 12

func (s *sheet) terms(e explain.Equation, g gradient, known bool) []*element {
	if len(e.Terms) == 0 {
		return nil
	}
	list := el("ol.terms")
	for n, t := range e.Terms {
		if n == mostTerms {
			list.add(el("li.note", fmt.Sprintf(s.say("… and %s more", "… 그 밖에 항 %s"), s.count(len(e.Terms)-n, "term", "개"))))
			break
		}
		item := el("li.term."+termClass(n), at("tabindex", 0), el("span.step", fmt.Sprintf("%d", n+1)), el("span.note", s.through(t)))
		if known {
			item.add(g.meant(n, t))
		} else {
			item.add(el("p", el("code", t.Meant)))
		}
		list.add(item.add(s.matrix(explain.Tensor{Shape: t.Shape, Data: t.Data}, fmt.Sprintf("(%s) t=%d k=%d", e.Eq, t.T, t.K))))
	}
	return []*element{el("p.label", s.say("Term by term, as meant", "항별로, 정확한 뜻대로")), list}
}

// through says what a term is.
func (s *sheet) through(t explain.Term) string {
	if t.K == t.T {
		return fmt.Sprintf(s.say("t = k = %d: the loss of step %[1]d, at its own step", "t = k = %d: 시점 %[1]d의 손실, 같은 시점에서"), t.T)
	}
	return fmt.Sprintf(s.say("t = %d, k = %d: the loss of step %[1]d, back to step %[2]d", "t = %d, k = %d: 시점 %[1]d의 손실, 시점 %[2]d까지 거슬러"), t.T, t.K)
}

// byDistance is what the terms of a double sum give by how far back they lie.
func (s *sheet) byDistance(e explain.Equation) *element {
	if len(e.ByDistance) == 0 {
		return nil
	}
	table := el("table.numbers", el("tr", el("th", "t − k"), el("th", s.say("terms", "항의 수")), el("th", s.say("norm of their sum", "합의 노름")), el("th", s.say("largest single term", "가장 큰 항의 노름"))))
	every := (len(e.ByDistance) + mostProbed - 1) / mostProbed
	for i := 0; i < len(e.ByDistance); i += every {
		d := e.ByDistance[i]
		table.add(el("tr", el("th", strconv.Itoa(d.Distance)), el("td", strconv.Itoa(d.Terms)), el("td", number(d.Norm)), el("td", number(d.Largest))))
	}
	return el("details", el("summary", s.say("What its terms give, by how far back they lie", "거슬러 간 거리별 항의 크기")), el("div.wide", table))
}

// total shows the gradient and what it was held to.
func (s *sheet) total(e explain.Equation) *element {
	computed := s.say("The gradient, computed in ", "계산한 기울기: ")
	if e.Recursive() {
		computed = s.say("The gradient, by the recursion in ", "재귀 계산으로 얻은 기울기: ")
	}
	d := el("div.total", el("p.label", computed, el("code", e.Lines)), s.matrix(e.Total, "("+e.Eq+")"))
	marks := el("ul.marks")
	if len(e.Terms) > 0 {
		marks.add(s.mark(s.say("the terms' sum differs by ", "항들의 합과의 차이 "), e.SumRelErr, explain.LimitTerms, false))
	}
	return d.add(marks.add(s.mark(s.say("central differences differ by ", "중앙차분과의 차이 "), e.NumericRelErr, e.NumericLimit(), e.NumericUnsure())))
}

// mark is a relative error, which may say nothing, beside its limit.
func (s *sheet) mark(text string, err, limit float64, unsure bool) *element {
	sign, class := "✓ ", "good"
	switch {
	case unsure:
		sign, class = "? ", "unsure"
	case !(err < limit):
		sign, class = "✗ ", "bad"
	}
	return el("li."+class, sign+text+digits(err, 2)+s.say(", allowed ", ", 허용 ")+digits(limit, 1))
}
