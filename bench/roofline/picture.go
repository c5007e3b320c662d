package main

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// cells are what is drawn how, in the order of the legend: colours that the
// colour-blind tell apart (Okabe and Ito), and shapes for those who see none.
var cells = []struct {
	name, title string
	color       color.RGBA
	glyph       draw.GlyphDrawer
}{
	{"tanh", "tanh", color.RGBA{0, 114, 178, 255}, draw.CircleGlyph{}},
	{"relu", "ReLU", color.RGBA{86, 180, 233, 255}, draw.RingGlyph{}},
	{"lstm", "LSTM", color.RGBA{213, 94, 0, 255}, draw.BoxGlyph{}},
	{"gru", "GRU", color.RGBA{0, 158, 115, 255}, draw.PyramidGlyph{}},
}

var (
	ink   = color.RGBA{32, 32, 32, 255}
	grey  = color.RGBA{128, 128, 128, 255}
	faint = color.RGBA{225, 225, 225, 255}
)

// The font is one that SVG's readers have, or have one as wide of.
func init() { plot.DefaultFont.Variant = "Sans" }

func picture(m machine, rows []row, peak float64) (*plot.Plot, error) {
	p := plot.New()
	p.BackgroundColor = color.White
	p.Title.Text = fmt.Sprintf("Forward passes under the roofs of the machine (%s, %d thread(s), float32)", m.Kernel, m.Threads)
	p.Title.Padding = 8
	p.X.Label.Text = "FLOP a byte"
	p.Y.Label.Text = "GFLOP/s"
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Scale = plot.LogScale{}
		axis.Tick.Marker = marks{}
		axis.Label.TextStyle.Font.Size = 12
		axis.Tick.Label.Font.Size = 11
	}
	frame(p, m, rows, peak)
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = faint, faint
	p.Add(grid)
	p.Add(
		slope{fmt.Sprintf("memory %.0f GB/s", m.MemoryGBs), m.MemoryGBs, peak, []vg.Length{6, 4}},
		slope{fmt.Sprintf("second-level cache %.0f GB/s", m.L2GBs), m.L2GBs, peak, nil},
		ridge{peak / max(m.L2GBs, m.MemoryGBs), peak},
		names{rows, peak},
	)
	return p, addDots(p, rows, peak)
}

// frame sets the ends of the axes: all dots, the cache's slope, and room for what is written.
func frame(p *plot.Plot, m machine, rows []row, peak float64) {
	edge := peak / m.L2GBs
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = edge, edge, peak, peak
	for _, r := range rows {
		p.X.Min, p.X.Max = min(p.X.Min, r.Intensity), max(p.X.Max, r.Intensity)
		p.Y.Min = min(p.Y.Min, r.Share*peak)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = p.X.Min/2, p.X.Max*2, p.Y.Min/2.2, p.Y.Max*1.4
}

// addDots adds the rows of each cell, and the cell to the legend.
func addDots(p *plot.Plot, rows []row, peak float64) error {
	p.Legend.XOffs, p.Legend.YOffs = -8, 60
	p.Legend.Padding = 3
	p.Legend.TextStyle.Font.Size = 12
	for _, c := range cells {
		var at plotter.XYs
		for _, r := range rows {
			if r.Cell == c.name {
				at = append(at, plotter.XY{X: r.Intensity, Y: r.Share * peak})
			}
		}
		if len(at) == 0 {
			continue
		}
		dots, err := plotter.NewScatter(at)
		if err != nil {
			return err
		}
		dots.GlyphStyle = draw.GlyphStyle{Color: c.color, Radius: 4, Shape: c.glyph}
		p.Add(dots)
		p.Legend.Add(c.title, dots)
	}
	return nil
}

// marks are the ticks of a logarithmic axis: 1, 2 and 5 of each power of ten.
type marks struct{}

func (marks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for power := 0.001; power <= high; power *= 10 {
		for _, of := range []float64{1, 2, 5} {
			if v := of * power; v > low*0.999 && v < high*1.001 {
				ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%.3g", v)})
			}
		}
	}
	return ticks
}
