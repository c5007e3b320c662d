package train

import (
	"context"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// TestRareTrainsUnknown wants what stands for unknown tokens, characters and
// values of features, row 0 of each table, to be trained by the rare ones of the
// training data, and by them alone: a token that is seen for the first time in
// use is read as they were.
func TestRareTrainsUnknown(t *testing.T) {
	// "rare" stands once and has the one q and the one ending in e.
	frequent := data.Sequence{Tokens: []string{"on", "in", "on", "in"}, Labels: []string{"A", "B", "A", "B"}}
	rare := data.Sequence{Tokens: []string{"on", "Qe", "in"}, Labels: []string{"A", "C", "B"}}
	common := func(o *Options) { o.MinCount, o.Epochs = 2, 3 } // the output is zero at first, so the first step trains it alone
	chars := func(cell rnn.Cell, jamo bool) func(*Options) {
		return func(o *Options) { o.Model.Chars, o.Model.CharCell, o.Model.Jamo = 4, cell, jamo }
	}
	features := func(o *Options) { o.Model.Features, o.Model.FeatureEmbed = []model.Feature{"suffix1", model.Shape}, 3 }
	for _, c := range []struct {
		name   string
		change func(*Options)
		tables []string
	}{
		{"tokens", func(*Options) {}, []string{"embed.weight"}},
		{"tokens, pretrained", func(o *Options) {
			o.Vectors = map[string][]float32{"on": make([]float32, o.Model.Embed)}
		}, []string{"embed.weight"}},
		{"characters", chars(rnn.LSTM, false), []string{"embed.weight", "chars.embed.weight"}},
		{"jamo", chars(rnn.GRU, true), []string{"embed.weight", "chars.embed.weight"}},
		{"features", features, []string{"embed.weight", "features.suffix1.weight", "features.shape.weight"}},
		{"a whole sequence", func(o *Options) { o.Model.Task = model.TaskClassify }, []string{"embed.weight"}},
		{"two directions, CRF", func(o *Options) { o.Model.Bidirectional, o.Model.Output = true, model.CRF }, []string{"embed.weight"}},
	} {
		for _, with := range []bool{false, true} {
			o := small()
			common(&o)
			c.change(&o)
			training := []data.Sequence{frequent, frequent, frequent}
			if with {
				training = append(training, rare)
			}
			if o.Model.Task == model.TaskClassify {
				for i := range training {
					training[i].Labels = training[i].Labels[1:2]
				}
			}
			before := newModel(t, o, training...)
			after, _, err := Fit(context.Background(), training, nil, o, Hooks{})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			for _, table := range c.tables {
				if trained := !slices.Equal(unknownRow(t, before, table), unknownRow(t, after, table)); trained != with {
					t.Errorf("%s, rare ones in the data: %t; unknown of %s trained: %t", c.name, with, table, trained)
				}
			}
		}
	}
}

// unknownRow returns row 0 of a table.
func unknownRow(t *testing.T, m *model.Model, table string) []float32 {
	t.Helper()
	for _, tensor := range m.Tensors() {
		if tensor.Name == table {
			return m.Params[tensor.Offset : tensor.Offset+tensor.Shape[1]]
		}
	}
	t.Fatalf("no tensor %s", table)
	return nil
}
