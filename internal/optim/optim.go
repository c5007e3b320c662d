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
type Optimizer struct {
	Config
	team          *kernel.Team
	params, grads []float32
	m, v          []float32 // moments; v for Adam alone
	sums          []float64 // of the squares, a block each
	updates       int

	scale, rate    float64 // of the update at work
	norms, updater func(worker int)
}

// New returns an optimizer of params by grads, which stay the caller's.
func New(c Config, params, grads []float32, team *kernel.Team) *Optimizer {
	o := &Optimizer{Config: c, team: team, params: params, grads: grads, m: make([]float32, len(params))}
	if c.Method != SGD {
		o.v = make([]float32, len(params))
	}
	o.sums = make([]float64, (len(grads)+normBlock-1)/normBlock)
	o.norms, o.updater = o.partialNorms, o.update
	return o
}

// Norm returns the Euclidean norm of all gradients; NaN or infinite when one
// of them is.
func (o *Optimizer) Norm() float64 {
	o.team.RunFor(2*len(o.grads), o.norms)
	sum := 0.0
	for _, s := range o.sums {
		sum += s
	}
	return math.Sqrt(sum)
}

func (o *Optimizer) partialNorms(w int) {
	from, to := kernel.Share(len(o.sums), w, o.team.Size())
	for b := from; b < to; b++ {
		sum := 0.0
		for _, g := range o.grads[b*normBlock : min((b+1)*normBlock, len(o.grads))] {
			sum += float64(float64(g) * float64(g))
		}
		o.sums[b] = sum
	}
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
	o.scale, o.rate = scale, rate
	o.team.RunFor(10*len(o.params), o.updater)
}

func (o *Optimizer) update(w int) {
	from, to := kernel.Share(len(o.params), w, o.team.Size())
	if o.Method == SGD {
		o.sgd(from, to)
	} else {
		o.adam(from, to)
	}
}

func (o *Optimizer) sgd(from, to int) {
	params, grads, m := o.params[from:to], o.grads[from:to], o.m[from:to]
	scale, mu, rate := float32(o.scale), float32(o.Momentum), float32(o.rate)
	for i, g := range grads {
		m[i] = float32(mu*m[i]) + float32(scale*g)
		params[i] -= float32(rate * m[i])
	}
}

func (o *Optimizer) adam(from, to int) {
	params, grads, m, v := o.params[from:to], o.grads[from:to], o.m[from:to], o.v[from:to]
	scale, b1, b2 := float32(o.scale), float32(o.Beta1), float32(o.Beta2)
	c1, c2 := float32(1-o.Beta1), float32(1-o.Beta2)
	t := float64(o.updates)
	rate := float32(o.rate / (1 - math.Pow(o.Beta1, t))) // the bias of m, corrected
	root := float32(1 / math.Sqrt(1-math.Pow(o.Beta2, t)))
	eps, keep := float32(o.Epsilon), float32(1)
	if o.Method == AdamW {
		keep = float32(1 - float64(o.rate*o.Decay))
	}
	for i, g := range grads {
		g = float32(g * scale)
		m[i] = float32(b1*m[i]) + float32(c1*g)
		v[i] = float32(b2*v[i]) + float32(c2*float32(g*g))
		step := float32(rate*m[i]) / (float32(float32(math.Sqrt(float64(v[i])))*root) + eps)
		params[i] = float32(keep*params[i]) - step
	}
}
