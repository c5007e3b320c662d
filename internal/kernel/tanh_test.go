package kernel

import (
	"math"
	"testing"
)

func tanhOf[F Float](x F) F {
	s := []F{x}
	Tanh(s)
	return s[0]
}

// ulps counts the float32 numbers from a to b, both above or both below zero.
func ulps(a, b float32) int64 {
	d := int64(math.Float32bits(a)) - int64(math.Float32bits(b))
	return max(d, -d)
}

// tanh is odd to the bit, and no further than that from the rounded true value.
// The bit patterns in a fixed stride cover every magnitude alike, subnormal
// numbers included; even steps cover the middle more densely.
func TestTanh32IsWithinOneUnitInTheLastPlace(t *testing.T) {
	const stride = 509 // a prime: all low bits occur
	worst, worstAt, off, all := int64(0), float32(0), 0, 0
	check := func(x float32) {
		want := float32(math.Tanh(float64(x)))
		up, down := tanh32(x), tanh32(-x)
		if math.Float32bits(up) != math.Float32bits(down)^(1<<31) {
			t.Fatalf("tanh(±%v) = %v, %v: not odd to the bit", x, up, down)
		}
		if d := ulps(up, want); d > worst {
			worst, worstAt = d, x
		}
		if up != want {
			off++
		}
		all++
	}
	for bits := uint32(0); bits <= math.Float32bits(12); bits += stride {
		check(math.Float32frombits(bits))
	}
	for i := range 12 << 14 {
		check(float32(i) / (1 << 14))
	}
	if worst > 1 {
		t.Errorf("tanh(%v) is %d units in the last place off, want at most 1", worstAt, worst)
	}
	// Without the last term of its series tanh32 would be within one unit, too,
	// but off for one x in 2000.
	if off*20000 > all {
		t.Errorf("%d of %d are not the float32 next to the true value, want one in 20000 at most", off, all)
	}
}

func TestTanhAtTheEdges(t *testing.T) { both(t, testTanhEdges[float32], testTanhEdges[float64]) }

func testTanhEdges[F Float](t *testing.T) {
	for _, c := range []struct{ x, want float64 }{
		{0, 0}, {math.Copysign(0, -1), math.Copysign(0, -1)},
		{1e-45, 1e-45}, {-1e-45, -1e-45}, {1e-38, 1e-38}, {-1e-38, -1e-38}, {1e-20, 1e-20}, {-1e-9, -1e-9},
		{20, 1}, {-20, -1}, {1000, 1}, {-1000, -1}, {3e38, 1}, {-3e38, -1},
		{math.Inf(1), 1}, {math.Inf(-1), -1}, {math.NaN(), math.NaN()},
	} {
		exact := active[F]().tanh == nil || math.Abs(c.want) == 1 || c.want == 0 || c.want != c.want
		if got := tanhOf(F(c.x)); exact && !same(got, F(c.want)) || relative(float64(got), float64(F(c.want))) > 4e-7 {
			t.Errorf("tanh(%v) = %v, want %v", F(c.x), got, F(c.want))
		}
	}
}

func TestTanh64IsTheStandardLibrarys(t *testing.T) {
	rng := source()
	for range 10000 {
		x := 4 * rng.NormFloat64()
		if got := tanhOf(x); !same(got, math.Tanh(x)) {
			t.Fatalf("tanh(%v) = %v, want %v", x, got, math.Tanh(x))
		}
	}
}

func TestReLU(t *testing.T) { both(t, testReLU[float32], testReLU[float64]) }

func testReLU[F Float](t *testing.T) {
	inf, nan := F(math.Inf(1)), F(math.NaN())
	x := []F{-1, 0, 1, -1e-45, 1e-45, -inf, inf, nan, -3e38, 3e38}
	want := []F{0, 0, 1, 0, 1e-45, 0, inf, nan, 0, 3e38}
	if F(1e-45) == 0 {
		t.Fatal("1e-45 is the smallest float32, not 0")
	}
	ReLU(x)
	wantSame(t, x, want, "ReLU")
}

func TestActivationsAllocateNothing(t *testing.T) {
	both(t, testActivationAllocs[float32], testActivationAllocs[float64])
}

func testActivationAllocs[F Float](t *testing.T) {
	x := normals[F](source(), 100)
	wantNoAllocs(t, "Tanh", func() { Tanh(x) })
	wantNoAllocs(t, "ReLU", func() { ReLU(x) })
}
