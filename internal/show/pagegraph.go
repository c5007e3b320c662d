package show

import (
	"fmt"
	"math"
	"strconv"

	"github.com/unroll-go/unroll/internal/explain"
)

// The computation graph of T steps, drawn with time to the right and what is
// computed upwards: x_t, h_t, alpha_t, z_t, L(t), L. Weights are boxes on the
// edges that they act on. A gradient goes back along the edges, from a loss to
// a box.

// Heights of the graph's rows.
const (
	rowL     = 22.0
	rowLoss  = 82.0
	rowZ     = 146.0
	rowAlpha = 210.0
	rowWhz   = 254.0
	rowH     = 300.0
	rowWxh   = 348.0
	rowX     = 394.0
	graphEnd = 428.0
)

type point struct{ x, y float64 }

// column is where step t stands, 0 for h_0.
func column(t int) float64 { return 40 + 150*float64(t) }

// way is a path of a gradient: the loss of step t, through the states down to k,
// to a weight.
type way struct {
	gradient
	k     int
	n     int // which term's: gives the colour
	label string
}

// graph draws the graph for T steps and the ways on it.
func (s *sheet) graph(name string, T int, ways []way) *element {
	width := column(T) + 75
	svg := el("svg.graph", at("viewBox", fmt.Sprintf("0 0 %g %g", width, graphEnd)), at("role", "img"), at("aria-label", name))
	svg.add(graphEdges(T))
	for i, w := range ways {
		svg.add(w.draw(8 * (float64(i) - float64(len(ways)-1)/2)))
	}
	return svg.add(graphNodes(T), factors(ways), badges(ways))
}

func graphEdges(T int) *element {
	g := el("g.edge")
	top := point{(column(1) + column(T)) / 2, rowL}
	for t := 1; t <= T; t++ {
		x := column(t)
		g.add(arrow(point{column(t - 1), rowH}, point{x, rowH}, 19),
			arrow(point{x, rowX}, point{x, rowH}, 19),
			arrow(point{x + 46, rowWxh}, point{x, rowH}, 19),
			arrow(point{x, rowH}, point{x, rowAlpha}, 19),
			arrow(point{x - 52, rowAlpha}, point{x, rowAlpha}, 19),
			arrow(point{x, rowAlpha}, point{x, rowZ}, 19),
			arrow(point{x, rowZ}, point{x, rowLoss}, 19),
			arrow(point{x, rowLoss}, top, 16))
	}
	return g
}

// arrow is a line between two nodes that ends before the second's edge.
func arrow(from, to point, radius float64) *element {
	dx, dy := to.x-from.x, to.y-from.y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return nil
	}
	dx, dy = dx/length, dy/length
	end := point{to.x - dx*radius, to.y - dy*radius}
	return el("path", at("d", fmt.Sprintf("M%.1f %.1fL%.1f %.1f%s", from.x, from.y, end.x, end.y, head(end, dx, dy, 6))))
}

// head is an arrow's head, as a part of a path: the tip, and in which direction.
func head(tip point, dx, dy, size float64) string {
	back := point{tip.x - dx*size, tip.y - dy*size}
	return fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1f", back.x-dy*size/2, back.y+dx*size/2, tip.x, tip.y, back.x+dy*size/2, back.y-dx*size/2)
}

func graphNodes(T int) *element {
	g := el("g.node")
	g.add(circle(point{column(0), rowH}, "h", "0"))
	for t := 1; t <= T; t++ {
		x, sub := column(t), strconv.Itoa(t)
		g.add(box(point{x - 75, rowH}, "W", "hh"), box(point{x, rowWxh}, "W", "xh"), box(point{x, rowWhz}, "W", "hz"),
			box(point{x + 50, rowWxh}, "b", "h"), box(point{x - 52, rowAlpha}, "b", "z"),
			circle(point{x, rowX}, "x", sub), circle(point{x, rowH}, "h", sub), circle(point{x, rowAlpha}, "α", sub),
			circle(point{x, rowZ}, "z", sub), circle(point{x, rowLoss}, "ℒ", "("+sub+")"))
	}
	return g.add(circle(point{(column(1) + column(T)) / 2, rowL}, "ℒ", ""))
}

func circle(c point, name, sub string) *element {
	return el("g", el("circle", at("cx", c.x), at("cy", c.y), at("r", 19)), symbol(c, name, sub))
}

func box(c point, name, sub string) *element {
	return el("g.weight", el("rect", at("x", c.x-18), at("y", c.y-13), at("width", 36), at("height", 26), at("rx", 4)), symbol(c, name, sub))
}

// symbol is a name with what stands below or, in parentheses, behind it.
func symbol(c point, name, sub string) *element {
	t := el("text", at("x", c.x), at("y", c.y+5), name)
	switch {
	case sub == "":
	case sub[0] == '(':
		t.add(el("tspan.level", sub))
	default:
		t.add(el("tspan", at("dy", 4), sub))
	}
	return t
}

// points are the nodes that the way passes, from the loss to its end.
func (w way) points() []point {
	x := column(w.t)
	var p []point
	p = append(p, point{x, rowLoss}, point{x, rowZ}, point{x, rowAlpha})
	switch w.by {
	case "alpha":
		return append(p[:2], point{x, rowAlpha - 20})
	case "bz":
		return append(p, point{x - 32, rowAlpha})
	case "Whz":
		return append(p, point{x, rowWhz - 15})
	}
	p = append(p, point{x, rowH})
	for j := w.t - 1; j >= w.k; j-- {
		p = append(p, point{column(j), rowH})
	}
	x = column(w.k)
	switch w.by {
	case "Whh":
		return append(p, point{x - 55, rowH})
	case "bh":
		return append(p, point{x + 38, rowWxh - 11})
	case "h0":
		return append(p, point{column(0) + 21, rowH})
	case "x":
		return append(p, point{x, rowX - 21})
	}
	return append(p, point{x, rowWxh - 15})
}

// draw draws the way, set off so that ways side by side can be told apart, with
// a head in the middle of each part.
func (w way) draw(off float64) *element {
	p := w.points()
	d := ""
	for i, q := range p {
		command := "L"
		if i == 0 {
			command = "M"
		}
		d += fmt.Sprintf("%s%.1f %.1f", command, q.x+off, q.y+off)
	}
	tips := ""
	for i := 1; i < len(p); i++ {
		dx, dy := p[i].x-p[i-1].x, p[i].y-p[i-1].y
		length := math.Hypot(dx, dy)
		middle := point{(p[i].x+p[i-1].x)/2 + off, (p[i].y+p[i-1].y)/2 + off}
		tips += head(middle, dx/length, dy/length, 9)
	}
	return el("g.way."+termClass(w.n), el("path", at("d", d)), el("path.tip", at("d", tips)))
}

// factors rings the states and inputs that the ways are multiplied with.
func factors(ways []way) *element {
	g := el("g")
	for _, w := range ways {
		var c point
		switch w.by {
		case "Whz":
			c = point{column(w.t), rowH}
		case "Whh":
			c = point{column(w.k - 1), rowH}
		case "Wxh":
			c = point{column(w.k), rowX}
		default:
			continue
		}
		g.add(el("circle.ring."+termClass(w.n), at("cx", c.x), at("cy", c.y), at("r", 22+3*w.n)))
	}
	return g
}

// badges numbers the ends of the ways.
func badges(ways []way) *element {
	g := el("g")
	for i, w := range ways {
		if w.label == "" {
			continue
		}
		p := w.points()
		end, off := p[len(p)-1], 8*(float64(i)-float64(len(ways)-1)/2)
		g.add(el("g.badge."+termClass(w.n), el("circle", at("cx", end.x+off), at("cy", end.y+off), at("r", 8)),
			el("text", at("x", end.x+off), at("y", end.y+off+4), w.label)))
	}
	return g
}

// waysOf are the ways of an equation's terms.
func waysOf(g gradient, terms []explain.Term) []way {
	var ways []way
	for n, t := range terms {
		ways = append(ways, way{gradient{t: t.T, by: g.by}, t.K, n, strconv.Itoa(n + 1)})
	}
	return ways
}
