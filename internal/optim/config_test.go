package optim

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// move returns what one SGD step at rate 1 takes from parameters of zero: the
// gradients as they were used.
func move(clip, scale float64, grads ...float32) []float32 {
	c := plain(SGD)
	c.Clip = clip
	params := make([]float32, len(grads))
	o := New(c, params, grads, nil)
	o.Update(o.Norm(), scale, 1)
	for i := range params {
		params[i] = -params[i]
	}
	return params
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		clip, scale float64
		want        float64 // of the gradient (3, -4), what is left
	}{
		{0, 1, 1}, {0, 1000, 1000}, // never
		{5.001, 1, 1}, {5, 1, 1}, {math.Inf(1), 1, 1}, {1, 0.125, 0.125}, // not above
		{2.5, 1, 0.5}, {1, 1, 0.2}, {1, 0.5, 0.2}, {1, 1000, 0.2}, {1e-3, 1, 2e-4}, // cut to clip / 5
	} {
		got := move(c.clip, c.scale, 3, -4)
		want := float32(c.want)
		wantEqual(t, fmt.Sprintf("clip %v, scale %v", c.clip, c.scale), got, []float32{want * 3, want * -4})
	}
}

func TestClippedGradientHasTheNormClip(t *testing.T) {
	for _, clip := range []float64{1e-4, 0.3, 1, 7} {
		for _, size := range []float32{10, 1e5, 1e20, 1e30} {
			grads := normals(source(), 50)
			for i := range grads {
				grads[i] *= size
			}
			if got := norm(move(clip, 1, grads...)); math.Abs(got-clip) > 1e-6*clip {
				t.Errorf("gradients about %v, clip %v: moved as one of norm %v", size, clip, got)
			}
		}
	}
}

func TestRateRisesInALine(t *testing.T) {
	for _, s := range []Schedule{Constant, Cosine} {
		c := Config{Rate: 0.8, Schedule: s, Warmup: 4}
		for step, want := range []float64{0.2, 0.4, 0.6, 0.8, 0.8} {
			if got := c.RateAt(step, 100); math.Abs(got-want) > 1e-15 {
				t.Errorf("%s, step %d: rate %v, want %v", s, step, got, want)
			}
		}
	}
}

func TestConstantRate(t *testing.T) {
	c := Config{Rate: 0.3, Schedule: Constant}
	for _, step := range []int{0, 1, 50, 99, 1000} {
		if got := c.RateAt(step, 100); got != 0.3 {
			t.Errorf("step %d: rate %v, want 0.3", step, got)
		}
	}
}

func TestCosineRate(t *testing.T) {
	const total = 100
	for _, warmup := range []int{0, 20} {
		c := Config{Rate: 0.5, Schedule: Cosine, Warmup: warmup}
		rest := total - warmup
		for _, at := range []struct {
			step int
			want float64
		}{
			{warmup, 0.5},
			{warmup + rest/4, 0.25 + 0.25*math.Sqrt2/2},
			{warmup + rest/2, 0.25},
			{total - 1, 0.25 * (1 - math.Cos(math.Pi/float64(rest)))},
			{total, 0}, {total + 50, 0},
		} {
			if got := c.RateAt(at.step, total); math.Abs(got-at.want) > 1e-15 {
				t.Errorf("warm-up %d, step %d: rate %v, want %v", warmup, at.step, got, at.want)
			}
		}
		for step := warmup + 1; step < total; step++ {
			if before, now := c.RateAt(step-1, total), c.RateAt(step, total); !(now < before && now > 0) {
				t.Errorf("warm-up %d: rate %v at step %d, after %v", warmup, now, step, before)
			}
		}
	}
}

func TestRateIsFiniteWhereTheWarmupIsAllThereIs(t *testing.T) {
	for _, total := range []int{0, 1, 5, 10} {
		c := Config{Rate: 1, Schedule: Cosine, Warmup: 10}
		for step := range 15 {
			if got := c.RateAt(step, total); !(got >= 0 && got <= 1) {
				t.Errorf("step %d of %d: rate %v", step, total, got)
			}
		}
	}
}

func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		change func(c *Config)
		want   string // what the error says; "" for no error
	}{
		{func(c *Config) {}, ""},
		{func(c *Config) { c.Method, c.Momentum = SGD, 0 }, ""},
		{func(c *Config) { c.Method, c.Decay = AdamW, 0 }, ""},
		{func(c *Config) { c.Schedule, c.Warmup = Constant, 1000 }, ""},
		{func(c *Config) { c.Clip = 0 }, ""},
		{func(c *Config) { c.Method = "" }, `optimizer ""`},
		{func(c *Config) { c.Method = "Adam" }, `optimizer "Adam" is unknown: expected sgd, adam or adamw`},
		{func(c *Config) { c.Schedule = "" }, `schedule ""`},
		{func(c *Config) { c.Schedule = "linear" }, `schedule "linear" is unknown: expected constant or cosine`},
		{func(c *Config) { c.Rate = 0 }, "learning rate 0"},
		{func(c *Config) { c.Rate = -1 }, "learning rate -1"},
		{func(c *Config) { c.Rate = nan }, "learning rate NaN"},
		{func(c *Config) { c.Rate = inf }, "learning rate +Inf"},
		{func(c *Config) { c.Clip = -1 }, "clip -1"},
		{func(c *Config) { c.Clip = nan }, "clip NaN"},
		{func(c *Config) { c.Momentum = -0.1 }, "momentum -0.1"},
		{func(c *Config) { c.Momentum = 1 }, "momentum 1"},
		{func(c *Config) { c.Momentum = nan }, "momentum NaN"},
		{func(c *Config) { c.Decay = -1 }, "weight decay -1"},
		{func(c *Config) { c.Decay = nan }, "weight decay NaN"},
		{func(c *Config) { c.Decay = inf }, "weight decay +Inf"},
		{func(c *Config) { c.Warmup = -1 }, "warm-up of -1 steps"},
	} {
		config := Default()
		c.change(&config)
		err := config.Validate()
		if c.want == "" && err != nil {
			t.Errorf("%+v: %v, want no error", config, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: error %v, want one that says %q", config, err, c.want)
		}
	}
}
