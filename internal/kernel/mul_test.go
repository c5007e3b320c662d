package kernel

import (
	"fmt"
	"slices"
	"testing"
)

// naiveMul is C = A·B, or C += A·B, each element one chain of additions: element (p, j) of B is b[p*down+j*right].
func naiveMul[F Float](c, a, b []F, m, n, k, down, right int, add bool) {
	for i := range m {
		for j := range n {
			sum := F(0)
			if add {
				sum = c[i*n+j]
			}
			for p := range k {
				sum = mulAdd(sum, a[i*k+p], b[p*down+j*right])
			}
			c[i*n+j] = sum
		}
	}
}

// checkMul compares all four products of a [m, k] and w [n·k]. What c holds
// before is random, and so are the elements behind it, which must stay.
func checkMul[F Float](t *testing.T, packed *Packed[F], a, w []F, m, n, k int) {
	t.Helper()
	start := normals[F](source(), m*n+4)
	weights := slices.Clone(w)
	for _, transposed := range []bool{false, true} {
		down, right := 1, k // W [n, k]
		if transposed {
			down, right = n, 1 // W [k, n]
			packed.PackTransposed(w, k, n)
		} else {
			packed.Pack(w, n, k)
		}
		for _, add := range []bool{false, true} {
			got, want := slices.Clone(start), slices.Clone(start)
			Mul(got, a, m, packed, add)
			naiveMul(want, a, w, m, n, k, down, right, add)
			wantSame(t, got, want, "m %d n %d k %d transposed %v add %v", m, n, k, transposed, add)
		}
	}
	wantSame(t, w, weights, "weights after packing")
}

func TestMulEqualsTheNaiveProduct(t *testing.T) {
	both(t, testMulNaive[float32], testMulNaive[float64])
}

func testMulNaive[F Float](t *testing.T) {
	rng := source()
	var packed Packed[F] // one for all sizes: packing again leaves nothing behind
	for _, s := range shapes() {
		m, n, k := s[0], s[1], s[2]
		checkMul(t, &packed, normals[F](rng, m*k), normals[F](rng, n*k), m, n, k)
	}
}

func TestMulPropagatesNaNAndInf(t *testing.T) {
	both(t, testMulWild[float32], testMulWild[float64])
}

func testMulWild[F Float](t *testing.T) {
	rng := source()
	var packed Packed[F]
	for i := range 400 {
		m, n, k := 1+rng.IntN(6), 1+rng.IntN(10), 1+rng.IntN(6)
		a, w := wild[F](rng, m*k), normals[F](rng, n*k)
		if i%2 == 0 {
			w = wild[F](rng, n*k)
		}
		checkMul(t, &packed, a, w, m, n, k)
	}
}

func TestMulOfSomeRowsGivesTheSameBits(t *testing.T) {
	both(t, testMulRows[float32], testMulRows[float64])
}

func testMulRows[F Float](t *testing.T) {
	const m, n, k = 9, 11, 70
	rng := source()
	a, start := normals[F](rng, m*k), normals[F](rng, m*n)
	var packed Packed[F]
	packed.Pack(normals[F](rng, n*k), n, k)
	whole := slices.Clone(start)
	Mul(whole, a, m, &packed, true)
	for from := range m + 1 {
		for to := from; to <= m; to++ {
			got := slices.Clone(start[from*n : to*n])
			Mul(got, a[from*k:to*k], to-from, &packed, true)
			wantSame(t, got, whole[from*n:to*n], "rows %d to %d", from, to)
		}
	}
}

// The blocks of A's rows are fetched ahead where A is large: the bits are the same, in
// tiles of all widths and heights.
func TestMulOfALargeAGivesTheSameBits(t *testing.T) {
	both(t, testMulLarge[float32], testMulLarge[float64])
}

func testMulLarge[F Float](t *testing.T) {
	const most, k, width = 26, 96, 32
	rng, zero := source(), Matrix[F]{}
	lanes := max(active[F]().lanes, 1)
	multiply := func(m, n int, a *Matrix[F], b *Packed[F]) []F {
		c := make([]F, m*n)
		into := Dense(c, n)
		MulMatrix(&into, &zero, a, m, b)
		return c
	}
	defer func(was int) { near = was }(near)
	for vectors := 1; vectors <= 4; vectors++ {
		n := max(lanes*vectors-1, 1)
		var packed Packed[F]
		packed.Pack(normals[F](rng, n*k), n, k)
		for m := 1; m <= most; m++ {
			a := Matrix[F]{Data: normals[F](rng, m*k), Stride: width, Width: width, Panel: m * width}
			near = 2 << 20
			want := multiply(m, n, &a, &packed)
			near = 0
			p := product[F]{a: &a, b: &packed, m: m, bytes: size[F](), blocks: k / width}
			if p.ahead() != m*width*size[F]() {
				t.Fatalf("%d bytes are fetched ahead, want those of a panel, %d", p.ahead(), m*width*size[F]())
			}
			wantSame(t, multiply(m, n, &a, &packed), want, "%d rows, %d columns", m, n)
		}
	}
}

func TestMulAllocatesNothing(t *testing.T) {
	both(t, testMulAllocs[float32], testMulAllocs[float64])
}

func testMulAllocs[F Float](t *testing.T) {
	const m, n, k = 5, 7, 9
	c, a, w := make([]F, m*n), make([]F, m*k), make([]F, n*k)
	var packed Packed[F]
	wantNoAllocs(t, "pack and multiply", func() {
		packed.Pack(w, n, k)
		Mul(c, a, m, &packed, false)
		packed.PackTransposed(w, k, n)
		Mul(c, a, m, &packed, true)
		packed.PackTransposed(w, k-2, n) // smaller, in the same memory
		Mul(c, a, m, &packed, true)
	})
}

func ExampleMul() {
	w := []float64{ // [2, 3]
		1, 2, 3,
		4, 5, 6,
	}
	x, y := []float64{1, 0, -1}, []float64{10, 10}
	var packed Packed[float64]
	packed.Pack(w, 2, 3)
	Mul(y, x, 1, &packed, true) // y += x·Wᵀ
	fmt.Println(y)
	// Output: [8 8]
}
