package model_test

import (
	"slices"
	"testing"
)

// TestOnlyTouchedRowsHaveGradients wants a chunk of every kind to have no
// gradient in a row of the network's tables that Touched does not name, to name
// none twice, and to allocate nothing once warm.
func TestOnlyTouchedRowsHaveGradients(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 1)
			n, p := network(t, m, m.Params, nil), newProblem(t, m, 4, 3)
			n.Begin(p.Batch, p.forms)
			c := p.part(0, p.Steps())
			n.Touched(c)
			if allocs := testing.AllocsPerRun(10, func() { n.Touched(c) }); allocs != 0 {
				t.Errorf("%v allocations, want none", allocs)
			}
			touched := n.Touched(c)
			tables := n.Tables()
			if len(touched) != len(tables) {
				t.Fatalf("rows of %d tables, want %d", len(touched), len(tables))
			}
			n.Step(0, p.Steps(), c)
			for i, table := range tables {
				rows, width := slices.Sorted(slices.Values(touched[i])), table.Shape[1]
				if len(slices.Compact(rows)) != len(touched[i]) {
					t.Errorf("%s: rows %v, some of them twice", table.Name, touched[i])
				}
				for r := range table.Shape[0] {
					grads := n.Grads[table.Offset+r*width:][:width]
					if _, in := slices.BinarySearch(rows, int32(r)); !in && slices.ContainsFunc(grads, func(g float32) bool { return g != 0 }) {
						t.Errorf("%s: row %d has gradients, of rows in use %v", table.Name, r, rows)
					}
				}
			}
		})
	}
}
