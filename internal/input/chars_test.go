package input

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// alphabet is the number of characters, charWidth their vectors' width and the
// state's.
const alphabet, charWidth = 9, 3

var charCells = []rnn.Cell{rnn.LSTM, rnn.GRU, rnn.Tanh}

// newChars returns what reads characters, on parameters of the seed.
func newChars[F kernel.Float](t testing.TB, cell rnn.Cell, team *rnn.Team) *Chars[F] {
	t.Helper()
	c := rnn.Config{Cell: cell, Input: charWidth, Hidden: charWidth, Layers: 1, Bidirectional: true}
	draw := func(n int) []F {
		r, v := rand.New(rand.NewPCG(1, uint64(n))), make([]F, n)
		for i := range v {
			v[i] = F(r.NormFloat64() / 2)
		}
		return v
	}
	net, err := rnn.New(c, draw(c.Size()), make([]F, c.Size()), team)
	if err != nil {
		t.Fatal(err)
	}
	n := alphabet * charWidth
	return &Chars[F]{Embedding: Embedding[F]{V: alphabet, E: charWidth, Weights: draw(n), Grad: make([]F, n)}, Net: net}
}

// formsOf returns forms of these many random characters each, with features.
func formsOf(lengths ...int) *Forms {
	f, r := new(Forms), rand.New(rand.NewPCG(6, 6))
	for i, n := range lengths {
		f.IDs = append(f.IDs, int32(i%tokens))
		for range n {
			f.Chars = append(f.Chars, r.Int32N(alphabet))
		}
		f.Ends = append(f.Ends, int32(len(f.Chars)))
		f.Features = append(f.Features, r.Int32N(3), r.Int32N(2))
	}
	return f
}

// run sets x [rows, 2H] to what the tokens come to.
func run[F kernel.Float](c *Chars[F], f *Forms, chunk []int32) []F {
	x := make([]F, len(chunk)*c.Width())
	c.Net.Pack()
	c.read(f, chunk)
	c.put(x, c.Width(), 0, len(chunk))
	return x
}

// chunks are of one form and of many, of the shortest and
// the longest together, of repeated ones and of ones that are not there.
var chunks = []struct {
	lengths []int // of all forms
	chunk   []int32
}{
	{[]int{1}, []int32{0}},
	{[]int{4}, []int32{0, 0, 0}},
	{[]int{1, MaxChars}, []int32{0, 1, 0, 1, 1}},
	{[]int{MaxChars, 1}, []int32{1, 0}},
	{[]int{3, 5, 1, 5, 2, 3}, []int32{0, 1, 2, 3, 4, 5}},
	{[]int{3, 5, 1, 5, 2, 3}, []int32{5, 1, 1, 3, 5, 5, 2, 1}},
	{[]int{7, 2, 9, 2}, []int32{3, 1, 3}},
}

// distinctOf returns the distinct numbers in the order in which they come.
func distinctOf(chunk []int32) (all []int32) {
	for _, t := range chunk {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// TestCharactersRunOnceADistinctToken wants a batch of the chunk's distinct
// tokens, longest first, with their characters and no others.
func TestCharactersRunOnceADistinctToken(t *testing.T) {
	c := newChars[float64](t, rnn.LSTM, nil)
	for _, k := range chunks {
		f := formsOf(k.lengths...)
		run(c, f, k.chunk)
		var want []int
		for _, token := range distinctOf(k.chunk) {
			want = append(want, k.lengths[token])
		}
		slices.Sort(want)
		slices.Reverse(want)
		if !slices.Equal(c.layout.Lengths, want) {
			t.Errorf("%v of %v: sequences of %v characters, want %v", k.chunk, k.lengths, c.layout.Lengths, want)
		}
	}
}

func TestCharactersComeToWhatATokenAloneDoes(t *testing.T) {
	both(t, testAlone[float32], testAlone[float64])
}

func testAlone[F kernel.Float](t *testing.T) {
	for _, cell := range charCells {
		c := newChars[F](t, cell, nil) // for all chunks: nothing is left behind
		for _, k := range chunks {
			f := formsOf(k.lengths...)
			x := run(c, f, k.chunk)
			for r, token := range k.chunk {
				got, want := x[r*c.Width():(r+1)*c.Width()], alone(t, newChars[F](t, cell, nil), f.chars(token))
				if !slices.Equal(got, want) {
					t.Errorf("%s: row %d of %v: %v, alone %v", cell, r, k.chunk, got, want)
				}
			}
		}
	}
}

// alone runs the layer over one token's characters: the forward direction's h
// at the last beside the backward one's at the first.
func alone[F kernel.Float](t *testing.T, c *Chars[F], ids []int32) []F {
	t.Helper()
	b, err := rnn.NewBatch(len(ids))
	if err != nil {
		t.Fatal(err)
	}
	x := make([]F, len(ids)*charWidth)
	c.Embedding.Forward(x, charWidth, ids)
	c.Net.Begin(b, rnn.States[F]{})
	h := c.Net.Forward(0, len(ids), x)
	return slices.Concat(h[(len(ids)-1)*2*charWidth:][:charWidth], h[charWidth:2*charWidth])
}

// TestFormsMayGrow wants nothing to change for a chunk where forms come to the
// list, between batches, or where it is emptied.
func TestFormsMayGrow(t *testing.T) {
	c, lengths := newChars[float64](t, rnn.GRU, nil), []int{3, 5, 1, 5, 2, 3, 8, 1}
	for _, n := range []int{2, 3, 8, 1, 8} {
		f := formsOf(lengths[:n]...)
		chunk := []int32{int32(n - 1), 0, int32(n - 1), int32(n / 2)}
		if got, want := run(c, f, chunk), run(newChars[float64](t, rnn.GRU, nil), f, chunk); !slices.Equal(got, want) {
			t.Errorf("%d forms: %v, want %v", n, got, want)
		}
	}
}

// TestCharactersGradientsSumOverTheRows wants the gradients of a chunk to be
// the sums of those of its rows by themselves, to 1e-13 of the largest.
func TestCharactersGradientsSumOverTheRows(t *testing.T) {
	for _, cell := range charCells {
		for _, k := range chunks {
			f := formsOf(k.lengths...)
			width, r := 2*charWidth+3, rand.New(rand.NewPCG(8, 8)) // dx has other columns, too
			dx := make([]float64, len(k.chunk)*width)
			for i := range dx {
				dx[i] = r.NormFloat64()
			}
			got, want := newChars[float64](t, cell, nil), newChars[float64](t, cell, nil)
			run(got, f, k.chunk)
			got.add(dx[2:], width, 0, len(k.chunk))
			got.back()
			for row, token := range k.chunk {
				run(want, f, []int32{token})
				want.add(dx[row*width+2:], width, 0, 1)
				want.back()
			}
			for what, g := range map[string][2][]float64{
				"layer":      {got.Net.Grads(), want.Net.Grads()},
				"characters": {got.Embedding.Grad, want.Embedding.Grad},
			} {
				if d := farthest(g[0], g[1]); !(d < 1e-13) {
					t.Errorf("%s: %s: gradient of %v is off by %v", cell, what, k.chunk, d)
				}
			}
		}
	}
}

// farthest returns the largest difference, relative to the largest number.
func farthest(got, want []float64) (d float64) {
	largest := 0.0
	for i, v := range want {
		d, largest = max(d, got[i]-v, v-got[i]), max(largest, v, -v)
	}
	return d / largest
}

// TestCharactersOfTeams wants the same bits for any number of threads, of
// enough work to be shared out.
func TestCharactersOfTeams(t *testing.T) {
	var lengths []int
	var chunk []int32
	for i := range 2000 {
		lengths, chunk = append(lengths, 1+i%MaxChars), append(chunk, int32(i*7%2000))
	}
	f := formsOf(lengths...)
	pass := func(threads int) (x, grads []float32) {
		team := kernel.NewTeam(threads)
		defer team.Close()
		c := newChars[float32](t, rnn.GRU, team)
		x = run(c, f, chunk)
		c.add(x, c.Width(), 0, len(chunk))
		c.back()
		return x, slices.Concat(c.Net.Grads(), c.Embedding.Grad)
	}
	x, grads := pass(1)
	for _, threads := range []int{2, 3} {
		if gotX, got := pass(threads); !slices.Equal(gotX, x) || !slices.Equal(got, grads) {
			t.Errorf("%d threads give other bits than one", threads)
		}
	}
}

func TestFormsWithoutCharactersPanic(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || fmt.Sprint(r)[:6] != "input:" {
			t.Errorf("panic %v, want one that names the package", r)
		}
	}()
	run(newChars[float64](t, rnn.GRU, nil), formsOf(2, 0), []int32{0, 1})
}
