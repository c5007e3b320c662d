package model_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// kind is a row of a table of models by what they read and what they say.
type kind struct {
	name   string
	labels []string
	change func(c *model.Config)
}

func (k kind) String() string { return k.name }

// config returns the configuration, all widths scale times the least.
func (k kind) config(scale int) model.Config {
	c := model.Config{Task: model.TaskTag, Output: model.Softmax, Cell: rnn.Tanh, Embed: 5, Hidden: 6, Layers: 2, LearnH0: true}
	k.change(&c)
	for _, width := range []*int{&c.Embed, &c.Hidden, &c.Vector, &c.Chars, &c.FeatureEmbed} {
		*width *= scale
	}
	return c
}

func (k kind) model(t testing.TB, scale int) *model.Model {
	return newModel(t, k.config(scale), oddTokens, k.labels)
}

func chars(cell rnn.Cell) func(c *model.Config) {
	return func(c *model.Config) { c.Chars, c.CharCell = 3, cell }
}

func vectors(c *model.Config) { c.Embed, c.Vector = 0, 4 }

func features(c *model.Config) {
	c.Features, c.FeatureEmbed = []model.Feature{model.Shape, "prefix1", "suffix3"}, 2
}

// all makes all of these changes.
func all(changes ...func(c *model.Config)) func(c *model.Config) {
	return func(c *model.Config) {
		for _, change := range changes {
			change(c)
		}
	}
}

func classify(c *model.Config)      { c.Task = model.TaskClassify }
func real(c *model.Config)          { c.Output = model.Real }
func crf(c *model.Config)           { c.Output = model.CRF }
func bidirectional(c *model.Config) { c.Bidirectional = true }
func jamo(c *model.Config)          { c.Jamo = true }
func cell(cell rnn.Cell) func(c *model.Config) {
	return func(c *model.Config) { c.Cell = cell }
}
func constrained(s span.Scheme) func(c *model.Config) {
	return func(c *model.Config) { c.Output, c.Constraints = model.CRF, s }
}

// kinds are models of every input and output.
func kinds() []kind {
	abc := []string{"A", "B", "C"}
	return []kind{
		{"words", abc, all()},
		{"chars-lstm", abc, chars(rnn.LSTM)},
		{"chars-gru", abc, all(chars(rnn.GRU), cell(rnn.LSTM))},
		{"jamo", abc, all(chars(rnn.LSTM), jamo, cell(rnn.GRU))},
		{"features", abc, all(features, cell(rnn.ReLU))},
		{"chars-features", abc, all(chars(rnn.GRU), features)},
		{"vectors", abc, vectors},
		{"real", []string{"value1", "value2"}, real},
		{"vectors-real", []string{"value1"}, all(vectors, real, cell(rnn.GRU))},
		{"classify", abc, classify},
		{"classify-chars", abc, all(classify, chars(rnn.GRU), features, cell(rnn.LSTM))},
		{"classify-both", abc, all(classify, bidirectional, chars(rnn.LSTM))},
		{"classify-real", []string{"value1", "value2"}, all(classify, vectors, real, cell(rnn.LSTM))},
		{"lm", []string{"the", ""}, all(func(c *model.Config) { c.Task, c.Unit = model.TaskLM, model.UnitWords }, chars(rnn.LSTM))},
		{"crf", abc, all(crf, bidirectional)},
		{"crf-bio", []string{"O", "B-x", "I-x"}, all(constrained(span.BIO), bidirectional, chars(rnn.LSTM), features)},
		{"crf-bioes", []string{"O", "S-x", "B-x", "I-x", "E-x"}, all(constrained(span.BIOES), vectors)},
	}
}

// streamed are the kinds that label a stream.
func streamed(t *testing.T) (some []kind) {
	for _, k := range kinds() {
		if c := k.config(1); !c.Whole() && c.Vector == 0 {
			some = append(some, k)
		}
	}
	if len(some) < 8 {
		t.Fatalf("only %v", some)
	}
	return some
}

func TestEveryKindIsReadAsItWasWritten(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 1)
			first := written(t, m)
			got := read(t, first)
			same(t, got, m)
			if !reflect.DeepEqual(got.Config, m.Config) || !reflect.DeepEqual(got.Dims(), m.Dims()) {
				t.Errorf("config %+v of %+v, want %+v of %+v", got.Config, got.Dims(), m.Config, m.Dims())
			}
			if !slices.Equal(written(t, got), first) {
				t.Error("read and written again, the model has other bytes")
			}
			p := newProblem(t, m, someLengths...)
			z, _ := predict(network(t, m, m.Params, nil), p, p.Steps())
			gotZ, _ := predict(network(t, got, got.Params, nil), newProblem(t, got, someLengths...), p.Steps())
			sameBits(t, "z", gotZ, z)
		})
	}
}

// TestTensorsOfEveryKind wants the file to have these tensors, no others, and
// what is in the slab under their names.
func TestTensorsOfEveryKind(t *testing.T) {
	layer := func(prefix, suffix string, g, i, h int) map[string][]int {
		return map[string][]int{
			prefix + "weight_ih" + suffix: {g * h, i}, prefix + "weight_hh" + suffix: {g * h, h},
			prefix + "bias_ih" + suffix: {g * h}, prefix + "bias_hh" + suffix: {g * h},
		}
	}
	join := func(parts ...map[string][]int) map[string][]int {
		whole := map[string][]int{}
		for _, p := range parts {
			for name, shape := range p {
				whole[name] = shape
			}
		}
		return whole
	}
	words := map[string][]int{"embed.weight": {3, 2}, "out.weight": {3, 3}, "out.bias": {3}}
	for _, test := range []struct {
		name   string
		change func(c *model.Config)
		want   map[string][]int
	}{
		{"words", all(), join(words, layer("rnn.", "_l0", 1, 2, 3))},
		{"chars-lstm", chars(rnn.LSTM), join(words, layer("rnn.", "_l0", 1, 2+6, 3), map[string][]int{"chars.embed.weight": {3, 3}},
			layer("chars.rnn.", "_l0", 4, 3, 3), layer("chars.rnn.", "_l0_reverse", 4, 3, 3))},
		{"chars-gru", chars(rnn.GRU), join(words, layer("rnn.", "_l0", 1, 2+6, 3), map[string][]int{"chars.embed.weight": {3, 3}},
			layer("chars.rnn.", "_l0", 3, 3, 3), layer("chars.rnn.", "_l0_reverse", 3, 3, 3))},
		{"features", features, join(words, layer("rnn.", "_l0", 1, 2+6, 3), map[string][]int{
			"features.shape.weight": {3, 2}, "features.prefix1.weight": {3, 2}, "features.suffix3.weight": {3, 2}})},
		{"crf", crf, join(words, layer("rnn.", "_l0", 1, 2, 3), map[string][]int{
			"crf.transitions": {3, 3}, "crf.start": {3}, "crf.end": {3}})},
		{"vectors", vectors, join(map[string][]int{"out.weight": {3, 3}, "out.bias": {3}}, layer("rnn.", "_l0", 1, 4, 3))},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := shape{rnn.Tanh, 1, false}.config(2, 3)
			test.change(&c)
			m := newModel(t, c, []string{"a", "7"}, []string{"X", "Y", "Z"})
			f := parse(t, written(t, m))
			got := map[string][]int{}
			for name, one := range f.tensors {
				got[name] = one.Shape
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("tensors %v, want %v", got, test.want)
			}
			for _, p := range m.Tensors() {
				name := strings.Replace(p.Name, ".bias_l", ".bias_ih_l", 1)
				if !strings.Contains(name, "bias_hn") { // the GRU's is in bias_hh
					sameBits(t, name, f.values(name), param(t, m, p.Name))
				}
			}
		})
	}
}

// TestEveryKindLearns wants a loss and, but for those that are forbidden, a
// gradient of every tensor: otherwise the tests of bits would prove little.
func TestEveryKindLearns(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 1)
			n, p := network(t, m, m.Params, nil), newProblem(t, m, someLengths...)
			if l := train(n, p, p.Steps()); !(l > 0) || math.IsInf(l, 0) {
				t.Errorf("loss %v", l)
			}
			for _, v := range n.Tensors {
				if !slices.ContainsFunc(n.Grads[v.Offset:v.Offset+v.Size()], func(g float32) bool { return g != 0 }) {
					t.Errorf("no gradient of %s", v.Name)
				}
			}
		})
	}
}

func TestTeamsOfAnySizeGiveTheSameBitsOfEveryKind(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 8)
			p := newProblem(t, m, 30, 29, 29, 21, 17, 8, 3, 1)
			one := network(t, m, m.Params, nil)
			want := train(one, p, p.Steps())
			wantZ, _ := predict(one, p, p.Steps())
			for threads := 1; threads <= 3; threads++ {
				n := network(t, m, m.Params, team(t, threads))
				for range 2 { // the second time in memory that was used
					if got := train(n, p, p.Steps()); got != want {
						t.Errorf("%d threads: loss %v, want %v", threads, got, want)
					}
					sameBits(t, fmt.Sprintf("gradients of %d threads", threads), n.Grads, one.Grads)
				}
				z, _ := predict(n, p, p.Steps())
				sameBits(t, fmt.Sprintf("z of %d threads", threads), z, wantZ)
			}
		})
	}
}

func TestEveryKindAllocatesNothingOnceWarm(t *testing.T) {
	for _, k := range kinds() {
		for _, threads := range []int{1, 2} {
			t.Run(fmt.Sprint(k, "-", threads), func(t *testing.T) {
				m := k.model(t, 2)
				p, smaller := newProblem(t, m, 30, 29, 21, 8, 1), newProblem(t, m, 5, 2)
				n := network(t, m, m.Params, team(t, threads))
				both := func() {
					for _, p := range []problem{p, smaller} {
						clear(n.Grads)
						n.Begin(p.Batch, p.forms)
						n.Step(0, p.Steps(), p.part(0, p.Steps()))
						n.Repack()
						n.Predict(0, p.Steps(), p.part(0, p.Steps()))
						n.Begin(p.Batch, p.forms)
						n.Predict(0, p.Steps(), model.Chunk{Tokens: p.Tokens, IDs: p.IDs, X: p.X})
					}
				}
				both()
				allocs := testing.AllocsPerRun(5, both)
				if allocs > 0 { // a worker that was not counted on until now has made its own memory
					allocs = testing.AllocsPerRun(5, both)
				}
				if allocs != 0 {
					t.Errorf("%v allocations, want none", allocs)
				}
			})
		}
	}
}

// TestChunksOfEveryKindPredictAsTheWhole wants z to the bit, and the loss but
// for the order of its sum, in chunks of any length: where a model classifies,
// in the chunk where a sequence ends.
func TestChunksOfEveryKindPredictAsTheWhole(t *testing.T) {
	for _, k := range kinds() {
		if k.config(1).Whole() {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 1)
			n, p := network(t, m, double(m.Params), nil), newProblem(t, m, someLengths...)
			z, want := predict(n, p, p.Steps())
			for steps := 1; steps < p.Steps(); steps++ {
				got, l := predict(n, p, steps)
				if !slices.Equal(got, z) || math.Abs(l-want) > 1e-12*want {
					t.Errorf("chunks of %d steps: z is the same: %v, loss %v, want %v", steps, slices.Equal(got, z), l, want)
				}
				if l := train(n, p, steps); math.Abs(l-want) > 1e-12*want {
					t.Errorf("chunks of %d steps: Step's loss %v, want %v", steps, l, want)
				}
			}
		})
	}
}

// TestOutputsComeWhereSequencesEnd wants a model that classifies to say
// something of a sequence in the chunk with its last step and in no other.
func TestOutputsComeWhereSequencesEnd(t *testing.T) {
	m := kind{"", []string{"A", "B", "C"}, classify}.model(t, 1)
	n, p := network(t, m, m.Params, nil), newProblem(t, m, 5, 3, 3, 1)
	n.Begin(p.Batch, p.forms)
	for step, want := range []int{1, 0, 2, 0, 1} {
		c := p.part(step, step+1)
		if z, best, _ := n.Predict(step, step+1, c); len(best) != want || len(z) != 3*want || len(c.Labels) != want {
			t.Errorf("step %d: %d labels, %d numbers of z, want %d labels", step, len(best), len(z), want)
		}
	}
}
