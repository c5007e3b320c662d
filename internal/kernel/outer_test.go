package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// naiveOuter is C += Aᵀ·B for all of C [n, k].
func naiveOuter[F Float](c, a, b []F, m, n, k int) {
	for j := range n {
		for p := range k {
			for r := range m {
				c[j*k+p] = mulAdd(c[j*k+p], a[r*n+j], b[r*k+p])
			}
		}
	}
}

func checkOuter[F Float](t *testing.T, s *Scratch[F], rng *rand.Rand, a, b []F, m, n, k int) {
	t.Helper()
	got := normals[F](rng, n*k+4)
	want := slices.Clone(got)
	AddOuter(got, a, b, m, n, k, 0, n, s)
	naiveOuter(want, a, b, m, n, k)
	wantSame(t, got, want, "m %d n %d k %d", m, n, k)
}

func TestAddOuterEqualsTheNaiveProduct(t *testing.T) {
	both(t, testOuterNaive[float32], testOuterNaive[float64])
}

func testOuterNaive[F Float](t *testing.T) {
	rng := source()
	var s Scratch[F] // one for all sizes
	for _, size := range shapes() {
		m, n, k := size[0], size[1], size[2]
		checkOuter(t, &s, rng, normals[F](rng, m*n), normals[F](rng, m*k), m, n, k)
	}
	for range 400 {
		m, n, k := 1+rng.IntN(6), 1+rng.IntN(6), 1+rng.IntN(6)
		checkOuter(t, &s, rng, wild[F](rng, m*n), wild[F](rng, m*k), m, n, k)
	}
}

func TestAddOuterOfSomeRowsGivesTheSameBits(t *testing.T) {
	both(t, testOuterRows[float32], testOuterRows[float64])
}

func testOuterRows[F Float](t *testing.T) {
	const m, n, k = 2*OuterRows + 5, 13, 6
	rng := source()
	a, b, start := normals[F](rng, m*n), normals[F](rng, m*k), normals[F](rng, n*k)
	whole := slices.Clone(start)
	naiveOuter(whole, a, b, m, n, k)
	var s Scratch[F]
	for from := range n + 1 {
		for to := from; to <= n; to++ {
			got := slices.Clone(start)
			AddOuter(got, a, b, m, n, k, from, to, &s)
			want := slices.Concat(start[:from*k], whole[from*k:to*k], start[to*k:])
			wantSame(t, got, want, "rows %d to %d", from, to)
		}
	}
	for size := 1; size <= 5; size++ {
		team, got := NewTeam(size), slices.Clone(start)
		scratch := make([]Scratch[F], size)
		team.Run(func(w int) {
			from, to := Share(n, w, size)
			AddOuter(got, a, b, m, n, k, from, to, &scratch[w])
		})
		team.Close()
		wantSame(t, got, whole, "a team of %d", size)
	}
}

// What is fetched ahead, and whether it is there, changes no bit, in tiles of all widths
// and heights; and it is fetched once.
func TestAddOuterWithANextLeftFactorGivesTheSameBits(t *testing.T) {
	both(t, testOuterNext[float32], testOuterNext[float64])
}

func testOuterNext[F Float](t *testing.T) {
	const rows, most = 7, 26
	rng := source()
	lanes := max(active[F]().lanes, 1)
	var s Scratch[F]
	var right Right[F]
	for k := 1; k <= 5*lanes; k += max(lanes-1, 1) {
		right.Pack(normals[F](rng, rows*k), rows, k, false)
		for n := 1; n <= most; n++ {
			a, start := normals[F](rng, rows*n), normals[F](rng, n*k)
			add := func(next int) []F {
				c := slices.Clone(start)
				s.Left(a, n, rows, n, false)
				s.Next(next)
				right.AddOuter(c, &s)
				if s.next != 0 {
					t.Fatalf("%d elements on is fetched again", s.next)
				}
				return c
			}
			want := add(0)
			s.Next(1)
			if s.Left(a, n, rows, n, false); s.next != 0 {
				t.Fatal("another A, and still the one after the last is fetched")
			}
			for _, next := range []int{1, -rows * n, 1 << 40} {
				wantSame(t, add(next), want, "n %d k %d, the next one %d on", n, k, next)
			}
		}
	}
}

func TestAddColumnsAddsColumnSums(t *testing.T) {
	both(t, testAddColumns[float32], testAddColumns[float64])
}

func testAddColumns[F Float](t *testing.T) {
	rng := source()
	for _, s := range [][2]int{{0, 3}, {3, 0}, {1, 1}, {1, 7}, {2, 5}, {70, 9}} {
		m, n := s[0], s[1]
		a, start := wild[F](rng, m*n), normals[F](rng, n)
		for from := range n + 1 {
			for to := from; to <= n; to++ {
				got, want := slices.Clone(start), slices.Clone(start)
				AddColumns(got, a, m, n, from, to)
				for j := from; j < to; j++ {
					for r := range m {
						want[j] += a[r*n+j]
					}
				}
				wantSame(t, got, want, "m %d n %d columns %d to %d", m, n, from, to)
			}
		}
	}
}

func TestAddOuterAllocatesNothing(t *testing.T) {
	both(t, testOuterAllocs[float32], testOuterAllocs[float64])
}

func testOuterAllocs[F Float](t *testing.T) {
	const m, n, k = 70, 7, 9
	c, a, b := make([]F, n*k), make([]F, m*n), make([]F, m*k)
	var s Scratch[F]
	wantNoAllocs(t, "AddOuter", func() {
		AddOuter(c, a, b, m, n, k, 0, n, &s)
		AddOuter(c, a, b, 3, n, k, 2, 4, &s) // smaller, in the same memory
		AddColumns(c, a, m, n, 0, n)
	})
}

func TestFetchChangesNothing(t *testing.T) {
	both(t, testFetch[float32], testFetch[float64])
}

func testFetch[F Float](t *testing.T) {
	x := normals[F](source(), 100)
	want := slices.Clone(x)
	for n := range len(x) + 1 {
		Fetch(x[:n])
		Fetch(x[n:])
	}
	wantSame(t, x, want, "after Fetch")
	wantNoAllocs(t, "Fetch", func() { Fetch(x) })
}

func TestGrowKeepsMemoryThatIsEnough(t *testing.T) {
	s := []int{1, 2, 3, 4}
	if got := Grow(s[:1], 4); len(got) != 4 || &got[0] != &s[0] {
		t.Errorf("Grow to the capacity gives %v in other memory or of another length", got)
	}
	if got := Grow(s, 2); len(got) != 2 || &got[0] != &s[0] {
		t.Errorf("Grow to less gives %v in other memory or of another length", got)
	}
	if got := Grow(s, 5); len(got) != 5 {
		t.Errorf("Grow to more gives %d elements, want 5", len(got))
	}
	if got := Grow([]int(nil), 0); len(got) != 0 {
		t.Errorf("Grow of nil to nothing gives %v", got)
	}
}
