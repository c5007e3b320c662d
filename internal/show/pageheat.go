package show

import (
	"fmt"
	"math"
)

// heatMap is a table of norms as colours, on a logarithmic scale.
type heatMap struct {
	id, title string
	about     string
	values    [][]float64 // [T][columns]
	first     int         // the k of the first column: 0 or 1
	rows      []string    // [T] names of the steps t; nil for their numbers
	columns   []string    // [columns] likewise
	backward  bool        // what flows comes from later steps
}

// mostCells is how many rows and columns a heat map has; of more, several
// steps share a cell, which shows their largest norm.
const mostCells = 64

// draw draws the map with axes and the scale of colours, and its numbers.
func (s *sheet) draw(m heatMap) *element {
	if len(m.values) == 0 {
		return nil
	}
	m, bin := m.binned()
	scale := scaleOf(m.values)
	T, K := len(m.values), len(m.values[0])
	cell := min(max(400/float64(K), 11), 68)
	left, bottom := 46.0, 46.0
	if m.columns != nil {
		left, bottom = 110, 110
	}
	width, height := left+cell*float64(K)+10, cell*float64(T)+bottom+58
	svg := el("svg.chart", at("viewBox", fmt.Sprintf("0 0 %.0f %.0f", width, height)), at("width", math.Ceil(width)), at("height", math.Ceil(height)),
		at("role", "img"), at("tabindex", 0), at("aria-label", m.title+". "+m.about))
	svg.add(m.cells(scale, left, cell), m.written(scale, left, cell), m.axes(left, cell), scale.draw(left, height-48, max(cell*float64(K), 160)))
	fig := el("figure.probe", at("id", m.id), el("figcaption", el("strong", m.title), " ", m.about, s.binNote(bin)),
		el("div.wide", svg), el("output", at("data-hint", s.hint())))
	return fig.add(s.table(m))
}

func (s *sheet) hint() string {
	return s.say("Point at a cell, or move to the figure with Tab and from cell to cell with the arrow keys.",
		"칸을 가리키거나, Tab 키로 그림에 옮겨 간 뒤 화살표 키로 칸 사이를 움직이면 값이 보인다.")
}

func (s *sheet) binNote(bin int) string {
	if bin == 1 {
		return ""
	}
	return fmt.Sprintf(s.say(" Every cell is %d × %[1]d steps: the largest of them.", " 한 칸은 %d × %[1]d개 시점이며 그 가운데 가장 큰 값이다."), bin)
}

// binned is the map with at most mostCells rows and columns, and how many steps
// a cell has.
func (m heatMap) binned() (heatMap, int) {
	T, K := len(m.values), len(m.values[0])
	bin := (max(T, K-1) + mostCells - 1) / mostCells
	if bin <= 1 {
		return m, 1
	}
	small := m
	small.values, small.rows, small.columns = nil, nil, nil
	for t := 0; t < T; t += bin {
		row := make([]float64, (K+bin-1)/bin)
		for _, values := range m.values[t:min(t+bin, T)] {
			for k, v := range values {
				row[k/bin] = max(row[k/bin], v)
			}
		}
		small.values = append(small.values, row)
		small.rows = append(small.rows, span(t+1, min(t+bin, T)))
	}
	if T == 1 {
		small.rows = m.rows
	}
	for k := 0; k < K; k += bin {
		small.columns = append(small.columns, span(k+m.first, min(k+bin, K)-1+m.first))
	}
	return small, bin
}

func span(from, to int) string {
	if from == to {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d–%d", from, to)
}

// reached says whether a cell is drawn: where nothing can flow, the upper half of
// a layer that runs forward, it is not.
func (m heatMap) reached(t, k int) bool {
	switch {
	case m.values[t][k] != 0 || len(m.values) == 1:
		return true
	case m.backward:
		return k+m.first == 0 || k+m.first > t
	}
	return k+m.first <= t+1
}

func (m heatMap) rowName(t int) string {
	if m.rows != nil {
		return m.rows[t]
	}
	return fmt.Sprint(t + 1)
}

func (m heatMap) columnName(k int) string {
	if m.columns != nil {
		return m.columns[k]
	}
	return fmt.Sprint(k + m.first)
}

func (m heatMap) cells(scale scale, left, cell float64) *element {
	g := el("g.cells", at("transform", fmt.Sprintf("translate(%g 6)scale(%g)", left, math.Round(cell*100)/100)))
	for t, row := range m.values {
		for k, v := range row {
			if m.reached(t, k) {
				g.add(el("rect", at("x", k), at("y", t), at("width", 1), at("height", 1), at("fill", scale.color(v)),
					el("title", "t="+m.rowName(t)+" k="+m.columnName(k)+": "+number(v))))
			}
		}
	}
	return g
}

// written writes the numbers into the cells where they are large enough.
func (m heatMap) written(scale scale, left, cell float64) *element {
	if cell < 48 {
		return nil
	}
	g := el("g.written")
	for t, row := range m.values {
		for k, v := range row {
			if m.reached(t, k) {
				g.add(el("text", at("x", left+cell*(float64(k)+0.5)), at("y", 10+cell*(float64(t)+0.5)), at("fill", inkOn(scale.share(v))), inCell(v)))
			}
		}
	}
	return g
}

// inCell is a number as short as a cell is wide: of a small or large one its
// power of ten alone.
func inCell(v float64) string {
	if v != 0 && (v < 1e-3 || v >= 1e3) && v <= math.MaxFloat64 {
		return power(int(math.Floor(math.Log10(v))))
	}
	return digits(v, 2)
}

// axes names rows and columns, as many as there is room for.
func (m heatMap) axes(left, cell float64) *element {
	g := el("g.axis")
	T, K := len(m.values), len(m.values[0])
	every := max(1, int(math.Ceil(14/cell)))
	if m.columns == nil && m.rows == nil {
		every = max(1, int(math.Ceil(22/cell)))
	}
	for t := 0; t < T; t += every {
		g.add(el("text.end", at("x", left-6), at("y", 10+cell*(float64(t)+0.5)), clip(m.rowName(t), 14)))
	}
	base := 6 + cell*float64(T)
	for k := 0; k < K; k += every {
		x := left + cell*(float64(k)+0.5)
		if m.columns == nil {
			g.add(el("text", at("x", x), at("y", base+15), m.columnName(k)))
		} else {
			g.add(el("text.end", at("transform", fmt.Sprintf("translate(%.1f %.1f)rotate(-55)", x+4, base+12)), clip(m.columnName(k), 14)))
		}
	}
	below := 34.0
	if m.columns != nil {
		below = 98
	}
	return g.add(el("text.name", at("x", 10), at("y", 16), "t"), el("text.name", at("x", left+cell*float64(K)), at("y", base+below), "k →"))
}

// table is the same in numbers.
func (s *sheet) table(m heatMap) *element {
	table := el("table.numbers")
	top := el("tr", el("th", "t \\ k"))
	for k := range m.values[0] {
		top.add(el("th", el("bdi", m.columnName(k))))
	}
	table.add(top)
	for t, row := range m.values {
		tr := el("tr", el("th", el("bdi", m.rowName(t))))
		for k, v := range row {
			if m.reached(t, k) {
				tr.add(el("td", number(v)))
			} else {
				tr.add(el("td"))
			}
		}
		table.add(tr)
	}
	return el("details", el("summary", s.say("The numbers", "숫자로 보기")), el("div.wide", table))
}
