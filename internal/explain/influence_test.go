package explain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/check"
)

func TestTry(t *testing.T) {
	for _, name := range []string{"seed-t2", "tanh-exploding", "tanh-saturated", "tanh-long"} {
		f, err := os.Open(filepath.Join("../../../shared/golden", name+".json"))
		if err != nil {
			t.Skip(err)
		}
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
		for s := range g.Case.T {
			x = append(x, g.X.Data[s*n.I:(s+1)*n.I])
			y = append(y, g.Targets[s][0])
		}
		tr, err := n.Forward(x, g.H0.Data, y)
		if err != nil {
			t.Fatal(err)
		}
		in := CaseInfluence(n, tr)
		fl := CaseFlow(name, n, tr, in)
		t.Log(name, g.Case.T, g.Case.H, fl.Verdict, fl.Fades, fl.Explodes, fl.SigmaMax, fl.Slope)
		for _, p := range fl.Points {
			if p.Distance&(p.Distance-1) == 0 || p.Distance == len(fl.Points) {
				t.Logf("%+v", p)
			}
		}
	}
}
