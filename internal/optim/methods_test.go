package optim

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// reference is the papers' formulas in float64.
type reference struct {
	Config
	theta, m, v []float64
	t           int
}

func newReference(c Config, params []float32) *reference {
	r := &reference{Config: c, m: make([]float64, len(params)), v: make([]float64, len(params))}
	for _, p := range params {
		r.theta = append(r.theta, float64(p))
	}
	return r
}

func (r *reference) step(grads []float32, scale, rate float64) {
	if n := norm(grads) * scale; r.Clip > 0 && n > r.Clip {
		scale *= r.Clip / n
	}
	r.t++
	for i, g32 := range grads {
		g := float64(g32) * scale
		if r.Method == SGD {
			r.m[i] = r.Momentum*r.m[i] + g
			r.theta[i] -= rate * r.m[i]
			continue
		}
		r.m[i] = r.Beta1*r.m[i] + (1-r.Beta1)*g
		r.v[i] = r.Beta2*r.v[i] + (1-r.Beta2)*g*g
		mHat := r.m[i] / (1 - math.Pow(r.Beta1, float64(r.t)))
		vHat := r.v[i] / (1 - math.Pow(r.Beta2, float64(r.t)))
		decay := 0.0
		if r.Method == AdamW {
			decay = r.Decay * r.theta[i]
		}
		r.theta[i] -= rate * (mHat/(math.Sqrt(vHat)+r.Epsilon) + decay)
	}
}

// The bound is relative to how far the parameters went, not to their size.
func TestUpdatesAgainstThePapersFormulas(t *testing.T) {
	const n, steps = 37, 50
	with := func(m Method, f func(*Config)) Config {
		c := plain(m)
		f(&c)
		return c
	}
	for name, c := range map[string]Config{
		"sgd":                plain(SGD),
		"adam, slow":         with(Adam, func(c *Config) { c.Beta2 = 0.99999 }),
		"adam, no memory":    with(Adam, func(c *Config) { c.Beta1, c.Beta2 = 0, 0 }),
		"sgd, momentum":      with(SGD, func(c *Config) { c.Momentum = 0.9 }),
		"sgd, clip, decay":   with(SGD, func(c *Config) { c.Momentum, c.Clip, c.Decay = 0.5, 1, 0.3 }), // decay is AdamW's
		"adam":               plain(Adam),
		"adam, decay":        with(Adam, func(c *Config) { c.Decay = 0.3 }), // the same
		"adam, betas":        with(Adam, func(c *Config) { c.Beta1, c.Beta2 = 0.5, 0.95 }),
		"adam, epsilon":      with(Adam, func(c *Config) { c.Epsilon = 0.3 }),
		"adam, cosine, clip": with(Adam, func(c *Config) { c.Schedule, c.Warmup, c.Clip, c.Epsilon = Cosine, 7, 0.5, 0.01 }),
		"adamw":              with(AdamW, func(c *Config) { c.Decay = 0.3 }),
		"adamw, no decay":    plain(AdamW),
		"adamw, cosine":      with(AdamW, func(c *Config) { c.Decay, c.Schedule, c.Warmup = 0.5, Cosine, 10 }),
		"default":            Default(),
	} {
		t.Run(name, func(t *testing.T) {
			rng := source()
			params, grads := normals(rng, n), make([]float32, n)
			for i := range params {
				params[i] /= 10 // small against the way they go
			}
			start := slices.Clone(params)
			want := newReference(c, params)
			o := New(c, params, grads, nil)
			for step := range steps {
				for i := range grads {
					grads[i] = float32(rng.NormFloat64() + 0.5*float64(i%3)) // some drift, some only shake
				}
				scale, rate := 1/float64(1+step%4), c.RateAt(step, steps)
				o.Update(o.Norm(), scale, rate)
				want.step(grads, scale, rate)
			}
			far, worst := 0.0, 0.0
			for i, p := range params {
				far = math.Max(far, math.Abs(want.theta[i]-float64(start[i])))
				worst = math.Max(worst, math.Abs(want.theta[i]-float64(p)))
			}
			if !(worst <= 2e-6*far) {
				t.Errorf("up to %.3g off after moving by up to %.3g, want within 2e-6 of that", worst, far)
			}
			t.Logf("relative error %.2g", worst/far)
		})
	}
}

// m̂ = g and √v̂ = |g| in the first step, so the size of g does not matter.
func TestFirstAdamStepIsTheRateAgainstTheSign(t *testing.T) {
	for _, m := range []Method{Adam, AdamW} {
		c := plain(m)
		c.Epsilon = 0
		grads := []float32{1, -1, 1e-6, -1e-6, 3e4, -1e12, 0.37}
		params := make([]float32, len(grads))
		o := New(c, params, grads, nil)
		o.Update(o.Norm(), 1, c.Rate)
		for i, g := range grads {
			want := -math.Copysign(c.Rate, float64(g))
			if math.Abs(float64(params[i])-want) > 1e-5*c.Rate {
				t.Errorf("%s: a gradient of %v moves by %v, want %v", m, g, params[i], want)
			}
		}
	}
}

func TestOnlyAdamWDecaysWithoutGradient(t *testing.T) {
	for m, want := range map[Method]float32{SGD: 2, Adam: 2, AdamW: 1.9} { // 2·(1 − 0.1·0.5)
		c := plain(m)
		c.Decay = 0.5
		params, grads := []float32{2, -2}, []float32{0, 0}
		o := New(c, params, grads, nil)
		o.Update(o.Norm(), 1, c.Rate)
		wantEqual(t, string(m), params, []float32{want, -want})
	}
}

func TestUpdateLeavesTheGradients(t *testing.T) {
	for _, m := range []Method{SGD, Adam, AdamW} {
		c := plain(m)
		c.Clip = 0.1
		grads := normals(source(), 20)
		before := slices.Clone(grads)
		o := New(c, make([]float32, 20), grads, nil)
		o.Update(o.Norm(), 0.5, c.Rate)
		wantEqual(t, fmt.Sprintf("%s: gradients", m), grads, before)
	}
}
