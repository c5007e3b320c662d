package data

import "strconv"

// ScoresName is what scores are called: the column, the key or the comment that
// they are put into.
const ScoresName = "scores"

// joinScores writes probabilities as 0.91,0.09, to six digits.
func joinScores(z []float32, separator string) string {
	var b []byte
	for i, v := range z {
		if i > 0 {
			b = append(b, separator...)
		}
		b = strconv.AppendFloat(b, float64(v), 'g', 6, 64)
	}
	return string(b)
}
