package metrics

import (
	"iter"
	"math"
	"slices"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestCounts(t *testing.T) {
	// Gold by predicted, labels A to D; D is in neither.
	//          A B C
	//        A 3 1 0
	//        B 2 1 0
	//        C 0 1 0
	//  unknown 1 0 1
	c := NewCounts([]string{"A", "B", "C", "D"})
	for _, cell := range []struct{ gold, predicted, n int }{
		{0, 0, 3}, {0, 1, 1}, {1, 0, 2}, {1, 1, 1}, {2, 1, 1}, {Unknown, 0, 1}, {Unknown, 2, 1},
	} {
		for range cell.n {
			c.Add(cell.gold, cell.predicted)
		}
		if got := c.Count(cell.gold, cell.predicted); got != cell.n {
			t.Errorf("Count(%d, %d) = %d, want %d", cell.gold, cell.predicted, got, cell.n)
		}
	}
	want := []Score{
		{"A", 3.0 / 6, 3.0 / 4, 0.6, 4, 6}, // 2·(1/2)(3/4)/(5/4)
		{"B", 1.0 / 3, 1.0 / 3, 1.0 / 3, 3, 3},
		{"C", 0, 0, 0, 1, 1},
		{"D", 0, 0, 0, 0, 0},
	}
	for i, got := range c.PerLabel() {
		w := want[i]
		if !near(got.F1, w.F1) || !near(got.Precision, w.Precision) || !near(got.Recall, w.Recall) {
			t.Errorf("got %+v, want %+v", got, w)
		}
		if got.Name != w.Name || got.Support != w.Support || got.Predicted != w.Predicted {
			t.Errorf("got %+v, want %+v", got, w)
		}
	}
	if c.Tokens() != 10 || c.UnknownTokens() != 2 {
		t.Errorf("%d tokens, %d of unknown labels, want 10 and 2", c.Tokens(), c.UnknownTokens())
	}
	if !near(c.Accuracy(), 0.4) {
		t.Errorf("accuracy %v, want 0.4", c.Accuracy())
	}
	if want := (0.6 + 1.0/3 + 0) / 3; !near(c.Macro().F1, want) {
		t.Errorf("macro F1 %v, want %v", c.Macro().F1, want)
	}
	// By hand: D is in neither mean; of all but A, 1 of 3 predictions is right
	// and 6 tokens are to be found.
	for _, w := range []struct{ got, want Score }{
		{c.Macro(), Score{"macro", (3.0/6 + 1.0/3) / 3, (3.0/4 + 1.0/3) / 3, (0.6 + 1.0/3) / 3, 8, 10}},
		{c.Micro(Unknown), Score{"micro", 0.4, 0.4, 0.4, 10, 10}},
		{c.Micro(0), Score{"micro", 1.0 / 4, 1.0 / 6, 2.0 / 10, 6, 4}},
	} {
		g, w := w.got, w.want
		if !near(g.Precision, w.Precision) || !near(g.Recall, w.Recall) || !near(g.F1, w.F1) || g.Support != w.Support || g.Predicted != w.Predicted || g.Name != w.Name {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
}

func TestConfusion(t *testing.T) {
	c := NewCounts([]string{"A", "B", "C", "D"})
	add := func(gold, predicted, n int) {
		for range n {
			c.Add(gold, predicted)
		}
	}
	add(3, 3, 9)
	add(2, 0, 1)
	add(0, 2, 3)
	add(1, 3, 2)
	add(Unknown, 1, 5)
	want := []Cell{{Unknown, 1, 5}, {0, 2, 3}, {1, 3, 2}, {2, 0, 1}, {3, 3, 9}}
	if got := slices.Collect(c.Confusion()); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for n, want := range map[int][]int{0: nil, 1: {0}, 2: {0, 2}, 3: {0, 1, 2}, 9: {0, 1, 2, 3}} {
		if got := c.MostConfused(n); !slices.Equal(got, want) {
			t.Errorf("the %d most confused are %v, want %v", n, got, want)
		}
	}
	for range c.Confusion() {
		break // must not go on
	}
}

func TestCountsNothing(t *testing.T) {
	for _, labels := range [][]string{nil, {"A", "B"}} {
		c := NewCounts(labels)
		if c.Tokens() != 0 || c.Accuracy() != 0 || c.Macro().F1 != 0 {
			t.Errorf("%q: %d tokens, accuracy %v, macro F1 %v, want 0", labels, c.Tokens(), c.Accuracy(), c.Macro().F1)
		}
		for i, got := range c.PerLabel() {
			if got != (Score{Name: labels[i]}) {
				t.Errorf("got %+v, want zeros", got)
			}
		}
	}
}

func TestCountsPanics(t *testing.T) {
	for _, cell := range [][2]int{{-2, 0}, {2, 0}, {0, -1}, {0, 2}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Add(%d, %d): no panic", cell[0], cell[1])
				}
			}()
			NewCounts([]string{"A", "B"}).Add(cell[0], cell[1])
		}()
	}
}

type pair struct {
	token string
	label int
}

func pairs(all ...pair) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, p := range all {
			if !yield(p.token, p.label) {
				return
			}
		}
	}
}

func TestBaselines(t *testing.T) {
	b := NewBaselines()
	for token, label := range pairs(
		pair{"run", 2}, pair{"run", 1}, pair{"dog", 2}, pair{"dog", 0}, pair{"dog", 0}, pair{"the", 2},
		pair{"a", 1}, pair{"a", 1},
	) {
		b.Learn(token, label)
	}
	// Label 2 has 3 tokens, label 1 has 3, label 0 has 2.
	if got := b.MostFrequent(); got != 1 {
		t.Errorf("most frequent label %d, want 1, the smaller of two equals", got)
	}
	for token, want := range map[string]int{"run": 1, "dog": 0, "the": 2, "a": 1, "unseen": 1, "": 1} {
		if got := b.MostFrequentOf(token); got != want {
			t.Errorf("most frequent label of %q is %d, want %d", token, got, want)
		}
	}
	top, ofToken := b.Accuracies(pairs(
		pair{"dog", 0}, pair{"the", 2}, pair{"run", 1}, pair{"cat", 1}, pair{"cat", 0}, pair{"cat", Unknown}, pair{"run", 2}, pair{"dog", 1},
	))
	if top != 3.0/8 || ofToken != 4.0/8 {
		t.Errorf("accuracies %v and %v, want 3/8 and 4/8", top, ofToken)
	}
}

func TestBaselinesNothing(t *testing.T) {
	b := NewBaselines()
	if b.MostFrequent() != 0 || b.MostFrequentOf("a") != 0 {
		t.Error("a label other than 0 without training")
	}
	if top, ofToken := b.Accuracies(pairs()); top != 0 || ofToken != 0 {
		t.Errorf("accuracies %v and %v of nothing, want 0", top, ofToken)
	}
}

func TestByDistance(t *testing.T) {
	var b ByDistance
	for _, distance := range []int{0, 1, 8, 9, 32, 33, 128, 129, 1 << 40} {
		b.Add(distance, distance%2 == 0)
	}
	want := []DistanceRow{{"1–8", 2, 3}, {"9–32", 1, 2}, {"33–128", 1, 2}, {"129+", 1, 2}}
	if got := b.Rows(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := want[0].Accuracy(); !near(got, 2.0/3) {
		t.Errorf("accuracy %v, want 2/3", got)
	}
	for _, row := range new(ByDistance).Rows() {
		if row.Accuracy() != 0 || row.Total != 0 {
			t.Errorf("got %+v before any prediction", row)
		}
	}
}
