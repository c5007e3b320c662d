package unroll

import (
	"cmp"
	"context"
	"fmt"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
	"github.com/unroll-go/unroll/internal/train"
	"github.com/unroll-go/unroll/rnn"
)

// ErrDiverged is the error of a training whose loss or gradients stay NaN or
// infinite.
var ErrDiverged = train.ErrDiverged

// Sequence is a labelled sequence: a label for every token or, to classify, one
// of the whole.
type Sequence struct {
	Tokens, Labels []string
	X              [][]float32 // vectors in place of tokens, all of one width
}

// Options say what Train trains and how. Zero values stand for the defaults.
type Options struct {
	Task string // "tag", a label for every token, or "classify", one of the whole; tag unless set

	Embed       int                  // width of a token's vector, 100
	Chars       int                  // width of each direction of a layer that reads a token's characters; none unless set
	CharCell    rnn.Cell             // of that layer; rnn.LSTM unless set
	Jamo        bool                 // take Hangul syllables apart for it
	Features    []string             // of a token, each with a vector: "shape", "prefix1" to "prefix4", "suffix1" to "suffix4"
	Vectors     map[string][]float32 // pretrained vectors, Embed wide; their tokens join the vocabulary
	WordDropout float64              // probability that a token is read as an unknown one in training

	Cell          rnn.Cell // rnn.Tanh unless set
	Hidden        int      // width of the state, 128
	Layers        int      // 1
	Bidirectional bool     // read sequences from both ends; then there are no streams
	Output        string   // "softmax", each step by itself, or "crf", all together; softmax unless set
	Constraints   string   // what the labels of a CRF keep to: "bio", "bioes" or "none"; unless set, what the training labels do
	ClassWeights  string   // weights of the labels in the loss of training: "balanced", n/(K·n_c), or "none"; none unless set. Not with a CRF
	LearnH0       bool     // train the state before the first step, which is zero otherwise

	MinCount  int     // tokens seen less often are unknown, 2
	Epochs    int     // passes over the training data, 10
	Batch     int     // sequences a step, 32
	BPTT      int     // steps a chunk of truncated backpropagation; all unless set
	Dropout   float64 // probability that an element passed between layers is dropped
	Patience  int     // epochs without a better dev score before training ends, 3; below 0 for never
	Optimizer string  // "adam", "adamw" or "sgd"; Adam unless set
	Rate      float64 // the highest learning rate, 0.002
	Clip      float64 // the gradient's norm is cut to this, 1; below 0 for never
	Seed      uint64  // of every random number, 1
	Threads   int     // 1; the result has the same bits whatever their number

	Progress func(Progress) // told after every step and every epoch
}

// Progress is how far a training is.
type Progress struct {
	Epoch, Epochs int
	Step, Steps   int     // updates, over all epochs
	Loss          float64 // mean −log z of the step, or of the epoch, in nats; weighted if the labels are
	GradNorm      float64 // before clipping, after a step
	Skipped       int     // updates left out because a number was not finite
	EpochDone     bool
	Dev           float64 // accuracy on dev after an epoch; NaN without dev
	DevSpanF1     float64 // F1 of the spans of dev after an epoch; NaN without dev, or where labels mark no spans
	DevMacroF1    float64 // mean F1 of the labels of dev after an epoch, where ClassWeights are balanced; NaN otherwise
}

// Train trains a model on labelled sequences. After every epoch it is scored
// on dev, and the model returned is the best of them; without dev, the last.
// The best has the highest accuracy or, where labels mark spans (B-x, I-x, …),
// the highest F1 of the spans, or with balanced ClassWeights of the labels' mean.
// When ctx ends so does the training: Train returns the best model so far, or
// before the end of the first epoch the model as it is then, together with
// ctx's error. When loss or gradients stay NaN or infinite the error is
// [ErrDiverged], with the best model so far if there is one.
func Train(ctx context.Context, training, dev []Sequence, o Options) (*Model, error) {
	hooks := train.Hooks{}
	if o.Progress != nil {
		hooks.Event = func(e train.Event) { o.Progress(progress(e)) }
	}
	options := o.fill()
	if len(training) > 0 && len(training[0].X) > 0 {
		options.Model.Vector, options.Model.Normalized = len(training[0].X[0]), true
		options.Model.Embed = o.Embed // which vectors have no use for
	}
	m, result, err := train.Fit(ctx, sequences("training", training), sequences("dev", dev), options, hooks)
	if m == nil {
		return nil, err
	}
	trained, wrapErr := wrap(m)
	switch {
	case wrapErr != nil:
		return nil, wrapErr
	case result.Interrupted:
		err = ctx.Err()
	}
	return trained, err
}

// featureEmbed is the width of a feature's vector.
const featureEmbed = 16

// fill returns the options with defaults where they are zero.
func (o Options) fill() train.Options {
	d := train.Default()
	t := train.Options{
		Model: o.config(d.Model), Optim: d.Optim, EmbedScale: d.EmbedScale,
		MinCount: cmp.Or(o.MinCount, d.MinCount), Epochs: cmp.Or(o.Epochs, d.Epochs), Batch: cmp.Or(o.Batch, d.Batch),
		BPTT: o.BPTT, Dropout: o.Dropout, WordDrop: o.WordDropout, Vectors: o.Vectors, Constraints: cmp.Or(o.Constraints, d.Constraints),
		ClassWeights: cmp.Or(o.ClassWeights, d.ClassWeights),
		Patience:     max(cmp.Or(o.Patience, d.Patience), 0), Seed: cmp.Or(o.Seed, d.Seed), Threads: cmp.Or(o.Threads, d.Threads),
	}
	t.Optim.Method = cmp.Or(optim.Method(o.Optimizer), d.Optim.Method)
	t.Optim.Rate = cmp.Or(o.Rate, d.Optim.Rate)
	t.Optim.Clip = max(cmp.Or(o.Clip, d.Optim.Clip), 0)
	return t
}

// config returns the model's configuration.
func (o Options) config(d model.Config) model.Config {
	c := model.Config{
		Task: cmp.Or(o.Task, d.Task), Embed: cmp.Or(o.Embed, d.Embed), Chars: o.Chars, Jamo: o.Jamo,
		Cell: cmp.Or(o.Cell, d.Cell), Hidden: cmp.Or(o.Hidden, d.Hidden), Layers: cmp.Or(o.Layers, d.Layers),
		LearnH0: o.LearnH0, Bidirectional: o.Bidirectional, Output: cmp.Or(model.Output(o.Output), d.Output),
	}
	if o.Chars > 0 {
		c.CharCell = cmp.Or(o.CharCell, rnn.LSTM)
	}
	for _, f := range o.Features {
		c.Features, c.FeatureEmbed = append(c.Features, model.Feature(f)), featureEmbed
	}
	return c
}

func sequences(what string, from []Sequence) []data.Sequence {
	to := make([]data.Sequence, len(from))
	for i, s := range from {
		to[i] = data.Sequence{Name: fmt.Sprintf("%s sequence %d", what, i+1), Tokens: s.Tokens, X: s.X, Labels: s.Labels}
	}
	return to
}

func progress(e train.Event) Progress {
	return Progress{Epoch: e.Epoch, Epochs: e.Epochs, Step: e.Step, Steps: e.Steps, Loss: e.Loss, GradNorm: e.GradNorm,
		Skipped: e.Skipped, EpochDone: e.Kind == train.EpochDone, Dev: e.Dev, DevSpanF1: e.DevSpanF1, DevMacroF1: e.DevMacroF1}
}
