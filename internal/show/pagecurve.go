package show

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/unroll-go/unroll/internal/explain"
)

// The size of the picture of the curves, and of the field that they lie in.
const (
	curveWidth, curveHeight = 440.0, 300.0
	fieldLeft, fieldTop     = 48.0, 12.0
	fieldWidth, fieldHeight = 380.0, 240.0
)

// curves draws how the influence of a state fades with distance: of every flow
// its median, the band between a tenth and nine tenths, and its bound.
type curves struct {
	flows []explain.Flow
	last  int // the largest distance
	scale scale
}

// newCurves spans what was measured, Faded where it comes near that, and as much
// of the bounds as lies within three more powers of ten.
func newCurves(flows []explain.Flow) curves {
	c := curves{flows: flows, last: 2}
	var measured []float64
	bounds := 0.0
	for _, f := range flows {
		for _, p := range f.Points {
			c.last = max(c.last, p.Distance)
			measured = append(measured, p.Low, p.Median, p.High)
			bounds = max(bounds, p.Bound)
		}
	}
	if len(measured) == 0 || slices.Min(measured) < 100*explain.Faded {
		measured = append(measured, explain.Faded)
	}
	c.scale = scaleOf([][]float64{measured})
	if bounds > 0 {
		c.scale.high = max(c.scale.high, min(int(math.Ceil(min(math.Log10(bounds), 400))), c.scale.high+3))
	}
	return c
}

func (c curves) x(distance int) float64 {
	return fieldLeft + fieldWidth*float64(distance-1)/float64(c.last-1)
}

// y may lie outside the field, which cuts it off.
func (c curves) y(v float64) float64 {
	if !(v > 0) {
		return fieldTop + 2*fieldHeight
	}
	share := (min(math.Log10(v), 400) - float64(c.scale.low)) / float64(c.scale.high-c.scale.low)
	return min(max(fieldTop+fieldHeight*(1-share), -fieldHeight), fieldTop+2*fieldHeight)
}

// flow shows the curves, their names and their numbers.
func (s *sheet) flow() []*element {
	if len(s.Flows) == 0 {
		return nil
	}
	c := newCurves(s.Flows)
	title := s.say("‖∂hₜ/∂hₖ‖ by distance t − k", "거리 t − k에 따른 ‖∂hₜ/∂hₖ‖")
	about := s.say("The line is the median of all pairs at that distance, the band holds eight tenths of them. The thin dotted line is a bound that none can pass: the product of the largest singular value of Wₕₕ and the largest slopes 1 − h². Dashed lines: below 10⁻³ an influence counts as lost, above 10³ it has exploded.",
		"선은 그 거리에 있는 모든 쌍의 중앙값이고, 띠에는 그 가운데 8할이 들어 있다. 가는 점선은 어느 쌍도 넘을 수 없는 상한으로, Wₕₕ의 가장 큰 특잇값과 tanh의 가장 큰 미분값 1 − h²을 곱해 시점마다 쌓은 것이다. 파선: 10⁻³ 아래에서는 영향이 사라진 것으로, 10³ 위에서는 폭발한 것으로 본다.")
	svg := el("svg.chart.curves", at("viewBox", fmt.Sprintf("0 0 %g %g", curveWidth, curveHeight)), at("role", "img"), at("tabindex", 0), at("aria-label", title+". "+about))
	svg.add(el("clipPath", at("id", "field"), el("rect", at("x", fieldLeft), at("y", fieldTop), at("width", fieldWidth), at("height", fieldHeight))))
	svg.add(c.grid(s))
	field := el("g", at("clip-path", "url(#field)"))
	legend := el("ul.legend")
	for n, f := range s.Flows {
		field.add(c.band(n, f), c.line("bound", n, f, func(p explain.Point) float64 { return p.Bound }),
			c.line("median", n, f, func(p explain.Point) float64 { return p.Median }))
		legend.add(el("li."+termClass(n), el("bdi", clip(f.Name, 60)), " ("+f.Cell+")"))
	}
	svg.add(field, c.probes())
	fig := el("figure.probe", at("id", "flow-figure"), el("figcaption", el("strong", title), " ", about), legend, el("div.wide", svg), el("output", at("data-hint", s.say("Point at a distance, or move to the figure with Tab and on with the arrow keys.", "거리를 가리키거나, Tab 키로 그림에 옮겨 간 뒤 화살표 키로 움직이면 값이 보인다."))))
	return []*element{el("h2", at("id", "flow"), s.say("How a gradient fades or grows", "기울기가 사라지거나 커지는 모습")), fig.add(s.flowTable())}
}

func (c curves) grid(s *sheet) *element {
	g := el("g.axis")
	for _, e := range c.scale.ticks(9) {
		y := c.y(math.Pow10(e))
		g.add(el("path.grid", at("d", fmt.Sprintf("M%g %.1fh%g", fieldLeft, y, fieldWidth))), el("text.end", at("x", fieldLeft-5), at("y", y+4), power(e)))
	}
	every := max(1, (c.last+9)/10)
	for d := 1; d <= c.last; d += every {
		g.add(el("path", at("d", fmt.Sprintf("M%.1f %gv5", c.x(d), fieldTop+fieldHeight))), el("text", at("x", c.x(d)), at("y", fieldTop+fieldHeight+18), strconv.Itoa(d)))
	}
	g.add(el("path", at("d", fmt.Sprintf("M%g %gv%gh%g", fieldLeft, fieldTop, fieldHeight, fieldWidth))))
	for _, v := range []float64{explain.Faded, 1 / explain.Faded} {
		if y := c.y(v); y >= fieldTop && y <= fieldTop+fieldHeight {
			g.add(el("path.faded", at("d", fmt.Sprintf("M%g %.1fh%g", fieldLeft, y, fieldWidth))))
		}
	}
	return g.add(el("text.name", at("x", fieldLeft+fieldWidth), at("y", fieldTop+fieldHeight+36), s.say("distance t − k, in steps →", "거리 t − k (시점) →")))
}

func (c curves) band(n int, f explain.Flow) *element {
	d := ""
	for i, p := range f.Points {
		d += vertex(i, c.x(p.Distance), c.y(p.High))
	}
	for i := len(f.Points) - 1; i >= 0; i-- {
		d += vertex(1, c.x(f.Points[i].Distance), c.y(f.Points[i].Low))
	}
	return el("path.band."+termClass(n), at("d", d+"Z"))
}

func (c curves) line(kind string, n int, f explain.Flow, of func(explain.Point) float64) *element {
	d, i := "", 0
	for _, p := range f.Points {
		if v := of(p); v > 0 || kind == "median" {
			d += vertex(i, c.x(p.Distance), c.y(v))
			i++
		}
	}
	if i == 0 {
		return nil
	}
	if i == 1 {
		d += "h4" // a point of its own
	}
	return el("path."+kind+"."+termClass(n), at("d", d))
}

func vertex(i int, x, y float64) string {
	if i == 0 {
		return fmt.Sprintf("M%.1f %.1f", x, y)
	}
	return fmt.Sprintf("L%.1f %.1f", x, y)
}

// mostProbed is how many distances can be pointed at, and stand in the table.
const mostProbed = 100

// probed are distances spread over all that there are.
func (c curves) probed() []int {
	var all []int
	every := (c.last + mostProbed - 1) / mostProbed
	for d := 1; d <= c.last; d += every {
		all = append(all, d)
	}
	return all
}

// probes are stripes over the field that say the numbers at their distance.
func (c curves) probes() *element {
	g := el("g.cells.stripes")
	distances := c.probed()
	width := fieldWidth / float64(len(distances))
	for _, d := range distances {
		text := fmt.Sprintf("t − k = %d", d)
		for _, f := range c.flows {
			if p, ok := pointOf(f, d); ok {
				text += fmt.Sprintf("; %s: %s (%s – %s)", clip(f.Name, 24), number(p.Median), number(p.Low), number(p.High))
			}
		}
		g.add(el("rect", at("x", max(c.x(d)-width/2, fieldLeft)), at("y", fieldTop), at("width", width), at("height", fieldHeight), el("title", text)))
	}
	return g
}

// flowTable is the same in numbers.
func (s *sheet) flowTable() *element {
	c := newCurves(s.Flows)
	table := el("table.numbers")
	top := el("tr", el("th", "t − k"))
	for _, f := range s.Flows {
		for _, what := range []string{s.say("pairs", "쌍"), s.say("median", "중앙값"), "10 %", "90 %", s.say("bound", "상한")} {
			top.add(el("th", el("bdi", clip(f.Name, 16)), " ", what))
		}
	}
	table.add(top)
	for _, d := range c.probed() {
		tr := el("tr", el("th", strconv.Itoa(d)))
		for _, f := range s.Flows {
			p, ok := pointOf(f, d)
			if !ok {
				tr.add(el("td"), el("td"), el("td"), el("td"), el("td"))
				continue
			}
			bound := ""
			if p.Bound > 0 {
				bound = number(p.Bound)
			}
			tr.add(el("td", strconv.Itoa(p.Pairs)), el("td", number(p.Median)), el("td", number(p.Low)), el("td", number(p.High)), el("td", bound))
		}
		table.add(tr)
	}
	return el("details", el("summary", s.say("The numbers", "숫자로 보기")), el("div.wide", table))
}
