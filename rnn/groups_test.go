package rnn

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGroups wants the bits of one thread from any team where the weight gradients
// are the sums of two groups, and says where they are.
func TestGroups(t *testing.T) {
	sameBitsOnTeams(t, []teamCase{
		{"as long", Config{Cell: Tanh, Input: 33, Hidden: 64, Layers: 2}, falling(32, 40, 0), true},
		{"odd, ragged", Config{Cell: ReLU, Input: 65, Hidden: 53, Layers: 1, LearnH0: true}, falling(33, 64, 1), true},
		{"fewer tiles than threads", Config{Cell: Tanh, Input: 3, Hidden: 9, Layers: 1}, falling(30, 90, 3), true},
		{"two directions", Config{Cell: Tanh, Input: 20, Hidden: 48, Layers: 1, Bidirectional: true}, falling(40, 50, 1), true},
		{"one long", Config{Cell: Tanh, Input: 20, Hidden: 40, Layers: 1}, append([]int{900}, falling(20, 20, 1)...), true},
		{"one", Config{Cell: Tanh, Input: 9, Hidden: 32, Layers: 1}, []int{1200}, false},
		{"few rows", Config{Cell: Tanh, Input: 33, Hidden: 64, Layers: 1}, falling(31, 33, 0), false},
		{"wide", Config{Cell: Tanh, Input: 9, Hidden: 257, Layers: 1}, falling(32, 40, 0), false},
		{"gates", Config{Cell: GRU, Input: 9, Hidden: 32, Layers: 1}, falling(32, 40, 0), false},
	}, func(l *layer[float32]) bool { return l.chunk.grouped })
}

// TestUnitsOfGroups wants every unit of a group with rows to be one worker's, and
// the groups' work to be shared evenly, within a tile of both, nobody being idle.
func TestUnitsOfGroups(t *testing.T) {
	for _, rows := range [][2]int{{256, 256}, {270, 240}, {1, 400}, {96, 0}} {
		for workers := 1; workers <= 7; workers++ {
			l := &layer[float32]{h: 100, chunk: &chunk{workers: workers}}
			l.groups.rows = [2][]int32{make([]int32, rows[0]), make([]int32, rows[1])}
			var ends [2]int
			all := (rows[0] + rows[1]) * l.h
			for w := range workers {
				work := 0
				for i := range rows {
					from, to := l.unitsOfGroup(i, w)
					if rows[i] > 0 && (from != ends[i] || to < from) {
						t.Errorf("rows %d, worker %d of %d: units %d to %d of group %d, after %d", rows, w, workers, from, to, i, ends[i])
					}
					ends[i] = to
					work += (to - from) * rows[i]
				}
				tile := 33 * (rows[0] + rows[1]) / 2 // 16 units, and what is rounded
				if off := work - all/workers; work == 0 || off > tile || off < -tile {
					t.Errorf("rows %d, worker %d of %d: %d of %d", rows, w, workers, work, all)
				}
			}
			for i, n := range rows {
				if n > 0 && ends[i] != l.h {
					t.Errorf("rows %d, %d workers: %d units of group %d, want %d", rows, workers, ends[i], i, l.h)
				}
			}
		}
	}
}

// TestGroupsInParts wants the gradients of a chunk at once from its parts, kept or
// computed again, also after a batch that was left in the middle; and no allocation.
func TestGroupsInParts(t *testing.T) {
	const steps, width = 200, 24
	c := Config{Cell: Tanh, Input: width, Hidden: width, Layers: 2}
	lengths := falling(25, steps, 2)
	team := NewTeam(2)
	defer team.Close()
	n, err := New[float32](c, nil, nil, team)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBatch(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	n.Training(true)
	x, dh := make([]float32, b.Rows()*width), make([]float32, b.Rows()*width)
	r := rand.New(rand.NewPCG(5, 6))
	Init(c, n.Params(), r)
	for i := range x {
		x[i], dh[i] = float32(r.NormFloat64()), float32(r.NormFloat64())
	}
	rows := func(v []float32, from, to int) []float32 { return v[b.Off[from]*width : b.Off[to]*width] }
	n.Begin(b, States[float32]{})
	n.Forward(0, steps, x)
	n.Backward(dh, nil)
	want := slices.Clone(n.Grads())
	inParts := func(recompute bool, last int) {
		clear(n.Grads())
		n.Begin(b, States[float32]{})
		borders := n.Parts(0, steps, recompute)
		for i, to := range borders[1:] {
			n.Forward(borders[i], to, rows(x, borders[i], to))
		}
		for i := len(borders) - 2; i >= last; i-- {
			from, to := borders[i], borders[i+1]
			n.Again(from, to, rows(x, from, to))
			n.Backward(rows(dh, from, to), nil)
		}
	}
	for _, recompute := range []bool{false, true} {
		inParts(recompute, 1)
		if len(n.chunk.borders) < 3 {
			t.Fatal("one part only")
		}
		if inParts(recompute, 0); !slices.Equal(n.Grads(), want) {
			t.Errorf("recompute %v: other bits in parts", recompute)
		}
	}
	if a := testing.AllocsPerRun(5, func() { inParts(false, 0) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
}
