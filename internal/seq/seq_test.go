package seq

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyLengths draws the lengths of a batch, longest first; short ones are
// likely, so that many sequences end together.
func anyLengths(t *rapid.T) []int {
	lengths := rapid.SliceOfN(rapid.IntRange(1, 12), 0, 10).Draw(t, "lengths")
	slices.Sort(lengths)
	slices.Reverse(lengths)
	return lengths
}

func layout(t *rapid.T, lengths []int) *Packed {
	p, err := New(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestResetRefusesWhatIsNoBatch(t *testing.T) {
	for _, c := range []struct {
		lengths []int
		want    string
	}{
		{[]int{0}, "sequence 0 has 0 steps"},
		{[]int{3, 2, 0}, "sequence 2 has 0 steps"},
		{[]int{3, -1}, "sequence 1 has -1 steps"},
		{[]int{2, 3}, "sequence 1 has 3 steps, more than the one before it (2)"},
		{[]int{5, 4, 4, 5}, "sequence 3 has 5 steps, more than the one before it (4)"},
	} {
		p, err := New(3, 2, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err = p.Reset(c.lengths); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Reset(%v): error %v, want one that says %q", c.lengths, err, c.want)
		}
		if p.Size() != 0 || p.Steps() != 0 || p.Rows() != 0 {
			t.Errorf("after Reset(%v) failed: %d sequences, %d steps, %d rows, want none", c.lengths, p.Size(), p.Steps(), p.Rows())
		}
		if _, err := New(c.lengths...); err == nil {
			t.Errorf("New(%v): no error", c.lengths)
		}
	}
}

func TestEmptyBatchHasNoRows(t *testing.T) {
	empty, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Packed{new(Packed), empty} {
		if p.Size() != 0 || p.Steps() != 0 || p.Rows() != 0 || p.Range(0, 0) != 0 {
			t.Errorf("%+v: %d sequences, %d steps, %d rows, want none", p, p.Size(), p.Steps(), p.Rows())
		}
		bounds := []int{9, 9, 9, 9}
		p.Split(bounds, 0, 0)
		if !slices.Equal(bounds, make([]int, 4)) {
			t.Errorf("Split gives %v, want zeros", bounds)
		}
	}
}

// Counting the rows off one by one, step by step, says where each must be.
func TestRowsAreNumberedStepByStep(t *testing.T) {
	p := new(Packed) // one for all batches: Reset leaves nothing behind
	rapid.Check(t, func(t *rapid.T) {
		lengths := anyLengths(t)
		if err := p.Reset(lengths); err != nil {
			t.Fatal(err)
		}
		if p.Size() != len(lengths) || !slices.Equal(p.Lengths, lengths) {
			t.Fatalf("%d sequences of lengths %v, want %v", p.Size(), p.Lengths, lengths)
		}
		row, steps := 0, slices.Max(append(lengths, 0))
		if p.Steps() != steps || len(p.Off) != steps+1 {
			t.Fatalf("%d steps, %d offsets, want %d steps", p.Steps(), len(p.Off), steps)
		}
		for step := range steps {
			if p.Off[step] != row {
				t.Fatalf("step %d begins at row %d, want %d", step, p.Off[step], row)
			}
			for b, n := range lengths {
				if n <= step {
					continue
				}
				if p.Row(b, step) != row {
					t.Fatalf("sequence %d is in row %d at step %d, want %d", b, p.Row(b, step), step, row)
				}
				row++
			}
			if p.Alive(step) != row-p.Off[step] {
				t.Fatalf("%d alive at step %d, want %d", p.Alive(step), step, row-p.Off[step])
			}
		}
		if p.Rows() != row || p.Off[steps] != row {
			t.Fatalf("%d rows, last offset %d, want %d", p.Rows(), p.Off[steps], row)
		}
	})
}

func TestRangeCountsTheRowsOfSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := layout(t, anyLengths(t))
		for from := range p.Steps() + 1 {
			for to := range p.Steps() + 1 {
				want := 0
				for step := from; step < to; step++ {
					want += p.Alive(step)
				}
				if got := p.Range(from, to); got != want {
					t.Fatalf("%d rows in [%d, %d), want %d", got, from, to, want)
				}
			}
		}
	})
}

func TestResetCopiesAndReusesMemory(t *testing.T) {
	lengths, shorter := []int{9, 7, 7, 1}, []int{3, 1}
	p := new(Packed)
	reset := func() {
		if p.Reset(lengths) != nil || p.Reset(shorter) != nil || p.Reset(nil) != nil || p.Reset(lengths) != nil {
			t.Fatal("Reset failed")
		}
	}
	reset()
	if n := testing.AllocsPerRun(50, reset); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
	lengths[0] = 100
	if p.Lengths[0] != 9 {
		t.Error("Reset keeps the caller's slice")
	}
}

func ExamplePacked() {
	p, err := New(3, 1) // "cat", "a"
	if err != nil {
		fmt.Println(err)
		return
	}
	letters := make([]byte, p.Rows())
	Scatter(p, letters, []byte("cat"), 0, 1)
	Scatter(p, letters, []byte("a"), 1, 1)
	for t := range p.Steps() {
		fmt.Printf("step %d: %s\n", t, letters[p.Off[t]:p.Off[t+1]])
	}
	// Output:
	// step 0: ca
	// step 1: a
	// step 2: t
}
