package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// gateWeights returns W [G·h, k] cut to the rows that gates names, unit by unit as
// panels of u have them, zeros beyond h.
func gateWeights[F Float](w []F, gates []int, h, u, k int) (rows [][]F) {
	for p := 0; p < h; p += u {
		for _, gate := range gates {
			for unit := p; unit < p+u; unit++ {
				row := make([]F, k)
				if unit < h {
					copy(row, w[(gate*h+unit)*k:])
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func TestProductsOfGates(t *testing.T) { both(t, testGates[float32], testGates[float64]) }

// testGates multiplies into and out of panels of gates, wider than what is
// multiplied, and compares with plain loops, to the bit.
func testGates[F Float](t *testing.T) {
	rng := source()
	for range 300 {
		m, h, k := 1+rng.IntN(14), 1+rng.IntN(70), 1+rng.IntN(40)
		gates := [][]int{{0, 1, 2, 3}, {2, 0, 1}, {0}}[rng.IntN(3)]
		checkGates(t, rng, inOrder[F](), gates, m, h, k)
	}
}

// way is a way to multiply with what was packed, and the sum that makes an element of C.
type way[F Float] struct {
	mul func(c, c0, a *Matrix[F], m int, b *Packed[F])
	sum func(c F, k int, a, b func(p int) F) F
}

// inOrder is every kernel's but the matrix units'.
func inOrder[F Float]() way[F] {
	return way[F]{MulMatrix[F], func(c F, k int, a, b func(p int) F) F {
		for p := range k {
			c = mulAdd(c, a(p), b(p))
		}
		return c
	}}
}

func checkGates[F Float](t *testing.T, rng *rand.Rand, by way[F], gates []int, m, h, k int) {
	t.Helper()
	u := h
	if len(gates) > 1 {
		u = Units[F](h)
	}
	w := normals[F](rng, 4*h*k)
	rows := gateWeights(w, gates, h, u, k)
	panels := (h + u - 1) / u
	width, step := (len(gates)+1)*u, (m+1)*(len(gates)+1)*u
	sums := Matrix[F]{Data: normals[F](rng, panels*step), Stride: width, Width: width, Panel: step}
	cut := sums.Cut(u, len(gates)*u)
	x, bias := Dense(normals[F](rng, m*k), k), normals[F](rng, len(rows))
	start := Matrix[F]{Data: bias, Width: cut.Width, Panel: cut.Width}
	want := slices.Clone(sums.Data)
	var forward, back Packed[F]
	forward.SetGates(w, gates, h, u, k)
	forward.Fill(0, 1)
	by.mul(&cut, &start, &x, m, &forward)
	for i := range m {
		for j, row := range rows {
			want[u+cut.index(i, j)] = by.sum(bias[j], k,
				func(p int) F { return x.Data[i*k+p] }, func(p int) F { return row[p] })
		}
	}
	wantSame(t, sums.Data, want, "into gates %v, m %d h %d k %d", gates, m, h, k)

	back.SetGatesTransposed(w, gates, h, u, k)
	back.Fill(0, 1)
	dx := Dense(normals[F](rng, m*k), k)
	by.mul(&dx, &Matrix[F]{}, &cut, m, &back)
	for i := range m {
		for j := range k {
			sum := by.sum(0, len(rows), func(p int) F { return cut.Data[cut.index(i, p)] }, func(p int) F { return rows[p][j] })
			if got := dx.Data[i*k+j]; !same(got, sum) {
				t.Fatalf("out of gates %v, m %d h %d k %d: (%d, %d) is %v, want %v", gates, m, h, k, i, j, got, sum)
			}
		}
	}
}

func TestShareColumns(t *testing.T) { both(t, testShareColumns[float32], testShareColumns[float64]) }

// testShareColumns wants workers' columns to follow on each other, all of them, and
// to be whole panels of a square matrix packed either way and, where units stand in
// several panels, of one that stands by gates. The generic Go has no panels.
func testShareColumns[F Float](t *testing.T) {
	lanes := active[F]().lanes
	for n := 1; n <= 600 && lanes > 0; n += 1 + n/90 {
		u := Units[F](n)
		var rows, back, gates Packed[F]
		rows.SetGates(nil, one, n, n, 1)
		back.SetGatesTransposed(nil, one, n, n, n)
		gates.SetGates(nil, []int{0, 1, 2}, n, u, 1)
		for size := 1; size <= 7; size++ {
			end := 0
			for w := range size {
				from, to := ShareColumns[F](n, w, size)
				if from != end || to < from || w == size-1 && to != n {
					t.Fatalf("%d columns, worker %d of %d has %d to %d, want them from %d", n, w, size, from, to, end)
				}
				if end = to; from == to {
					continue
				}
				wantPanels(t, &rows, n, from, to)
				wantPanels(t, &back, n, from, to)
				if u < n {
					wantPanels(t, &gates, 3*n, 3*from, 3*to)
				}
			}
		}
	}
}

// wantPanels wants the panels of columns [from, to) of n to hold these alone, and
// behind the last one the padding.
func wantPanels[F Float](t *testing.T, p *Packed[F], n, from, to int) {
	t.Helper()
	walk, want := p.Walk(from, to, false), to
	if to == n {
		want = p.n
	}
	first, last := p.bounds[walk.From]*p.set.lanes, min(p.bounds[walk.To]*p.set.lanes, p.n)
	if first != from || last != want {
		t.Fatalf("columns %d to %d of %d: panels %d to %d hold %d to %d", from, to, n, walk.From, walk.To, first, last)
	}
}

func TestFillSetsRows(t *testing.T) { both(t, testFill[float32], testFill[float64]) }

func testFill[F Float](t *testing.T) {
	rng := source()
	for _, s := range [][4]int{{0, 3, 3, 0}, {1, 1, 1, 0}, {5, 16, 16, 90}, {13, 48, 16, 300}, {30, 8, 4, 200}, {3, 70, 70, 0}} {
		m, n, width, panel := s[0], s[1], s[2], s[3]
		a := Matrix[F]{Data: normals[F](rng, 2000), Stride: width + 2, Width: width, Panel: panel}
		row, want := normals[F](rng, n), slices.Clone(a.Data)
		for i := range m {
			for j, v := range row {
				want[a.index(i, j)] = v
			}
		}
		a.Fill(row, m, n)
		wantSame(t, a.Data, want, "%v", s)
	}
}

func FuzzMul(f *testing.F) {
	f.Add(uint64(1), uint16(7), uint16(33), uint16(20))
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k uint16) {
		rng := rand.New(rand.NewPCG(seed, 2))
		M, N, K := int(m%50), int(n%301), int(k%301)
		both(t, func(t *testing.T) { fuzzMul[float32](t, rng, M, N, K) }, func(t *testing.T) { fuzzMul[float64](t, rng, M, N, K) })
	})
}

func fuzzMul[F Float](t *testing.T, rng *rand.Rand, m, n, k int) {
	var p Packed[F]
	checkMul(t, &p, wild[F](rng, m*k), normals[F](rng, n*k), m, n, k)
	checkOuter(t, new(Scratch[F]), rng, wild[F](rng, m*n), normals[F](rng, m*k), m, n, k)
	if m > 0 && n > 0 && k > 0 {
		checkGates(t, rng, inOrder[F](), []int{0, 1, 2, 3}, m, 1+n/4, 1+k/4)
		checkGates(t, rng, inOrder[F](), []int{2, 0, 1}, m, 1+n/3, 1+k/3)
	}
}

func FuzzActivations(f *testing.F) {
	f.Add(uint64(1), uint16(20), float32(3))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, scale float32) {
		rng := rand.New(rand.NewPCG(seed, 3))
		from := wild[float32](rng, int(n%400))
		for i := range from {
			from[i] *= scale
		}
		onEach(t, func(t *testing.T) {
			for _, a := range activations {
				got := slices.Clone(from)
				a.apply(got)
				for i, v := range from {
					if d := relative(float64(got[i]), float64(float32(a.want(float64(v))))); d > 4e-7 {
						t.Fatalf("%s(%v) = %v is off by %.2g", a.name, v, got[i], d)
					}
				}
			}
		})
	})
}
