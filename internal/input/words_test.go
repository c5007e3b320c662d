package input

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// The widths of the two features.
var featureWidths = []int{2, 1}

// newWords returns what reads tokens, with characters and features or without.
func newWords[F kernel.Float](t testing.TB, withChars, withFeatures bool, team *rnn.Team) *Words[F] {
	t.Helper()
	w := &Words[F]{Embedding: *newEmbedding[F](), Team: team}
	clear(w.Embedding.Grad)
	if withChars {
		w.Chars = newChars[F](t, rnn.LSTM, team)
	}
	if withFeatures {
		for i, e := range featureWidths {
			n := (3 - i) * e
			w.Features = append(w.Features, Embedding[F]{V: 3 - i, E: e, Weights: numbers[F](uint64(10+i), n), Grad: make([]F, n)})
		}
	}
	w.Bind()
	w.Pack()
	return w
}

// batchOf returns forms and a chunk of them, of which two rows are unknown in
// place of their own ids.
func batchOf() (f *Forms, chunk, ids []int32) {
	f = formsOf(3, 5, 1, 5, 2, 3, 8)
	chunk = []int32{6, 1, 1, 0, 4, 6, 2, 1}
	for _, t := range chunk {
		ids = append(ids, f.IDs[t])
	}
	ids[2], ids[5] = 0, 0
	return f, chunk, ids
}

// forwardAll and backwardAll take all rows of a chunk at once.
func forwardAll[F kernel.Float](w *Words[F], x []F, chunk, ids []int32) {
	w.Read(chunk, ids)
	w.Forward(x, 0, len(ids))
}

func backwardAll[F kernel.Float](w *Words[F], dx []F) {
	w.Backward(dx, 0, len(dx)/w.width)
	w.Finish()
}

// kinds of words, by whether they have characters and features.
var parts = map[string][2]bool{"tokens": {}, "chars": {true, false}, "features": {false, true}, "both": {true, true}}

func TestWordsPutTheirPartsSideBySide(t *testing.T) {
	f, chunk, ids := batchOf()
	for name, k := range parts {
		w := newWords[float64](t, k[0], k[1], nil)
		x := slices.Repeat([]float64{42}, len(chunk)*w.width)
		w.Begin(f)
		forwardAll(w, x, chunk, ids)
		for r, token := range chunk {
			want := slices.Clone(w.Embedding.Weights[int(ids[r])*width:][:width])
			if k[0] {
				want = append(want, alone(t, newChars[float64](t, rnn.LSTM, nil), f.chars(token))...)
			}
			for i := range w.Features {
				e := featureWidths[i]
				want = append(want, w.Features[i].Weights[int(f.Features[2*int(token)+i])*e:][:e]...)
			}
			if got := x[r*w.width : (r+1)*w.width]; !slices.Equal(got, want) {
				t.Errorf("%s: row %d is %v, want %v", name, r, got, want)
			}
		}
	}
}

// TestWordsOfIDsAlone wants no numbers of forms, and no forms, where only the
// tokens' own vectors are read.
func TestWordsOfIDsAlone(t *testing.T) {
	w, want := newWords[float64](t, false, false, nil), newWords[float64](t, false, false, nil)
	x, wantX := make([]float64, len(ids)*width), make([]float64, len(ids)*width)
	w.Begin(nil)
	forwardAll(w, x, nil, ids)
	want.Embedding.Forward(wantX, width, ids)
	backwardAll(w, x)
	want.Embedding.Backward(wantX, width, ids, 0, width)
	if !slices.Equal(x, wantX) || !slices.Equal(w.Embedding.Grad, want.Embedding.Grad) {
		t.Error("x or the gradients are not the embedding's")
	}
}

// TestWordsBackward wants each part's gradients to be those of its columns, in
// the order of the rows.
func TestWordsBackward(t *testing.T) {
	f, chunk, ids := batchOf()
	for name, k := range parts {
		w := newWords[float64](t, k[0], k[1], nil)
		w.Begin(f)
		forwardAll(w, make([]float64, len(chunk)*w.width), chunk, ids)
		dx := numbers[float64](4, len(chunk)*w.width)
		backwardAll(w, dx)

		want := newWords[float64](t, k[0], k[1], nil)
		at := 0
		for r := range chunk {
			for j := range width {
				want.Embedding.Grad[int(ids[r])*width+j] += dx[r*w.width+j]
			}
		}
		at += width
		if k[0] {
			run(want.Chars, f, chunk)
			want.Chars.add(dx[at:], w.width, 0, len(chunk))
			want.Chars.back()
			at += want.Chars.Width()
			if !slices.Equal(w.Chars.Net.Grads(), want.Chars.Net.Grads()) || !slices.Equal(w.Chars.Embedding.Grad, want.Chars.Embedding.Grad) {
				t.Errorf("%s: gradients of the characters are others", name)
			}
		}
		if !slices.Equal(w.Embedding.Grad, want.Embedding.Grad) {
			t.Errorf("%s: gradient %v of the tokens, want %v", name, w.Embedding.Grad, want.Embedding.Grad)
		}
		for i := range w.Features {
			e, grad := featureWidths[i], want.Features[i].Grad
			for r, token := range chunk {
				for j := range e {
					grad[int(f.Features[2*int(token)+i])*e+j] += dx[r*w.width+at+j]
				}
			}
			if !slices.Equal(w.Features[i].Grad, grad) {
				t.Errorf("%s: gradient %v of feature %d, want %v", name, w.Features[i].Grad, i, grad)
			}
			at += e
		}
	}
}

// TestWordsInParts wants rows taken a few at a time to be those taken at once,
// and the gradients likewise, to 1e-13 of the largest: the last rows come first.
func TestWordsInParts(t *testing.T) {
	f, chunk, ids := batchOf()
	for name, k := range parts {
		w, want := newWords[float64](t, k[0], k[1], nil), newWords[float64](t, k[0], k[1], nil)
		x, wantX := make([]float64, len(chunk)*w.width), make([]float64, len(chunk)*w.width)
		dx := numbers[float64](4, len(x))
		want.Begin(f)
		forwardAll(want, wantX, chunk, ids)
		backwardAll(want, dx)
		w.Begin(f)
		w.Read(chunk, ids)
		borders := []int{0, 3, 4, len(chunk)}
		for i, to := range borders[1:] {
			w.Forward(x[borders[i]*w.width:to*w.width], borders[i], to)
		}
		for i := len(borders) - 2; i >= 0; i-- {
			w.Backward(dx[borders[i]*w.width:borders[i+1]*w.width], borders[i], borders[i+1])
		}
		w.Finish()
		if !slices.Equal(x, wantX) {
			t.Errorf("%s: x in parts is not x at once", name)
		}
		for what, g := range gradientsOf(w) {
			if d := farthest(g, gradientsOf(want)[what]); !(d < 1e-13) {
				t.Errorf("%s: gradient of %s is off by %v", name, what, d)
			}
		}
	}
}

// gradientsOf returns the gradients of all parts by name.
func gradientsOf(w *Words[float64]) map[string][]float64 {
	g := map[string][]float64{"tokens": w.Embedding.Grad}
	if w.Chars != nil {
		g["characters"], g["layer"] = w.Chars.Embedding.Grad, w.Chars.Net.Grads()
	}
	for i, f := range w.Features {
		g[fmt.Sprint("feature ", i)] = f.Grad
	}
	return g
}

// TestWordsShares lets the workers of each phase take their turns in any
// order, and real teams do the work: the same bits.
func TestWordsShares(t *testing.T) {
	f, chunk, ids := batchOf()
	for name, k := range parts {
		pass := func(threads int, order []int) []float32 {
			team := kernel.NewTeam(threads)
			defer team.Close()
			w := newWords[float32](t, k[0], k[1], team)
			x := make([]float32, len(chunk)*w.width)
			w.Begin(f)
			forwardAll(w, x, chunk, ids)
			backwardAll(w, numbers[float32](4, len(x)))
			if order != nil {
				clear(x)
				clear(w.Embedding.Grad)
				for i := range w.Features {
					clear(w.Features[i].Grad)
				}
				for _, phase := range []func(int){w.gather, w.scatter} {
					for _, worker := range order {
						phase(worker)
					}
				}
			}
			all := slices.Concat(x, w.Embedding.Grad)
			for i := range w.Features {
				all = append(all, w.Features[i].Grad...)
			}
			return all
		}
		want := pass(1, nil)
		for _, order := range [][]int{nil, {0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
			for _, threads := range []int{2, 3} {
				if order != nil && threads == 2 {
					continue
				}
				if !slices.Equal(pass(threads, order), want) {
					t.Errorf("%s: %d threads in the order %v give other bits", name, threads, order)
				}
			}
		}
	}
}

// TestWordsAllocateNothing wants no allocation once the largest batch was
// seen, of batches of many forms and of one.
func TestWordsAllocateNothing(t *testing.T) {
	f, chunk, ids := batchOf()
	one := formsOf(4)
	for name, k := range parts {
		for _, threads := range []int{1, 2} {
			team := kernel.NewTeam(threads)
			w := newWords[float32](t, k[0], k[1], team)
			x := make([]float32, len(chunk)*w.width)
			step := func() {
				w.Begin(f)
				w.Pack()
				forwardAll(w, x, chunk, ids)
				backwardAll(w, x)
				w.Begin(one)
				forwardAll(w, x[:w.width], []int32{0}, one.IDs)
				backwardAll(w, x[:w.width])
			}
			step()
			if n := testing.AllocsPerRun(20, step); n != 0 {
				t.Errorf("%s, %d threads: %v allocations, want none", name, threads, n)
			}
			team.Close()
		}
	}
}

// TestFormsReset wants a list that is emptied and filled anew to be what a new
// one would be.
func TestFormsReset(t *testing.T) {
	f, r := formsOf(3, 1, 7), rand.New(rand.NewPCG(2, 2))
	f.Reset()
	if f.Len() != 0 {
		t.Fatalf("%d forms after Reset", f.Len())
	}
	for i, n := range []int{2, 5} {
		for range n {
			f.Chars = append(f.Chars, r.Int32N(alphabet))
		}
		f.IDs, f.Ends = append(f.IDs, int32(i)), append(f.Ends, int32(len(f.Chars)))
		if f.Len() != i+1 || len(f.chars(int32(i))) != n {
			t.Errorf("%d forms, the last of %d characters, want %d of %d", f.Len(), len(f.chars(int32(i))), i+1, n)
		}
	}
}
