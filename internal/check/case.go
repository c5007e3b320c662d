package check

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// Case is a network with a batch to check its gradients on.
type Case struct {
	Config  model.Config
	Dims    model.Dims
	Lengths []int
	Params  []float64
	Weights []float64 // [K] of the labels in the loss; nil for none

	forms input.Forms
	chunk model.Chunk
}

// NewCase returns a case of the given shape. nil params are drawn at random,
// like what the batch reads and should say.
func NewCase(c model.Config, d model.Dims, lengths []int, params []float64, r *rand.Rand) (*Case, error) {
	k := &Case{Config: c, Dims: d, Lengths: lengths, Params: params}
	size, err := model.Size(c, d)
	if err != nil {
		return nil, err
	}
	if params == nil {
		k.Params = make([]float64, size)
		for i := range k.Params {
			k.Params[i] = 0.5 * r.NormFloat64()
		}
	}
	rows := 0
	for _, n := range lengths {
		rows += n
	}
	k.drawInput(rows, r)
	return k, k.drawTargets(rows, r)
}

// forms is how many distinct tokens a batch has at the most.
const forms = 6

// drawInput draws tokens of a few forms, or vectors.
func (k *Case) drawInput(rows int, r *rand.Rand) {
	for range rows * k.Config.Vector {
		k.chunk.X = append(k.chunk.X, float32(r.NormFloat64()))
	}
	if k.Config.Vector > 0 {
		return
	}
	for range forms {
		k.forms.IDs = append(k.forms.IDs, int32(r.IntN(k.Dims.Tokens)))
		if k.Config.Chars > 0 {
			for range 1 + r.IntN(5) {
				k.forms.Chars = append(k.forms.Chars, int32(r.IntN(k.Dims.Chars)))
			}
			k.forms.Ends = append(k.forms.Ends, int32(len(k.forms.Chars)))
		}
		for _, values := range k.Dims.Features {
			k.forms.Features = append(k.forms.Features, int32(r.IntN(values)))
		}
	}
	for range rows {
		t := int32(r.IntN(forms))
		k.chunk.Tokens, k.chunk.IDs = append(k.chunk.Tokens, t), append(k.chunk.IDs, k.forms.IDs[t])
	}
}

// drawTargets draws labels, or values.
func (k *Case) drawTargets(rows int, r *rand.Rand) error {
	n := rows
	if k.Config.Task == model.TaskClassify {
		n = len(k.Lengths)
	}
	switch {
	case k.Config.Output == model.Real:
		for range n * k.Dims.Labels {
			k.chunk.Values = append(k.chunk.Values, float32(r.NormFloat64()))
		}
	case k.Dims.Forbidden != nil:
		return k.drawAllowed(r)
	default:
		for range n {
			k.chunk.Labels = append(k.chunk.Labels, int32(r.IntN(k.Dims.Labels)))
		}
	}
	return nil
}

// drawAllowed draws labels that the constraints allow, drawing again those of a
// sequence that do not fit.
func (k *Case) drawAllowed(r *rand.Rand) error {
	b, err := rnn.NewBatch(k.Lengths...)
	if err != nil {
		return err
	}
	k.chunk.Labels = make([]int32, b.Rows())
	labels := k.Dims.Labels
	forbidden := func(from, to int) bool { return k.Dims.Forbidden[from*(labels+1)+to] }
	for s, steps := range k.Lengths {
		for tries, t, last := 0, 0, labels; t < steps; {
			next := r.IntN(labels)
			if !forbidden(last, next) && (t+1 < steps || !forbidden(next, labels)) {
				k.chunk.Labels[b.Row(s, t)] = int32(next)
				t, last = t+1, next
				continue
			}
			if tries++; tries%100 == 0 {
				t, last = 0, labels
			}
			if tries > 1e6 {
				return fmt.Errorf("no labels for %d steps keep to the constraints", steps)
			}
		}
	}
	return nil
}

// bioLabels are labels for a case with constraints.
var bioLabels = []string{"O", "B-a", "I-a", "B-b", "I-b"}

// RandomCase returns a small case: 1 to 3 layers, other sizes from 1 or 2 up,
// and every kind of input, direction, initial state and output; the labels of
// every other softmax have weights.
func RandomCase(cell rnn.Cell, r *rand.Rand) (*Case, error) {
	c := model.Config{Task: model.TaskTag, Cell: cell, Hidden: 2 + r.IntN(6), Layers: 1 + r.IntN(3),
		Bidirectional: r.IntN(2) == 0, LearnH0: r.IntN(2) == 0}
	k, err := caseOf(c, Inputs[r.IntN(len(Inputs))], Outputs[r.IntN(len(Outputs))], r)
	if err == nil && k.Config.Output == model.Softmax && r.IntN(2) == 0 {
		k.drawWeights(r)
	}
	return k, err
}

// Inputs and Outputs name what a network may read and say.
var (
	Inputs  = []string{"words", "chars", "features", "vectors"}
	Outputs = []string{"softmax", "crf", "crf-bio", "real", "class", "class-real"}
)

// caseOf completes a configuration for an input and an output, and draws a case.
func caseOf(c model.Config, in, out string, r *rand.Rand) (*Case, error) {
	d := model.Dims{Tokens: 2 + r.IntN(6), Labels: 2 + r.IntN(5)}
	c.Embed = 1 + r.IntN(5)
	switch in {
	case "vectors":
		c.Embed, c.Vector = 0, 1+r.IntN(4)
	case "features":
		c.Features, c.FeatureEmbed = []model.Feature{model.Shape, "suffix2"}, 1+r.IntN(3)
		d.Features = []int{2 + r.IntN(3), 2 + r.IntN(3)}
		fallthrough // both with characters
	case "chars":
		c.Chars, d.Chars = 1+r.IntN(4), 2+r.IntN(6)
		c.CharCell = []rnn.Cell{rnn.LSTM, rnn.GRU}[r.IntN(2)]
	}
	c.Output = model.Softmax
	switch out {
	case "crf":
		c.Output = model.CRF
	case "crf-bio":
		c.Output, c.Constraints = model.CRF, span.BIO
		d.Labels, d.Forbidden = len(bioLabels), model.Forbidden(span.BIO, bioLabels)
	case "real":
		c.Output = model.Real
	case "class":
		c.Task = model.TaskClassify
	case "class-real":
		c.Task, c.Output = model.TaskClassify, model.Real
	}
	lengths := []int{1 + r.IntN(9)}
	for r.IntN(4) > 0 && len(lengths) < 5 {
		lengths = append(lengths, 1+r.IntN(lengths[len(lengths)-1]))
	}
	return NewCase(c, d, lengths, nil, r)
}

// drawWeights draws weights of the labels, as far apart as those of labels that
// some data have a hundred times more often than others.
func (k *Case) drawWeights(r *rand.Rand) {
	for range k.Dims.Labels {
		k.Weights = append(k.Weights, math.Pow(10, 2*r.Float64()-1))
	}
}
