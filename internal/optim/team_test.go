package optim

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

var sizes = []int{0, 1, 2, 5, normBlock - 1, normBlock, normBlock + 1, 2 * normBlock, 3*normBlock + 5}

func TestBitsDoNotDependOnTheTeam(t *testing.T) {
	for _, m := range []Method{SGD, Adam, AdamW} {
		c := plain(m)
		c.Momentum, c.Decay, c.Clip = 0.9, 0.1, 1
		for _, n := range sizes {
			run := func(team *kernel.Team) (params []float32, norms [2]float64) {
				rng := source()
				params = normals(rng, n)
				grads := normals(rng, n)
				o := New(c, params, grads, team)
				for step := range norms {
					norms[step] = o.Norm()
					o.Update(norms[step], 0.5, c.Rate)
					slices.Reverse(grads)
				}
				return params, norms
			}
			want, wantNorms := run(nil)
			for size := 1; size <= 3; size++ {
				got, norms := run(newTeam(t, size))
				what := fmt.Sprintf("%s, %d parameters, a team of %d", m, n, size)
				wantEqual(t, what, got, want)
				if norms != wantNorms {
					t.Fatalf("%s: norms %v, want %v", what, norms, wantNorms)
				}
			}
		}
	}
}

func TestNormIsEuclidean(t *testing.T) {
	team := newTeam(t, 2)
	for _, n := range sizes {
		grads := normals(source(), n)
		got, want := New(plain(Adam), make([]float32, n), grads, team).Norm(), norm(grads)
		if math.Abs(got-want) > 1e-12*want {
			t.Errorf("%d gradients: norm %v, want %v", n, got, want)
		}
	}
	for _, c := range []struct {
		grads []float32
		want  float64
	}{
		{nil, 0}, {[]float32{0, 0}, 0}, {[]float32{3, -4}, 5}, {[]float32{0, -2}, 2},
		{[]float32{3e30, 4e30}, 5e30}, {[]float32{3e-30, 4e-30}, 5e-30}, // squares are out of float32's range
	} {
		got := New(plain(SGD), make([]float32, len(c.grads)), c.grads, nil).Norm()
		if math.Abs(got-c.want) > 1e-7*c.want {
			t.Errorf("norm of %v is %v, want %v", c.grads, got, c.want)
		}
	}
}

func TestNormSeesEveryNaNAndInf(t *testing.T) {
	const n = 2*normBlock + 3
	grads := normals(source(), n)
	o := New(plain(Adam), make([]float32, n), grads, newTeam(t, 2))
	for _, at := range []int{0, 1, normBlock - 1, normBlock, n - 1} {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			good := grads[at]
			grads[at] = float32(bad)
			if norm := o.Norm(); !math.IsNaN(norm) && !math.IsInf(norm, 0) {
				t.Errorf("gradient %d is %v, and the norm %v", at, bad, norm)
			}
			grads[at] = good
		}
	}
	if norm := o.Norm(); !(norm > 0 && norm < 1e3) {
		t.Errorf("norm %v of finite gradients", norm)
	}
}

func TestUpdateAndNormAllocateNothing(t *testing.T) {
	for _, m := range []Method{SGD, Adam, AdamW} {
		for _, team := range []*kernel.Team{nil, newTeam(t, 2)} {
			o := New(plain(m), make([]float32, 100), make([]float32, 100), team)
			if n := testing.AllocsPerRun(50, func() { o.Update(o.Norm(), 1, 0.1) }); n != 0 {
				t.Errorf("%s, a team of %d: %v allocations, want 0", m, team.Size(), n)
			}
		}
	}
}
