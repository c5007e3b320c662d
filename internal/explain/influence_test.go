package explain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// A case's tables are the norms of the rows that package bptt computes, and of
// the products of D_t·Whh.
func TestCaseInfluence(t *testing.T) {
	n, tr := paperCase()
	in := CaseInfluence(n, tr)
	for step := 1; step <= tr.T(); step++ {
		var dh, dx []float64
		terms := n.Terms(tr, step)
		for k := range tr.T() + 1 {
			row := make([]float64, n.H)
			switch {
			case k == step:
				row = outerRow(tr.DAlpha(step), n.Whz, n.H)
			case k < step:
				row = outerRow(terms[k+1], n.Whh, n.H)
			}
			dh = append(dh, length(row))
			if k > 0 && k <= step {
				dx = append(dx, length(outerRow(terms[k], n.Wxh, n.I)))
			} else if k > step {
				dx = append(dx, 0)
			}
		}
		near(t, "dL/dh", in.DLdH[step-1], dh, 1e-13)
		near(t, "dL/dx", in.DLdX[step-1], dx, 1e-13)

		product, norms := identity(n.H), make([]float64, tr.T()+1)
		for k := step; k >= 0; k-- {
			norms[k] = jacobiNorm(product, n.H)
			if k > 0 {
				product = times(product, scaledRows(tr.H[k], n.Whh), n.H)
			}
		}
		near(t, "dh/dh", in.DHdH[step-1], norms, 1e-9)
	}
}

// paperCase is a case of T = 7.
func paperCase() (*bptt.Network, *bptt.Trace) {
	r := rand.New(rand.NewPCG(3, 3))
	n := bptt.New(3, 4, 3)
	for _, w := range [][]float64{n.Wxh, n.Whh, n.Bh, n.Whz, n.Bz} {
		copy(w, normal(len(w), 0.7, r))
	}
	tr, err := n.Forward(vectors(7, 3, r), normal(4, 0.5, r), []int{0, 1, 2, 0, 1, 2, 2})
	if err != nil {
		panic(err)
	}
	return n, tr
}

func identity(n int) []float64 {
	m := make([]float64, n*n)
	for i := range n {
		m[i*n+i] = 1
	}
	return m
}

// scaledRows returns diag(1 − h²)·W.
func scaledRows(h, w []float64) []float64 {
	out := slices.Clone(w)
	for i := range h {
		for j := range h {
			out[i*len(h)+j] *= 1 - h[i]*h[i]
		}
	}
	return out
}

func times(a, b []float64, n int) []float64 {
	c := make([]float64, n*n)
	for i := range n {
		for j := range n {
			for k := range n {
				c[i*n+j] += a[i*n+k] * b[k*n+j]
			}
		}
	}
	return c
}

// ∂L/∂x of one loss alone is what the real layers' way back gives; ∂L/∂h_k is
// the difference that a change of that state makes to the loss, all that
// follows on it computed anew.
func TestInfluenceOfEveryShape(t *testing.T) {
	for _, s := range shapes() {
		T, h := len(s.x), s.Hidden
		st := forward(layersOf(s.Config, s.params), s.x)
		r := rand.New(rand.NewPCG(9, 9))
		var losses []source
		var weights [][]float64 // L(t) = Σ w·h_t
		for p := range T {
			w := normal(s.Output(), 1, r)
			weights = append(weights, w)
			losses = append(losses, at(p+1, slices.Collect(slices.Chunk(w, h))...))
		}
		all, dx := st.influence(losses)
		for p := range T {
			near(t, s.String()+" dL/dx", dx[p], s.realDX(p, weights[p]), 1e-11)
		}
		for l, directions := range st.runs {
			for d, run := range directions {
				for k := range T + 1 {
					of := func(v []float64) (losses []float64) {
						for p, h := range s.moved(l, d, k, v).output(s.Layers - 1) {
							losses = append(losses, inner(weights[p], h))
						}
						return losses
					}
					column := 0
					if k > 0 {
						column = st.position(d, k)
					}
					moved := differences(of, run.h[k], s.difference())
					for p := range T {
						want := length(moved[p*h : (p+1)*h])
						near(t, fmt.Sprintf("%s layer %d direction %d dL(%d)/dh_%d", s, l, d, p+1, k), all[l][d].DLdH[p][column:column+1], []float64{want}, 1e-6)
					}
				}
			}
		}
		for _, directions := range st.runs {
			for d, run := range directions {
				s.checkTable(t, st, run, d, st.placed(d, run.table()))
			}
		}
	}
}

// realDX returns ‖∂L/∂x_k‖ of the loss w·h at one place, by package rnn.
func (s shape) realDX(p int, w []float64) (norms []float64) {
	net, err := rnn.New(s.Config, s.params, nil, nil)
	if err != nil {
		panic(err)
	}
	b, _ := rnn.NewBatch(len(s.x))
	net.Begin(b, rnn.States[float64]{})
	net.Forward(0, len(s.x), slices.Concat(s.x...))
	dout, dx := make([]float64, len(s.x)*s.Output()), make([]float64, len(s.x)*s.Input)
	copy(dout[p*s.Output():], w)
	net.Backward(dout, dx)
	for row := range slices.Chunk(dx, s.Input) {
		norms = append(norms, length(row))
	}
	return norms
}

// moved runs the layers with h_k of a layer's direction, in its own order, as
// given, the LSTM's c_k staying as it was.
func (s shape) moved(l, d, k int, h []float64) *stack {
	layers := layersOf(s.Config, s.params)
	st := forward(layers, s.x)
	x := s.x
	if l > 0 {
		x = st.output(l - 1)
	}
	if d == 1 {
		x = slices.Clone(x)
		slices.Reverse(x)
	}
	old := st.runs[l][d]
	run := &run{layer: layers[l][d], h: slices.Clone(old.h[:k+1]), c: old.c[: k+1 : k+1], gates: old.gates[: k+1 : k+1]}
	run.h[k] = h
	for _, xt := range x[k:] {
		run.step(xt)
	}
	st.runs[l][d] = run
	above := forward(layers[l+1:], st.output(l))
	st.runs = append(st.runs[:l+1], above.runs...)
	return st
}

// checkTable holds ‖∂s_t/∂s_k‖ to the products, in the order of the sequence.
func (s shape) checkTable(t *testing.T, st *stack, r *run, d int, table [][]float64) {
	t.Helper()
	n := r.state()
	for k := range r.steps() + 1 {
		product, column := identity(n), 0
		if k > 0 {
			column = st.position(d, k)
		}
		for step := max(k, 1); step <= r.steps(); step++ {
			if step > k {
				j := make([]float64, n*n)
				r.jacobian(step, j)
				product = times(j, product, n)
			}
			got := table[st.position(d, step)-1][column]
			near(t, s.String()+" table", []float64{got}, []float64{jacobiNorm(product, n)}, 1e-8)
		}
		for step := 1; step < k; step++ {
			if got := table[st.position(d, step)-1][column]; got != 0 {
				t.Errorf("%s: ‖dh_%d/dh_%d‖ is %v, want 0", s, step, k, got)
			}
		}
	}
}

// The losses of every kind of model: their gradient by x is that of the whole
// network's way back, and by differences.
func TestModelInfluence(t *testing.T) {
	for _, output := range []model.Output{model.Softmax, model.CRF, model.Real} {
		for _, task := range []string{model.TaskTag, model.TaskClassify, model.TaskLM} {
			for _, two := range []bool{false, true} {
				c := model.Config{Task: task, Cell: rnn.GRU, Embed: 4, Hidden: 5, Layers: 2, Bidirectional: two, Output: output}
				if c.Validate() != nil {
					continue
				}
				t.Run(fmt.Sprint(output, task, two), func(t *testing.T) { checkModel(t, c) })
			}
		}
	}
	c := model.Config{Task: model.TaskTag, Cell: rnn.LSTM, Embed: 2, Chars: 2, CharCell: rnn.LSTM, Features: []model.Feature{model.Shape}, FeatureEmbed: 2,
		Hidden: 4, Layers: 1, Bidirectional: true, Output: model.Softmax}
	t.Run("characters and features", func(t *testing.T) { checkModel(t, c) })
}

func checkModel(t *testing.T, c model.Config) {
	m := newModel(t, c)
	s := data.Sequence{Tokens: []string{"a", "b", "c", "a", "unseen"}}
	if c.Output == model.Real {
		s.Values = [][]float32{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}, {0, 0, 0}}
		if c.Task == model.TaskClassify {
			s.Values = s.Values[:1]
		}
	}
	e, err := New(m, true)
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Influence("m", s)
	if err != nil {
		t.Fatal(err)
	}
	outputs := 5
	if c.Task == model.TaskClassify {
		outputs = 1
	}
	if len(r.Influence.DLdX) != outputs || len(r.Influence.DLdH) != outputs || len(r.Influence.DHdH) != 5 || r.Layers[0].Layer != c.Layers || r.Layers[0].Direction != Forward {
		t.Fatalf("tables of %d, %d and %d rows, layer %d first", len(r.Influence.DLdX), len(r.Influence.DLdH), len(r.Influence.DHdH), r.Layers[0].Layer)
	}
	if alone := top(t, m, s); len(alone.Layers) != 1 || alone.LeftOut != len(r.Layers)-1 || !reflect.DeepEqual(alone.Influence, r.Influence) {
		t.Error("another influence of the top layer alone")
	}
	labels, _, err := labelled(m, s)
	if err != nil {
		t.Fatal(err)
	}
	if c.Output != model.Real && !r.Given && !slices.Equal(r.Labels, labels) {
		t.Errorf("labels %v, want %v", r.Labels, labels)
	}
	best, err := e.best(s)
	if err != nil {
		t.Fatal(err)
	}
	said := e.labels(s, best).labels
	x := passInput(e, s)
	if c.Output == model.Softmax {
		e.checkScores(t, s)
	}
	for i := range outputs {
		for k := range x {
			loss := func(v []float64) []float64 {
				moved := slices.Clone(x)
				moved[k] = v
				return []float64{e.lossOf(forward(e.layers, moved), s, said, i)}
			}
			near(t, fmt.Sprintf("dL(%d)/dx_%d", i+1, k+1), r.Influence.DLdX[i][k:k+1], []float64{length(differences(loss, x[k], smooth))}, 1e-6)
		}
	}
}

// top returns the report of the top layer's forward direction alone.
func top(t *testing.T, m *model.Model, s data.Sequence) *ModelReport {
	t.Helper()
	e, err := New(m, false)
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Influence("m", s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// newModel returns a random model of the tokens a to c.
func newModel(t *testing.T, c model.Config) *model.Model {
	t.Helper()
	v, err := model.NewVocab([]string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	vocabs := model.Vocabs{Vocab: v}
	if c.Chars > 0 {
		vocabs.CharVocab = v
	}
	for range c.Features {
		vocabs.FeatureVocabs = append(vocabs.FeatureVocabs, v)
	}
	m, err := model.New(c, vocabs, []string{"a", "b", "c"}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	for i := range m.Params {
		m.Params[i] += float32(0.4 * r.NormFloat64())
	}
	return m
}

// checkScores holds the plain passes to the network's own z.
func (m *Model) checkScores(t *testing.T, s data.Sequence) {
	t.Helper()
	layout, lexicon, chunk, err := m.read(s)
	if err != nil {
		t.Fatal(err)
	}
	m.net.Begin(layout, lexicon.Forms())
	want, _, _ := m.net.Predict(0, layout.Steps(), chunk)
	st := forward(m.layers, passInput(m, s))
	var got []float64
	for i := range len(want) / len(m.bz) {
		got = append(got, bptt.Softmax(m.alpha(m.outputAt(st, i)))...)
	}
	near(t, "z", got, want, 1e-12)
}

// outputAt returns what output i of a pass is made of.
func (m *Model) outputAt(st *stack, i int) []float64 {
	out := st.output(len(st.runs) - 1)
	if m.Config.Task != model.TaskClassify {
		return out[i]
	}
	half := m.Config.Hidden
	return slices.Concat(out[len(out)-1][:half], out[0][half:])
}

// labelled returns what the model says in float32.
func labelled(m *model.Model, s data.Sequence) ([]string, []float32, error) {
	net, err := m.Network(nil)
	if err != nil {
		return nil, nil, err
	}
	return m.Label(net, s.Tokens)
}

// passInput returns x [T][I].
func passInput(m *Model, s data.Sequence) [][]float64 {
	layout, lexicon, chunk, err := m.read(s)
	if err != nil {
		panic(err)
	}
	m.net.Begin(layout, lexicon.Forms())
	return slices.Collect(slices.Chunk(slices.Clone(m.net.X(0, layout.Steps(), chunk)), m.Config.Input()))
}

// lossOf returns loss i of a pass, written once more and in another way.
func (m *Model) lossOf(st *stack, s data.Sequence, labels []int32, i int) float64 {
	alpha := m.alpha(m.outputAt(st, i))
	if m.Config.Output == model.Real {
		sum := 0.0
		for k, a := range alpha {
			sum += (a - float64(s.Values[i][k])) * (a - float64(s.Values[i][k]))
		}
		return sum
	}
	sum := 0.0
	for _, a := range alpha {
		sum += math.Exp(a)
	}
	return math.Log(sum) - alpha[labels[i]]
}
