package main

import (
	"cmp"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// names writes along the bottom what the shapes are called, each at the end of
// a line from the lowest of its dots.
type names struct {
	rows []row
	peak float64
}

// column is a shape and the lowest of its dots.
type column struct {
	name string
	low  vg.Point
}

// together is how near two shapes are that are named side by side.
const together = 20

// Plot names neighbours in one text. Where it would run into the one before,
// that ends and this begins at its line.
func (n names) Plot(c draw.Canvas, p *plot.Plot) {
	columns := n.columns(c, p)
	bottom := c.Min.Y + 8
	const height = 14
	for _, s := range columns {
		c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.5}, []vg.Point{{X: s.low.X, Y: s.low.Y - 7}, {X: s.low.X, Y: bottom + height}})
	}
	labels := joined(columns)
	style := writing(12)
	overlap := func(i int) bool { // of a label and the next
		if i < 0 || i+1 == len(labels) {
			return false
		}
		a, b := labels[i], labels[i+1]
		return a.low.X+style.Width(a.name)/2+4 > b.low.X-style.Width(b.name)/2
	}
	for i, l := range labels {
		x := l.low.X
		switch style.XAlign = text.XCenter; {
		case overlap(i):
			style.XAlign = text.XRight
			x += together / 2
		case overlap(i - 1):
			style.XAlign = text.XLeft
			x -= together / 2
		}
		c.FillText(style, vg.Point{X: x, Y: bottom}, l.name)
	}
}

// joined makes one of columns that stand near each other, in their middle.
func joined(columns []column) []column {
	var labels []column
	for i := 0; i < len(columns); {
		first, names := columns[i], []string(nil)
		last := first
		for ; i < len(columns) && columns[i].low.X < first.low.X+together; i++ {
			last = columns[i]
			names = append(names, last.name)
		}
		labels = append(labels, column{strings.Join(names, ", "), vg.Point{X: (first.low.X + last.low.X) / 2}})
	}
	return labels
}

// columns returns the shapes from left to right.
func (n names) columns(c draw.Canvas, p *plot.Plot) []column {
	at := on(c, p)
	var all []column
	for _, r := range n.rows {
		dot := at(r.Intensity, r.Share*n.peak)
		i := slices.IndexFunc(all, func(s column) bool { return s.name == r.Shape })
		if i < 0 {
			all = append(all, column{r.Shape, dot})
		} else if dot.Y < all[i].low.Y {
			all[i].low = dot
		}
	}
	slices.SortFunc(all, func(a, b column) int { return cmp.Compare(a.low.X, b.low.X) })
	return all
}
