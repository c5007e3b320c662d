package train

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// tagged returns a sequence of tokens, each its own label.
func tagged(tokens ...string) data.Sequence { return data.Sequence{Tokens: tokens, Labels: tokens} }

// labelled returns a sequence of as many tokens, the labels being these.
func labelled(labels ...string) data.Sequence {
	return data.Sequence{Name: "f:7", Tokens: slices.Repeat([]string{"a"}, len(labels)), Labels: labels}
}

func newModel(t *testing.T, o Options, training ...data.Sequence) *model.Model {
	t.Helper()
	m, err := fresh(training, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// vectorOf returns the token's vector, or the unknown one's.
func vectorOf(m *model.Model, token string) []float32 {
	e := m.Config.Embed
	return m.Params[int(m.Vocab.ID(token))*e:][:e] // embed.weight is the first tensor
}

// TestWordDropoutTrainsTheUnknown wants the vector of unknown tokens to be
// trained by word dropout, though every token of the data is frequent, and to
// stay as it was without.
func TestWordDropoutTrainsTheUnknown(t *testing.T) {
	for _, drop := range []float64{0, 0.3} {
		o := small()
		o.WordDrop, o.Epochs = drop, 2
		before := newModel(t, o, echo(200, 1)...)
		m, _ := fit(t, o, Hooks{})
		if same := slices.Equal(vectorOf(before, "?"), vectorOf(m, "?")); same != (drop == 0) {
			t.Errorf("word dropout %v: the unknown vector is as it was: %v", drop, same)
		}
		if slices.Equal(vectorOf(before, "a"), vectorOf(m, "a")) {
			t.Errorf("word dropout %v: a known vector is as it was", drop)
		}
	}
}

// TestWordDropoutDrops wants about as many tokens unknown as asked for, other
// ones the next time, none without, and what is read of their characters to stay.
func TestWordDropoutDrops(t *testing.T) {
	k := kind{"", echo, func(o *Options) { o.WordDrop = 0.3; characters(rnn.GRU)(o) }, 0, 0}
	m, examples := k.fresh(t, k.options(), 200)
	tr, err := newTrainer(m, k.options(), func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.team.Close()
	r := rand.New(rand.NewPCG(4, 4))
	all := plan(examples.All, 200, r)[0]
	fill := func(drop float64, b *batch) (ids []int32, unknown int) {
		if err := b.fill(examples, all, drop, r); err != nil {
			t.Fatal(err)
		}
		for i, token := range b.all.Tokens {
			switch b.all.IDs[i] {
			case model.Unknown:
				unknown++
			case examples.Forms.IDs[token]:
			default:
				t.Fatalf("token %d has id %d, its form %d", i, b.all.IDs[i], examples.Forms.IDs[token])
			}
		}
		return slices.Clone(b.all.IDs), unknown
	}
	kept, none := fill(0, tr.batch)
	tokens := slices.Clone(tr.batch.all.Tokens)
	dropped, some := fill(0.3, tr.batch)
	again, _ := fill(0.3, tr.batch)
	if share := float64(some) / float64(len(kept)); none != 0 || share < 0.25 || share > 0.35 {
		t.Errorf("%d tokens unknown without dropout, %.2f of %d with, want 0.3", none, share, len(kept))
	}
	if !slices.Equal(tokens, tr.batch.all.Tokens) || slices.Equal(kept, dropped) || slices.Equal(again, dropped) {
		t.Error("dropout changed the numbers of forms, or no id, or twice the same ones")
	}
}

// TestConstraintsOfTraining wants a CRF to keep to the scheme that the data
// keep to, if that is asked for, and errors that name what breaks another.
func TestConstraintsOfTraining(t *testing.T) {
	bio := []data.Sequence{labelled("O", "B-x", "I-x", "I-x", "B-y"), labelled("B-x", "O")}
	broken := append(slices.Clone(bio), labelled("O", "I-x"))
	bioes := []data.Sequence{labelled("O", "B-x", "I-x", "E-x", "S-y")}
	others := []data.Sequence{labelled("NOUN", "VERB")}
	for _, c := range []struct {
		name        string
		training    []data.Sequence
		constraints string
		want        span.Scheme
		err         string
	}{
		{"auto", bio, AutoConstraints, span.BIO, ""},
		{"auto", bioes, AutoConstraints, span.BIOES, ""},
		{"auto, broken", broken, AutoConstraints, span.None, ""},
		{"auto, no spans", others, AutoConstraints, span.None, ""},
		{"none", bio, NoConstraints, span.None, ""},
		{"none, broken", broken, NoConstraints, span.None, ""},
		{"bio", bio, "bio", span.BIO, ""},
		{"bioes", bioes, "bioes", span.BIOES, ""},
		{"bio, broken", broken, "bio", "", "sequence 3 (f:7): label 2 breaks bio"},
		{"bioes of bio", bio, "bioes", "", "breaks bioes"},
		{"bio of bioes", bioes, "bio", "", `constraints bio: label "E-x" is none of the scheme`},
		{"bio of others", others, "bio", "", `constraints bio: label "NOUN" is none of the scheme`},
	} {
		o := small()
		o.Model.Output, o.Constraints = model.CRF, c.constraints
		m, err := fresh(c.training, o)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: error %v, want one with %q", c.name, err, c.err)
			}
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case m.Config.Constraints != c.want || (m.Dims().Forbidden != nil) != (c.want != span.None):
			t.Errorf("%s: constraints %q, want %q", c.name, m.Config.Constraints, c.want)
		}
	}
	o := small() // what a softmax says has none
	if m := newModel(t, o, bio...); m.Config.Constraints != span.None {
		t.Errorf("softmax: constraints %q", m.Config.Constraints)
	}
}

// TestConstraintsArePredicted wants no label where it may not stand, of tokens
// in any order, by a CRF whose parameters were shifted after training.
func TestConstraintsArePredicted(t *testing.T) {
	breaks := func(constraints string) (n int) {
		o := small()
		o.Model.Output, o.Constraints, o.Epochs = model.CRF, constraints, 2
		m, _, err := Fit(context.Background(), spans(40, 1), nil, o, Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.Params {
			m.Params[i] += float32(math.Sin(float64(i))) / 2
		}
		dev := spans(100, 2)
		for _, s := range dev {
			for i := range s.Tokens {
				s.Tokens[i] = []string{"more", "x", "y", "?"}[(i*7+len(s.Tokens))%4]
			}
		}
		examples, err := Encode(m, dev)
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
		for _, p := range e.Predicted {
			var labels []string
			for _, id := range p {
				labels = append(labels, m.Labels[id])
			}
			if span.BIO.Breaks(labels) >= 0 {
				n++
			}
		}
		return n
	}
	if n := breaks(AutoConstraints); n > 0 {
		t.Errorf("%d sequences break BIO", n)
	}
	if breaks(NoConstraints) == 0 {
		t.Error("no sequence breaks BIO without constraints: the test proves little")
	}
}

// TestVectorsEnterTheVocabulary wants tokens with a pretrained vector to be
// known and to have it: rare ones, ones of another case, ones not in the data.
func TestVectorsEnterTheVocabulary(t *testing.T) {
	o := small()
	o.Model.Embed, o.MinCount = 2, 2
	o.Vectors = map[string][]float32{"the": {1, 2}, "elsewhere": {3, 4}, "Rare": {5, 6}, "often": {7, 8}, "NASA": {9, 9}, "nasa": {1, 1}}
	m := newModel(t, o, tagged("often", "often", "The", "THE", "Rare", "rare", "once", "twice", "twice", "NASA"))
	for token, want := range map[string][]float32{
		"often": {7, 8}, "the": {1, 2}, "The": {1, 2}, "THE": {1, 2}, // of the lower case
		"elsewhere": {3, 4}, "Rare": {5, 6}, "NASA": {9, 9}, "nasa": {1, 1}, // its own before that of the lower case
	} {
		if m.Vocab.ID(token) == model.Unknown || !slices.Equal(vectorOf(m, token), want) {
			t.Errorf("%q has id %d and vector %v, want %v", token, m.Vocab.ID(token), vectorOf(m, token), want)
		}
	}
	for _, token := range []string{"rare", "once", "Elsewhere", "Often", "RARE"} { // not the lower case of a vector's
		if m.Vocab.ID(token) != model.Unknown {
			t.Errorf("%q is known", token)
		}
	}
	unknown, without := vectorOf(m, "?"), o
	without.Vectors = nil
	plain := newModel(t, without, tagged("often", "often", "The", "once", "twice", "twice"))
	if m.Vocab.ID("twice") == model.Unknown || slices.Equal(unknown, []float32{0, 0}) || plain.Vocab.ID("The") != model.Unknown {
		t.Errorf("twice has id %d, the unknown vector is %v, The has id %d without vectors", m.Vocab.ID("twice"), unknown, plain.Vocab.ID("The"))
	}
}

func TestVectorsOfAnotherWidth(t *testing.T) {
	o := small()
	o.Vectors = map[string][]float32{"a": make([]float32, o.Model.Embed), "word": {1, 2, 3}}
	_, _, err := Fit(context.Background(), echo(3, 1), nil, o, Hooks{})
	if want := `a vector of 3 numbers for "word", expected 8`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestPartsOfTraining wants the characters and the values of features that are
// in the tokens at least twice, each token counted as often as it stands.
func TestPartsOfTraining(t *testing.T) {
	o := small()
	characters(rnn.GRU)(&o)
	o.Model.Features, o.Model.FeatureEmbed, o.MinCount = []model.Feature{"suffix2", model.Shape}, 2, 2
	m := newModel(t, o, tagged("ab", "cb", "xyz", "xyz", "", "Q", "12", ""))
	if got := m.CharVocab.Tokens(); !slices.Equal(got, []string{"b", "x", "y", "z"}) {
		t.Errorf("characters %q", got)
	}
	for i, want := range [][]string{{"", "yz"}, {"xx", ""}} {
		if got := m.FeatureVocabs[i].Tokens(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", o.Model.Features[i], got, want)
		}
	}
	o.Model.Jamo = true
	if m := newModel(t, o, tagged("가", "각")); !slices.Equal(m.CharVocab.Tokens(), []string{"ᄀ", "ᅡ"}) {
		t.Errorf("jamo %q", m.CharVocab.Tokens())
	}
}

// TestLabelsOfLanguageModels wants the vocabulary and, where a token that
// follows is rarer, one label for all rare ones, as which dev tokens that
// are not in the vocabulary count.
func TestLabelsOfLanguageModels(t *testing.T) {
	next := func(tokens ...string) data.Sequence {
		return data.Sequence{Tokens: tokens[:len(tokens)-1], Labels: tokens[1:]}
	}
	o := small()
	o.Model.Task, o.Model.Unit, o.MinCount = model.TaskLM, model.UnitWords, 2
	for _, c := range []struct {
		name     string
		training data.Sequence
		labels   []string
		dev      []int32 // of "b", "c", "new"
	}{
		{"no rare one", next("b", "a", "b", "a", "b", "c", "c", "c"), []string{"a", "b", "c"}, []int32{1, 2, loss.NoLabel}},
		{"a rare one", next("b", "a", "b", "a", "b", "c"), []string{"a", "b", model.UnknownLabel}, []int32{1, 2, 2}},
		{"rare where nothing is said of it", next("c", "b", "a", "b", "a", "b"), []string{"a", "b"}, []int32{1, loss.NoLabel, loss.NoLabel}},
	} {
		m := newModel(t, o, c.training)
		if !slices.Equal(m.Labels, c.labels) {
			t.Errorf("%s: labels %q, want %q", c.name, m.Labels, c.labels)
		}
		examples, err := Encode(m, []data.Sequence{next("a", "b", "c", "new")})
		if err != nil {
			t.Fatal(err)
		}
		if got := examples.All[0].Labels; !slices.Equal(got, c.dev) {
			t.Errorf("%s: dev labels %v, want %v", c.name, got, c.dev)
		}
	}
}

// TestLabelsOfValues wants a name for every value.
func TestLabelsOfValues(t *testing.T) {
	o := small()
	ofVectors(&o)
	o.Model.Output = model.Real
	if m := newModel(t, o, sums(3, 1)...); !slices.Equal(m.Labels, []string{"value1", "value2"}) {
		t.Errorf("labels %q", m.Labels)
	}
}
