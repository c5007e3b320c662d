package train

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// kind is a row of a table of trainings by what is read and what is said.
type kind struct {
	name   string
	make   func(n int, seed uint64) []data.Sequence
	change func(*Options)
	dev    float64 // accuracy on dev data that is learned
	loss   float64 // or, of values, the squared error
}

func (k kind) options() Options {
	o := small()
	k.change(&o)
	return o
}

// fresh returns a model of the kind that is not trained, of which no parameter
// is zero, and examples.
func (k kind) fresh(t testing.TB, o Options, n int) (*model.Model, *Examples) {
	t.Helper()
	sequences := k.make(n, 1)
	m, err := fresh(sequences, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Params {
		m.Params[i] += float32(math.Sin(float64(i))) / 2
	}
	examples, err := Encode(m, sequences)
	if err != nil {
		t.Fatal(err)
	}
	return m, examples
}

// random calls f for each of n sequences, with how long it is.
func random(n int, seed uint64, f func(r *rand.Rand, steps int) data.Sequence) (all []data.Sequence) {
	r := rand.New(rand.NewPCG(seed, 6))
	for range n {
		all = append(all, f(r, 1+r.IntN(10)))
	}
	return all
}

// firsts are sequences of which the first token is the label.
func firsts(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		for range steps {
			s.Tokens = append(s.Tokens, []string{"a", "b", "c"}[r.IntN(3)])
		}
		s.Labels = s.Tokens[:1]
		return s
	})
}

// signs are sequences of vectors labelled with the sign of the running sum of
// their first numbers.
func signs(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		sum := float32(0)
		for range steps {
			x := []float32{float32(r.NormFloat64()), float32(r.NormFloat64())}
			if sum += x[0]; sum < 0 {
				s.Labels = append(s.Labels, "-")
			} else {
				s.Labels = append(s.Labels, "+")
			}
			s.X = append(s.X, x)
		}
		return s
	})
}

// sums are sequences of vectors with the running sums of their numbers.
func sums(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		var a, b float32
		for range steps {
			x := []float32{r.Float32() / 5, r.Float32() / 5}
			a, b = a+x[0], b+x[1]
			s.X, s.Values = append(s.X, x), append(s.Values, []float32{a, b})
		}
		return s
	})
}

// totals are sums with those of the whole alone.
func totals(n int, seed uint64) []data.Sequence {
	all := sums(n, seed)
	for i, s := range all {
		all[i].Values = s.Values[len(s.Values)-1:]
	}
	return all
}

// endings are sequences of words labelled with their last letter; the first
// letter is the seed's, so that no word is one of another seed's.
func endings(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		for range steps {
			word := make([]byte, 12+r.IntN(4))
			for i := range word {
				word[i] = "abcd"[r.IntN(4)]
			}
			word[0] = byte('e' + seed)
			s.Tokens, s.Labels = append(s.Tokens, string(word)), append(s.Labels, string(word[len(word)-1]))
		}
		return s
	})
}

// batchim are sequences of words of Hangul syllables, labelled with whether the
// last one ends in a consonant: most dev words have syllables never seen.
func batchim(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		for range steps {
			word, final := "", 0
			for range 1 + r.IntN(3) {
				final = r.IntN(2) * (1 + r.IntN(27))
				word += string(rune(0xAC00 + 28*r.IntN(19*21) + final))
			}
			s.Tokens, s.Labels = append(s.Tokens, word), append(s.Labels, fmt.Sprint(final > 0))
		}
		return s
	})
}

// spans are sequences in BIO, the tokens' letters giving the labels away.
func spans(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		kind := ""
		for range steps {
			switch i := r.IntN(4); {
			case i == 0:
				kind = ""
				s.Tokens, s.Labels = append(s.Tokens, "of"), append(s.Labels, "O")
			case i == 1 && kind != "":
				s.Tokens, s.Labels = append(s.Tokens, "more"), append(s.Labels, "I-"+kind)
			default:
				kind = []string{"x", "y"}[r.IntN(2)]
				s.Tokens, s.Labels = append(s.Tokens, kind), append(s.Labels, "B-"+kind)
			}
		}
		return s
	})
}

// counting is text in which a word is followed by the next of ten.
func counting(n int, seed uint64) []data.Sequence {
	return random(n, seed, func(r *rand.Rand, steps int) (s data.Sequence) {
		at := r.IntN(10)
		for range steps {
			next := (at + 1) % 10
			s.Tokens, s.Labels = append(s.Tokens, fmt.Sprint(at)), append(s.Labels, fmt.Sprint(next))
			at = next
		}
		return s
	})
}

func characters(cell rnn.Cell) func(*Options) {
	return func(o *Options) { o.Model.Chars, o.Model.CharCell, o.MinCount, o.Epochs = 12, cell, 2, 5 }
}

func ofVectors(o *Options) { o.Model.Vector, o.Model.Embed, o.Model.Cell = 2, 0, rnn.GRU }

func kinds() []kind {
	return []kind{
		{"classify", firsts, func(o *Options) { o.Model.Task, o.Model.Cell, o.Epochs = model.TaskClassify, rnn.GRU, 10 }, 0.97, 0},
		{"classify-both", firsts, func(o *Options) { o.Model.Task, o.Model.Bidirectional, o.Epochs = model.TaskClassify, true, 5 }, 0.97, 0},
		{"vectors", signs, func(o *Options) { ofVectors(o); o.Epochs = 10 }, 0.95, 0},
		{"real", sums, func(o *Options) { ofVectors(o); o.Model.Output, o.Epochs = model.Real, 30 }, 0, 0.005},
		{"classify-real", totals, func(o *Options) {
			ofVectors(o)
			o.Model.Task, o.Model.Output, o.Epochs = model.TaskClassify, model.Real, 60
		}, 0, 0.005},
		{"chars-lstm", endings, characters(rnn.LSTM), 0.95, 0},
		{"chars-gru", endings, characters(rnn.GRU), 0.95, 0},
		{"jamo", batchim, func(o *Options) { characters(rnn.GRU)(o); o.Model.Jamo = true }, 0.95, 0},
		{"features", endings, func(o *Options) {
			o.Model.Features, o.Model.FeatureEmbed, o.MinCount = []model.Feature{"prefix2", "suffix1", model.Shape}, 4, 2
		}, 0.95, 0},
		{"word-drop", echo, func(o *Options) { o.WordDrop, o.Epochs = 0.1, 8 }, 0.95, 0},
		{"crf-bio", spans, func(o *Options) { o.Model.Output, o.Model.Bidirectional = model.CRF, true }, 0.99, 0},
		{"lm", counting, func(o *Options) { o.Model.Task, o.Model.Unit = model.TaskLM, model.UnitWords }, 0.99, 0},
	}
}

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
