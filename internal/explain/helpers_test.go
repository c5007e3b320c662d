package explain

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/check"
	"github.com/unroll-go/unroll/rnn"
)

// shape is a network of the tables: every cell, one layer and more, one
// direction and two.
type shape struct {
	rnn.Config
	params []float64
	x      [][]float64 // [T][I]
}

func (s shape) String() string {
	return fmt.Sprintf("%s L%d D%d", s.Cell, s.Layers, s.Directions())
}

// shapes returns every cell in every arrangement, T = 6.
func shapes() (all []shape) {
	for i, cell := range rnn.Cells() {
		for _, layers := range []int{1, 3} {
			for _, two := range []bool{false, true} {
				c := rnn.Config{Cell: cell, Input: 3, Hidden: 5, Layers: layers, Bidirectional: two, LearnH0: i%2 == 0}
				r := rand.New(rand.NewPCG(uint64(i), uint64(layers)))
				all = append(all, shape{c, normal(c.Size(), 0.6, r), vectors(6, 3, r)})
			}
		}
	}
	return all
}

func normal(n int, scale float64, r *rand.Rand) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = scale * r.NormFloat64()
	}
	return v
}

func vectors(n, width int, r *rand.Rand) (all [][]float64) {
	for range n {
		all = append(all, normal(width, 1, r))
	}
	return all
}

// near fails the test unless got is within tol of want, relative to its largest.
func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if e := check.RelErr(got, want); e > tol {
		t.Errorf("%s: relative error %.3g, want at most %g", what, e, tol)
	}
}

// goldenCase reads a case of the paper's network that another program computed.
func goldenCase(t *testing.T, name string) (*bptt.Network, *bptt.Trace) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "golden", name+".json"))
	if err != nil {
		t.Skip("golden files are not here: ", err)
	}
	defer f.Close()
	g, err := check.ReadGolden(f)
	if err != nil {
		t.Fatal(err)
	}
	n := bptt.New(g.Case.I, g.Case.H, g.Case.K)
	n.Wxh, n.Whh = g.Params["rnn.weight_ih_l0"].Data, g.Params["rnn.weight_hh_l0"].Data
	for i := range n.Bh {
		n.Bh[i] = g.Params["rnn.bias_ih_l0"].Data[i] + g.Params["rnn.bias_hh_l0"].Data[i]
	}
	n.Whz, n.Bz = g.Params["out.weight"].Data, g.Params["out.bias"].Data
	var x [][]float64
	var y []int
	for s, targets := range g.Targets {
		x, y = append(x, g.X.Data[s*n.I:(s+1)*n.I]), append(y, targets[0])
	}
	tr, err := n.Forward(x, g.H0.Data, y)
	if err != nil {
		t.Fatal(err)
	}
	return n, tr
}
