package train

import (
	"context"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
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
	Predicted [][]int32 // of every example, in the order given
	Loss      float64   // nats a step, over those with a label that the model knows
}

// Evaluate labels the examples with a network of the model. It ends early,
// with ctx's error, when ctx does.
func Evaluate(ctx context.Context, m *model.Model, net *model.Network[float32], examples []Example) (*Evaluation, error) {
	e := &Evaluation{Counts: metrics.NewCounts(m.Labels), Predicted: make([][]int32, len(examples))}
	all := make([]int, len(examples))
	for i, x := range examples {
		all[i] = i
		e.Predicted[i] = make([]int32, len(x.IDs))
	}
	var b batch
	for _, indices := range cut(examples, all, evalBatch) {
		if err := b.fill(examples, indices); err != nil {
			return nil, err
		}
		if err := e.run(ctx, m, net, &b, indices); err != nil {
			return nil, err
		}
	}
	for i, x := range examples {
		for t, gold := range x.Labels {
			e.Add(int(gold), int(e.Predicted[i][t]))
		}
	}
	e.Loss /= float64(max(e.Tokens()-e.UnknownTokens(), 1))
	return e, nil
}

// run predicts a batch and adds its loss.
func (e *Evaluation) run(ctx context.Context, m *model.Model, net *model.Network[float32], b *batch, indices []int) error {
	net.Begin(&b.layout)
	chunk := evalChunk
	if m.Config.Whole() {
		chunk = b.layout.Steps()
	}
	for from := 0; from < b.layout.Steps(); from += chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(from+chunk, b.layout.Steps())
		ids, labels := b.rows(from, to)
		_, best, sum := net.Predict(from, to, ids, labels)
		e.Loss += sum
		e.scatter(&b.layout, best, indices, from, to)
	}
	return nil
}

// scatter keeps the labels of the rows of steps [from, to).
func (e *Evaluation) scatter(layout *rnn.Batch, best []int32, indices []int, from, to int) {
	for t := from; t < to; t++ {
		for b := range layout.Alive(t) {
			e.Predicted[indices[b]][t] = best[layout.Row(b, t)-layout.Off[from]]
		}
	}
}
