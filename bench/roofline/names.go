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

// names writes what the shapes are called, each below or above its dots.
type names struct {
	rows []row
	peak float64
}

// label is the name of a shape, or of some whose dots stand in one column.
type label struct {
	names     []string
	x         vg.Length
	low, high vg.Length // of its dots
}

// oneColumn is how near two shapes are that share a label.
const oneColumn = 8

// Plot tries, from left to right, below the dots, above them, and below what is
// already there.
func (n names) Plot(c draw.Canvas, p *plot.Plot) {
	style := writing(12)
	var ends [3]vg.Length // the right end of the last name in each place
	for _, l := range n.labels(c, p) {
		name := strings.Join(l.names, ", ")
		half := style.Width(name)/2 + 4
		place := 0
		for place < 2 && l.x-half < ends[place] {
			place++
		}
		ends[place] = l.x + half
		from, to := l.low-6, l.low-18
		switch style.YAlign = text.YTop; place {
		case 1:
			from, to = l.high+6, max(l.high, on(c, p)(p.X.Min, n.peak).Y)+10
			style.YAlign = text.YBottom
		case 2:
			to -= 16
		}
		c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.5}, []vg.Point{{X: l.x, Y: from}, {X: l.x, Y: to}})
		c.FillText(style, vg.Point{X: l.x, Y: to}, name)
	}
}

// labels returns the columns from left to right.
func (n names) labels(c draw.Canvas, p *plot.Plot) []label {
	at := on(c, p)
	rows := slices.Clone(n.rows)
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.Intensity, b.Intensity) })
	var all []label
	for _, r := range rows {
		dot := at(r.Intensity, r.Share*n.peak)
		if len(all) == 0 || dot.X > all[len(all)-1].x+oneColumn {
			all = append(all, label{nil, dot.X, dot.Y, dot.Y})
		}
		l := &all[len(all)-1]
		if !slices.Contains(l.names, r.Shape) {
			l.names = append(l.names, r.Shape)
		}
		l.low, l.high = min(l.low, dot.Y), max(l.high, dot.Y)
	}
	return all
}
