package train

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// TestLearnsEveryKind wants what each kind can say of data that it has not
// seen, which it could not from chance or from tokens alone.
func TestLearnsEveryKind(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			m, r, err := Fit(context.Background(), k.make(200, 1), k.make(40, 2), k.options(), Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			if k.loss > 0 {
				if !(r.BestLoss < k.loss) || !math.IsNaN(r.BestDev) {
					t.Errorf("squared error %v, accuracy %v, want below %v and none", r.BestLoss, r.BestDev, k.loss)
				}
			} else if !(r.BestDev > k.dev) {
				t.Errorf("dev accuracy %.3f after %d epochs, want above %v", r.BestDev, r.Epochs, k.dev)
			}
			if err := m.CheckFinite(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestWithoutPartsNothingIsLearned wants the words of TestLearnsEveryKind to
// be unknown to a model that does not look into them.
func TestWithoutPartsNothingIsLearned(t *testing.T) {
	for name, make := range map[string]func(int, uint64) []data.Sequence{"endings": endings, "batchim": batchim} {
		o := small()
		o.MinCount, o.Epochs = 2, 1
		_, r, err := Fit(context.Background(), make(200, 1), make(40, 2), o, Hooks{})
		if err != nil || r.BestDev > 0.65 {
			t.Errorf("%s: dev accuracy %v, error %v, want that of a guess", name, r.BestDev, err)
		}
	}
}

// TestSameBitsOfEveryKind wants the same file from the same seed whatever the
// threads, and another from another seed.
func TestSameBitsOfEveryKind(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			o := k.options()
			o.Model.Hidden, o.Model.Layers, o.Epochs, o.Batch = 48, 2, 1, 32 // large enough to be shared out
			o.Model.Chars *= 2
			fit := func() []byte {
				m, _, err := Fit(context.Background(), k.make(64, 1), k.make(8, 2), o, Hooks{})
				if err != nil {
					t.Fatal(err)
				}
				return bytesOf(t, m)
			}
			want := fit()
			for _, threads := range []int{1, 2, 3} {
				o.Threads = threads
				if !bytes.Equal(fit(), want) {
					t.Errorf("%d threads make another file than one", threads)
				}
			}
			o.Seed = 2
			if bytes.Equal(fit(), want) {
				t.Error("another seed makes the same file")
			}
		})
	}
}

// TestStepOfEveryKindAllocates wants no allocation in a whole training step
// once warm.
func TestStepOfEveryKindAllocates(t *testing.T) {
	for _, k := range kinds() {
		o := k.options()
		o.Threads, o.Model.Layers = 2, 2
		m, examples := k.fresh(t, o, 64)
		tr, err := newTrainer(m, o, func(Event) {})
		if err != nil {
			t.Fatal(err)
		}
		tr.weigh(examples.All)
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
		if n := testing.AllocsPerRun(10, step); n != 0 || tr.result.Skipped > 0 {
			t.Errorf("%s: %v allocations in %d batches, %d skipped, want none", k.name, n, len(batches), tr.result.Skipped)
		}
		tr.team.Close()
	}
}

// join makes one sequence of all.
func join(all []data.Sequence, task string) (long data.Sequence) {
	for _, s := range all {
		long.Tokens, long.X = append(long.Tokens, s.Tokens...), append(long.X, s.X...)
		if task != model.TaskClassify || long.Labels == nil && long.Values == nil {
			long.Labels, long.Values = append(long.Labels, s.Labels...), append(long.Values, s.Values...)
		}
	}
	return long
}

// TestEvaluateOfEveryKind compares predictions in batches and chunks with those
// of each example alone, all its steps at once; one is longer than a chunk.
func TestEvaluateOfEveryKind(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			o := k.options()
			m, _ := k.fresh(t, o, 60)
			sequences := append(k.make(40, 2), join(k.make(100, 3), o.Model.Task))
			if n := sequences[40].Steps(); n < evalChunk+100 {
				t.Fatalf("the longest has %d steps", n)
			}
			examples, err := Encode(m, sequences)
			if err != nil {
				t.Fatal(err)
			}
			net, err := m.Network(nil)
			if err != nil {
				t.Fatal(err)
			}
			e, err := Evaluate(context.Background(), m, net, examples)
			if err != nil {
				t.Fatal(err)
			}
			loss, outputs := 0.0, 0
			b := batch{task: o.Model.Task}
			for i := range sequences {
				if err := b.fill(examples, []int{i}, 0, nil); err != nil {
					t.Fatal(err)
				}
				c := b.chunk(0, b.layout.Steps())
				net.Begin(&b.layout, examples.Forms)
				z, best, sum := net.Predict(0, b.layout.Steps(), c)
				loss, outputs = loss+sum, outputs+b.targets(c)
				if o.Model.Output == model.Real {
					if !slices.Equal(e.Values[i], z) {
						t.Fatalf("sequence %d: values %v, alone %v", i, e.Values[i], z)
					}
				} else if !slices.Equal(e.Predicted[i], best) {
					t.Fatalf("sequence %d: labels %v, alone %v", i, e.Predicted[i], best)
				}
			}
			if want := loss / float64(outputs); !(want > 0) || math.Abs(e.Loss-want) > 1e-6*want {
				t.Errorf("loss %v, want %v", e.Loss, want)
			}
		})
	}
}

// TestEventsOfValues wants a loss on dev data but no accuracy, and the best
// epoch to be the one of the least loss.
func TestEventsOfValues(t *testing.T) {
	i := slices.IndexFunc(kinds(), func(k kind) bool { return k.name == "real" })
	best, at := math.Inf(1), 0
	h := Hooks{Event: func(e Event) {
		if e.Kind != EpochDone {
			return
		}
		if !math.IsNaN(e.Dev) || !(e.DevLoss >= 0) || e.Best != (e.DevLoss < best) {
			t.Errorf("epoch %d: %+v, the best so far %v", e.Epoch, e, best)
		}
		if e.Best {
			best, at = e.DevLoss, e.Epoch
		}
	}}
	k := kinds()[i]
	_, r, err := Fit(context.Background(), k.make(100, 1), k.make(20, 2), k.options(), h)
	if err != nil || r.BestEpoch != at || r.BestLoss != best {
		t.Errorf("result %+v, error %v, want epoch %d and loss %v", r, err, at, best)
	}
}

func TestNewOptionsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.WordDrop = -0.1 }, "word dropout -0.1"},
		{func(o *Options) { o.WordDrop = 1 }, "word dropout 1"},
		{func(o *Options) { o.WordDrop = math.NaN() }, "word dropout NaN"},
		{func(o *Options) { o.Constraints = "iob" }, `constraints "iob" are unknown`},
		{func(o *Options) { o.BPTT, o.Model.Task = 3, model.TaskClassify }, "bptt over 3 steps"},
		{func(o *Options) { o.BPTT, o.Model.Output = 3, model.CRF }, "bptt over 3 steps"},
		{func(o *Options) { o.BPTT, o.Recompute = 3, true }, "recompute and bptt over 3 steps"},
		{func(o *Options) { o.Model.Bidirectional, o.Recompute = true, true }, "recompute of two directions"},
		{func(o *Options) { o.Memory = -1 }, "memory of -1 bytes"},
		{func(o *Options) { o.Model.Chars = 3 }, "chars"},
		{func(o *Options) { o.Model.Vector = 3 }, "vectors and tokens"},
		{func(o *Options) { o.Model.Task, o.Model.Output = model.TaskClassify, model.CRF }, "CRF for one label"},
	} {
		o := small()
		c.change(&o)
		_, _, err := Fit(context.Background(), echo(3, 1), nil, o, Hooks{})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}
