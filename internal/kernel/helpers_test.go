package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// both runs a test of both element types on every implementation that this
// processor can run.
func both(t *testing.T, f32, f64 func(*testing.T)) {
	onEach(t, func(t *testing.T) {
		t.Run("float32", f32)
		t.Run("float64", f64)
	})
}

func onEach(t *testing.T, f func(*testing.T)) { onEachSet(t.Run, f) }

// onEachB is onEach for a benchmark.
func onEachB(b *testing.B, f func(*testing.B)) { onEachSet(b.Run, f) }

func onEachSet[T any](run func(string, func(T)) bool, f func(T)) {
	defer func(k *kernels) { current = k }(current)
	for _, k := range available() {
		current = k
		run(k.single.name, f)
	}
}

// mulAdd is sum + a·b as the implementation in use computes it: the generic Go
// rounds the product, assembly does not.
func mulAdd[F Float](sum, a, b F) F {
	if active[F]().lanes == 0 {
		return sum + F(a*b)
	}
	if f, ok := any(sum).(float64); ok {
		return F(math.FMA(float64(a), float64(b), f))
	}
	return F(fma32(float32(sum), float32(a), float32(b)))
}

// fma32 rounds once, at the end: the sum in float64, whose error is known, is
// rounded to odd, so that rounding it again to float32 does no harm.
func fma32(sum, a, b float32) float32 {
	x, y := float64(a)*float64(b), float64(sum) // exact
	s := x + y
	v := s - x
	e := (x - (s - v)) + (y - v)
	if bits := math.Float64bits(s); e != 0 && e == e && !math.IsInf(s, 0) && bits&1 == 0 {
		if (e > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
		s = math.Float64frombits(bits)
	}
	return float32(s)
}

func source() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func normals[F Float](rng *rand.Rand, n int) []F {
	x := make([]F, n)
	for i := range x {
		x[i] = F(rng.NormFloat64())
	}
	return x
}

// wild returns normal numbers among which are NaN, infinities and zeros of both signs.
func wild[F Float](rng *rand.Rand, n int) []F {
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, 1e-45, 3e38, -3e38}
	x := normals[F](rng, n)
	for i := range x {
		if rng.IntN(4) == 0 {
			x[i] = F(special[rng.IntN(len(special))])
		}
	}
	return x
}

// same says whether a and b have the same bits. All NaNs are one: which of two
// a sum keeps is the processor's choice.
func same[F Float](a, b F) bool {
	return a != a && b != b || math.Float64bits(float64(a)) == math.Float64bits(float64(b))
}

func wantSame[F Float](t *testing.T, got, want []F, format string, args ...any) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d elements, want %d", len(got), len(want))
	}
	for i := range got {
		if !same(got[i], want[i]) {
			t.Logf(format, args...)
			t.Fatalf("element %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func wantNoAllocs(t *testing.T, what string, f func()) {
	t.Helper()
	f()
	if n := testing.AllocsPerRun(50, f); n != 0 {
		t.Errorf("%s: %v allocations, want 0", what, n)
	}
}

// shapes are the m, n, k of the products to try: all small ones, every size up
// to 300 in each place, and some on either side of whole tiles and blocks.
func shapes() [][3]int {
	var s [][3]int
	for i := range 1000 {
		s = append(s, [3]int{i / 100, i / 10 % 10, i % 10})
	}
	for i := range 301 {
		s = append(s, [3]int{i, 3, 5}, [3]int{3, i, 5}, [3]int{3, 5, i})
	}
	return append(s, [][3]int{
		{33, 64, 65}, {64, 65, 33}, {65, 33, 64}, {65, 65, 65}, {64, 64, 64},
		{130, 33, 65}, {130, 65, 33}, {33, 130, 65}, {2, 130, 130}, {128, 9, 1}, {129, 1, 9},
	}...)
}
