package rnn

import (
	"fmt"
	"slices"
	"testing"
)

// ∂L/∂x may be wanted of a later chunk alone: it is that of a network of which it was
// wanted all along, both new ones and those that had other parameters before.
func TestInputGradientsOfALaterChunk(t *testing.T) {
	const steps, half = 40, 20
	for _, cell := range Cells() {
		c := Config{Cell: cell, Input: 32, Hidden: 64, Layers: 2}
		chunks := func(n *Net[float32], training, always bool) []float32 {
			d := drawn(t, c, n, nil, falling(16, steps, 0))
			for i := range d.net.Params() {
				d.net.Params()[i] *= -2
			}
			d.net.Training(training)
			d.net.Begin(d.batch, States[float32]{})
			for from := 0; from < steps; from += half {
				rows := func(v []float32, width int) []float32 { return d.rows(v, width, from, from+half) }
				d.net.Forward(from, from+half, rows(d.x, c.Input))
				dx := rows(d.dx, c.Input)
				if from == 0 && !always {
					dx = nil
				}
				d.net.Backward(rows(d.dh, c.Hidden), dx)
			}
			return d.rows(d.dx, c.Input, half, steps)
		}
		for _, training := range []bool{false, true} {
			t.Run(fmt.Sprint(cell, " training ", training), func(t *testing.T) {
				want := chunks(nil, training, true)
				if !slices.Equal(chunks(nil, training, false), want) {
					t.Error("of a new network they differ")
				}
				used := drawn[float32](t, c, nil, nil, falling(16, steps, 0))
				used.step(training)
				if !slices.Equal(chunks(used.net, training, false), want) {
					t.Error("of one that had other parameters they differ")
				}
			})
		}
	}
}
