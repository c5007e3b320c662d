package metrics

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// Cell is how many tokens of a gold label, which may be [Unknown], were
// predicted as a label.
type Cell struct{ Gold, Predicted, Count int }

// Confusion yields the cells of the confusion matrix that are not 0, right
// predictions included, by gold and then by predicted label; those of unknown
// labels first.
func (c *Counts) Confusion() iter.Seq[Cell] {
	order := slices.SortedFunc(maps.Keys(c.cells), func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return func(yield func(Cell) bool) {
		for _, at := range order {
			if !yield(Cell{at[0], at[1], c.cells[at]}) {
				return
			}
		}
	}
}

// MostConfused returns at most n labels, those with the most confusions among
// them: the labels of the most frequent confusions, in the labels' order.
// Unknown labels are left out.
func (c *Counts) MostConfused(n int) []int {
	wrong := slices.DeleteFunc(slices.Collect(c.Confusion()), func(x Cell) bool { return x.Gold == Unknown || x.Gold == x.Predicted })
	slices.SortStableFunc(wrong, func(a, b Cell) int { return cmp.Compare(b.Count, a.Count) })
	var labels []int
	for _, w := range wrong {
		for _, l := range [...]int{w.Gold, w.Predicted} {
			if len(labels) < n && !slices.Contains(labels, l) {
				labels = append(labels, l)
			}
		}
	}
	slices.Sort(labels)
	return labels
}
