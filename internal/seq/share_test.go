package seq

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Every value scattered is another, so all sequences come back unchanged only
// if no two rows overlap, and no blank is left only if the rows cover [0, N).
func TestScatterThenGatherIsTheIdentity(t *testing.T) {
	const blank = -1
	rapid.Check(t, func(t *rapid.T) {
		p := layout(t, anyLengths(t))
		width := rapid.IntRange(0, 3).Draw(t, "width")
		matrix, next := slices.Repeat([]int{blank}, p.Rows()*width), 0
		sources := make([][]int, p.Size())
		for b, n := range p.Lengths {
			sources[b] = make([]int, n*width)
			for i := range sources[b] {
				sources[b][i] = next
				next++
			}
			Scatter(p, matrix, sources[b], b, width)
		}
		if slices.Contains(matrix, blank) {
			t.Fatalf("a row was not written: %v", matrix)
		}
		for b, want := range sources {
			got := make([]int, len(want))
			Gather(p, got, matrix, b, width)
			if !slices.Equal(got, want) {
				t.Fatalf("sequence %d comes back as %v, want %v", b, got, want)
			}
			for step := range p.Lengths[b] {
				if row := p.Row(b, step); !slices.Equal(matrix[row*width:(row+1)*width], want[step*width:(step+1)*width]) {
					t.Fatalf("sequence %d, step %d is not in its row %d", b, step, row)
				}
			}
		}
	})
}

// A cut between two workers is at most half a sequence from the even one, so a
// worker's steps differ from the mean by at most the longest sequence's.
func TestSplitIsBalancedWithinOneSequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := layout(t, anyLengths(t))
		from := rapid.IntRange(0, p.Steps()).Draw(t, "from")
		to := rapid.IntRange(from, p.Steps()).Draw(t, "to")
		workers := rapid.IntRange(1, 14).Draw(t, "workers") // more than sequences, too
		bounds := slices.Repeat([]int{-7}, workers+1)
		p.Split(bounds, from, to)
		if bounds[0] != 0 || bounds[workers] != p.Size() || !slices.IsSorted(bounds) {
			t.Fatalf("bounds %v do not share out %d sequences", bounds, p.Size())
		}
		total, longest := 0, 0
		steps := make([]int, p.Size())
		for b, n := range p.Lengths {
			steps[b] = max(min(n, to)-from, 0)
			total += steps[b]
			longest = max(longest, steps[b])
		}
		done := 0
		for w := range workers {
			if off := done*workers - total*w; 2*max(off, -off) > (longest+1)*workers {
				t.Fatalf("%d of %d steps are before worker %d (%v by %v), want its even share within half of %d", done, total, w, steps, bounds, longest)
			}
			share := 0
			for _, n := range steps[bounds[w]:bounds[w+1]] {
				share += n
			}
			done += share
			if off := share*workers - total; max(off, -off) > longest*workers {
				t.Fatalf("worker %d has %d of %d steps (%v by %v), want the mean within %d", w, share, total, steps, bounds, longest)
			}
		}
	})
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		lengths  []int
		from, to int
		want     []int
	}{
		{[]int{4, 4, 4, 4}, 0, 4, []int{0, 4}},
		{[]int{4, 4, 4, 4}, 0, 4, []int{0, 2, 4}},
		{[]int{4, 4, 4, 4}, 1, 3, []int{0, 1, 2, 3, 4}},
		{[]int{9, 3, 3, 3}, 0, 9, []int{0, 1, 4}},
		{[]int{6, 5, 4}, 0, 6, []int{0, 1, 3}},    // 6 and 9 are nearer than 11 and 4
		{[]int{9, 3, 3, 3}, 0, 3, []int{0, 2, 4}}, // only the chunk's steps count
		{[]int{9, 9, 1, 1}, 3, 9, []int{0, 1, 4}},
	} {
		p, err := New(c.lengths...)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]int, len(c.want))
		p.Split(got, c.from, c.to)
		if !slices.Equal(got, c.want) {
			t.Errorf("lengths %v, steps [%d, %d): bounds %v, want %v", c.lengths, c.from, c.to, got, c.want)
		}
	}
}

func TestOrderIsLongestFirstAndStable(t *testing.T) {
	var order []int
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 40).Draw(t, "lengths")
		order = Order(order, lengths)
		seen := make([]bool, len(lengths))
		for _, i := range order {
			seen[i] = true
		}
		if len(order) != len(lengths) || slices.Contains(seen, false) {
			t.Fatalf("order %v is no permutation of %d", order, len(lengths))
		}
		for at := 1; at < len(order); at++ {
			i, j := order[at-1], order[at]
			if lengths[i] < lengths[j] || lengths[i] == lengths[j] && i > j {
				t.Fatalf("lengths %v: %d is before %d", lengths, i, j)
			}
		}
	})
}

func TestSharingOutAllocatesNothing(t *testing.T) {
	p, err := New(5, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	bounds, order := make([]int, 4), make([]int, 3)
	matrix, values := make([]float32, p.Rows()*2), make([]float32, 10)
	if n := testing.AllocsPerRun(50, func() {
		p.Split(bounds, 0, 5)
		order = Order(order, p.Lengths)
		Scatter(p, matrix, values, 0, 2)
		Gather(p, values, matrix, 0, 2)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
