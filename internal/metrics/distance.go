package metrics

import "math"

// distanceRows are the last distance and the label of each row of ByDistance.
var distanceRows = [...]struct {
	last  int
	label string
}{
	{8, "1–8"},
	{32, "9–32"},
	{128, "33–128"},
	{math.MaxInt, "129+"},
}

// ByDistance counts right predictions by their distance from the place that
// decides them, such as a quote's characters from its opening. The zero value
// has counted nothing.
type ByDistance struct {
	correct, total [len(distanceRows)]int
}

// Add counts one prediction. The step right after the opening has distance 1;
// smaller distances count in the first row.
func (b *ByDistance) Add(distance int, correct bool) {
	row := 0
	for distance > distanceRows[row].last {
		row++
	}
	b.total[row]++
	if correct {
		b.correct[row]++
	}
}

// DistanceRow is how well the predictions of one range of distances did.
type DistanceRow struct {
	Label   string // "1–8", "9–32", "33–128", "129+"
	Correct int
	Total   int
}

// Accuracy returns the share that was right.
func (r DistanceRow) Accuracy() float64 { return ratio(r.Correct, r.Total) }

// Rows returns the four rows, nearest first, those without predictions
// included.
func (b *ByDistance) Rows() []DistanceRow {
	rows := make([]DistanceRow, len(distanceRows))
	for i, d := range distanceRows {
		rows[i] = DistanceRow{Label: d.label, Correct: b.correct[i], Total: b.total[i]}
	}
	return rows
}
