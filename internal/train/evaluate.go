package train

import (
	"context"
	"math"
	"slices"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
)

// Held-out sequences are labelled in batches, a chunk of steps at a time, so
// that memory does not grow with their length.
const (
	evalBatch = 32
	evalChunk = 256
)

// Evaluation is how a model did on labelled sequences.
type Evaluation struct {
	*metrics.Counts
	Spans     *metrics.Spans // nil of a model whose labels mark none
	Predicted [][]int32      // labels of every example, in the order given: one a step, or one
	Values    [][]float32    // or its values
	outside   int            // the label O, if labels mark spans
	k         int            // scores a step
	counted   int            // outputs that had a loss
	Loss      float64        // nats a label, over those that have a loss; of values the mean squared error
}

// Evaluate labels the examples with a network of the model. It ends early,
// with ctx's error, when ctx does.
func Evaluate(ctx context.Context, m *model.Model, net *model.Network[float32], examples *Examples) (*Evaluation, error) {
	e := &Evaluation{k: len(m.Labels), Counts: metrics.NewCounts(m.Labels), Predicted: make([][]int32, len(examples.All)), Values: make([][]float32, len(examples.All))}
	all := make([]int, len(examples.All))
	for i, x := range examples.All {
		all[i] = i
		e.Predicted[i] = make([]int32, len(x.Labels))
		e.Values[i] = make([]float32, len(x.Values)*len(m.Labels))
	}
	b := batch{task: m.Config.Task}
	for _, indices := range cut(examples.All, all, evalBatch) {
		if err := b.fill(examples, indices, 0, nil); err != nil {
			return nil, err
		}
		net.Begin(&b.layout, examples.Forms)
		if err := e.run(ctx, m, net, &b, indices); err != nil {
			return nil, err
		}
	}
	for i, x := range examples.All {
		for t, gold := range x.Labels {
			e.Add(int(gold), int(e.Predicted[i][t]))
		}
	}
	if inSpans(m) {
		e.addSpans(m.Labels, examples)
	}
	e.Loss /= float64(max(e.counted, 1))
	return e, nil
}

// addSpans counts the spans that the predicted labels mark.
func (e *Evaluation) addSpans(names []string, examples *Examples) {
	e.Spans, e.outside = metrics.NewSpans(), slices.Index(names, span.Outside)
	var labels []string
	var found []span.Span
	for i, x := range examples.All {
		labels = labels[:0]
		for _, l := range e.Predicted[i] {
			labels = append(labels, names[l])
		}
		found = span.Append(found[:0], labels)
		e.Spans.Add(x.Spans, found)
	}
}

// Outside returns the label of what is outside of spans, which says little about
// finding them; [metrics.Unknown] if there is none.
func (e *Evaluation) Outside() int {
	if e.Spans == nil {
		return metrics.Unknown
	}
	return e.outside
}

// SpanF1 returns the F1 of all spans; NaN of a model whose labels mark none.
func (e *Evaluation) SpanF1() float64 {
	if e.Spans == nil {
		return math.NaN()
	}
	return e.Spans.Micro().F1
}

// WithoutLoss returns how many labels that the model knows had no loss: those
// of a CRF's sequences with an unknown label, or one that its constraints forbid.
func (e *Evaluation) WithoutLoss() int {
	return max(e.Tokens()-e.UnknownTokens()-e.counted, 0)
}

// run predicts a batch and adds its loss.
func (e *Evaluation) run(ctx context.Context, m *model.Model, net *model.Network[float32], b *batch, indices []int) error {
	chunk := chunkOf(m, b.layout.Steps())
	for from := 0; from < b.layout.Steps(); from += chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(from+chunk, b.layout.Steps())
		z, best, sum := net.Predict(from, to, b.chunk(from, to))
		e.Loss += sum
		e.counted += net.Counted()
		if m.Config.Task == model.TaskClassify {
			lo, hi := b.layout.Ending(from, to)
			for i, s := range indices[lo:hi] {
				e.keep(s, 0, best[i], z[i*len(m.Labels):])
			}
			continue
		}
		for t := from; t < to; t++ {
			for s := range b.layout.Alive(t) {
				row := b.layout.Row(s, t) - b.layout.Off[from]
				e.keep(indices[s], t, best[row], z[row*len(m.Labels):])
			}
		}
	}
	return nil
}

// chunkOf returns the steps of a chunk of a batch that is only predicted.
func chunkOf(m *model.Model, steps int) int {
	if m.Config.Whole() {
		return steps
	}
	return evalChunk
}

// keep keeps what was said of example i at its output t.
func (e *Evaluation) keep(i, t int, best int32, values []float32) {
	if p := e.Predicted[i]; len(p) > 0 {
		p[t] = best
		return
	}
	copy(e.Values[i][t*e.k:(t+1)*e.k], values)
}
