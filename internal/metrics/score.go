package metrics

// Score is how well one thing was found: a label, a type of span, or several of
// them together.
type Score struct {
	Name      string
	Precision float64 // right / Predicted
	Recall    float64 // right / Support
	F1        float64 // harmonic mean of the two
	Support   int     // how many there are
	Predicted int     // how many were predicted
}

// score returns the score of right predictions among those predicted and those
// that there are.
func score(name string, right, support, predicted int) Score {
	return Score{
		Name:      name,
		Precision: ratio(right, predicted),
		Recall:    ratio(right, support),
		F1:        ratio(2*right, support+predicted), // = 2PR/(P+R)
		Support:   support,
		Predicted: predicted,
	}
}

// mean returns the means of several scores, and the sums of what was counted.
func mean(name string, all []Score) Score {
	m, n := Score{Name: name}, float64(max(len(all), 1))
	for _, s := range all {
		m.Precision += s.Precision / n
		m.Recall += s.Recall / n
		m.F1 += s.F1 / n
		m.Support += s.Support
		m.Predicted += s.Predicted
	}
	return m
}
