package train

import (
	"fmt"
	"math"
	"math/rand/v2"
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
		{"weighted", endings, func(o *Options) { characters(rnn.LSTM)(o); o.ClassWeights = BalancedWeights }, 0.95, 0},
		{"lm", counting, func(o *Options) { o.Model.Task, o.Model.Unit = model.TaskLM, model.UnitWords }, 0.99, 0},
	}
}
