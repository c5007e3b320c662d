package optim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

// slab has two tables between parts that are dense.
const slabSize = 5 + 40*3 + 2 + 30*7 + 4

var slabTables = []Table{{From: 5, Rows: 40, Width: 3}, {From: 5 + 40*3 + 2, Rows: 30, Width: 7}}

// rareGradients sets gradients of what is dense and of some rows of the tables,
// and zeros or, to see whether they are read, NaN elsewhere. A row's number
// says how rare it is.
func rareGradients(rng *rand.Rand, grads []float32, elsewhere float32) (used [][]int32) {
	for i := range grads {
		grads[i] = float32(rng.NormFloat64())
	}
	for _, t := range slabTables {
		var rows []int32
		for r := range t.Rows {
			if rng.IntN(1+r*r) == 0 {
				rows = append(rows, int32(r))
				continue
			}
			for i := range t.Width {
				grads[t.From+r*t.Width+i] = elsewhere
			}
		}
		used = append(used, rows)
	}
	return used
}

// TestTablesMoveAsIfEveryRowDid wants the parameters of the papers' formulas,
// applied to every row in every step: of the rows in use before the step, and of
// all in the end. The bound is relative to how far the parameters went.
func TestTablesMoveAsIfEveryRowDid(t *testing.T) {
	const steps = 1200
	with := func(m Method, f func(*Config)) Config {
		c := plain(m)
		f(&c)
		return c
	}
	for name, c := range map[string]Config{
		"default":         Default(),
		"adam, constant":  plain(Adam),
		"adam, no mean":   with(Adam, func(c *Config) { c.Beta1 = 0 }),
		"adam, short":     with(Adam, func(c *Config) { c.Beta1, c.Beta2 = 0.3, 0.99 }),
		"adam, long mean": with(Adam, func(c *Config) { c.Beta1 = 0.99 }),
		"adam, no tables": with(Adam, func(c *Config) { c.Beta2 = 0.5 }),
		"adamw":           with(AdamW, func(c *Config) { c.Decay = 0.3 }),
		"adamw, cosine":   with(AdamW, func(c *Config) { c.Decay, c.Schedule, c.Warmup, c.Clip = 0.1, Cosine, 100, 3 }),
		"sgd":             plain(SGD),
		"sgd, momentum":   with(SGD, func(c *Config) { c.Momentum, c.Schedule = 0.9, Cosine }),
	} {
		t.Run(name, func(t *testing.T) {
			rng := source()
			params, grads := make([]float32, slabSize), make([]float32, slabSize)
			want := newReference(c, params)
			o := New(c, params, grads, nil, slabTables...)
			far, worst := 0.0, 0.0
			compare := func(from, to int) {
				for i := from; i < to; i++ {
					far = math.Max(far, math.Abs(want.theta[i]))
					worst = math.Max(worst, math.Abs(want.theta[i]-float64(params[i])))
				}
			}
			for step := range steps {
				used := rareGradients(rng, grads, 0)
				given := append([]float32(nil), grads...)
				o.Begin(used...)
				for i, tab := range slabTables {
					for _, r := range used[i] {
						compare(tab.From+int(r)*tab.Width, tab.From+int(r+1)*tab.Width)
					}
				}
				copy(grads, given)
				rate := c.RateAt(step, steps)
				o.Update(o.Norm(), 0.5, rate)
				want.step(given, 0.5, rate)
			}
			o.Settle()
			compare(0, slabSize)
			if !(worst <= 4e-6*far) {
				t.Errorf("up to %.3g off after moving by up to %.3g, want within 4e-6 of that", worst, far)
			}
			t.Logf("relative error %.2g", worst/far)
		})
	}
}

func TestRowsOutOfUseAreNotRead(t *testing.T) {
	run := func(elsewhere float32) (params []float32, norm float64) {
		rng := source()
		params, grads := normals(rng, slabSize), make([]float32, slabSize)
		o := New(Default(), params, grads, nil, slabTables...)
		for range 20 {
			used := rareGradients(rng, grads, elsewhere)
			given := append([]float32(nil), grads...)
			o.Begin(used...)
			copy(grads, given)
			norm = o.Norm()
			o.Update(norm, 1, 0.1)
		}
		o.Settle()
		return params, norm
	}
	want, wantNorm := run(0)
	got, norm := run(float32(math.NaN()))
	wantEqual(t, "NaN where no row is in use", got, want)
	if norm != wantNorm {
		t.Errorf("norm %v, want %v", norm, wantNorm)
	}
}

func TestBeginClearsWhatIsInUse(t *testing.T) {
	grads := normals(source(), slabSize)
	o := New(Default(), make([]float32, slabSize), grads, nil, slabTables...)
	o.Begin([]int32{39}, []int32{0, 2})
	if n := o.Norm(); n != 0 {
		t.Errorf("norm %v after Begin, want 0", n)
	}
	for i, v := range grads {
		dense := i < 5 || i >= slabTables[0].From+120 && i < slabTables[1].From || i >= slabSize-4
		used := i >= 5+39*3 && i < 5+40*3 || i >= slabTables[1].From && i < slabTables[1].From+3*7 && (i-slabTables[1].From)/7 != 1
		if (v == 0) != (dense || used) {
			t.Fatalf("gradient %d is %v after Begin", i, v)
		}
	}
}

func TestTablesHaveTheSameBitsInATeamAndAllocateNothing(t *testing.T) {
	run := func(team *kernel.Team) []float32 {
		rng := source()
		params, grads := normals(rng, slabSize), make([]float32, slabSize)
		o := New(Default(), params, grads, team, slabTables...)
		used := rareGradients(rng, grads, 0)
		allocs := testing.AllocsPerRun(600, func() {
			used[0][0], used[1][0] = (used[0][0]+1)%4, (used[1][0]+1)%3
			o.Begin(used[0][:1], used[1][:1])
			for i := range grads {
				grads[i] = float32(i%5) - 2
			}
			o.Update(o.Norm(), 1, 0.1)
		})
		if allocs != 0 {
			t.Errorf("a team of %d: %v allocations a step, want 0", team.Size(), allocs)
		}
		o.Settle()
		return params
	}
	want := run(nil)
	for size := 1; size <= 3; size++ {
		wantEqual(t, fmt.Sprintf("a team of %d", size), run(newTeam(t, size)), want)
	}
}
