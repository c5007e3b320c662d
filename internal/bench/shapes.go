package bench

import "github.com/unroll-go/unroll/rnn"

// Named is a shape with a name, as docs/performance.md has them.
type Named struct {
	Name string
	Shape
}

// All returns cells in every shape.
func All(cells []rnn.Cell, threads int, seconds float64) []Named {
	var all []Named
	for _, cell := range cells {
		for _, s := range []Named{
			{"stream", Shape{Steps: 50, Batch: 1, Input: 64, Hidden: 64}},
			{"tiny", Shape{Steps: 200, Batch: 8, Input: 64, Hidden: 64}},
			{"tagger", Shape{Steps: 25, Batch: 32, Input: 128, Hidden: 128}},
			{"mid", Shape{Steps: 35, Batch: 20, Input: 200, Hidden: 200}},
			{"long", Shape{Steps: 100, Batch: 32, Input: 128, Hidden: 128}},
			{"wide", Shape{Steps: 50, Batch: 16, Input: 512, Hidden: 512}},
			{"big", Shape{Steps: 100, Batch: 64, Input: 256, Hidden: 256}},
		} {
			s.Cell, s.Threads, s.Seconds = cell, threads, seconds
			all = append(all, s)
		}
	}
	return all
}
