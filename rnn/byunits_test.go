package rnn

import (
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

// TestByUnits wants the bits of one thread from teams that share steps out by
// units, forward and, where the weights are large, backward; and that they do.
func TestByUnits(t *testing.T) {
	type work struct {
		config           Config
		sequences, steps int
		forward, back    bool
	}
	all := []work{
		{Config{Cell: LSTM, Input: 9, Hidden: 256, Layers: 1}, 17, 5, true, false},
		{Config{Cell: GRU, Input: 9, Hidden: 256, Layers: 1}, 17, 5, true, false},
		{Config{Cell: LSTM, Input: 33, Hidden: 384, Layers: 2}, 9, 5, true, true},
		{Config{Cell: GRU, Input: 9, Hidden: 384, Layers: 1, LearnH0: true}, 11, 5, true, true},
		{Config{Cell: Tanh, Input: 9, Hidden: 640, Layers: 1}, 8, 5, true, true},
		{Config{Cell: ReLU, Input: 9, Hidden: 640, Layers: 1}, 8, 5, true, true},
		{Config{Cell: Tanh, Input: 9, Hidden: 128, Layers: 1}, 40, 5, false, false},
	}
	if kernel.Name() == "amx" { // with ∂L/∂x by columns
		all = append(all, work{Config{Cell: Tanh, Input: 773, Hidden: 512, Layers: 1}, 16, 21, true, true})
	}
	for _, k := range all {
		lengths := []int{k.steps, k.steps}
		for len(lengths) < k.sequences {
			lengths = append(lengths, max(k.steps-len(lengths)/4, 1))
		}
		want, one := runOnce[float32](t, k.config, lengths, nil)
		if one.forwardByUnits(k.sequences) || one.backwardByUnits(k.sequences) {
			t.Errorf("%s: one worker shares out", k.config.Cell)
		}
		for _, threads := range []int{2, 3} {
			team := NewTeam(threads)
			got, l := runOnce[float32](t, k.config, lengths, team)
			team.Close()
			if !slices.Equal(got, want) {
				t.Errorf("%s of %d, %d threads: other bits than one", k.config.Cell, k.config.Hidden, threads)
			}
			if threads > 2 || kernel.Name() == "generic" {
				continue // three workers may share unevenly
			}
			if f, b := l.forwardByUnits(k.sequences), l.backwardByUnits(k.sequences); f != k.forward || b != k.back {
				t.Errorf("%s of %d: by units forward %v, backward %v, want %v and %v", k.config.Cell, k.config.Hidden, f, b, k.forward, k.back)
			}
		}
	}
}

// TestByUnitsOfOddWidths wants the bits of one thread where the last panel of units
// is not full, with as many workers as share them evenly, and with one more than
// there are panels, who would have none.
func TestByUnitsOfOddWidths(t *testing.T) {
	t.Run("float32", testOddWidths[float32])
	t.Run("float64", testOddWidths[float64])
}

func testOddWidths[F Float](t *testing.T) {
	lengths := []int{5, 5, 5, 4, 4, 4, 3, 3, 1}
	for _, k := range []struct {
		cell            Cell
		hidden, threads int
	}{
		{Tanh, 509, 2}, {ReLU, 573, 3}, {Tanh, 957, 5}, {LSTM, 253, 2}, {GRU, 573, 3}, {LSTM, 573, 3}, {GRU, 957, 5},
		{Tanh, 1024, 17},
	} {
		c := Config{Cell: k.cell, Input: 7, Hidden: k.hidden, Layers: 1}
		want, _ := runOnce[F](t, c, lengths, nil)
		team := NewTeam(k.threads)
		got, _ := runOnce[F](t, c, lengths, team)
		team.Close()
		if !slices.Equal(got, want) {
			t.Errorf("%s of %d, %d threads: other bits than one", k.cell, k.hidden, k.threads)
		}
	}
}
