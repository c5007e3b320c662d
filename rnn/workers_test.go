package rnn

import (
	"slices"
	"testing"
)

// A batch while the team is not counted on, as one that is closed, is done by one worker;
// those before and after it are shared out. The numbers are the same.
func TestBatchesOfOneWorkerAmongOthers(t *testing.T) {
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
				if want := now.Workers(); d.net.chunk.workers != want {
					t.Errorf("batch %d was shared out to %d workers, want %d", i, d.net.chunk.workers, want)
				}
			}
		}
	}
}

// A batch is shared out if a block of it is worth that.
func TestSmallBatchesAreOneWorkers(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	for _, c := range []struct {
		hidden, sequences, steps, want int
	}{
		{64, 1, 50, 1}, {64, 1, 500, 2}, // of a single sequence only the products at once are
		{16, 8, 10, 1}, {64, 8, 50, 2},
		{16, 400, 1, 1}, {16, 2000, 1, 2},
	} {
		d := drawn[float32](t, Config{Cell: Tanh, Input: c.hidden, Hidden: c.hidden, Layers: 1}, nil, team, falling(c.sequences, c.steps, 0))
		d.step(false)
		if got := d.net.chunk.workers; got != c.want {
			t.Errorf("H %d, %d sequences of %d steps: %d workers, want %d", c.hidden, c.sequences, c.steps, got, c.want)
		}
	}
}
