package seq

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEnding(t *testing.T) {
	lengths := []int{5, 3, 3, 1}
	for _, c := range []struct{ from, to, lo, hi int }{
		{0, 5, 0, 4}, // the whole
		{0, 1, 3, 4},
		{1, 2, 3, 3}, // none ends
		{2, 3, 1, 3}, // two together
		{3, 4, 1, 1},
		{4, 5, 0, 1},
		{0, 2, 3, 4},
		{0, 3, 1, 4},
		{1, 5, 0, 3},
		{3, 5, 0, 1},
		{2, 2, 3, 3}, // of no step
	} {
		p, err := New(lengths...)
		if err != nil {
			t.Fatal(err)
		}
		if lo, hi := p.Ending(c.from, c.to); lo != c.lo || hi != c.hi {
			t.Errorf("steps [%d, %d) of %v: sequences [%d, %d) end, want [%d, %d)", c.from, c.to, lengths, lo, hi, c.lo, c.hi)
		}
	}
}

// Asking every sequence for its last step says which end in a chunk.
func TestEndingAsksEverySequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := layout(t, anyLengths(t))
		for from := range p.Steps() {
			for to := from + 1; to <= p.Steps(); to++ {
				lo, hi := p.Ending(from, to)
				for b, n := range p.Lengths {
					if ends := from <= n-1 && n-1 < to; ends != (lo <= b && b < hi) {
						t.Fatalf("steps [%d, %d) of %v: [%d, %d) end, of which sequence %d is one: %v", from, to, p.Lengths, lo, hi, b, ends)
					}
				}
			}
		}
	})
}
