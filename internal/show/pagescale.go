package show

import (
	"fmt"
	"math"
)

// scale is a range of powers of ten.
type scale struct{ low, high int }

// decades is how many a scale spans at most; what is smaller is drawn as its
// lower end.
const decades = 12

// scaleOf spans the numbers above zero.
func scaleOf(rows [][]float64) scale {
	least, most := math.Inf(1), 0.0
	for _, row := range rows {
		for _, v := range row {
			if v > 0 && !math.IsInf(v, 0) {
				least, most = min(least, v), max(most, v)
			}
		}
	}
	if most == 0 {
		return scale{-1, 0}
	}
	high := int(math.Ceil(math.Log10(most)))
	low := max(int(math.Floor(math.Log10(least))), high-decades)
	return scale{min(low, high-1), high}
}

// share is where a number lies in the scale, from 0 to 1.
func (s scale) share(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(max((math.Log10(v)-float64(s.low))/float64(s.high-s.low), 0), 1)
}

func (s scale) color(v float64) string {
	if math.IsNaN(v) {
		return "#888888"
	}
	return heat(s.share(v))
}

// draw draws the scale as a bar with its powers of ten.
func (s scale) draw(x, y, width float64) *element {
	const steps = 48
	g := el("g.axis")
	for i := range steps {
		g.add(el("rect", at("x", x+width*float64(i)/steps), at("y", y), at("width", width/steps+0.5), at("height", 12),
			at("fill", heat((float64(i)+0.5)/steps))))
	}
	for _, e := range s.ticks(int(width / 44)) {
		at10 := x + width*float64(e-s.low)/float64(s.high-s.low)
		g.add(el("path", at("d", fmt.Sprintf("M%.1f %.1fv5", at10, y+12))), el("text", at("x", at10), at("y", y+29), power(e)))
	}
	return g
}

// ticks are the powers that are written, at most so many.
func (s scale) ticks(most int) []int {
	every := max(1, (s.high-s.low+most-1)/max(most, 1))
	var all []int
	for e := s.high; e >= s.low; e -= every {
		all = append(all, e)
	}
	return all
}
