package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
	"github.com/unroll-go/unroll/rnn"
)

// maxInARow is how many updates in a row may be skipped because a loss or a
// gradient is not finite, before training ends.
const maxInARow = 5

// ErrDiverged ends a training whose loss or gradients stay NaN or infinite.
var ErrDiverged = errors.New("training diverged")

// The random numbers of shuffling, of dropout and of word dropout are kept
// apart from others of the seed; the epoch's number is added.
const (
	shuffleStream = 1 << 32
	dropStream    = 2 << 32
	unknownStream = 3 << 32
)

// Result says how a training went.
type Result struct {
	Epochs      int     // begun
	Steps       int     // done
	BestEpoch   int     // whose parameters the model has; 0 if interrupted before the first ended
	BestDev     float64 // its dev accuracy
	BestSpanF1  float64 // its dev span F1
	BestMacroF1 float64 // its dev macro F1
	BestLoss    float64 // its dev loss
	Skipped     int     // updates
	Interrupted bool    // by the context
}

// trainer is a training at work.
type trainer struct {
	Options
	model *model.Model
	net   *model.Network[float32]
	optim *optim.Optimizer
	team  *rnn.Team
	ahead ahead
	batch *batch     // trained on last
	drop  *rand.Rand // of dropout, begun anew each epoch
	words *rand.Rand // of word dropout, the same

	step, steps int
	inARow      int // updates skipped
	result      Result
	event       func(Event)
	best        []float32
	keep        func() error // told when the model is the best so far
}

// newTrainer returns a trainer of m. Close its team.
func newTrainer(m *model.Model, o Options, event func(Event)) (*trainer, error) {
	t := &trainer{Options: o, model: m, event: event, team: rnn.NewTeam(o.Threads)}
	for i := range t.ahead.batches {
		t.ahead.batches[i].task = m.Config.Task
	}
	t.batch = &t.ahead.batches[0]
	var err error
	t.net, err = model.NewNetwork(m.Config, m.Dims(), m.Params, make([]float32, len(m.Params)), t.team)
	if err != nil {
		t.team.Close()
		return nil, err
	}
	var tables []optim.Table
	for _, table := range t.net.Tables() {
		tables = append(tables, optim.Table{From: table.Offset, Rows: table.Shape[0], Width: table.Shape[1]})
	}
	t.optim = optim.New(o.Optim, t.net.Params, t.net.Grads, t.team, tables...)
	return t, nil
}

// run trains for all epochs and leaves the best parameters in the model.
func (t *trainer) run(ctx context.Context, examples, dev *Examples) (Result, error) {
	t.steps = t.countSteps(examples.All)
	for epoch := 1; epoch <= t.Epochs; epoch++ {
		t.result.Epochs = epoch
		err := t.epoch(ctx, examples, dev)
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			t.result.Interrupted = true
			break
		}
		if err != nil {
			if t.best != nil {
				copy(t.model.Params, t.best)
			}
			return t.result, err
		}
		if t.Patience > 0 && epoch-t.result.BestEpoch >= t.Patience {
			break
		}
	}
	t.result.Steps = t.step
	if t.best != nil {
		copy(t.model.Params, t.best)
		return t.result, nil
	}
	return t.result, t.check() // interrupted before the first epoch ended
}

// countSteps returns the number of chunks, each an update, of all epochs.
func (t *trainer) countSteps(examples []Example) int {
	if t.BPTT == 0 {
		size := min(t.Batch, len(examples))
		return t.Epochs * ((len(examples) + size - 1) / size)
	}
	steps := 0
	for epoch := 1; epoch <= t.Epochs; epoch++ {
		for _, indices := range t.plan(examples, epoch) {
			longest := examples[indices[0]].steps()
			steps += (longest + t.BPTT - 1) / t.BPTT
		}
	}
	return steps
}

// plan returns the batches of an epoch.
func (t *trainer) plan(examples []Example, epoch int) [][]int {
	return plan(examples, t.Batch, rand.New(rand.NewPCG(t.Seed, shuffleStream+uint64(epoch))))
}

// epoch goes over the examples once, then scores the model.
func (t *trainer) epoch(ctx context.Context, examples, dev *Examples) error {
	begun := time.Now()
	loss, tokens, err := t.pass(ctx, examples)
	t.optim.Settle()
	if err != nil {
		return err
	}
	if tokens == 0 {
		return fmt.Errorf("%w: every update of epoch %d was skipped", ErrDiverged, t.result.Epochs)
	}
	e := Event{Kind: EpochDone, Epoch: t.result.Epochs, Epochs: t.Epochs, Step: t.step, Steps: t.steps,
		Tokens: tokens, Seconds: time.Since(begun).Seconds(), Loss: loss / float64(tokens), Skipped: t.result.Skipped}
	return t.score(ctx, examples.Forms, dev, e)
}

// pass goes over the examples once. It returns the sum of the losses and the
// number of labelled steps that updates were made for.
func (t *trainer) pass(ctx context.Context, examples *Examples) (loss float64, tokens int, err error) {
	t.drop = rand.New(rand.NewPCG(t.Seed, dropStream+uint64(t.result.Epochs)))
	t.words = rand.New(rand.NewPCG(t.Seed, unknownStream+uint64(t.result.Epochs)))
	t.ahead.begin(t.plan(examples.All, t.result.Epochs), func(b *batch, indices []int) error {
		return b.fill(examples, indices, t.WordDrop, t.words)
	})
	defer t.ahead.end()
	for next := range t.ahead.built {
		if next.err != nil {
			return loss, tokens, next.err
		}
		t.batch = next.batch
		l, n, err := t.trainBatch(ctx, examples.Forms)
		if err != nil {
			return loss, tokens, err
		}
		loss, tokens = loss+l, tokens+n
		t.ahead.free <- next.batch
	}
	return loss, tokens, nil
}

// trainBatch runs the batch's chunks, each a step of training with an update
// of its own. It returns the sum of the losses and the number of labelled
// steps that updates were made for. Where an update is skipped the rest of the
// batch is, too: the state that would be carried on may not be finite.
func (t *trainer) trainBatch(ctx context.Context, forms *input.Forms) (loss float64, tokens int, err error) {
	t.net.RNN().SetDropout(t.Dropout, t.drop)
	t.net.Begin(&t.batch.layout, forms)
	steps := t.batch.layout.Steps()
	chunk := steps
	if t.BPTT > 0 {
		chunk = min(t.BPTT, steps)
	}
	for from := 0; from < steps; from += chunk {
		if err := ctx.Err(); err != nil {
			return loss, tokens, err
		}
		to := min(from+chunk, steps)
		l, n, norm, ok := t.trainChunk(from, to)
		mean := l / float64(max(n, 1))
		if !ok {
			t.step += (steps - from + chunk - 1) / chunk
			return loss, tokens, t.skip(mean, norm)
		}
		t.inARow = 0
		t.step++
		loss, tokens = loss+l, tokens+n
		t.event(Event{Kind: StepDone, Epoch: t.result.Epochs, Epochs: t.Epochs, Step: t.step, Steps: t.steps,
			Tokens: n, Loss: mean, GradNorm: norm, Skipped: t.result.Skipped})
		if to < steps {
			t.net.Repack()
		}
	}
	return loss, tokens, nil
}

// trainChunk runs steps [from, to) forward and backward and updates the
// parameters by the mean loss of its n labelled steps, unless the loss or the
// gradient's norm is not finite.
func (t *trainer) trainChunk(from, to int) (loss float64, n int, norm float64, ok bool) {
	c := t.batch.chunk(from, to)
	t.optim.Begin(t.net.Touched(c)...)
	loss = t.net.Step(from, to, c)
	n = t.batch.targets(c)
	scale := 1 / float64(max(n, 1))
	sumNorm := t.optim.Norm()
	if !finite(loss) || !t.optim.Usable(sumNorm, scale) {
		return loss, n, sumNorm * scale, false
	}
	t.optim.Update(sumNorm, scale, t.Optim.RateAt(t.step, t.steps))
	return loss, n, sumNorm * scale, true
}

func finite(v float64) bool { return v-v == 0 }

// skip counts an update that was left out, and gives up after several in a row.
func (t *trainer) skip(loss, norm float64) error {
	t.result.Skipped++
	t.inARow++
	t.event(Event{Kind: StepSkipped, Epoch: t.result.Epochs, Epochs: t.Epochs, Step: t.step, Steps: t.steps,
		Loss: loss, GradNorm: norm, Skipped: t.result.Skipped})
	if t.inARow >= maxInARow {
		return fmt.Errorf("%w: %d updates in a row skipped, at step %d of %d the loss is %v and the gradient norm %v; a lower learning rate may help",
			ErrDiverged, t.inARow, t.step, t.steps, loss, norm)
	}
	return nil
}

// score evaluates the model on dev data and keeps it if it is the best so far;
// without dev data the last epoch is the best. e is what the epoch's training
// came to.
func (t *trainer) score(ctx context.Context, forms *input.Forms, dev *Examples, e Event) error {
	e.Dev, e.DevSpanF1, e.DevMacroF1, e.DevLoss, e.Best = math.NaN(), math.NaN(), math.NaN(), math.NaN(), true
	t.net.RNN().SetDropout(0, nil)
	if len(dev.All) > 0 {
		ev, err := Evaluate(ctx, t.model, t.net, dev)
		if err != nil {
			return err
		}
		e.DevSpanF1, e.DevLoss = ev.SpanF1(), ev.Loss
		if t.Model.Output != model.Real {
			e.Dev = ev.Accuracy()
		}
		if t.ClassWeights == BalancedWeights {
			e.DevMacroF1 = ev.Macro().F1
		}
		e.Best = t.best == nil || t.better(e)
	}
	if err := t.finiteOutput(e, len(dev.All) > 0, forms); err != nil {
		return err
	}
	if e.Best {
		t.best = append(slices.Grow(t.best[:0], len(t.model.Params)), t.model.Params...)
		t.result.BestEpoch, t.result.BestDev, t.result.BestLoss = e.Epoch, e.Dev, e.DevLoss
		t.result.BestSpanF1, t.result.BestMacroF1 = e.DevSpanF1, e.DevMacroF1
		if err := t.save(); err != nil {
			return err
		}
	}
	t.event(e)
	return nil
}

// better says whether an epoch did better than the best so far: a labeller by
// its accuracy, or where labels mark spans by the spans' F1, or where all labels
// count alike by their mean F1, and only then by accuracy; a language model and
// real values by their loss.
func (t *trainer) better(e Event) bool {
	if t.Model.Task == model.TaskLM || t.Model.Output == model.Real {
		return e.DevLoss < t.result.BestLoss
	}
	for _, f1 := range [][2]float64{{e.DevSpanF1, t.result.BestSpanF1}, {e.DevMacroF1, t.result.BestMacroF1}} {
		if f1[0] > f1[1] || f1[0] < f1[1] { // neither of NaN
			return f1[0] > f1[1]
		}
	}
	return e.Dev > t.result.BestDev
}

// finiteOutput makes sure that the model not only has finite parameters but
// computes finite numbers: on dev data or, without, on the last batch.
func (t *trainer) finiteOutput(e Event, dev bool, forms *input.Forms) error {
	loss, on := e.DevLoss, "held-out data"
	if !dev {
		loss, on = t.lastBatch(forms), "the last batch"
	}
	if !finite(loss) {
		return fmt.Errorf("%w: after epoch %d its loss on %s is %v; a lower learning rate or less weight decay may help", ErrDiverged, e.Epoch, on, loss)
	}
	return nil
}

// lastBatch returns the loss of the last batch, forward only.
func (t *trainer) lastBatch(forms *input.Forms) (loss float64) {
	steps := t.batch.layout.Steps()
	t.net.Begin(&t.batch.layout, forms)
	chunk := chunkOf(t.model, steps)
	for from := 0; from < steps; from += chunk {
		to := min(from+chunk, steps)
		_, _, sum := t.net.Predict(from, to, t.batch.chunk(from, to))
		loss += sum
	}
	return loss
}

// check says whether a parameter is not finite.
func (t *trainer) check() error {
	if err := t.model.CheckFinite(); err != nil {
		return fmt.Errorf("%w: %w", ErrDiverged, err)
	}
	return nil
}

// save hands the model on, if its parameters are finite.
func (t *trainer) save() error {
	if err := t.check(); err != nil {
		return err
	}
	return t.keep()
}
