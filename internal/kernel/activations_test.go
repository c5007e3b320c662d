package kernel

import (
	"math"
	"slices"
	"testing"
)

// relative is |got − want| / |want|, 0 where both are NaN or the same infinity.
// What is below the least normal float32 may be off by that.
func relative(got, want float64) float64 {
	const least = 0x1p-126
	switch {
	case got == want || got != got && want != want:
		return 0
	case math.Abs(got-want) < least && math.Abs(want) < 2*least:
		return 0
	case got != got || want != want || math.IsInf(got, 0):
		return math.Inf(1)
	}
	return math.Abs(got-want) / math.Abs(want)
}

var activations = []struct {
	name  string
	apply func([]float32)
	want  func(float64) float64
}{
	{"tanh", Tanh[float32], math.Tanh},
	{"sigmoid", Sigmoid[float32], func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }},
	{"exp", Exp[float32], math.Exp},
	{"relu", ReLU[float32], func(x float64) float64 { return max(x, 0) }},
}

// The bit patterns in a fixed stride cover every magnitude of both signs.
func TestActivationsOverTheRangeOfFloat32(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, a := range activations {
			var x, y []float32
			for bits := uint64(0); bits < 1<<32; bits += 4099 {
				x = append(x, math.Float32frombits(uint32(bits)))
			}
			for i := range 1 << 20 { // the middle more densely
				x = append(x, (float32(i)-1<<19)*(200.0/(1<<20)))
			}
			y = slices.Clone(x)
			a.apply(y)
			worst, at := 0.0, float32(0)
			for i, v := range x {
				want := float64(float32(a.want(float64(v))))
				if d := relative(float64(y[i]), want); d > worst {
					worst, at = d, v
				}
			}
			t.Logf("%s: at most %.2g off, at %v", a.name, worst, at)
			if worst > 4e-7 {
				t.Errorf("%s(%v) is off by %.2g, want at most 4e-7", a.name, at, worst)
			}
		}
	})
}

func TestActivationsAtTheEdges(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	minus := float32(math.Copysign(0, -1))
	onEach(t, func(t *testing.T) {
		for _, c := range []struct {
			name    string
			x, want []float32
		}{
			{"tanh", []float32{0, minus, inf, -inf, nan, 20, -20}, []float32{0, minus, 1, -1, nan, 1, -1}},
			{"sigmoid", []float32{0, minus, inf, -inf, nan, 30, -200}, []float32{0.5, 0.5, 1, 0, nan, 1, 0}},
			{"exp", []float32{0, minus, inf, -inf, nan, 100, -200}, []float32{1, 1, inf, 0, nan, inf, 0}},
			{"relu", []float32{0, minus, inf, -inf, nan, 3, -3}, []float32{0, minus, inf, 0, nan, 3, 0}},
		} {
			for _, a := range activations {
				if a.name == c.name {
					got := slices.Clone(c.x)
					a.apply(got)
					wantSame(t, got, c.want, "%s of %v", a.name, c.x)
				}
			}
		}
	})
}

// An element's result must not depend on its place, nor may what stands
// behind the last change.
func TestActivationsOfEveryLength(t *testing.T) {
	from := wild[float32](source(), 300)
	onEach(t, func(t *testing.T) {
		for _, a := range activations {
			var alone []float32
			for _, v := range from {
				x := []float32{v}
				a.apply(x)
				alone = append(alone, x[0])
			}
			for n := range from {
				x := slices.Clone(from)
				a.apply(x[:n])
				wantSame(t, x, slices.Concat(alone[:n], from[n:]), "%s of %d elements", a.name, n)
			}
		}
	})
}

func TestBackOfTanhAndReLU(t *testing.T) {
	onEach(t, func(t *testing.T) {
		rng := source()
		for n := range 70 {
			h, dh, ds := normals[float32](rng, n), normals[float32](rng, n), normals[float32](rng, n)
			tanh, relu := normals[float32](rng, n+1), normals[float32](rng, n+1)
			behind := []float32{tanh[n], relu[n]}
			TanhBack(tanh[:n], h, dh, ds)
			ReLUBack(relu[:n], h, dh, ds)
			for i, v := range h {
				d := float64(dh[i] + ds[i])
				want := d * (1 - float64(v)*float64(v))
				if math.Abs(float64(tanh[i])-want) > 4e-7*math.Abs(d)*(1+float64(v*v)) {
					t.Fatalf("TanhBack: %v, want %v", tanh[i], want)
				}
				if v <= 0 {
					d = 0
				}
				if float64(relu[i]) != d {
					t.Fatalf("ReLUBack: %v, want %v", relu[i], d)
				}
			}
			wantSame(t, []float32{tanh[n], relu[n]}, behind, "the elements behind")
		}
	})
}
