package optim

import (
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// missed is what rows have missed since all were up to date.
type missed struct {
	updates int // since then; most of them at most
	most    int

	// of a row last updated s updates after then, for s below updates
	weight  []float64 // Σ of the weights that m/(√v + ε) has moved by, or m
	epsilon []float64 // the same, each times its ε_k
	keep    []float64 // what AdamW's decay has left

	// after so many missed updates, from 0 to most
	decay1, decay2 []float64 // β1^n or μ^n, and β2^n

	zeros []float32 // no gradients, of the widest row
}

// mostMissed is after how many updates all rows are brought up to date;
// leastDecay what a moment may decay to before that.
const (
	mostMissed = 256
	leastDecay = 1e-20
)

func (k *missed) init(c Config, width int) {
	k.zeros = make([]float32, width)
	beta := c.Beta1
	if c.Method == SGD {
		beta = c.Momentum
	}
	decay1, decay2 := 1.0, 1.0
	for n := 0; n <= mostMissed && (n <= 1 || decay1 >= leastDecay || beta == 0); n++ {
		k.decay1, k.decay2 = append(k.decay1, decay1), append(k.decay2, decay2)
		decay1, decay2 = decay1*beta, decay2*c.Beta2
	}
	k.most = len(k.decay1) - 1
	k.weight, k.epsilon, k.keep = make([]float64, k.most), make([]float64, k.most), make([]float64, k.most)
}

// noteUpdate notes the update that was just made, of all that is dense and of
// the rows in use, which were up to date.
func (o *Optimizer) noteUpdate() {
	if len(o.tables) == 0 {
		return
	}
	k := &o.missed
	meanBias, root := o.biases()
	k.weight[k.updates], k.epsilon[k.updates], k.keep[k.updates] = 0, 0, 1
	k.updates++
	keep := o.keep(o.rate)
	for s := range k.updates {
		n := k.updates - s
		w, epsilon := o.rate*k.decay1[n], 0.0
		if o.Method != SGD {
			each := math.Sqrt(k.decay2[n]) * root
			w /= meanBias * each
			epsilon = o.Epsilon / each
		}
		k.weight[s] = float64(keep*k.weight[s]) + w
		k.epsilon[s] = float64(keep*k.epsilon[s]) + float64(w*epsilon)
		k.keep[s] *= keep
	}
	for i := range o.tables {
		t := &o.tables[i]
		for _, r := range t.used {
			t.since[r] = int32(k.updates)
		}
	}
	if k.updates == k.most {
		o.Settle()
	}
}

// moveRow makes up for the updates since one.
func (o *Optimizer) moveRow(w, from, width, since int) {
	k := &o.missed
	params, m, none, gap := o.params[from:from+width], o.m[from:from+width], k.zeros[:width], k.updates-since
	if o.Method == SGD {
		if o.Momentum > 0 {
			sgd(params, none, m, 0, float32(k.decay1[gap]), float32(k.weight[since]/k.decay1[gap]))
		}
		return
	}
	// An update of Adam's without gradients, which decays m and v before they are used.
	s := &o.late[w]
	*s = kernel.AdamStep[float32]{Beta1: float32(k.decay1[gap]), Beta2: float32(k.decay2[gap]),
		Root: float32(1 / math.Sqrt(k.decay2[gap])), Epsilon: float32(o.Epsilon), Keep: float32(k.keep[since])}
	if w := k.weight[since]; w > 0 {
		s.Rate, s.Epsilon = float32(w/k.decay1[gap]), float32(k.epsilon[since]/w)
	}
	s.Update(params, none, m, o.v[from:from+width])
}
