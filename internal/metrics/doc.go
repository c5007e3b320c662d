// Package metrics counts how well labels were predicted.
//
//   - [Counts] gives accuracy, each label's precision, recall and F1, and which
//     labels are confused.
//   - [Spans] gives the same of the spans that labels mark.
//   - [Baselines] says what accuracy is worth: that of the most frequent
//     label, and of the most frequent label of each token.
//   - [ByDistance] gives accuracy by how far a prediction is from the place
//     that decides it.
//
// Labels are their indices in a list that the caller keeps. No result is ever
// NaN: where nothing was counted, a ratio is 0.
package metrics

// ratio is a/b, and 0 where b is 0.
func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
