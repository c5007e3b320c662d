package rnn

import (
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

// teamCase is a network and a batch for teams of any size, and whether its first layer
// does what is tested, where there are matrix units.
type teamCase struct {
	name    string
	config  Config
	lengths []int
	does    bool
}

// sameBitsOnTeams wants the bits of one thread from any team, and that one thread and
// two do what is tested where it is to be done.
func sameBitsOnTeams(t *testing.T, cases []teamCase, does func(*layer[float32]) bool) {
	t.Helper()
	for _, k := range cases {
		want, one := runOnce[float32](t, k.config, k.lengths, nil)
		for _, threads := range []int{2, 3, 4, 5} {
			team := NewTeam(threads)
			got, l := runOnce[float32](t, k.config, k.lengths, team)
			team.Close()
			if !slices.Equal(got, want) {
				t.Errorf("%s: other bits with %d threads", k.name, threads)
			}
			if want := k.does && kernel.Splits[float32](); threads == 2 && (does(l) != want || want && !does(one)) {
				t.Errorf("%s: done %v with two threads, %v with one, want %v", k.name, does(l), does(one), want)
			}
		}
	}
}

// TestOneNetForAllBatches wants of one network, batch after batch and on any team,
// what a new one computes of each: nothing stays of how the batch before was worked on.
func TestOneNetForAllBatches(t *testing.T) {
	for _, cell := range Cells() {
		c := Config{Cell: cell, Input: 96, Hidden: 64, Layers: 2}
		for _, threads := range []int{1, 2, 3} {
			team := NewTeam(threads)
			n, err := New[float32](c, nil, nil, team)
			if err != nil {
				t.Fatal(err)
			}
			for i, lengths := range [][]int{falling(40, 40, 0), falling(33, 30, 1), falling(9, 20, 2), falling(70, 40, 1), {600}} {
				for _, training := range []bool{true, false} {
					want := stepOf(t, c, nil, nil, lengths, training)
					if got := stepOf(t, c, n, team, lengths, training); !slices.Equal(got, want) {
						t.Errorf("%s, %d threads, batch %d, training %v: other bits than of a new network", cell, threads, i, training)
					}
				}
			}
			team.Close()
		}
	}
}

// TestTruncatedOnTeams wants the bits of one thread from chunks of a batch, each with
// its own way back, and no allocation once all are known.
func TestTruncatedOnTeams(t *testing.T) {
	lengths := falling(37, 120, 2)
	for _, cell := range Cells() {
		c := Config{Cell: cell, Input: 96, Hidden: 64, Layers: 2}
		var want []float32
		for _, threads := range []int{1, 2, 3} {
			team := NewTeam(threads)
			d := drawn[float32](t, c, nil, team, lengths)
			d.net.Training(true)
			chunks := func() {
				clear(d.net.Grads())
				d.net.Begin(d.batch, States[float32]{})
				for from := 0; from < d.batch.Steps(); from += 50 {
					to := min(from+50, d.batch.Steps())
					d.net.Forward(from, to, d.rows(d.x, c.Input, from, to))
					d.net.Backward(d.rows(d.dh, c.Hidden, from, to), d.rows(d.dx, c.Input, from, to))
				}
			}
			chunks()
			got := slices.Concat(d.net.Grads(), d.dx)
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: other bits with %d threads", cell, threads)
			}
			if n := testing.AllocsPerRun(5, chunks); n != 0 {
				t.Errorf("%s, %d threads: allocates %v times", cell, threads, n)
			}
			team.Close()
		}
	}
}
