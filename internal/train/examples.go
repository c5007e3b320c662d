package train

import (
	"errors"
	"fmt"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
)

// Example is a sequence as a network reads it, of at least one step.
type Example struct {
	Tokens []int32     // [T] numbers of the examples' forms; or
	X      [][]float32 // [T, I]
	Labels []int32     // [T], or one of the whole: labels or loss.NoLabel
	Values [][]float32 // [T, K], or one of the whole, in place of labels
	Spans  []span.Span // that the labels mark, unknown ones included; of a model whose labels mark spans
}

func (e Example) steps() int { return max(len(e.Tokens), len(e.X)) }

// Examples are sequences as a network reads them.
type Examples struct {
	All   []Example
	Forms *input.Forms
}

// Encode turns labelled sequences into examples of the model. Labels that it
// does not know become loss.NoLabel; to a language model of words, the label of
// unknown ones.
func Encode(m *model.Model, sequences []data.Sequence) (*Examples, error) {
	labels := make(map[string]int32, len(m.Labels))
	for i, l := range m.Labels {
		labels[l] = int32(i)
	}
	unknown := int32(loss.NoLabel)
	if id, ok := labels[model.UnknownLabel]; ok && m.Config.Task == model.TaskLM {
		unknown = id
	}
	spans := inSpans(m)
	lexicon := m.NewLexicon()
	examples := &Examples{All: make([]Example, len(sequences)), Forms: lexicon.Forms()}
	for i, s := range sequences {
		if err := complete(m.Config, len(m.Labels), s, i); err != nil {
			return nil, err
		}
		e := Example{X: s.X, Values: s.Values}
		for _, t := range s.Tokens {
			e.Tokens = append(e.Tokens, lexicon.Number(t))
		}
		for _, l := range s.Labels {
			id, ok := labels[l]
			if !ok {
				id = unknown
			}
			e.Labels = append(e.Labels, id)
		}
		if spans {
			e.Spans = span.Append(nil, s.Labels)
		}
		examples.All[i] = e
	}
	return examples, nil
}

// inSpans says whether the model's labels mark spans.
func inSpans(m *model.Model) bool {
	return m.Config.Task == model.TaskTag && m.Config.Output != model.Real && span.Mark(m.Labels)
}

// complete says what is wrong with labelled sequence i for a model of k
// labels, if anything.
func complete(c model.Config, k int, s data.Sequence, i int) error {
	if err := fits(c, k, s); err != nil {
		name := s.Name
		if name == "" {
			name = fmt.Sprintf("sequence %d", i+1)
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func fits(c model.Config, k int, s data.Sequence) error {
	what, steps, want := "tokens", len(s.Tokens), len(s.Tokens)
	if c.Vector > 0 {
		what, steps, want = "vectors", len(s.X), len(s.X)
	}
	said, n := "labels", len(s.Labels)
	if c.Output == model.Real {
		said, n = "values", len(s.Values)
	}
	switch {
	case len(s.Tokens) > 0 && len(s.X) > 0:
		return fmt.Errorf("%d tokens and %d vectors, expected %s alone", len(s.Tokens), len(s.X), what)
	case len(s.Values) > 0 && len(s.Labels) > 0:
		return fmt.Errorf("%d labels and %d values, expected %s alone", len(s.Labels), len(s.Values), said)
	case c.Task == model.TaskClassify && (steps == 0 || n != 1):
		return fmt.Errorf("%d %s and %d %s of the whole, expected at least 1 and just 1", steps, what, n, said)
	case c.Task != model.TaskClassify && (steps == 0 || n != want):
		return fmt.Errorf("%d %s and %d %s, expected as many of both and at least 1", steps, what, n, said)
	}
	if err := model.FiniteRows(s.X, c.Vector); err != nil {
		return fmt.Errorf("vector %w", err)
	}
	if err := model.FiniteRows(s.Values, k); err != nil {
		return fmt.Errorf("values %w", err)
	}
	return nil
}

// errNothing is that there is no training data.
var errNothing = errors.New("no sequences to train on")
