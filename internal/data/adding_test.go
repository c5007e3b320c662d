package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// marked returns the steps whose mark is 1, and fails if another is not 0.
func marked(t *testing.T, s Sequence) (steps []int) {
	t.Helper()
	for i, row := range s.X {
		switch {
		case len(row) != 2 || row[0] < 0 || row[0] >= 1:
			t.Fatalf("%s: step %d is %v, want a number in [0, 1) and a mark", s.Name, i, row)
		case row[1] == 1:
			steps = append(steps, i)
		case row[1] != 0:
			t.Fatalf("%s: step %d has mark %v, want 0 or 1", s.Name, i, row[1])
		}
	}
	return steps
}

// TestAdding wants one mark in each half and their sum as the value.
func TestAdding(t *testing.T) {
	for _, steps := range []int{2, 3, 4, 101} {
		seen := map[int]bool{}
		for i, s := range Adding(steps, 2000, rand.New(rand.NewPCG(1, uint64(steps)))) {
			at := marked(t, s)
			if len(s.X) != steps || len(at) != 2 || at[0] >= steps/2 || at[1] < steps/2 {
				t.Fatalf("%d steps, marked %v, want %d, marked once in each half", len(s.X), at, steps)
			}
			if want := s.X[at[0]][0] + s.X[at[1]][0]; len(s.Values) != 1 || len(s.Values[0]) != 1 || s.Values[0][0] != want {
				t.Fatalf("values %v, want the one value %v", s.Values, want)
			}
			if want := fmt.Sprintf("adding %d", i+1); s.Name != want {
				t.Fatalf("name %q, want %q", s.Name, want)
			}
			seen[at[0]], seen[at[1]] = true, true
		}
		if len(seen) != steps {
			t.Errorf("%d steps: %d of them ever marked in 2000 sequences", steps, len(seen))
		}
	}
}

// TestAddingBaseline measures it on 60,000 sequences. The squared error has
// mean 1/6 and variance 7/180, so that of their mean is 0.0008²; five of them
// are allowed.
func TestAddingBaseline(t *testing.T) {
	const n = 60000
	sum := 0.0
	for _, s := range Adding(2, n, rand.New(rand.NewPCG(1, 2))) {
		d := float64(s.Values[0][0]) - 1
		sum += d * d
	}
	if got := sum / n; math.Abs(got-AddingBaseline) > 0.004 {
		t.Errorf("mean squared error %v, want %v ± 0.004", got, AddingBaseline)
	}
}

func TestAddingSameSeed(t *testing.T) {
	draw := func(seed uint64) string {
		return fmt.Sprint(Adding(5, 4, rand.New(rand.NewPCG(seed, 1))))
	}
	first := draw(1)
	if again := draw(1); again != first {
		t.Error("one seed, two results")
	}
	if draw(2) == first {
		t.Error("two seeds, one result")
	}
}

// A row must not grow into the next.
func TestAddingRows(t *testing.T) {
	s := Adding(2, 1, rand.New(rand.NewPCG(1, 1)))[0]
	before := s.X[1][0]
	_ = append(s.X[0], 7)
	if s.X[1][0] != before {
		t.Error("appending to a row changed the next")
	}
}
