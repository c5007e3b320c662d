package optim

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Method names an update rule.
type Method string

// The update rules. g is the gradient, m and v its running moments.
const (
	SGD   Method = "sgd"   // m = μ·m + g; θ −= η·m
	Adam  Method = "adam"  // Kingma and Ba 2015, algorithm 1
	AdamW Method = "adamw" // the same, and θ −= η·λ·θ (Loshchilov and Hutter 2019)
)

// Config says how parameters are updated. Zeros are taken as they are: start
// from Default.
type Config struct {
	Method   Method
	Rate     float64 // η, the highest learning rate
	Momentum float64 // μ of SGD
	Beta1    float64 // decay of Adam's m
	Beta2    float64 // decay of Adam's v
	Epsilon  float64 // added to √v
	Decay    float64 // λ of AdamW
	Clip     float64 // the gradient's global norm is cut to this; 0 for never
	Schedule Schedule
	Warmup   int // steps over which the rate rises from 0 to η
}

// Default is Adam with its authors' constants.
func Default() Config {
	return Config{Method: Adam, Rate: 2e-3, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0.01, Clip: 1, Schedule: Cosine}
}

// Validate says what is wrong with c, if anything.
func (c Config) Validate() error {
	switch {
	case c.Method != SGD && c.Method != Adam && c.Method != AdamW:
		return fmt.Errorf("optimizer %q is unknown: expected sgd, adam or adamw", c.Method)
	case c.Schedule != Constant && c.Schedule != Cosine:
		return fmt.Errorf("schedule %q is unknown: expected constant or cosine", c.Schedule)
	case !(c.Rate > 0) || math.IsInf(c.Rate, 0):
		return fmt.Errorf("learning rate %v: expected a number above 0", c.Rate)
	case !(c.Clip >= 0):
		return fmt.Errorf("clip %v: expected 0, for never, or the largest norm", c.Clip)
	case !(c.Momentum >= 0 && c.Momentum < 1):
		return fmt.Errorf("momentum %v: expected 0 to below 1", c.Momentum)
	case !(c.Beta1 >= 0 && c.Beta1 < 1) || !(c.Beta2 >= 0 && c.Beta2 < 1) || !(c.Epsilon > 0):
		return fmt.Errorf("betas %v, %v and epsilon %v: expected 0 to below 1, and above 0", c.Beta1, c.Beta2, c.Epsilon)
	case !(c.Decay >= 0) || math.IsInf(c.Decay, 0):
		return fmt.Errorf("weight decay %v: expected 0 or more", c.Decay)
	case c.Warmup < 0:
		return fmt.Errorf("warm-up of %d steps: expected 0 or more", c.Warmup)
	}
	return nil
}

// normBlock is the number of elements that one partial sum of the norm covers:
// fixed, so that the norm has the same bits whatever the threads.
const normBlock = 1 << 14

// Optimizer updates one slab of parameters. It allocates only when made.
//
// Of its tables only the rows in use are read and written by a step, which
// Begin brings up to date before; see [Table]. Without tables Begin may be left out.
type Optimizer struct {
	Config
	team          *kernel.Team
	params, grads []float32
	m, v          []float32 // moments; v for Adam alone
	dense         []part    // of the slab, outside the tables: what one partial sum of the norm covers
	tables        []table
	missed        missed
	sums          []float64 // of the squares: of every part, then of every row in use
	updates       int

	scale, rate             float64                    // of the update at work
	step                    kernel.AdamStep[float32]   // the same for Adam
	late                    []kernel.AdamStep[float32] // of a row brought up to date, one a worker
	norms, updater, starter func(worker int)
	settler                 func(worker int)
}

// part is elements [from, to) of the slab.
type part struct{ from, to int }

// New returns an optimizer of params by grads, which stay the caller's, as do
// the tables, in the order of the slab.
func New(c Config, params, grads []float32, team *kernel.Team, tables ...Table) *Optimizer {
	o := &Optimizer{Config: c, team: team, params: params, grads: grads, m: make([]float32, len(params))}
	if c.Method != SGD {
		o.v = make([]float32, len(params))
	}
	rows := o.addTables(tables)
	o.sums = make([]float64, len(o.dense)+rows)
	o.late = make([]kernel.AdamStep[float32], team.Size())
	o.norms, o.updater, o.starter, o.settler = o.partialNorms, o.update, o.start, o.settle
	return o
}

// Norm returns the Euclidean norm of all gradients; NaN or infinite when one
// of them is.
func (o *Optimizer) Norm() float64 {
	o.team.RunFor(2*o.active(), o.norms)
	sum := 0.0
	for _, s := range o.sums[:len(o.dense)+o.rows()] {
		sum += s
	}
	return math.Sqrt(sum)
}

func (o *Optimizer) partialNorms(w int) {
	o.share(w, func(i int, p part) { o.sums[i] = kernel.SumSquares(o.grads[p.from:p.to]) })
}

// Usable says whether an update by gradients of this norm, scaled, can be made:
// it is finite, and so is its square in float32, which Adam keeps.
func (o *Optimizer) Usable(norm, scale float64) bool {
	size := norm * scale
	if o.Clip > 0 {
		size = min(size, o.Clip)
	}
	return norm-norm == 0 && size*size < math.MaxFloat32
}

// Update moves the parameters by the gradients times scale, whose norm, once
// scaled, is cut to Clip, at the given learning rate. norm is what Norm
// returned: a finite number.
func (o *Optimizer) Update(norm, scale, rate float64) {
	if o.Clip > 0 && norm*scale > o.Clip {
		scale = o.Clip / norm
	}
	o.updates++
	o.scale, o.rate, o.step = scale, rate, o.adamStep(scale, rate)
	o.team.RunFor(10*o.active(), o.updater)
	o.noteUpdate()
}

func (o *Optimizer) update(w int) {
	o.share(w, func(_ int, p part) {
		params, grads, m := o.params[p.from:p.to], o.grads[p.from:p.to], o.m[p.from:p.to]
		if o.Method == SGD {
			sgd(params, grads, m, float32(o.scale), float32(o.Momentum), float32(o.rate))
		} else {
			o.step.Update(params, grads, m, o.v[p.from:p.to])
		}
	})
}

func sgd(params, grads, m []float32, scale, mu, rate float32) {
	for i, g := range grads {
		m[i] = float32(mu*m[i]) + float32(scale*g)
		params[i] -= float32(rate * m[i])
	}
}

// adamStep returns what the update is that follows o.updates−1 others.
func (o *Optimizer) adamStep(scale, rate float64) kernel.AdamStep[float32] {
	meanBias, root := o.biases()
	s := kernel.AdamStep[float32]{Scale: float32(scale), Beta1: float32(o.Beta1), Beta2: float32(o.Beta2),
		Gain1: float32(1 - o.Beta1), Gain2: float32(1 - o.Beta2),
		Rate: float32(rate / meanBias), Root: float32(root), Epsilon: float32(o.Epsilon), Keep: float32(o.keep(rate))}
	return s
}

// biases returns 1 − β1^t and 1/√(1 − β2^t), which correct the biases of m and √v.
func (o *Optimizer) biases() (mean, root float64) {
	t := float64(o.updates)
	return 1 - math.Pow(o.Beta1, t), 1 / math.Sqrt(1-math.Pow(o.Beta2, t))
}

// keep is what AdamW's decay leaves of a parameter.
func (o *Optimizer) keep(rate float64) float64 {
	if o.Method == AdamW {
		return 1 - float64(rate*o.Decay)
	}
	return 1
}
