package train

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
)

// minPart is how often a character, or the value of a feature, must be in the
// training data; the rarer ones are what trains unknown ones.
const minPart = 2

// fresh returns a model that is not trained yet, with the vocabularies and the
// labels of the training data.
func fresh(training []data.Sequence, o Options) (*model.Model, error) {
	if len(training) == 0 {
		return nil, errNothing
	}
	k := 0
	if o.Model.Output == model.Real && len(training[0].Values) > 0 {
		k = len(training[0].Values[0])
	}
	for i, s := range training {
		if err := complete(o.Model, k, s, i); err != nil {
			return nil, err
		}
	}
	counts := map[string]int{}
	for _, s := range training {
		for _, t := range s.Tokens {
			counts[data.NFC(t)]++
		}
	}
	v, err := vocabs(counts, o)
	if err != nil {
		return nil, err
	}
	if o.Model.Task == model.TaskLM && len(v.Vocab.Tokens()) == 0 {
		return nil, fmt.Errorf("no token stands %d times in the text: expected a longer one, or a smaller minimum count", o.MinCount)
	}
	labels := said(training, v.Vocab, k, o)
	if o.Model.Constraints, err = constraints(training, labels, o); err != nil {
		return nil, err
	}
	m, err := model.New(o.Model, v, labels, o.EmbedScale, o.Seed)
	if err == nil && o.Model.Normalized {
		m.Norm = model.NewNorm(o.Model.Vector, vectorsOf(training))
	}
	if err != nil || o.Vectors == nil {
		return m, err
	}
	_, err = m.SetVectors(withLower(m.Vocab.Tokens(), o.Vectors))
	return m, err
}

// vectorsOf yields all vectors of sequences.
func vectorsOf(sequences []data.Sequence) iter.Seq[[]float32] {
	return func(yield func([]float32) bool) {
		for _, s := range sequences {
			for _, x := range s.X {
				if !yield(x) {
					return
				}
			}
		}
	}
}

// vocabs returns the vocabularies of tokens with these counts, and of those
// that have pretrained vectors.
func vocabs(counts map[string]int, o Options) (v model.Vocabs, err error) {
	known := maps.Clone(counts)
	for t := range o.Vectors {
		known[t] = max(known[t], o.MinCount)
	}
	for t, n := range counts {
		if _, ok := vector(o.Vectors, t); ok {
			known[t] = max(n, o.MinCount)
		}
	}
	if v.Vocab, err = model.CountVocab(known, o.MinCount); err != nil {
		return v, err
	}
	if o.Model.Chars > 0 {
		chars := map[string]int{}
		for t, n := range counts {
			for _, u := range model.Units(nil, t, o.Model.Jamo) {
				if utf8.ValidString(u) { // others are read as unknown
					chars[u] += n
				}
			}
		}
		delete(chars, "") // of an empty token
		if v.CharVocab, err = model.CountVocab(chars, minPart); err != nil {
			return v, err
		}
	}
	for _, f := range o.Model.Features {
		values := map[string]int{}
		for t, n := range counts {
			if v := f.Value(t); utf8.ValidString(v) {
				values[v] += n
			}
		}
		vocab, err := model.CountVocab(values, minPart)
		if err != nil {
			return v, err
		}
		v.FeatureVocabs = append(v.FeatureVocabs, vocab)
	}
	return v, nil
}

// vector returns a token's pretrained vector: its own, or that of its lower case.
func vector(vectors map[string][]float32, token string) (v []float32, ok bool) {
	if v, ok = vectors[token]; !ok {
		v, ok = vectors[strings.ToLower(token)]
	}
	return v, ok
}

func withLower(tokens []string, vectors map[string][]float32) map[string][]float32 {
	all := map[string][]float32{}
	for _, t := range tokens {
		if v, ok := vector(vectors, t); ok {
			all[t] = v
		}
	}
	return all
}

// said returns what the scores stand for: the labels of the training data,
// sorted; of a language model the vocabulary and, where a token is rarer, one
// label for all the rare ones; names of the k real values.
func said(training []data.Sequence, v *model.Vocab, k int, o Options) []string {
	var all []string
	switch {
	case o.Model.Output == model.Real:
		for i := range k {
			all = append(all, fmt.Sprintf("value%d", i+1))
		}
		return all
	case o.Model.Task == model.TaskLM:
		return nextLabels(training, v)
	}
	seen := map[string]bool{}
	for _, s := range training {
		for _, l := range s.Labels {
			seen[l] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func nextLabels(training []data.Sequence, v *model.Vocab) []string {
	all := slices.Sorted(slices.Values(v.Tokens()))
	for _, s := range training {
		for _, l := range s.Labels {
			if v.ID(l) == model.Unknown {
				return append(all, model.UnknownLabel)
			}
		}
	}
	return all
}

// constraints returns what the labels of a CRF must keep to.
func constraints(training []data.Sequence, labels []string, o Options) (span.Scheme, error) {
	each := func(yield func([]string) bool) {
		for _, s := range training {
			if !yield(s.Labels) {
				return
			}
		}
	}
	switch {
	case o.Model.Output != model.CRF || o.Constraints == NoConstraints:
		return span.None, nil
	case o.Constraints == AutoConstraints:
		return span.Detect(labels, each), nil
	}
	scheme := span.Scheme(o.Constraints)
	if err := scheme.Fits(labels); err != nil {
		return "", fmt.Errorf("constraints %s: %w", scheme, err)
	}
	for i, s := range training {
		at := scheme.Breaks(s.Labels)
		what := fmt.Sprintf("label %d", at+1)
		if at == len(s.Labels) {
			what = "its end"
		}
		if at >= 0 {
			return "", fmt.Errorf("sequence %d (%s): %s breaks %s, expected other labels, or no constraints", i+1, s.Name, what, scheme)
		}
	}
	return scheme, nil
}

// countKnown returns how many of the labels are known.
func countKnown(labels []int32) int {
	n := 0
	for _, l := range labels {
		if l != loss.NoLabel {
			n++
		}
	}
	return n
}
