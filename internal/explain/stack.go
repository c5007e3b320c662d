package explain

import (
	"fmt"
	"slices"
)

// stack is the layers' passes over one sequence, [layer][direction].
type stack struct {
	runs [][]*run
}

// forward runs layers, lowest first, over x [T][I]; of two directions the second
// begins at the sequence's end, and a layer's output is both side by side.
func forward(layers [][]*layer, x [][]float64) *stack {
	s := &stack{}
	for _, directions := range layers {
		var runs []*run
		for d, l := range directions {
			own := x
			if d == 1 {
				own = slices.Clone(x)
				slices.Reverse(own)
			}
			runs = append(runs, l.forward(own))
		}
		s.runs = append(s.runs, runs)
		x = s.output(len(s.runs) - 1)
	}
	return s
}

// steps returns T.
func (s *stack) steps() int { return s.runs[0][0].steps() }

// position returns where step t of a direction stands in the sequence, and the
// step of a place.
func (s *stack) position(direction, t int) int {
	if direction == 0 {
		return t
	}
	return s.steps() + 1 - t
}

// output returns the output [T][D·H] of layer l.
func (s *stack) output(l int) [][]float64 {
	out := make([][]float64, s.steps())
	for p := range out {
		for d, r := range s.runs[l] {
			out[p] = append(out[p], r.h[s.position(d, p+1)]...)
		}
	}
	return out
}

// check says whether a state is not finite.
func (s *stack) check() error {
	for l, directions := range s.runs {
		for _, r := range directions {
			for t, h := range r.h {
				if !allFinite(h) || !allFinite(r.c[t]) {
					return fmt.Errorf("layer %d, step %d: the state is not finite, expected a model that computes finite numbers", l+1, t)
				}
			}
		}
	}
	return nil
}

func allFinite(v []float64) bool {
	for _, x := range v {
		if x-x != 0 {
			return false
		}
	}
	return true
}
