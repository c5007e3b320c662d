package rnn

import (
	"slices"
	"testing"
)

// Tests that look how work is shared out are not to depend on what else the system does.
func init() { workersOf = (*Team).Size }

// A chunk that begins while the team is not counted on, or is closed, is one worker's;
// those before and after it are shared out. The numbers are the same, also where the team
// is closed within a chunk.
func TestChunksOfOneWorkerAmongOthers(t *testing.T) {
	workersOf = (*Team).Workers
	defer func() { workersOf = (*Team).Size }()
	team, closed := NewTeam(3), NewTeam(3)
	defer team.Close()
	closed.Close()
	for _, cell := range Cells() {
		c, lengths := Config{Cell: cell, Input: 32, Hidden: 64, Layers: 2}, falling(16, 40, 1)
		for _, training := range []bool{false, true} {
			want, d := stepOf(t, c, nil, nil, lengths, training), drawn[float32](t, c, nil, team, lengths)
			for i, now := range []*Team{closed, team, closed, team} {
				d.net.team = now
				if !slices.Equal(d.step(training), want) {
					t.Errorf("%s, training %v, batch %d: other numbers", cell, training, i)
				}
				if workers := d.net.chunk.workers; now == closed && workers != 1 {
					t.Errorf("a batch of a closed team was shared out to %d workers", workers)
				}
			}
			closes := NewTeam(3)
			d.net.team = closes
			d.net.Begin(d.batch, States[float32]{})
			clear(d.net.Grads())
			out := slices.Clone(d.net.Forward(0, d.batch.Steps(), d.x))
			closes.Close()
			d.net.Backward(d.dh, d.dx)
			if !slices.Equal(slices.Concat(out, d.net.Grads(), d.dx), want) {
				t.Errorf("%s, training %v: other numbers where the team is closed before the way back", cell, training)
			}
		}
	}
}

// A chunk is shared out if a block of it is worth that.
func TestSmallChunksAreOneWorkers(t *testing.T) {
	for _, c := range []struct{ hidden, sequences, steps, want int }{
		{64, 1, 50, 1}, {64, 1, 500, 2}, // of a single sequence only the products at once are
		{1024, 1, 1, 2}, // or large steps
		{16, 8, 10, 1}, {64, 8, 50, 2},
		{16, 400, 1, 1}, {16, 2000, 1, 2},
	} {
		team := NewTeam(2)
		d := drawn[float32](t, Config{Cell: Tanh, Input: c.hidden, Hidden: c.hidden, Layers: 1}, nil, team, falling(c.sequences, c.steps, 0))
		d.net.chunk.start(d.batch)
		if got := d.net.workers(0, c.steps); got != c.want {
			t.Errorf("H %d, %d sequences of %d steps: %d workers, want %d", c.hidden, c.sequences, c.steps, got, c.want)
		}
		if got := d.net.workers(0, 0); got != 1 {
			t.Errorf("no steps: %d workers", got)
		}
		team.Close()
	}
}
