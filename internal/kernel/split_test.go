package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// onMatrixUnits runs a test if the processor has them.
func onMatrixUnits(t *testing.T, f func(*testing.T)) {
	t.Helper()
	ran := false
	onEach(t, func(t *testing.T) {
		if Splits[float32]() {
			ran = true
			f(t)
		}
	})
	if !ran {
		t.Skip("no matrix units for bfloat16 here")
	}
}

// pieces is what cutting a number into three bfloat16 means.
func pieces(x float32) (p [3]float32) {
	for i := range p {
		bits := math.Float32bits(x)
		if i < 2 {
			bits += 1 << 15
		} // the rest has no more digits, unless they are next to nothing
		p[i] = math.Float32frombits(bits &^ 0xffff)
		x -= p[i]
	}
	return p
}

// zeroed is what the matrix units make of a number before and after they use it.
func zeroed(x float32) float32 {
	if math.Float32bits(x)<<1>>24 == 0 {
		return float32(math.Copysign(0, float64(x)))
	}
	return x
}

// naiveSplit is c + Σ a(p)·b(p) as matrix units add it up: chunk by chunk, of a
// chunk the products of small pieces first, of a pair of pieces even and odd p apart.
func naiveSplit(c float32, k int, a, b func(p int) float32) float32 {
	for from := 0; from < k; from += splitChunk {
		var as, bs [splitChunk][3]float32
		n := min(splitChunk, k-from)
		for p := range n {
			as[p], bs[p] = pieces(a(from+p)), pieces(b(from+p))
		}
		for _, of := range [][2]int{{0, 2}, {0, 1}, {1, 1}, {1, 0}, {2, 0}, {0, 0}} {
			var sums [2]float32
			for p := range n {
				sums[p%2] = zeroed(fma32(sums[p%2], zeroed(as[p][of[0]]), zeroed(bs[p][of[1]])))
			}
			c = zeroed(zeroed(c) + zeroed(sums[0]+sums[1]))
		}
	}
	return c
}

// faint returns numbers of which a third are so small that they, or their
// pieces, are denormal.
func faint(rng *rand.Rand, n int) []float32 {
	x := normals[float32](rng, n)
	for i := range x {
		if rng.IntN(3) == 0 {
			x[i] *= float32(math.Ldexp(1, -100-rng.IntN(50)))
		}
	}
	return x
}

func TestAFloat32IsThreePieces(t *testing.T) {
	rng := source()
	for range 100_000 {
		x := math.Float32frombits(rng.Uint32()&^(0xff<<23) | uint32(30+rng.IntN(224))<<23)
		if p := pieces(x); float64(p[0])+float64(p[1])+float64(p[2]) != float64(x) {
			t.Fatalf("%v is not the sum of %v", x, p)
		}
	}
}

// What is left out of a product is less than 2^-24 of it, and nearly that much of
// the one that comes first.
func TestSixProductsAreNearlyAll(t *testing.T) {
	rng := source()
	x, y, worst := float32(1<<23+1<<15-1<<6), float32(1<<23+1<<15-1<<6), 0.0
	for range 100_000 {
		a, b := pieces(x), pieces(y)
		left := float64(a[1])*float64(b[2]) + float64(a[2])*float64(b[1]) + float64(a[2])*float64(b[2])
		worst = max(worst, math.Abs(left/(float64(x)*float64(y))))
		x, y = rng.Float32(), rng.Float32()
	}
	if worst *= 1 << 24; worst >= 1 || worst < 0.98 {
		t.Errorf("up to %v·2^-24 of a product left out, want 0.98 to 1", worst)
	}
}

func TestMulSplitEqualsTheNaiveSum(t *testing.T) {
	onMatrixUnits(t, func(t *testing.T) {
		rng := source()
		var packed Packed[float32]
		var s Scratch[float32]
		for _, size := range shapes() {
			m, n, k := size[0], size[1], size[2]
			if m*n*k == 0 || m*n*k > 1<<20 {
				continue
			}
			checkMulSplit(t, rng, &packed, &s, faint(rng, m*k), m, n, k)
		}
		for range 20 {
			m, n, k := 1+rng.IntN(70), 1+rng.IntN(140), 1+rng.IntN(100)
			checkMulSplit(t, rng, &packed, &s, faint(rng, m*k), m, n, k)
		}
		for _, size := range [][3]int{{70, 9, 1000}, {33, 17, 1400}} { // whose A is cut in several goes
			m, n, k := size[0], size[1], size[2]
			checkMulSplit(t, rng, &packed, &s, faint(rng, m*k), m, n, k)
		}
		for range 20 {
			m, n, k := 1+rng.IntN(40), 1+rng.IntN(40), 1+rng.IntN(8)
			checkMulSplit(t, rng, &packed, &s, wild[float32](rng, m*k), m, n, k)
		}
	})
}

// splitWay is the matrix units', with B cut and walked through in two goes.
func splitWay(s *Scratch[float32]) way[float32] {
	return way[float32]{func(c, c0, a *Matrix[float32], m int, b *Packed[float32]) {
		b.room()
		b.Cut(1, 2)
		b.Cut(0, 2)
		half := b.Panels() / 2
		MulSplit(c, c0, a, nil, m, b, Walk{To: half}, s)
		MulSplit(c, c0, a, nil, m, b, Walk{From: half, To: b.Panels(), Down: true}, s)
	}, naiveSplit}
}

func TestSplitProductsOfGates(t *testing.T) {
	onMatrixUnits(t, func(t *testing.T) {
		rng := source()
		var s Scratch[float32]
		for range 30 {
			gates := [][]int{{0, 1, 2, 3}, {2, 0, 1}, {0}}[rng.IntN(3)]
			checkGates(t, rng, splitWay(&s), gates, 1+rng.IntN(40), 1+rng.IntN(70), 1+rng.IntN(40))
		}
	})
}

func checkMulSplit(t *testing.T, rng *rand.Rand, packed *Packed[float32], s *Scratch[float32], a []float32, m, n, k int) {
	t.Helper()
	w, start := faint(rng, n*k), normals[float32](rng, m*n+4)
	packed.Pack(w, n, k)
	packed.room()
	packed.Cut(0, 1)
	for _, add := range []bool{false, true} {
		got, want := slices.Clone(start), slices.Clone(start)
		c, from, left := Dense(got, n), Matrix[float32]{}, Dense(a, k)
		if add {
			from = c
		}
		MulSplit(&c, &from, &left, nil, m, packed, Walk{To: packed.Panels(), Down: add}, s)
		for i := range m {
			for j := range n {
				sum := float32(0)
				if add {
					sum = want[i*n+j]
				}
				want[i*n+j] = naiveSplit(sum, k, func(p int) float32 { return a[i*k+p] }, func(p int) float32 { return w[j*k+p] })
			}
		}
		wantSame(t, got, want, "m %d n %d k %d add %v", m, n, k, add)
		some, at := scattered(rng, a, m, k)
		copy(got, start)
		MulSplit(&c, &from, &some, at, m, packed, Walk{To: packed.Panels(), Down: add}, s)
		wantSame(t, got, want, "m %d n %d k %d add %v, some rows", m, n, k, add)
	}
}

// scattered returns a matrix that has the m rows of a among others, and their numbers.
func scattered(rng *rand.Rand, a []float32, m, k int) (some Matrix[float32], at []int32) {
	var data []float32
	for i := range m {
		if rng.IntN(4) == 0 {
			data = append(data, normals[float32](rng, (1+rng.IntN(3))*k)...)
		}
		at = append(at, int32(len(data)/k))
		data = append(data, a[i*k:(i+1)*k]...)
	}
	return Dense(data, k), at
}

func TestAddOuterSplitEqualsTheNaiveSum(t *testing.T) {
	onMatrixUnits(t, func(t *testing.T) {
		rng := source()
		var s Scratch[float32]
		var right Right[float32]
		for range 60 {
			checkOuterSplit(t, rng, &right, &s, 1+rng.IntN(100), 1+rng.IntN(50), 1+rng.IntN(140))
		}
	})
}

func checkOuterSplit(t *testing.T, rng *rand.Rand, right *Right[float32], s *Scratch[float32], m, n, k int) {
	t.Helper()
	a, b, start := faint(rng, m*n), faint(rng, m*k), normals[float32](rng, n*k+4)
	got, want := slices.Clone(start), slices.Clone(start)
	right.Pack(b, m, k, true)
	s.Left(a, n, m, n, true)
	right.AddOuter(got, s)
	for i := range n {
		for j := range k {
			want[i*k+j] = naiveSplit(want[i*k+j], m, func(p int) float32 { return a[p*n+i] }, func(p int) float32 { return b[p*k+j] })
		}
	}
	wantSame(t, got, want, "m %d n %d k %d", m, n, k)
}

// TestOuterAt wants of some rows of both factors, and of some rows added up, the naive
// sums over them.
func TestOuterAt(t *testing.T) {
	onMatrixUnits(t, func(t *testing.T) {
		rng := source()
		var s Scratch[float32]
		var right Right[float32]
		for range 60 {
			checkOuterAt(t, rng, &right, &s, 1+rng.IntN(100), 1+rng.IntN(50), 1+rng.IntN(140))
		}
	})
}

func checkOuterAt(t *testing.T, rng *rand.Rand, right *Right[float32], s *Scratch[float32], m, n, k int) {
	t.Helper()
	var at []int32
	for r := range m {
		if rng.IntN(2) > 0 {
			at = append(at, int32(r))
		}
	}
	a, b, start := faint(rng, m*n), faint(rng, m*k), normals[float32](rng, n*k+k+4)
	got, want := slices.Clone(start), slices.Clone(start)
	right.PackAt(b, at, k)
	s.LeftAt(a, n, at, n)
	right.AddOuter(got[:n*k], s)
	AddRowsAt(got[n*k:n*k+k], b, k, at)
	for j := range k {
		for i := range n {
			want[i*k+j] = naiveSplit(want[i*k+j], len(at), func(p int) float32 { return a[int(at[p])*n+i] }, func(p int) float32 { return b[int(at[p])*k+j] })
		}
		for _, r := range at {
			want[n*k+j] += b[int(r)*k+j]
		}
	}
	wantSame(t, got, want, "m %d, rows %v, n %d k %d", m, at, n, k)
}

func FuzzSplit(f *testing.F) {
	if !Splits[float32]() {
		f.Skip("no matrix units for bfloat16 here")
	}
	f.Add(uint64(1), uint8(7), uint8(33), uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k uint8) {
		rng, s := rand.New(rand.NewPCG(seed, 4)), new(Scratch[float32])
		M, N, K := 1+int(m%70), 1+int(n%140), 1+int(k%100)
		checkMulSplit(t, rng, new(Packed[float32]), s, wild[float32](rng, M*K), M, N, K)
		checkOuterSplit(t, rng, new(Right[float32]), s, M, N, K)
		checkOuterAt(t, rng, new(Right[float32]), s, M, N, K)
		checkGates(t, rng, splitWay(s), []int{0, 1, 2, 3}, M, 1+N/4, 1+K/4)
		checkGates(t, rng, splitWay(s), []int{2, 0, 1}, M, 1+N/3, 1+K/3)
	})
}

func BenchmarkMulSplit(b *testing.B) {
	if !Splits[float32]() {
		b.Skip("no matrix units")
	}
	rng := source()
	for _, s := range [][3]int{{8, 256, 64}, {16, 2048, 512}, {20, 800, 200}, {32, 128, 128}, {32, 512, 128}, {96, 512, 128}, {64, 1024, 256}} {
		m, n, k := s[0], s[1], s[2]
		c, a := make([]float32, m*n), normals[float32](rng, m*k)
		var packed Packed[float32]
		var scratch Scratch[float32]
		packed.Pack(normals[float32](rng, n*k), n, k)
		to, left := Dense(c, n), Dense(a, k)
		for _, split := range []bool{false, true} {
			if split {
				packed.room()
				packed.Cut(0, 1)
			}
			b.Run(fmt.Sprintf("%dx%dx%d/%v", m, n, k, split), func(b *testing.B) {
				for b.Loop() {
					MulSplit(&to, &to, &left, nil, m, &packed, Walk{To: packed.Panels()}, &scratch)
				}
				reportGFLOPS(b, float64(2*m*n*k))
			})
		}
	}
}

func TestWorthSplitting(t *testing.T) {
	for _, c := range []struct {
		rows, n, k int
		want       bool
		why        string
	}{
		{32, 512, 128, true, "two full tiles of rows"},
		{64, 1024, 256, true, "four"},
		{24, 512, 128, true, "a quarter empty"},
		{20, 832, 200, false, "more than a quarter of two tiles empty"},
		{8, 2048, 128, false, "half of a tile empty"},
		{32, 512, 40, false, "k fills half of two chunks"},
		{32, 64, 64, false, "little work"},
		{16, 2048, 512, false, "pieces beyond the cache for one tile of rows"},
		{256, 2048, 512, true, "the same for many"},
	} {
		if got := worthSplitting(c.rows, c.n, c.k); got != c.want {
			t.Errorf("%d rows, [%d, %d]: %v, want %v: %s", c.rows, c.k, c.n, got, c.want, c.why)
		}
	}
}
