package train

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
)

// TestSequencesThatDoNotFit wants an error of one line that names the sequence,
// by its name or its number, and what is wrong, of training data and of dev.
func TestSequencesThatDoNotFit(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	tokens, x, xy := []string{"a", "b"}, [][]float32{{1, 2}, {3, 4}}, []string{"x", "y"}
	tag := func(*Options) {}
	class := func(o *Options) { o.Model.Task = model.TaskClassify }
	real := func(o *Options) { ofVectors(o); o.Model.Output = model.Real }
	classReal := func(o *Options) { real(o); class(o) }
	for _, c := range []struct {
		change func(*Options)
		bad    data.Sequence
		want   string
	}{
		{tag, data.Sequence{}, "0 tokens and 0 labels, expected as many of both and at least 1"},
		{tag, data.Sequence{Tokens: tokens}, "2 tokens and 0 labels"},
		{tag, data.Sequence{Tokens: tokens, Labels: xy[:1]}, "2 tokens and 1 labels"},
		{tag, data.Sequence{Labels: xy}, "0 tokens and 2 labels"},
		{tag, data.Sequence{X: x, Labels: xy}, "0 tokens and 2 labels"},
		{tag, data.Sequence{Tokens: tokens, X: x, Labels: xy}, "2 tokens and 2 vectors, expected tokens alone"},
		{tag, data.Sequence{Tokens: tokens, Values: x}, "2 tokens and 0 labels"},
		{class, data.Sequence{Tokens: tokens}, "2 tokens and 0 labels of the whole, expected at least 1 and just 1"},
		{class, data.Sequence{Tokens: tokens, Labels: xy}, "2 tokens and 2 labels of the whole"},
		{class, data.Sequence{Labels: xy[:1]}, "0 tokens and 1 labels of the whole"},
		{ofVectors, data.Sequence{Tokens: tokens, Labels: xy}, "0 vectors and 2 labels"},
		{ofVectors, data.Sequence{X: x, Labels: xy[:1]}, "2 vectors and 1 labels"},
		{ofVectors, data.Sequence{X: [][]float32{{1, 2}, {3}}, Labels: xy}, "vector of step 2: 1 numbers, expected 2"},
		{ofVectors, data.Sequence{X: [][]float32{{1, 2, 3}, {3}}, Labels: xy}, "vector of step 1: 3 numbers, expected 2"},
		{ofVectors, data.Sequence{X: [][]float32{{1, 2}, {3, nan}}, Labels: xy}, "vector of step 2: NaN, expected finite numbers"},
		{ofVectors, data.Sequence{X: [][]float32{{inf, 2}, {3, 4}}, Labels: xy}, "vector of step 1: -Inf, expected finite numbers"},
		{real, data.Sequence{X: x, Labels: xy}, "2 vectors and 0 values"},
		{real, data.Sequence{X: x, Values: x[:1]}, "2 vectors and 1 values"},
		{real, data.Sequence{X: x, Values: [][]float32{{1, 2}, {3}}}, "values of step 2: 1 numbers, expected 2"},
		{real, data.Sequence{X: x, Values: [][]float32{{1, 2}, {nan, 3}}}, "values of step 2: NaN, expected finite numbers"},
		{classReal, data.Sequence{X: x, Values: x}, "2 vectors and 2 values of the whole"},
		{classReal, data.Sequence{X: x, Values: [][]float32{{1, 2, 3}}}, "values of step 1: 3 numbers, expected 2"},
	} {
		o := small()
		c.change(&o)
		good := data.Sequence{Tokens: tokens[:1], Labels: xy[:1]}
		if o.Model.Vector > 0 {
			good = data.Sequence{X: x[:1], Labels: xy[:1]}
		}
		if o.Model.Output == model.Real {
			good.Labels, good.Values = nil, x[:1]
		}
		for _, name := range []string{"", "f.txt:3"} {
			bad := c.bad
			bad.Name = name
			both, begins := []data.Sequence{good, bad}, "sequence 2: "
			if name != "" {
				begins = name + ": "
			}
			_, _, ofTraining := Fit(context.Background(), both, nil, o, Hooks{})
			_, _, ofDev := Fit(context.Background(), both[:1], both, o, Hooks{})
			for of, err := range map[string]error{"training": ofTraining, "dev": ofDev} {
				if err == nil || !strings.HasPrefix(err.Error(), begins+c.want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: error %v, want one that begins with %s%s", of, err, begins, c.want)
				}
			}
		}
	}
}

// TestEncode wants every distinct token once among the forms, and targets of
// every kind.
func TestEncode(t *testing.T) {
	o := small()
	o.MinCount = 1
	m := newModel(t, o, tagged("a", "b", "c"))
	examples, err := Encode(m, []data.Sequence{tagged("b", "new", "b"), tagged("new", "a")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := examples.Forms.IDs, []int32{2, model.Unknown, 1}; !slices.Equal(got, want) {
		t.Errorf("forms %v, want %v", got, want)
	}
	for i, want := range []Example{{Tokens: []int32{0, 1, 0}, Labels: []int32{1, loss.NoLabel, 1}}, {Tokens: []int32{1, 2}, Labels: []int32{loss.NoLabel, 0}}} {
		if got := examples.All[i]; !slices.Equal(got.Tokens, want.Tokens) || !slices.Equal(got.Labels, want.Labels) || got.X != nil || got.Values != nil {
			t.Errorf("example %d: %+v, want %+v", i, got, want)
		}
	}
	none, err := Encode(m, nil)
	if err != nil || len(none.All) != 0 {
		t.Errorf("no sequences: %+v, error %v", none, err)
	}
}

// TestBatches wants a batch's rows, and those of its chunks, to be the
// examples' at their places: inputs a step, targets a step or a sequence's end.
func TestBatches(t *testing.T) {
	for _, task := range []string{model.TaskTag, model.TaskClassify} {
		o := small()
		ofVectors(&o)
		o.Model.Output, o.Model.Task = model.Real, task
		sequences := sums(20, 1)
		if task == model.TaskClassify {
			sequences = totals(20, 1)
		}
		m := newModel(t, o, sequences...)
		examples, err := Encode(m, sequences)
		if err != nil {
			t.Fatal(err)
		}
		b := batch{task: task}
		indices := cut(examples.All, []int{0, 3, 5, 7, 11, 13}, 6)[0]
		if err := b.fill(examples, indices, 0, nil); err != nil {
			t.Fatal(err)
		}
		for from := range b.layout.Steps() {
			for to := from + 1; to <= b.layout.Steps(); to++ {
				c := b.chunk(from, to)
				var x, values []float32
				for step := from; step < to; step++ {
					for s := range b.layout.Alive(step) {
						x = append(x, sequences[indices[s]].X[step]...)
						if task == model.TaskTag {
							values = append(values, sequences[indices[s]].Values[step]...)
						}
					}
				}
				for s, n := range b.layout.Lengths {
					if task == model.TaskClassify && from < n && n <= to {
						values = append(values, sequences[indices[s]].Values[0]...)
					}
				}
				if !slices.Equal(c.X, x) || !slices.Equal(c.Values, values) || b.targets(c) != len(values)/2 || c.IDs != nil {
					t.Errorf("%s, steps [%d, %d): %+v, want x %v and values %v", task, from, to, c, x, values)
				}
			}
		}
	}
}
