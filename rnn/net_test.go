package rnn_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// work is a network with a batch and random numbers for it.
type work[F rnn.Float] struct {
	net   *rnn.Net[F]
	batch *rnn.Batch
	x, dh []F
	dx    []F
}

func newWork[F rnn.Float](t testing.TB, c rnn.Config, team *rnn.Team, lengths ...int) *work[F] {
	t.Helper()
	b, err := rnn.NewBatch(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	n, err := rnn.New(c, convert[F](draw(r, c.Size())), nil, team)
	if err != nil {
		t.Fatal(err)
	}
	return &work[F]{n, b, convert[F](draw(r, b.Rows()*c.Input)), convert[F](draw(r, b.Rows()*c.Output())), make([]F, b.Rows()*c.Input)}
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(3, 3)) }

// step goes forward and backward in chunks of steps.
func (w *work[F]) step(chunk int) (h []F) {
	c := w.net.Config()
	clear(w.net.Grads())
	w.net.Begin(w.batch, rnn.States[F]{})
	for from := 0; from < w.batch.Steps(); from += chunk {
		to := min(from+chunk, w.batch.Steps())
		lo, hi := w.batch.Off[from], w.batch.Off[to]
		h = append(h, w.net.Forward(from, to, w.x[lo*c.Input:hi*c.Input])...)
		w.net.Backward(w.dh[lo*c.Output():hi*c.Output()], w.dx[lo*c.Input:hi*c.Input])
	}
	return h
}

var shapes = []rnn.Config{
	{Cell: rnn.Tanh, Input: 5, Hidden: 7, Layers: 1},
	{Cell: rnn.Tanh, Input: 3, Hidden: 6, Layers: 3, LearnH0: true},
	{Cell: rnn.ReLU, Input: 4, Hidden: 5, Layers: 2},
	{Cell: rnn.Tanh, Input: 40, Hidden: 70, Layers: 2, LearnH0: true},
	{Cell: rnn.LSTM, Input: 21, Hidden: 37, Layers: 2, LearnH0: true}, // units left over in the last panel
	{Cell: rnn.GRU, Input: 21, Hidden: 53, Layers: 2},
}

// TestThreads wants the same bits from any team; the last shape is large
// enough that work is shared out.
func TestThreads(t *testing.T) {
	for _, c := range shapes {
		lengths := []int{50, 49, 49, 30, 20, 20, 11, 3, 1}
		one := newWork[float32](t, c, nil, lengths...)
		h := one.step(50)
		for _, threads := range []int{2, 3, 16} {
			team := rnn.NewTeam(threads)
			w := newWork[float32](t, c, team, lengths...)
			if !slices.Equal(w.step(50), h) || !slices.Equal(w.net.Grads(), one.net.Grads()) || !slices.Equal(w.dx, one.dx) {
				t.Errorf("%+v: %d threads give other bits than one", c, threads)
			}
			team.Close()
		}
	}
}

// TestStream wants a stream's numbers equal to a batch's, to the bit.
func TestStream(t *testing.T) {
	for _, c := range shapes {
		w := newWork[float32](t, c, nil, 9, 6, 6, 1)
		h := w.step(9)
		s, err := w.net.NewStream()
		if err != nil {
			t.Fatal(err)
		}
		for b, n := range w.batch.Lengths {
			s.Reset()
			for step := range n {
				row := w.batch.Row(b, step)
				got := s.Step(w.x[row*c.Input : (row+1)*c.Input])
				if want := h[row*c.Hidden : (row+1)*c.Hidden]; !slices.Equal(got, want) {
					t.Fatalf("%+v: sequence %d, step %d: stream %v, batch %v", c, b, step, got, want)
				}
			}
		}
	}
}

// TestLearnH0 wants ∂L/∂h_0 of a learned state to be the sum over the batch of
// those of given states.
func TestLearnH0(t *testing.T) {
	c := rnn.Config{Cell: rnn.Tanh, Input: 3, Hidden: 4, Layers: 2, LearnH0: true}
	w := newWork[float64](t, c, nil, 5, 5, 2)
	w.step(5)
	for _, v := range c.Tensors() {
		layer, ok := strings.CutPrefix(v.Name, "h0_l")
		if !ok {
			continue
		}
		want := make([]float64, c.Hidden)
		for i, d := range stateGradient(w.net, layer) {
			want[i%c.Hidden] += d
		}
		if e := relErr(w.net.Grads()[v.Offset:v.Offset+v.Size()], want); e > 1e-14 {
			t.Errorf("%s is off by %.2g", v.Name, e)
		}
	}
}

// TestAllocations wants none in a training step and a streamed step once warm.
func TestAllocations(t *testing.T) {
	for _, threads := range []int{1, 2} {
		team := rnn.NewTeam(threads)
		w := newWork[float32](t, shapes[3], team, 60, 60, 31, 7)
		step := func() {
			clear(w.net.Grads())
			w.net.Begin(w.batch, rnn.States[float32]{})
			w.net.Forward(0, w.batch.Steps(), w.x)
			w.net.Backward(w.dh, w.dx)
		}
		step()
		if n := testing.AllocsPerRun(20, step); n != 0 {
			t.Errorf("%d threads: a training step allocates %v times", threads, n)
		}
		s, err := w.net.NewStream()
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(20, func() { s.Step(w.x[:shapes[3].Input]) }); n != 0 {
			t.Errorf("a streamed step allocates %v times", n)
		}
		team.Close()
	}
}

// stateGradient returns ∂L/∂h_0 of the layer whose digit is given.
func stateGradient(n *rnn.Net[float64], layer string) []float64 {
	dh, _ := n.StateGradient(int(layer[0]-'0'), 0)
	return dh
}

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct {
		config rnn.Config
		want   string
	}{
		{rnn.Config{Cell: "lstn", Input: 1, Hidden: 1, Layers: 1}, `cell "lstn" is unknown`},
		{rnn.Config{Cell: rnn.Tanh, Input: 0, Hidden: 1, Layers: 1}, "expected at least 1"},
		{rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: -1, Layers: 1}, "expected at least 1"},
		{rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: 1}, "expected at least 1"},
		{rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: 1, Layers: 1001}, "at most 1000"},
		{rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: 1 << 40, Layers: 1}, "more than"},
	} {
		_, err := rnn.New[float32](c.config, nil, nil, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.config, err, c.want)
		}
	}
	if _, err := rnn.New(shapes[0], make([]float32, 3), nil, nil); err == nil {
		t.Error("a slab of the wrong size is no error")
	}
	if _, err := rnn.NewBatch(1, 2); err == nil {
		t.Error("lengths that rise are no error")
	}
}

// TestInit wants orthonormal rows of Whh and zero biases.
func TestInit(t *testing.T) {
	c := rnn.Config{Cell: rnn.Tanh, Input: 3, Hidden: 20, Layers: 2, LearnH0: true}
	params := draw(rand.New(rand.NewPCG(1, 1)), c.Size())
	rnn.Init(c, params, rand.New(rand.NewPCG(1, 2)))
	for _, v := range c.Tensors() {
		w := params[v.Offset : v.Offset+v.Size()]
		switch {
		case strings.HasPrefix(v.Name, "weight_hh"):
			checkOrthonormal(t, v.Name, w, c.Hidden)
		case strings.HasPrefix(v.Name, "weight_ih"):
			if slices.Max(w) > 1 || slices.Min(w) < -1 || slices.Max(w) < 0.1 {
				t.Errorf("%s is not uniform in ±√(6/(I+H))", v.Name)
			}
		case slices.Max(w) != 0 || slices.Min(w) != 0:
			t.Errorf("%s is not zero", v.Name)
		}
	}
}

func checkOrthonormal(t *testing.T, name string, w []float64, n int) {
	t.Helper()
	for i := range n {
		for j := range n {
			dot, want := 0.0, 0.0
			for k := range n {
				dot += w[i*n+k] * w[j*n+k]
			}
			if i == j {
				want = 1
			}
			if dot-want > 1e-14 || want-dot > 1e-14 {
				t.Errorf("%s: rows %d and %d have inner product %v, want %v", name, i, j, dot, want)
			}
		}
	}
}
