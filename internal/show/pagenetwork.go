package show

import "fmt"

// network draws the paper's figure 1: the network folded, its state fed back to
// itself, and the same unrolled over steps, the weights the same at each.
func (s *sheet) network() *element {
	name := s.say("The network folded, with a loop at its state, and unrolled over the steps t−1, t, t+1",
		"접힌 네트워크(상태에서 자신으로 돌아오는 고리)와 시점 t−1, t, t+1로 펼친 네트워크")
	svg := el("svg.graph.network", at("viewBox", "0 0 640 262"), at("role", "img"), at("aria-label", name))
	edges, nodes := el("g.edge"), el("g.node")
	column := func(x float64, sub string) {
		edges.add(arrow(point{x, 220}, point{x, 130}, 20), arrow(point{x, 130}, point{x, 40}, 20))
		nodes.add(box(point{x, 176}, "W", "xh"), box(point{x, 86}, "W", "hz"),
			circle(point{x, 220}, "x", sub), circle(point{x, 130}, "h", sub), circle(point{x, 40}, "z", sub))
	}
	column(70, "t")
	edges.add(el("path", at("d", "M87 119C150 80 150 180 90 142"+head(point{88, 140}, -0.9, -0.45, 7))))
	nodes.add(box(point{136, 130}, "W", "hh"))
	svg.add(el("g.edge", el("path", at("d", "M180 130H226"+head(point{228, 130}, 1, 0, 10)))),
		el("text.note", at("x", 204), at("y", 112), s.say("unrolled", "펼침")))
	for i, sub := range []string{"t−1", "t", "t+1"} {
		x := 330 + 115*float64(i)
		column(x, sub)
		edges.add(arrow(point{x - 90, 130}, point{x, 130}, 20))
		nodes.add(box(point{x - 57, 130}, "W", "hh"))
	}
	edges.add(arrow(point{560, 130}, point{625, 130}, 0))
	svg.add(edges, nodes)
	return el("figure", el("div.wide", svg), el("figcaption", s.say(
		"Figure 1. Left, as it is written: one network whose state h goes back into it. Right, as it is run: a copy for every step, all with the same weights. That is why a weight's gradient is a sum over steps.",
		"그림 1. 왼쪽은 식 그대로의 모습으로, 상태 h가 다시 들어가는 하나의 네트워크다. 오른쪽은 실제로 계산되는 모습으로, 시점마다 같은 가중치를 쓰는 복사본이 이어진다. 그래서 가중치의 기울기는 시점에 대한 합이 된다.")))
}

// forward writes (2)-(4) and what they gave on this case.
func (s *sheet) forward() []*element {
	c := s.Report.Case
	a := func(name string) *element { return msub(name, mi("t")) }
	previous := el("msub", mi("h"), mrow(mi("t"), mo("−"), mn(1)))
	tanh := line(a("h"), "=", mi("tanh"), bracketed(weight("Whh"), previous, mo("+"), weight("Wxh"), a("x"), mo("+"), weight("bh")), equationNumber(2))
	alpha := line(a("α"), "=", weight("Whz"), a("h"), mo("+"), weight("bz"))
	z := line(a("z"), "=", mi("softmax"), bracketed(a("α")), equationNumber(3))
	loss := line(lossOf(0), "=", mo("−"), sumOver("t", 1, mn(c.T)), a("y"), mi("log"), a("z"), equationNumber(4))
	all := []*element{
		el("h2", s.say("The network", "네트워크")),
		s.network(),
		formula("h_t = tanh(W_hh h_{t-1} + W_xh x_t + b_h), α_t = W_hz h_t + b_z, z_t = softmax(α_t), L = -Σ y_t log z_t", tanh, alpha, z, loss),
		s.states(), s.weights(),
	}
	return all
}

// equationNumber is an equation's number after its formula.
func equationNumber(n int) *element { return el("mtext.number", fmt.Sprintf("(%d)", n)) }

// states is the table of what each step computed.
func (s *sheet) states() *element {
	c := s.Report.Case
	table := el("table.states", el("tr", el("th", "t"), columnHead("x"), columnHead("h"), columnHead("α"), columnHead("z"), columnHead("y"), el("th", el("math", lossOf(0), mrow(mo("("), mi("t"), mo(")"))))))
	if h0, ok := c.Values["h0"]; ok {
		table.add(el("tr", el("th", "0"), el("td"), el("td", vector(h0.Data)), el("td"), el("td"), el("td"), el("td")))
	}
	for t := 1; t <= min(c.T, mostWritten); t++ {
		row := el("tr", el("th", fmt.Sprint(t)))
		for _, name := range []string{"x", "h", "alpha", "z"} {
			row.add(el("td", vector(c.Values[fmt.Sprint(name, t)].Data)))
		}
		table.add(row.add(el("td", yOf(c.Y, t)), el("td", lossAt(c.Losses, t))))
	}
	box := el("details", el("summary", s.say("What every step computed", "시점마다 계산된 값")), el("div.wide", table))
	if c.T <= mostDrawn {
		box.add(at("open", ""))
	}
	if c.T > mostWritten {
		box.add(el("p.note", fmt.Sprintf(s.say("The first %d of %d steps.", "%[2]d개 시점 가운데 처음 %[1]d개."), mostWritten, c.T)))
	}
	return box
}

func columnHead(name string) *element { return el("th", el("math", msub(name, mi("t")))) }

func yOf(y []int, t int) string {
	if t > len(y) {
		return ""
	}
	return fmt.Sprint(y[t-1])
}

func lossAt(losses []float64, t int) string {
	if t > len(losses) {
		return ""
	}
	return number(losses[t-1])
}

// vector writes a vector's first numbers on a line each.
func vector(data []float64) *element {
	v := el("span.vector")
	for i, f := range data {
		if i == mostWritten {
			return v.add(el("span", "…"))
		}
		v.add(el("span", number(f)))
	}
	return v
}

// weights are the parameters, folded away.
func (s *sheet) weights() *element {
	d := el("details", el("summary", s.say("The weights", "가중치")))
	for _, w := range []struct{ key, name string }{{"Wxh", "W_xh"}, {"Whh", "W_hh"}, {"Bh", "b_h"}, {"Whz", "W_hz"}, {"Bz", "b_z"}} {
		if m, ok := s.Report.Case.Values[w.key]; ok {
			d.add(el("h4", inline(w.name)), s.matrix(m, w.name))
		}
	}
	return d
}
