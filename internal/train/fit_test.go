package train

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
)

// echo makes sequences whose labels need memory: each token's label is the
// token before it.
func echo(n int, seed uint64) []data.Sequence {
	r := rand.New(rand.NewPCG(seed, 5))
	var all []data.Sequence
	for range n {
		last, s := "none", data.Sequence{}
		for range 1 + r.IntN(12) {
			token := []string{"a", "b", "c"}[r.IntN(3)]
			s.Tokens, s.Labels = append(s.Tokens, token), append(s.Labels, last)
			last = token
		}
		all = append(all, s)
	}
	return all
}

// small is a quick training.
func small() Options {
	o := Default()
	o.Model.Embed, o.Model.Hidden, o.Epochs, o.Batch, o.MinCount = 8, 16, 4, 8, 1
	o.Optim.Rate = 0.02
	return o
}

func fit(t *testing.T, o Options, h Hooks) (*model.Model, Result) {
	t.Helper()
	m, r, err := Fit(context.Background(), echo(200, 1), echo(40, 2), o, h)
	if err != nil {
		t.Fatal(err)
	}
	return m, r
}

func bytesOf(t *testing.T, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLearns wants every method, cell and chunk length to learn a memory of
// one step, which no classifier of single tokens can (36 % at best).
func TestLearns(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"adam":    func(*Options) {},
		"adamw":   func(o *Options) { o.Optim.Method = optim.AdamW },
		"sgd":     func(o *Options) { o.Optim.Method, o.Optim.Rate, o.Epochs = optim.SGD, 0.2, 8 },
		"relu":    func(o *Options) { o.Model.Cell = "relu" },
		"lstm":    func(o *Options) { o.Model.Cell, o.Epochs = "lstm", 8 },
		"gru":     func(o *Options) { o.Model.Cell, o.BPTT = "gru", 4 },
		"both":    func(o *Options) { o.Model.Bidirectional, o.Dropout, o.Model.Layers = true, 0.1, 2 },
		"crf":     func(o *Options) { o.Model.Output = model.CRF },
		"layers":  func(o *Options) { o.Model.Layers = 2 },
		"bptt":    func(o *Options) { o.BPTT = 3 },
		"h0":      func(o *Options) { o.Model.LearnH0 = true },
		"warm-up": func(o *Options) { o.Optim.Warmup, o.Optim.Schedule = 10, optim.Constant },
	} {
		t.Run(name, func(t *testing.T) {
			o := small()
			change(&o)
			m, r := fit(t, o, Hooks{})
			if r.BestDev < 0.99 {
				t.Errorf("dev accuracy %.3f after %d epochs, want at least 0.99", r.BestDev, r.Epochs)
			}
			if err := m.CheckFinite(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSameBits wants the same file from the same seed whatever the threads,
// for every cell and output, and another from another seed.
func TestSameBits(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"tanh": func(o *Options) { o.BPTT = 5 },
		"gru":  func(o *Options) { o.Model.Cell, o.Dropout = "gru", 0.2 },
		"lstm": func(o *Options) { o.Model.Cell, o.Model.Bidirectional, o.Model.Output = "lstm", true, model.CRF },
	} {
		o := small()
		o.Model.Hidden, o.Model.Layers, o.Epochs, o.Batch = 48, 2, 1, 32 // large enough to be shared out
		change(&o)
		m, _ := fit(t, o, Hooks{})
		want := bytesOf(t, m)
		for _, threads := range []int{2, 3} {
			o.Threads = threads
			if m, _ := fit(t, o, Hooks{}); !bytes.Equal(bytesOf(t, m), want) {
				t.Errorf("%s: %d threads make another file than one", name, threads)
			}
		}
		o.Seed = 2
		if m, _ := fit(t, o, Hooks{}); bytes.Equal(bytesOf(t, m), want) {
			t.Errorf("%s: another seed makes the same file", name)
		}
	}
}

// TestEvents wants every step and epoch told, and the best model handed on.
func TestEvents(t *testing.T) {
	var steps, epochs, best int
	var saved []byte
	o := small()
	o.Patience = 0
	hooks := Hooks{
		Event: func(e Event) {
			switch e.Kind {
			case StepDone:
				steps++
				if e.Step != steps || e.Steps != 4*25 || !(e.Loss > 0) || !(e.GradNorm > 0) || e.Tokens < 1 {
					t.Errorf("step %d: %+v", steps, e)
				}
			case EpochDone:
				epochs++
				if e.Epoch != epochs || !(e.DevLoss > 0) {
					t.Errorf("epoch %d: %+v", epochs, e)
				}
				if e.Best {
					best = e.Epoch
				}
			}
		},
		Best: func(m *model.Model) error { saved = bytesOf(t, m); return nil },
	}
	m, r := fit(t, o, hooks)
	if steps != 100 || epochs != 4 || r.Epochs != 4 || r.BestEpoch != best || r.Skipped != 0 || r.Interrupted {
		t.Errorf("%d steps, %d epochs, best %d, result %+v", steps, epochs, best, r)
	}
	if !bytes.Equal(saved, bytesOf(t, m)) {
		t.Error("the model returned is not the best one saved")
	}
}

// TestPatience wants training to end when dev no longer gets better.
func TestPatience(t *testing.T) {
	o := small()
	o.Epochs, o.Patience = 50, 2
	_, r := fit(t, o, Hooks{})
	if r.Epochs != r.BestEpoch+2 || r.Epochs == 50 {
		t.Errorf("%d epochs, the best %d, want the best and two more", r.Epochs, r.BestEpoch)
	}
}

// TestInterrupt ends the context in the first epoch and in the third.
func TestInterrupt(t *testing.T) {
	for _, at := range []int{5, 60} {
		ctx, cancel := context.WithCancel(context.Background())
		saved := 0
		h := Hooks{
			Event: func(e Event) {
				if e.Kind == StepDone && e.Step == at {
					cancel()
				}
			},
			Best: func(*model.Model) error { saved++; return nil },
		}
		m, r, err := Fit(ctx, echo(200, 1), echo(40, 2), small(), h)
		if err != nil || m == nil || !r.Interrupted || r.Steps != at {
			t.Fatalf("at step %d: %v, %+v", at, err, r)
		}
		if want := (at - 1) / 25; (saved > 0) != (want > 0) || r.Epochs != want+1 || (r.BestEpoch == 0) != (want == 0) {
			t.Errorf("at step %d: %+v", at, r)
		}
	}
}

// TestDiverged wants training to end, and nothing that is not finite saved,
// when the learning rate blows the network up.
func TestDiverged(t *testing.T) {
	skipped := 0
	h := Hooks{
		Event: func(e Event) {
			if e.Kind == StepSkipped {
				skipped++
			}
		},
		Best: func(m *model.Model) error { return m.CheckFinite() },
	}
	o := small()
	o.Model.Cell, o.Optim.Method, o.Optim.Rate, o.Optim.Clip = "relu", optim.SGD, 1e30, 0
	_, r, err := Fit(context.Background(), echo(200, 1), nil, o, h)
	if !errors.Is(err, ErrDiverged) || !strings.Contains(err.Error(), "5 updates in a row") || skipped != 5 || r.Skipped != 5 {
		t.Errorf("error %v, %d skipped, result %+v", err, skipped, r)
	}
}

// TestOverflow wants a model whose parameters are finite but whose outputs are
// not to be no model, with dev data and without.
func TestOverflow(t *testing.T) {
	for _, dev := range [][]data.Sequence{nil, echo(5, 2)} {
		o := small()
		o.Model.Cell = "relu" // whose states overflow, fused multiply-add or not
		o.Optim.Method, o.Optim.Decay, o.Epochs, o.Batch = optim.AdamW, 1e32, 1, 1000
		saved := 0
		_, _, err := Fit(context.Background(), echo(20, 1), dev, o, Hooks{Best: func(*model.Model) error { saved++; return nil }})
		if !errors.Is(err, ErrDiverged) || saved > 0 {
			t.Errorf("error %v, saved %d times", err, saved)
		}
	}
}

// TestSkip wants a single bad update left out, counted and told, the
// parameters untouched, and training to go on.
func TestSkip(t *testing.T) {
	o := small()
	sequences := echo(40, 1)
	m, err := fresh(sequences, o)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := Encode(m, sequences)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	tr, err := newTrainer(m, o, func(e Event) {
		if e.Kind == StepSkipped {
			told++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.team.Close()
	tr.steps = 10
	if err := tr.batch.fill(examples, []int{0}, 0, nil); err != nil {
		t.Fatal(err)
	}
	good := slices.Clone(m.Params)
	m.Params[0] = float32(math.NaN()) // Unknown's vector: no example has it
	m.Params[m.Config.Embed] = float32(math.Inf(1))
	poisoned := slices.Clone(m.Params[1:])
	tr.batch.all.IDs[0] = 1
	if _, _, err := tr.trainBatch(context.Background(), examples.Forms); err != nil {
		t.Fatal(err)
	}
	if told != 1 || tr.result.Skipped != 1 || !slices.Equal(m.Params[1:], poisoned) {
		t.Errorf("told %d times, skipped %d", told, tr.result.Skipped)
	}
	copy(m.Params, good)
	if _, _, err := tr.trainBatch(context.Background(), examples.Forms); err != nil || tr.inARow != 0 || tr.result.Skipped != 1 {
		t.Errorf("after a good update: error %v, %d in a row, %d skipped", err, tr.inARow, tr.result.Skipped)
	}
	if slices.Equal(m.Params, good) {
		t.Error("a good update changed nothing")
	}
}

// TestStepAllocates wants no allocation in a whole training step once warm:
// batch, forward, backward, norm, clipping, update.
func TestStepAllocates(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"tanh": func(*Options) {},
		"bptt": func(o *Options) { o.BPTT = 4 },
		"lstm": func(o *Options) { o.Model.Cell = "lstm" },
		"gru":  func(o *Options) { o.Model.Cell, o.Dropout = "gru", 0.1 },
		"both": func(o *Options) { o.Model.Cell, o.Model.Bidirectional = "lstm", true },
		"crf":  func(o *Options) { o.Model.Output = model.CRF },
	} {
		o := small()
		o.Threads, o.Model.Hidden, o.Model.Layers = 2, 64, 2
		change(&o)
		sequences := echo(64, 1)
		m, err := fresh(sequences, o)
		if err != nil {
			t.Fatal(err)
		}
		examples, err := Encode(m, sequences)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := newTrainer(m, o, func(Event) {})
		if err != nil {
			t.Fatal(err)
		}
		tr.steps = 1000
		tr.drop, tr.words = rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 3))
		batches := plan(examples.All, 32, rand.New(rand.NewPCG(1, 1)))
		step := func() {
			for _, b := range batches {
				if err := tr.batch.fill(examples, b, tr.WordDrop, tr.words); err != nil {
					t.Fatal(err)
				}
				if _, _, err := tr.trainBatch(context.Background(), examples.Forms); err != nil {
					t.Fatal(err)
				}
			}
		}
		step()
		n := testing.AllocsPerRun(10, step)
		if n > 0 { // a worker that was not counted on until now has made its own memory
			n = testing.AllocsPerRun(10, step)
		}
		if n != 0 {
			t.Errorf("%s: %v allocations in %d batches, want none", name, n, len(batches))
		}
		tr.team.Close()
	}
}

func TestErrors(t *testing.T) {
	good := echo(3, 1)
	for _, c := range []struct {
		train  []data.Sequence
		change func(*Options)
		want   string
	}{
		{nil, func(*Options) {}, "no sequences to train on"},
		{[]data.Sequence{{Name: "f:3", Tokens: []string{"a"}}}, func(*Options) {}, "f:3: 1 tokens and 0 labels"},
		{[]data.Sequence{{Name: "f:3", Tokens: []string{"a", "b"}, Labels: []string{"x"}}}, func(*Options) {}, "f:3: 2 tokens and 1 labels"},
		{append(slices.Clone(good), data.Sequence{}), func(*Options) {}, "sequence 4: 0 tokens"},
		{good, func(o *Options) { o.Epochs = 0 }, "0 epochs"},
		{good, func(o *Options) { o.Batch = 0 }, "batch of 0"},
		{good, func(o *Options) { o.BPTT = -1 }, "bptt"},
		{good, func(o *Options) { o.Threads = 0 }, "0 threads"},
		{good, func(o *Options) { o.Threads = 1 << 20 }, "expected 1 to 1024"},
		{good, func(o *Options) { o.MinCount = 0 }, "minimum count"},
		{good, func(o *Options) { o.Patience = -1 }, "patience"},
		{good, func(o *Options) { o.Optim.Rate = math.NaN() }, "learning rate"},
		{good, func(o *Options) { o.Model.Cell = "gro" }, "cell"},
		{good, func(o *Options) { o.Model.Embed = 0 }, "embed"},
		{good, func(o *Options) { o.Model.Task = "sing" }, "task"},
	} {
		o := small()
		c.change(&o)
		m, _, err := Fit(context.Background(), c.train, nil, o, Hooks{})
		if err == nil || m != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

// TestUnknownLabel wants a label that only dev has counted as wrong.
func TestUnknownLabel(t *testing.T) {
	dev := []data.Sequence{{Tokens: []string{"a", "b"}, Labels: []string{"none", "never seen"}}}
	o := small()
	_, r, err := Fit(context.Background(), echo(200, 1), dev, o, Hooks{})
	if err != nil || r.BestDev != 0.5 {
		t.Errorf("dev accuracy %v, error %v, want 0.5", r.BestDev, err)
	}
}
