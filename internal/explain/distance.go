package explain

import (
	"github.com/unroll-go/unroll/bptt"
)

// ByDistance is what all terms of a double sum that lie equally far back give
// together: those of t - k = Distance.
type ByDistance struct {
	Distance int     `json:"distance"`
	Terms    int     `json:"terms"`
	Norm     float64 `json:"norm"`    // Frobenius norm of their sum
	Largest  float64 `json:"largest"` // the largest norm of a single one
}

// distances adds up terms by their distance, T of them.
type distances struct {
	sums []matrix
	list []ByDistance
}

func newDistances(T, rows, cols int) *distances {
	d := &distances{make([]matrix, T), make([]ByDistance, T)}
	for i := range d.sums {
		d.sums[i] = matrix{rows, cols, make([]float64, rows*cols)}
		d.list[i] = ByDistance{Distance: i, Terms: T - i}
	}
	return d
}

// add adds the term r outer v.
func (d *distances) add(distance int, r, v []float64) {
	l := &d.list[distance]
	l.Largest = max(l.Largest, length(r)*length(v))
	d.sums[distance].addOuter(r, v)
}

func (d *distances) result() []ByDistance {
	for i, m := range d.sums {
		d.list[i].Norm = length(m.data)
	}
	return d.list
}

// byDistance adds up the terms of (11) and of (14), from bptt's rows.
func byDistance(n *bptt.Network, tr *bptt.Trace) (whh, wxh []ByDistance) {
	h, x := newDistances(tr.T(), n.H, n.H), newDistances(tr.T(), n.H, n.I)
	for t := 1; t <= tr.T(); t++ {
		r := n.Terms(tr, t)
		for k := 1; k <= t; k++ {
			h.add(t-k, r[k], tr.H[k-1])
			x.add(t-k, r[k], tr.X[k])
		}
	}
	return h.result(), x.result()
}

// addOuter adds the column r times the row v.
func (m matrix) addOuter(r, v []float64) {
	for i := range r {
		for j := range v {
			m.data[i*m.cols+j] += r[i] * v[j]
		}
	}
}
