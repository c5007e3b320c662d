package train

import (
	"context"

	"github.com/unroll-go/unroll/internal/loss"
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
		if err := e.run(ctx, net, &b, indices); err != nil {
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
func (e *Evaluation) run(ctx context.Context, net *model.Network[float32], b *batch, indices []int) error {
	net.Begin(&b.layout)
	for from := 0; from < b.layout.Steps(); from += evalChunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(from+evalChunk, b.layout.Steps())
		ids, labels := b.rows(from, to)
		z, sum := net.Predict(from, to, ids, labels)
		e.Loss += sum
		e.scatter(&b.layout, z, indices, from, to)
	}
	return nil
}

// scatter keeps the most likely label of every row of steps [from, to).
func (e *Evaluation) scatter(layout *rnn.Batch, z []float32, indices []int, from, to int) {
	k := len(z) / layout.Range(from, to)
	for t := from; t < to; t++ {
		for b := range layout.Alive(t) {
			row := layout.Row(b, t) - layout.Off[from]
			e.Predicted[indices[b]][t] = int32(loss.Best(z[row*k : (row+1)*k]))
		}
	}
}
