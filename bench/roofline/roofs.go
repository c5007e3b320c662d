package main

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// slope is what so many GB/s allow, up to the peak.
type slope struct {
	name      string
	gbs, peak float64
	dashes    []vg.Length
}

// Plot draws the slope with its name along it.
func (s slope) Plot(c draw.Canvas, p *plot.Plot) {
	at := on(c, p)
	from := max(p.X.Min, p.Y.Min/s.gbs)
	if from > s.peak/s.gbs {
		return // outside of the picture
	}
	start, end := at(from, from*s.gbs), at(s.peak/s.gbs, s.peak)
	c.StrokeLines(draw.LineStyle{Color: ink, Width: 1.5, Dashes: s.dashes}, []vg.Point{start, end})
	style := writing(11)
	style.Rotation = math.Atan2(float64(end.Y-start.Y), float64(end.X-start.X))
	sin, cos := math.Sincos(style.Rotation)
	const above = 4
	c.FillText(style, vg.Point{
		X: (start.X+end.X)/2 - vg.Length(above*sin), Y: (start.Y+end.Y)/2 + vg.Length(above*cos),
	}, s.name)
}

// ridge is the peak, which bounds from so many FLOP a byte on.
type ridge struct{ from, peak float64 }

// Plot draws the ridge with its name above its left end.
func (r ridge) Plot(c draw.Canvas, p *plot.Plot) {
	at := on(c, p)
	start, end := at(max(r.from, p.X.Min), r.peak), at(p.X.Max, r.peak)
	c.StrokeLines(draw.LineStyle{Color: ink, Width: 1.5}, []vg.Point{start, end})
	style := writing(11)
	style.XAlign = text.XLeft
	c.FillText(style, start.Add(vg.Point{X: 4, Y: 4}), fmt.Sprintf("peak of multiply-adds %.0f GFLOP/s", r.peak))
}

// on returns where a point of the plot lies on the canvas.
func on(c draw.Canvas, p *plot.Plot) func(x, y float64) vg.Point {
	px, py := p.Transforms(&c)
	return func(x, y float64) vg.Point { return vg.Point{X: px(x), Y: py(y)} }
}

func writing(size float64) text.Style {
	return text.Style{Color: ink, Font: font.From(plot.DefaultFont, vg.Length(size)), XAlign: text.XCenter, Handler: plot.DefaultTextHandler}
}
