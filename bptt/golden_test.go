package bptt_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// golden is one network and its gradients as PyTorch computed them in float64.
// Its T steps are indexed from 0.
type golden struct {
	Case          struct{ I, H, K, T, B int }
	Params, Grads map[string]goldenTensor
	X, H0         goldenTensor
	Targets       [][]int // [T][B]
	H, Logits     goldenTensor
	Loss          float64
	StepLoss      goldenTensor `json:"step_loss"`
}

type goldenTensor struct {
	Shape []int
	Data  []float64
}

// rows cuts a tensor into T equal rows.
func (g goldenTensor) rows(T int) [][]float64 {
	return slices.Collect(slices.Chunk(g.Data, len(g.Data)/T))
}

func readGolden(t *testing.T, path string) *golden {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := &golden{}
	if err := json.Unmarshal(data, g); err != nil {
		t.Fatal(err)
	}
	if g.Case.B != 1 {
		t.Fatalf("%s has %d sequences, want 1", path, g.Case.B)
	}
	return g
}

// problem loads the case. PyTorch has two biases in the place of Bh; only their
// sum acts.
func (g *golden) problem() *problem {
	n := bptt.New(g.Case.I, g.Case.H, g.Case.K)
	n.Wxh = g.Params["rnn.weight_ih_l0"].Data
	n.Whh = g.Params["rnn.weight_hh_l0"].Data
	for i := range n.Bh {
		n.Bh[i] = g.Params["rnn.bias_ih_l0"].Data[i] + g.Params["rnn.bias_hh_l0"].Data[i]
	}
	n.Whz = g.Params["out.weight"].Data
	n.Bz = g.Params["out.bias"].Data
	return &problem{n: n, x: g.X.rows(g.Case.T), h0: g.H0.Data, y: slices.Concat(g.Targets...)}
}

func (g *golden) gradients(bias string) *bptt.Gradients {
	return &bptt.Gradients{
		Wxh: g.Grads["rnn.weight_ih_l0"].Data,
		Whh: g.Grads["rnn.weight_hh_l0"].Data,
		Bh:  g.Grads[bias].Data,
		Whz: g.Grads["out.weight"].Data,
		Bz:  g.Grads["out.bias"].Data,
		H0:  g.Grads["h0"].Data,
		X:   append([][]float64{nil}, g.Grads["x"].rows(g.Case.T)...),
	}
}

// Against PyTorch: a short case, a long one, one whose gradient vanishes, one
// whose gradient explodes.
func TestGolden(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "golden")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("golden files are not here: ", err)
	}
	const tol = 1e-10
	for _, name := range []string{"seed-t2", "tanh-long", "tanh-saturated", "tanh-exploding"} {
		t.Run(name, func(t *testing.T) {
			want := readGolden(t, filepath.Join(dir, name+".json"))
			p := want.problem()
			tr := p.forward(t)
			worst := 0.0
			check := func(what string, got, want []float64) {
				worst = math.Max(worst, closeTo(t, what, got, want, tol))
			}
			check("h", slices.Concat(tr.H[1:]...), want.H.Data)
			check("logits", slices.Concat(tr.Alpha...), want.Logits.Data)
			check("step_loss", tr.StepLoss[1:], want.StepLoss.Data)
			check("loss", []float64{tr.Loss}, []float64{want.Loss})
			for _, bias := range []string{"rnn.bias_ih_l0", "rnn.bias_hh_l0"} {
				worst = math.Max(worst, closeGradients(t, "Backward", p.n.Backward(tr), want.gradients(bias), tol))
				worst = math.Max(worst, closeGradients(t, "DoubleSum", p.n.DoubleSum(tr), want.gradients(bias), tol))
			}
			t.Logf("worst relative error %.3g", worst)
		})
	}
}
