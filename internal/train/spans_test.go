package train

import (
	"context"
	"math"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/model"
)

// always returns a model of two labels that says the first after the token a,
// the second otherwise, and its network.
func always(t *testing.T, first, second string) (*model.Model, *model.Network[float32]) {
	t.Helper()
	o := small()
	o.Model.Embed, o.Model.Hidden = 1, 1
	m, err := fresh([]data.Sequence{{Tokens: []string{"a", "b"}, Labels: []string{first, second}}}, o)
	if err != nil {
		t.Fatal(err)
	}
	clear(m.Params)
	set := func(name string, values ...float32) {
		for _, tensor := range m.Tensors() {
			if tensor.Name == name {
				copy(m.Params[tensor.Offset:], values)
			}
		}
	}
	side := float32(1)
	if m.Labels[0] != first {
		side = -1
	}
	set("embed.weight", -1, 1, -1) // unknown, a, b
	set("rnn.weight_ih_l0", 5)
	set("out.weight", side, -side)
	net, err := m.Network(nil)
	if err != nil {
		t.Fatal(err)
	}
	return m, net
}

// TestSpansAreScored wants the spans of predicted labels beside those of the
// gold ones, of types that the model does not know as well.
func TestSpansAreScored(t *testing.T) {
	m, net := always(t, "B-x", "I-x")
	sequences := []data.Sequence{
		{Tokens: []string{"a", "b", "b"}, Labels: []string{"B-x", "I-x", "I-x"}}, // found
		{Tokens: []string{"b", "a"}, Labels: []string{"O", "B-x"}},               // I-x B-x: one made up, one found
		{Tokens: []string{"a", "a"}, Labels: []string{"B-x", "B-y"}},             // one found, one of another type
	}
	examples, err := Encode(m, sequences)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Evaluate(context.Background(), m, net, examples)
	if err != nil {
		t.Fatal(err)
	}
	want := metrics.Score{Name: "micro", Precision: 3.0 / 5, Recall: 3.0 / 4, F1: 6.0 / 9, Support: 4, Predicted: 5}
	if got := e.Spans.Micro(); got != want || e.SpanF1() != want.F1 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if types := e.Spans.PerType(); len(types) != 2 || types[1].Name != "y" || types[1].Support != 1 {
		t.Errorf("types %+v, want x and y, which the model does not know", types)
	}
}

func TestNoSpansToScore(t *testing.T) {
	for _, labels := range [][2]string{{"NOUN", "VERB"}, {"B-x", "_"}, {"B", "I"}} {
		m, net := always(t, labels[0], labels[1])
		examples, err := Encode(m, []data.Sequence{{Tokens: []string{"a"}, Labels: []string{"B-x"}}})
		if err != nil {
			t.Fatal(err)
		}
		e, err := Evaluate(context.Background(), m, net, examples)
		if err != nil {
			t.Fatal(err)
		}
		if e.Spans != nil || !math.IsNaN(e.SpanF1()) || examples.All[0].Spans != nil {
			t.Errorf("%v mark spans", labels)
		}
	}
}

// TestBetter wants the spans' F1 to decide where there is one, then the labels'
// mean where they count alike, then accuracy;
// the loss where there are no labels.
func TestBetter(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		change      func(*Options)
		before, now Event
		want        bool
	}{
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: nan}, Event{Dev: 0.91, DevSpanF1: nan}, true},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: nan}, Event{Dev: 0.9, DevSpanF1: nan}, false},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: 0.5}, Event{Dev: 0.8, DevSpanF1: 0.6}, true},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: 0.5}, Event{Dev: 0.95, DevSpanF1: 0.4}, false},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: 0}, Event{Dev: 0.91, DevSpanF1: 0}, true},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: 0}, Event{Dev: 0.89, DevSpanF1: 0}, false},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: nan, DevMacroF1: 0.5}, Event{Dev: 0.8, DevSpanF1: nan, DevMacroF1: 0.6}, true},
		{func(*Options) {}, Event{Dev: 0.9, DevSpanF1: 0.5, DevMacroF1: 0.5}, Event{Dev: 0.8, DevSpanF1: 0.4, DevMacroF1: 0.6}, false},
		{func(o *Options) { o.Model.Output = model.Real }, Event{Dev: nan, DevSpanF1: nan, DevLoss: 2}, Event{Dev: nan, DevSpanF1: nan, DevLoss: 1}, true},
		{func(o *Options) { o.Model.Task = model.TaskLM }, Event{Dev: 0.2, DevSpanF1: nan, DevLoss: 2}, Event{Dev: 0.3, DevSpanF1: nan, DevLoss: 3}, false},
	} {
		tr := &trainer{Options: small()}
		c.change(&tr.Options)
		tr.result = Result{BestDev: c.before.Dev, BestSpanF1: c.before.DevSpanF1, BestMacroF1: c.before.DevMacroF1, BestLoss: c.before.DevLoss}
		if got := tr.better(c.now); got != c.want {
			t.Errorf("%+v after %+v: better %v, want %v", c.now, c.before, got, c.want)
		}
	}
}
