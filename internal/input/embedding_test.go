package input

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

const tokens, width = 6, 5

// Ids repeat, one is never used, and the first and last of the vocabulary occur.
var ids = []int32{0, 5, 2, 2, 5, 3, 2, 0, 4, 2}

func both(t *testing.T, f32, f64 func(*testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

// numbers are far apart in size, so that another order of additions shows.
func numbers[F kernel.Float](seed uint64, n int) []F {
	rng := rand.New(rand.NewPCG(seed, 5))
	x := make([]F, n)
	for i := range x {
		x[i] = F(rng.NormFloat64() * math.Pow(10, float64(rng.IntN(9)-4)))
	}
	return x
}

func newEmbedding[F kernel.Float]() *Embedding[F] {
	return &Embedding[F]{V: tokens, E: width, Weights: numbers[F](1, tokens*width), Grad: numbers[F](2, tokens*width)}
}

func TestForwardCopiesTheTokensVectors(t *testing.T) {
	both(t, testForward[float32], testForward[float64])
}

func testForward[F kernel.Float](t *testing.T) {
	e := newEmbedding[F]()
	weights := slices.Clone(e.Weights)
	const blank = 42
	x := slices.Repeat([]F{blank}, (len(ids)+1)*width) // and a row that is not asked for
	e.Forward(x, width, ids)
	for r, id := range ids {
		got, want := x[r*width:(r+1)*width], weights[int(id)*width:(int(id)+1)*width]
		if !slices.Equal(got, want) {
			t.Errorf("row %d, token %d: %v, want %v", r, id, got, want)
		}
	}
	if !slices.Equal(x[len(ids)*width:], slices.Repeat([]F{blank}, width)) {
		t.Error("a row behind the last is written")
	}
	clear(x)
	if !slices.Equal(e.Weights, weights) {
		t.Error("x shares memory with the weights")
	}
}

func TestBackwardAddsInTheOrderOfTheRows(t *testing.T) {
	both(t, testBackward[float32], testBackward[float64])
}

func testBackward[F kernel.Float](t *testing.T) {
	e, dx := newEmbedding[F](), numbers[F](3, len(ids)*width)
	want, backwards := slices.Clone(e.Grad), slices.Clone(e.Grad)
	for id := range tokens {
		for j := range width {
			for r := range ids {
				if int(ids[r]) == id {
					want[id*width+j] += dx[r*width+j]
				}
				if last := len(ids) - 1 - r; int(ids[last]) == id {
					backwards[id*width+j] += dx[last*width+j]
				}
			}
		}
	}
	if slices.Equal(want, backwards) {
		t.Fatal("the order of the rows makes no difference to these numbers")
	}
	e.Backward(dx, width, ids, 0, width)
	if !slices.Equal(e.Grad, want) {
		t.Errorf("gradient %v, want %v", e.Grad, want)
	}
}

func TestColumnsOfBackwardEqualTheWhole(t *testing.T) {
	both(t, testColumns[float32], testColumns[float64])
}

func testColumns[F kernel.Float](t *testing.T) {
	whole, dx := newEmbedding[F](), numbers[F](3, len(ids)*width)
	whole.Backward(dx, width, ids, 0, width)
	for from := range width + 1 {
		for to := from; to <= width; to++ {
			e, untouched := newEmbedding[F](), newEmbedding[F]()
			e.Backward(dx, width, ids, from, to)
			for i, got := range e.Grad {
				want := untouched.Grad[i]
				if j := i % width; from <= j && j < to {
					want = whole.Grad[i]
				}
				if got != want {
					t.Fatalf("columns %d to %d: element %d is %v, want %v", from, to, i, got, want)
				}
			}
		}
	}
	for size := 1; size <= width+1; size++ {
		e, team := newEmbedding[F](), kernel.NewTeam(size)
		team.Run(func(w int) {
			from, to := kernel.Share(width, w, size)
			e.Backward(dx, width, ids, from, to)
		})
		team.Close()
		if !slices.Equal(e.Grad, whole.Grad) {
			t.Errorf("a team of %d: gradient %v, want %v", size, e.Grad, whole.Grad)
		}
	}
}

func TestEmbeddingAllocatesNothing(t *testing.T) {
	e, x := newEmbedding[float32](), make([]float32, len(ids)*width)
	if n := testing.AllocsPerRun(50, func() {
		e.Forward(x, width, ids)
		e.Backward(x, width, ids, 0, width)
		e.Forward(nil, width, nil)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
