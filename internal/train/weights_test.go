package train

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// rarely are sequences in which "maybe" is rare three times of ten, and all
// else is not.
func rarely(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		for range steps {
			token, label := []string{"maybe", "no", "never"}[r.IntN(3)], "usual"
			if token == "maybe" && r.IntN(10) < 3 {
				label = "rare"
			}
			s.Tokens, s.Labels = append(s.Tokens, token), append(s.Labels, label)
		}
		return s
	})
}

// TestWeightsFindWhatIsRare wants the label of a tenth of the steps to be found
// where it is likelier than elsewhere, which it only is with weights: it never
// is the likelier one.
func TestWeightsFindWhatIsRare(t *testing.T) {
	for weights, want := range map[string]bool{NoWeights: false, BalancedWeights: true} {
		o := small()
		o.ClassWeights = weights
		m, _, err := Fit(context.Background(), rarely(300, 1), nil, o, Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		net, err := m.Network(nil)
		if err != nil {
			t.Fatal(err)
		}
		labels, _, err := m.Label(net, []string{"maybe", "no", "maybe", "never"})
		if err != nil || (labels[0] == "rare") != want || (labels[2] == "rare") != want || labels[1] != "usual" || labels[3] != "usual" {
			t.Errorf("weights %s: %v, %v", weights, labels, err)
		}
	}
}

// TestWeightedLoss wants the loss of a step to be Σ n/(K·n_c)·(−log z_y), of z
// and of labels counted here; and that of held-out data not to be weighted.
func TestWeightedLoss(t *testing.T) {
	o := small()
	o.ClassWeights, o.Batch = BalancedWeights, 64
	k := kind{"", rarely, func(*Options) {}, 0, 0}
	m, examples := k.fresh(t, o, 64)
	tr, err := newTrainer(m, o, func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.team.Close()
	tr.weigh(examples.All)
	tr.steps = 1
	indices := plan(examples.All, 64, rand.New(rand.NewPCG(1, 1)))[0]
	if err := tr.batch.fill(examples, indices, 0, nil); err != nil {
		t.Fatal(err)
	}
	steps := tr.batch.layout.Steps()
	c := tr.batch.chunk(0, steps)
	tr.net.Begin(&tr.batch.layout, examples.Forms)
	z, _, plain := tr.net.Predict(0, steps, c)
	counts := map[int32]float64{}
	for _, y := range c.Labels {
		counts[y]++
	}
	want, unweighted := 0.0, 0.0
	for i, y := range c.Labels {
		nll := -math.Log(float64(z[i*2+int(y)]))
		want += float64(len(c.Labels)) / (2 * counts[y]) * nll
		unweighted += nll
	}
	tr.net.Begin(&tr.batch.layout, examples.Forms)
	got, n, _, ok := tr.trainChunk(0, steps)
	if !ok || n != len(c.Labels) || math.Abs(got-want) > 1e-5*want {
		t.Errorf("loss %v of %d steps, want %v of %d", got, n, want, len(c.Labels))
	}
	if math.Abs(plain-unweighted) > 1e-5*unweighted || math.Abs(plain-want) < 0.05*want {
		t.Errorf("loss of held-out data %v, want %v, without weights (with them it is %v)", plain, unweighted, want)
	}
}

func TestWeightsThatDoNotGo(t *testing.T) {
	for want, change := range map[string]func(*Options){
		`class weights "heavy" are unknown: expected none or balanced`: func(o *Options) { o.ClassWeights = "heavy" },
		"expected output softmax":                                      func(o *Options) { o.Model.Output = model.CRF },
		"real values":                                                  func(o *Options) { ofVectors(o); o.Model.Output = model.Real },
		"a language model":                                             func(o *Options) { o.Model.Task = model.TaskLM },
	} {
		o := small()
		o.ClassWeights = BalancedWeights
		change(&o)
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
