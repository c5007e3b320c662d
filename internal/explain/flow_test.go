package explain

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// The verdicts on cases whose gradients are known to vanish and to explode.
func TestVerdictsOfGoldenCases(t *testing.T) {
	for _, c := range []struct {
		name           string
		verdict        Verdict
		fades, explode int
	}{
		{"seed-t2", Neither, 0, 0},
		{"tanh-exploding", Exploding, 0, 25},
		{"tanh-saturated", Vanishing, 17, 0},
		{"tanh-long", Vanishing, 8, 0},
	} {
		n, tr := goldenCase(t, c.name)
		f := CaseFlow(c.name, n, tr, CaseInfluence(n, tr))
		if f.Verdict != c.verdict || f.Fades != c.fades || f.Explodes != c.explode {
			t.Errorf("%s: %s, fades at %d, explodes at %d; want %+v", c.name, f.Verdict, f.Fades, f.Explodes, c)
		}
		if len(f.Points) != tr.T() {
			t.Errorf("%s: %d distances, want %d", c.name, len(f.Points), tr.T())
		}
		for _, p := range f.Points {
			if !(p.Low <= p.Median && p.Median <= p.High && p.High <= p.Bound*(1+1e-9)) || p.Pairs != tr.T()+1-p.Distance {
				t.Errorf("%s: %+v", c.name, p)
			}
		}
	}
}

// TestVerdictOfFewPairs wants distances with less than an eighth of the pairs that
// distance 1 has to say nothing, and the first that leaves the range to decide.
func TestVerdictOfFewPairs(t *testing.T) {
	for _, c := range []struct {
		pairs           int     // of distance 2
		median          float64 // there; at distance 3 it is 1e-4
		verdict         Verdict
		fades, explodes int
	}{
		{7, 1e-4, Neither, 0, 0}, {8, 1e-4, Vanishing, 2, 0},
		{7, 1e4, Neither, 0, 0}, {8, 1e4, Exploding, 3, 2}, {64, 1, Vanishing, 3, 0},
	} {
		f := Flow{Verdict: Neither, Points: []Point{{Distance: 1, Pairs: 64, Median: 1}, {Distance: 2, Pairs: c.pairs, Median: c.median}, {Distance: 3, Pairs: 8, Median: 1e-4}}}
		if f.judge(); f.Verdict != c.verdict || f.Fades != c.fades || f.Explodes != c.explodes {
			t.Errorf("%+v: %s, fades at %d, explodes at %d", c, f.Verdict, f.Fades, f.Explodes)
		}
	}
}

// A network of H = 1 and zero input has h = 0, slope 1, and norms w^distance.
func TestFlowOfKnownRates(t *testing.T) {
	for _, c := range []struct {
		w               float64
		verdict         Verdict
		fades, explodes int
	}{
		{0.5, Vanishing, 10, 0}, // 0.5^10 = 0.00098
		{2, Exploding, 0, 10},   // 2^10 = 1024
		{1, Neither, 0, 0},
		{-0.9, Neither, 0, 0}, // 0.9^20 = 0.12
		{1e200, Exploding, 0, 1},
		{0, Vanishing, 1, 0},
	} {
		n := bptt.New(1, 1, 2)
		n.Whh[0] = c.w
		x, y := make([][]float64, 20), make([]int, 20)
		for i := range x {
			x[i] = []float64{0}
		}
		tr, err := n.Forward(x, []float64{0}, y)
		if err != nil {
			t.Fatal(err)
		}
		f := CaseFlow("", n, tr, CaseInfluence(n, tr))
		if f.Verdict != c.verdict || f.Fades != c.fades || f.Explodes != c.explodes {
			t.Errorf("w = %v: %s, %d, %d; want %+v", c.w, f.Verdict, f.Fades, f.Explodes, c)
		}
		for i, p := range f.Points {
			want := finite(math.Pow(math.Abs(c.w), float64(i+1)))
			if math.Abs(p.Median/want-1) > 1e-12 && want > 0 {
				t.Errorf("w = %v, distance %d: %v, want %v", c.w, p.Distance, p.Median, want)
			}
		}
		if _, err := json.Marshal(f); err != nil {
			t.Error(err)
		}
	}
}

// The flow of data is that of the tables where every state is in the sample,
// and the same whatever the number of threads.
func TestFlowOfModels(t *testing.T) {
	for _, cell := range rnn.Cells() {
		m := newModel(t, model.Config{Task: model.TaskTag, Cell: cell, Embed: 4, Hidden: 5, Layers: 2, Bidirectional: true, Output: model.Softmax})
		e, err := New(m, true)
		if err != nil {
			t.Fatal(err)
		}
		s := []data.Sequence{{Tokens: []string{"a", "b", "c", "a", "b", "b", "c"}}}
		in, err := e.Influence("m", s[0])
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Flow(in, "m", s, Sample{Chains: 99, Steps: 99, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range r.Layers {
			if l.Flow.Chains != 7 || len(l.Flow.Points) != 7 || (l.Flow.SigmaMax > 0) != (cell == rnn.Tanh || cell == rnn.ReLU) {
				t.Fatalf("%s: %d states, %d distances, σ %v", cell, l.Flow.Chains, len(l.Flow.Points), l.Flow.SigmaMax)
			}
			// The longest distance has one pair: the last step and the state before the first.
			last := l.Influence.DHdH[6][0]
			if l.Direction == Backward {
				last = l.Influence.DHdH[0][0]
			}
			near(t, "the longest distance", []float64{l.Flow.Points[6].Median}, []float64{last}, 1e-12)
			for _, p := range l.Flow.Points {
				if p.Bound > 0 && p.High > p.Bound*(1+1e-9) {
					t.Errorf("%s: %+v is above its bound", cell, p)
				}
			}
		}
		threads := runtime.GOMAXPROCS(1)
		again, err := e.Flow(nil, "m", s, Sample{Chains: 99, Steps: 99, Seed: 1})
		runtime.GOMAXPROCS(threads)
		if err != nil || !reflect.DeepEqual(again.Flow, r.Flow) {
			t.Errorf("%s: another flow with one thread, or %v", cell, err)
		}
	}
}

// A sample is as large as asked for, distinct, the same from the same seed, and
// not beyond the pieces' ends; long sequences are pieces.
func TestSample(t *testing.T) {
	long := data.Sequence{Tokens: make([]string, 2*MaxSteps+1), Labels: make([]string, 2*MaxSteps+1)}
	pieces := cut([]data.Sequence{long, {Tokens: []string{"a", "b"}, Labels: []string{"whole"}}})
	if len(pieces) != 4 || pieces[0].Steps() != MaxSteps || pieces[2].Steps() != 1 || len(pieces[2].Labels) != 1 || len(pieces[3].Labels) != 1 {
		t.Fatalf("%d pieces", len(pieces))
	}
	a, b, c := Sample{40, 9, 1}.draw(pieces), Sample{40, 9, 1}.draw(pieces), Sample{40, 9, 2}.draw(pieces)
	if len(a) != 40 || !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, c) {
		t.Errorf("%d states, the same again %v, from another seed %v", len(a), reflect.DeepEqual(a, b), reflect.DeepEqual(a, c))
	}
	for _, s := range a {
		if s.k >= pieces[s.piece].Steps() {
			t.Errorf("state %d of a piece of %d steps", s.k, pieces[s.piece].Steps())
		}
	}
	if all := (Sample{1000, 9, 1}).draw(pieces[2:]); len(all) != 3 {
		t.Errorf("%d states of 3 steps", len(all))
	}
}

// A look at a model just trained costs no more than its share, follows a state
// at the least, and sees what the whole data show.
func TestWatch(t *testing.T) {
	for _, c := range []struct{ params, width, trained, chains, steps int }{
		{20_000, 128, 1_700_000, 1, 48},
		{90_000, 256, 14_000_000, 1, 200},
		{90_000, 128, 140_000_000, 32, 200},
		{100, 4, 1, 32, 200},
		{10_000_000, 2048, 10, 1, 1},
	} {
		s := watchSample(c.params, c.width, c.trained)
		work, budget := 2*math.Pow(float64(c.width), 3)*float64(s.Chains*s.Steps), 6*float64(c.params)*float64(c.trained)*watchShare
		if s.Chains != c.chains || s.Steps != c.steps || work > max(budget, watchLeast) && s.Steps > 1 {
			t.Errorf("%+v: %+v, %g operations of %g", c, s, work, budget)
		}
	}
	m := newModel(t, model.Config{Task: model.TaskTag, Cell: rnn.Tanh, Embed: 4, Hidden: 5, Layers: 1, Output: model.Softmax})
	s := []data.Sequence{{Tokens: []string{"a", "b", "c"}}}
	f, err := Watch(m, s, 1)
	if err != nil {
		t.Fatal(err)
	}
	e, _ := New(m, true)
	all, err := e.Flow(nil, "", s, DefaultSample)
	if err != nil || !reflect.DeepEqual(f, all.Flow) {
		t.Errorf("%+v, want %+v (%v)", f, all.Flow, err)
	}
}

// Wide states are followed more rarely, and none that memory could not hold.
func TestWideStates(t *testing.T) {
	for _, c := range []struct {
		cell           rnn.Cell
		hidden, chains int
	}{{rnn.Tanh, 4, 32}, {rnn.LSTM, 128, 32}, {rnn.GRU, 1024, 4}, {rnn.LSTM, 400, 9}, {rnn.LSTM, 1025, 0}, {rnn.Tanh, 2048, 4}, {rnn.Tanh, 2049, 0}} {
		shape := rnn.Config{Cell: c.cell, Hidden: c.hidden}
		if err := checkState(shape); (err == nil) != (c.chains > 0) {
			t.Errorf("%s of %d: %v", c.cell, c.hidden, err)
		}
		if n := sampleOf(stateOf(shape)).Chains; c.chains > 0 && n != c.chains {
			t.Errorf("%s of %d: %d states, want %d", c.cell, c.hidden, n, c.chains)
		}
	}
}

// What no model can be explained by, or no number be told of.
func TestErrors(t *testing.T) {
	m := newModel(t, model.Config{Task: model.TaskTag, Cell: rnn.ReLU, Embed: 4, Hidden: 5, Layers: 1, Output: model.Real})
	e, err := New(m, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []data.Sequence{
		{}, {Tokens: make([]string, MaxSteps+1)}, {X: [][]float32{{1}}}, {Tokens: []string{"a"}}, {Tokens: []string{"a"}, Values: [][]float32{{1}}},
	} {
		if r, err := e.Influence("m", s); err == nil {
			t.Errorf("%d tokens, %d vectors: %v", len(s.Tokens), len(s.X), r)
		}
	}
	if _, err := e.Flow(nil, "m", nil, DefaultSample); err == nil {
		t.Error("a flow of no data")
	}
	for i := range m.Params {
		m.Params[i] = 3e38
	}
	if e, err = New(m, true); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Influence("m", data.Sequence{Tokens: []string{"a", "a", "a", "a", "a", "a", "a", "a", "a"}, Values: make([][]float32, 9)}); err == nil {
		t.Error("states beyond float64 were taken")
	}
}

// What a table of T = 100 costs, and a training's look at its model.
func BenchmarkTable(b *testing.B) {
	for _, cell := range rnn.Cells() {
		c := rnn.Config{Cell: cell, Input: 32, Hidden: 128, Layers: 1}
		params := make([]float64, c.Size())
		rnn.Init(c, params, rand.New(rand.NewPCG(1, 1)))
		r := rand.New(rand.NewPCG(2, 2))
		run := forward(layersOf(c, params), vectors(100, 32, r)).runs[0][0]
		b.Run(string(cell), func(b *testing.B) {
			for b.Loop() {
				run.table()
			}
		})
	}
}
