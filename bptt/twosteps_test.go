package bptt_test

import (
	"math"
	"testing"
)

// matrix is rows of columns; a row vector is a matrix of one row. These few
// operations are all that the paper's closed forms for T = 2 are written in, and
// share nothing with the package.
type matrix [][]float64

func row(v []float64) matrix { return matrix{v} }

// fill is the rows-by-cols matrix of f(i, j).
func fill(rows, cols int, f func(i, j int) float64) matrix {
	m := make(matrix, rows)
	for i := range m {
		m[i] = make([]float64, cols)
		for j := range m[i] {
			m[i][j] = f(i, j)
		}
	}
	return m
}

// mat reads a row-major slice.
func mat(data []float64, cols int) matrix {
	return fill(len(data)/cols, cols, func(i, j int) float64 { return data[i*cols+j] })
}

func (m matrix) t() matrix {
	return fill(len(m[0]), len(m), func(i, j int) float64 { return m[j][i] })
}

func (m matrix) plus(o matrix) matrix {
	return fill(len(m), len(m[0]), func(i, j int) float64 { return m[i][j] + o[i][j] })
}

func (m matrix) minus() matrix {
	return fill(len(m), len(m[0]), func(i, j int) float64 { return -m[i][j] })
}

// times is the matrix product of m and all of the others, from left to right.
func (m matrix) times(others ...matrix) matrix {
	for _, o := range others {
		left := m
		m = fill(len(left), len(o[0]), func(i, j int) float64 {
			s := 0.0
			for k := range o {
				s += left[i][k] * o[k][j]
			}
			return s
		})
	}
	return m
}

// flat is the row-major slice.
func (m matrix) flat() (v []float64) {
	for _, r := range m {
		v = append(v, r...)
	}
	return v
}

// slope is the paper's (1 - h^2): a diagonal matrix.
func slope(h []float64) matrix {
	return fill(len(h), len(h), func(i, j int) float64 {
		if i != j {
			return 0
		}
		return 1 - h[i]*h[i]
	})
}

// oneHot is y_t as the paper has it.
func oneHot(y, K int) matrix {
	return fill(1, K, func(_, j int) float64 {
		if j == y {
			return 1
		}
		return 0
	})
}

// The closed forms (15)-(26), each as printed, against Backward. A Jacobian row
// times its outer factor is written row.t().times(factor), the transpose that
// has the weight's own shape.
func TestTwoStepsByHand(t *testing.T) {
	const tol = 1e-13
	worst := 0.0
	for seed := range uint64(50) {
		p := newProblem(seed, 2, 3, 4, 3, 0.7)
		tr, one := p.forward(t), p.firstStep().forward(t)
		both, first := p.n.Backward(tr), p.n.Backward(one)
		check := func(what string, got []float64, want matrix) {
			t.Helper()
			worst = math.Max(worst, closeTo(t, what, got, want.flat(), tol))
		}

		Whh, Whz := mat(p.n.Whh, p.n.H), mat(p.n.Whz, p.n.H)
		h0, h1, h2 := row(tr.H[0]), row(tr.H[1]), row(tr.H[2])
		x1, x2 := row(tr.X[1]), row(tr.X[2])
		slope1, slope2 := slope(tr.H[1]), slope(tr.H[2])
		err1 := oneHot(tr.Y[1], p.n.K).plus(row(tr.Z[1]).minus()) // y_1 - z_1
		err2 := oneHot(tr.Y[2], p.n.K).plus(row(tr.Z[2]).minus()) // y_2 - z_2

		// L(1): the gradient of the first step run alone.
		row1 := err1.minus().times(Whz, slope1)
		check("(15)", one.DAlpha(1), err1.minus())
		check("(16)", first.Whz, err1.minus().t().times(h1))
		check("(17)", first.Whh, row1.t().times(h0))
		check("(18)", first.Wxh, row1.t().times(x1))

		// L(2): what the second step adds to it.
		row2 := err2.minus().times(Whz, slope2)
		row21 := err2.minus().times(Whz, slope2, Whh, slope1)
		check("(19)", tr.DAlpha(2), err2.minus())
		check("(20)", minus(both.Whz, first.Whz), err2.minus().t().times(h2))
		check("(21)", minus(both.Whh, first.Whh), row2.t().times(h1).plus(row21.t().times(h0)))
		check("(22)", minus(both.Wxh, first.Wxh), row2.t().times(x2).plus(row21.t().times(x1)))

		// L.
		check("(23)", both.Whz, err1.t().times(h1).plus(err2.t().times(h2)).minus())
		check("(24)", both.Bz, err1.plus(err2).minus())
		check("(25)", both.Whh, row1.t().times(h0).plus(row2.t().times(h1)).plus(row21.t().times(h0)))
		check("(26)", both.Wxh, row1.t().times(x1).plus(row2.t().times(x2)).plus(row21.t().times(x1)))

		// The rows themselves, term by term.
		check("r(1,1)", p.n.Terms(tr, 1)[1], row1)
		check("r(2,2)", p.n.Terms(tr, 2)[2], row2)
		check("r(2,1)", p.n.Terms(tr, 2)[1], row21)

		// What the paper leaves out.
		Wxh := mat(p.n.Wxh, p.n.I)
		check("Bh", both.Bh, row1.plus(row2).plus(row21))
		check("h_0", both.H0, row1.plus(row21).times(Whh))
		check("x_1", both.X[1], row1.plus(row21).times(Wxh))
		check("x_2", both.X[2], row2.times(Wxh))
	}
	t.Logf("worst relative error %.3g", worst)
}

// firstStep is the same network on the first step only.
func (p *problem) firstStep() *problem {
	return &problem{n: p.n, x: p.x[:1], h0: p.h0, y: p.y[:1]}
}

func minus(a, b []float64) []float64 {
	return row(a).plus(row(b).minus()).flat()
}
