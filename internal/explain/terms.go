package explain

import (
	"slices"

	"github.com/unroll-go/unroll/bptt"
)

// matrix is rows × columns numbers, row-major.
type matrix struct {
	rows, cols int
	data       []float64
}

func row(v []float64) matrix    { return matrix{1, len(v), v} }
func column(v []float64) matrix { return matrix{len(v), 1, v} }

// diagonal is the square matrix of f(v_i).
func diagonal(v []float64, f func(float64) float64) matrix {
	m := matrix{len(v), len(v), make([]float64, len(v)*len(v))}
	for i, x := range v {
		m.data[i*len(v)+i] = f(x)
	}
	return m
}

// tanhSlope is the slope of tanh by its value (appendix).
func tanhSlope(h float64) float64 { return 1 - h*h }

// times skips zeros, of which a diagonal matrix is full.
func (m matrix) times(o matrix) matrix {
	out := matrix{m.rows, o.cols, make([]float64, m.rows*o.cols)}
	for i := range m.rows {
		for k := range m.cols {
			if v := m.data[i*m.cols+k]; v != 0 {
				addScaled(out.data[i*o.cols:][:o.cols], v, o.data[k*o.cols:])
			}
		}
	}
	return out
}

// term computes one term by itself, as its formula reads: all Jacobians written
// out as matrices and multiplied, nothing taken from another term or from bptt
// but (5).
func (d derived) term(n *bptt.Network, tr *bptt.Trace, p pair) []float64 {
	loss := row(tr.DAlpha(p.t)) // ∂L(t)/∂α_t
	switch d.by {
	case "alpha", "bz":
		return loss.data
	case "Whz":
		return column(loss.data).times(row(tr.H[p.t])).data
	}
	r := rowOf(n, tr, p)
	switch d.by {
	case "Whh":
		return column(r.data).times(row(tr.H[p.k-1])).data
	case "Wxh":
		return column(r.data).times(row(tr.X[p.k])).data
	case "h0":
		return r.times(matrix{n.H, n.H, n.Whh}).data
	case "x":
		return r.times(matrix{n.H, n.I, n.Wxh}).data
	}
	return r.data
}

// rowOf returns ∂L(t)/∂a_k: the paper's ∂L(t)/∂z_t ∂z_t/∂h_t, times ∂h_t/∂h_k,
// which is the product of the Jacobians of steps t..k+1, times the slope of step k.
func rowOf(n *bptt.Network, tr *bptt.Trace, p pair) matrix {
	dh := row(tr.DAlpha(p.t)).times(matrix{n.K, n.H, n.Whz})
	through := diagonal(make([]float64, n.H), func(float64) float64 { return 1 }) // ∂h_t/∂h_t
	for j := p.t; j > p.k; j-- {
		jacobian := diagonal(tr.H[j], tanhSlope).times(matrix{n.H, n.H, n.Whh}) // ∂h_j/∂h_{j-1}
		through = through.times(jacobian)
	}
	return dh.times(through).times(diagonal(tr.H[p.k], tanhSlope))
}

// gradient returns what a gradient by a tensor is made of: by x of step at, or
// of all steps for 0, which is a copy.
func gradient(g *bptt.Gradients, by string, at int) []float64 {
	switch by {
	case "Wxh":
		return g.Wxh
	case "Whh":
		return g.Whh
	case "bh":
		return g.Bh
	case "Whz":
		return g.Whz
	case "bz":
		return g.Bz
	case "h0":
		return g.H0
	}
	if at > 0 {
		return g.X[at]
	}
	return slices.Concat(g.X...)
}
