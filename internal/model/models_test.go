package model_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// oddTokens are what a file could confuse: with JSON, with each other, with nothing.
var oddTokens = []string{
	"the", "", "\x00", `"`, `\`, `\"`, "'", "\n", "\t", " ", "\u2028", "</b>&",
	"é", "e\u0301", "한국어", "👩\u200d💻", "\ufffd", "\ufeff", "null", "__metadata__", "unroll",
}

// shape is a row of a table of models.
type shape struct {
	cell   rnn.Cell
	layers int
	learn  bool
}

func (s shape) String() string { return fmt.Sprintf("%s-%d-h0=%t", s.cell, s.layers, s.learn) }

// shapes are all cells, depths and kinds of h_0.
func shapes() (all []shape) {
	for _, cell := range rnn.Cells() {
		for layers := 1; layers <= 3; layers++ {
			all = append(all, shape{cell, layers, false}, shape{cell, layers, true})
		}
	}
	return all
}

// config returns the configuration with a width of the embedding and the state.
func (s shape) config(embed, hidden int) model.Config {
	return model.Config{Task: model.TaskTag, Output: model.Softmax, Cell: s.cell, Embed: embed, Hidden: hidden, Layers: s.layers, LearnH0: s.learn}
}

// newModel returns a model none of whose parameters is zero.
func newModel(t testing.TB, c model.Config, tokens, labels []string) *model.Model {
	t.Helper()
	m, err := model.New(c, vocabs(t, c, tokens...), labels, 0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Params {
		m.Params[i] = float32(0.5*r.Float64()+0.01) * float32(1-2*r.IntN(2))
	}
	return m
}

// smallModel has a file of about a thousand bytes.
func smallModel(t testing.TB) *model.Model {
	return newModel(t, shape{rnn.Tanh, 1, false}.config(2, 3), []string{"a", "b"}, []string{"X", "Y"})
}

// written returns the model's file.
func written(t testing.TB, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read returns the file's model.
func read(t testing.TB, file []byte) *model.Model {
	t.Helper()
	m, err := model.Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// same fails unless the models are equal, their parameters to the bit.
func same(t testing.TB, got, want *model.Model) {
	t.Helper()
	if !reflect.DeepEqual(plain(got.Config), plain(want.Config)) || !slices.Equal(got.Config.Features, want.Config.Features) {
		t.Errorf("config %+v, want %+v", got.Config, want.Config)
	}
	if g, w := lists(got), lists(want); !slices.EqualFunc(g, w, slices.Equal) {
		t.Errorf("vocabularies %q, want %q", g, w)
	}
	if (got.CharVocab == nil) != (want.CharVocab == nil) {
		t.Errorf("characters %v, want %v", got.CharVocab, want.CharVocab)
	}
	if !slices.Equal(got.Labels, want.Labels) {
		t.Errorf("labels %q, want %q", got.Labels, want.Labels)
	}
	sameBits(t, "parameters", got.Params, want.Params)
	sameBits(t, "means", got.Norm.Mean, want.Norm.Mean)
	sameBits(t, "deviations", got.Norm.Std, want.Norm.Std)
}

// plain returns c without its features, of which a list may be empty or nil.
func plain(c model.Config) model.Config {
	c.Features = nil
	return c
}

// lists returns what all the model's vocabularies list.
func lists(m *model.Model) [][]string {
	all := [][]string{m.Vocab.Tokens()}
	if m.CharVocab != nil {
		all = append(all, m.CharVocab.Tokens())
	}
	for _, f := range m.FeatureVocabs {
		all = append(all, f.Tokens())
	}
	return all
}

// sameBits fails unless the numbers are equal to the bit.
func sameBits(t testing.TB, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i, v := range got {
		if math.Float32bits(v) != math.Float32bits(want[i]) {
			t.Fatalf("%s[%d] = %v, want %v", what, i, v, want[i])
		}
	}
}

// param returns the named tensor's elements in the model's slab.
func param(t testing.TB, m *model.Model, name string) []float32 {
	t.Helper()
	for _, p := range m.Tensors() {
		if p.Name == name {
			return m.Params[p.Offset : p.Offset+p.Size()]
		}
	}
	t.Fatalf("no parameter %s", name)
	return nil
}

// vocabs returns vocabularies of these tokens, of their characters and of the
// values of their features, as c has them.
func vocabs(t testing.TB, c model.Config, tokens ...string) (v model.Vocabs) {
	t.Helper()
	v.Vocab = vocabulary(t, tokens)
	if c.Chars > 0 {
		var units []string
		for _, token := range tokens {
			units = model.Units(units, token, c.Jamo)
		}
		v.CharVocab = vocabulary(t, distinct(units))
	}
	for _, f := range c.Features {
		var values []string
		for _, token := range tokens {
			values = append(values, f.Value(token))
		}
		v.FeatureVocabs = append(v.FeatureVocabs, vocabulary(t, distinct(values)))
	}
	return v
}

func vocabulary(t testing.TB, tokens []string) *model.Vocab {
	t.Helper()
	v, err := model.NewVocab(tokens)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func distinct(all []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(all)))
}

// tokenStream is a stream with what reads its tokens.
type tokenStream[F rnn.Float] struct {
	*model.Stream[F]
	lexicon *model.Lexicon
}

// step takes the next token and returns z.
func (s tokenStream[F]) step(token string) []F {
	s.lexicon.Only(token)
	return s.Step(s.lexicon.Forms())
}

func stream[F rnn.Float](t testing.TB, m *model.Model, n *model.Network[F]) tokenStream[F] {
	t.Helper()
	s, err := n.NewStream()
	if err != nil {
		t.Fatal(err)
	}
	return tokenStream[F]{s, m.NewLexicon()}
}

func tokenLabeller(t testing.TB, m *model.Model, n *model.Network[float32]) *model.Labeller {
	t.Helper()
	l, err := m.NewLabeller(n)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
