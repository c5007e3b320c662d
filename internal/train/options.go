package train

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
	"github.com/unroll-go/unroll/internal/span"
)

// Options say what is trained and how. Start from Default.
type Options struct {
	Model      model.Config
	Optim      optim.Config
	EmbedScale float64 // deviation of a fresh token vector
	MinCount   int     // rarer tokens are unknown, and train what unknown means
	Epochs     int     // passes over the training data
	Batch      int     // sequences a step
	BPTT       int     // steps a chunk of truncated BPTT; 0 for full BPTT
	Recompute  bool    // keep the states at some borders alone and compute the steps between again: less memory, the same bits
	Memory     int64   // bytes that may be used: Recompute where a batch's steps need more; 0 for no limit
	Keep       bool    // do not then, only say so
	Dropout    float64 // probability that an element passed between layers is dropped
	WordDrop   float64 // probability that a token is read as an unknown one in training

	ClassWeights string               // of the labels in the loss of training: NoWeights or BalancedWeights
	Constraints  string               // of a CRF: AutoConstraints, NoConstraints, "bio" or "bioes"
	Vectors      map[string][]float32 // pretrained, [Embed] each; their tokens join the vocabulary
	Patience     int                  // epochs without a better dev score before training ends; 0 for never
	Seed         uint64               // of every random number
	Threads      int
}

// Default is a tanh network for words.
func Default() Options {
	return Options{
		Model:       model.Config{Task: model.TaskTag, Cell: "tanh", Embed: 100, Hidden: 128, Layers: 1, Output: model.Softmax},
		Optim:       optim.Default(),
		Constraints: AutoConstraints, ClassWeights: NoWeights,
		EmbedScale: 0.1, MinCount: 2, Epochs: 10, Batch: 32, Patience: 3, Seed: 1, Threads: 1,
	}
}

// What a CRF's labels must keep to, besides the schemes of package span.
const (
	AutoConstraints = "auto" // to the scheme that those of the training data keep to, if any
	NoConstraints   = "none"
)

// Validate says what is wrong with o, if anything.
func (o Options) Validate() error {
	if err := o.Model.Validate(); err != nil {
		return err
	}
	switch {
	case o.Epochs < 1 || o.Epochs > maxEpochs:
		return fmt.Errorf("%d epochs: expected 1 to %d", o.Epochs, maxEpochs)
	case o.Batch < 1:
		return fmt.Errorf("batch of %d sequences: expected at least 1", o.Batch)
	case o.BPTT < 0:
		return fmt.Errorf("bptt over %d steps: expected at least 1, or 0 for all", o.BPTT)
	case o.BPTT > 0 && o.Model.Whole():
		return fmt.Errorf("bptt over %d steps: expected 0, since two directions or a CRF need whole sequences", o.BPTT)
	case o.BPTT > 0 && o.Model.Task == model.TaskClassify:
		return fmt.Errorf("bptt over %d steps: expected 0, since what is said of a whole sequence is said at its end", o.BPTT)
	case o.Recompute && o.BPTT > 0:
		return fmt.Errorf("recompute and bptt over %d steps: expected one of them, since recompute is for all steps of a sequence at once", o.BPTT)
	case o.Recompute && o.Model.CheckRecompute() != nil:
		return o.Model.CheckRecompute()
	case o.Memory < 0:
		return fmt.Errorf("memory of %d bytes: expected 0, for no limit, or more", o.Memory)
	case !(o.Dropout >= 0 && o.Dropout < 1):
		return fmt.Errorf("dropout %v: expected 0 to below 1", o.Dropout)
	case !(o.WordDrop >= 0 && o.WordDrop < 1):
		return fmt.Errorf("word dropout %v: expected 0 to below 1", o.WordDrop)
	case o.Constraints != AutoConstraints && o.Constraints != NoConstraints && !span.Scheme(o.Constraints).Valid():
		return fmt.Errorf("constraints %.20q are unknown: expected %s, %s, %s or %s", o.Constraints, AutoConstraints, NoConstraints, span.BIO, span.BIOES)
	case o.Model.Output != model.CRF && span.Scheme(o.Constraints).Valid() && o.Constraints != "":
		return fmt.Errorf("constraints %s without a CRF: expected output %s", o.Constraints, model.CRF)
	case o.Patience < 0:
		return fmt.Errorf("patience of %d epochs: expected 0 or more", o.Patience)
	case o.MinCount < 1:
		return fmt.Errorf("minimum count %d: expected at least 1", o.MinCount)
	case o.Threads < 1 || o.Threads > MaxThreads:
		return fmt.Errorf("%d threads: expected 1 to %d", o.Threads, MaxThreads)
	}
	if err := o.validateWeights(); err != nil {
		return err
	}
	return o.Optim.Validate()
}

// Limits that keep a slip of the finger from starting a million goroutines, or
// a number of steps from overflowing.
const (
	MaxThreads = 1024
	maxEpochs  = 1_000_000
)

// Event is one thing that happened. A step is one update: a batch, or a chunk
// of one with truncated BPTT. Seconds are for showing: nothing depends on them.
type Event struct {
	Kind          Kind
	Epoch, Epochs int
	Step, Steps   int     // of all epochs
	Tokens        int     // labelled time steps of it
	Seconds       float64 // that the epoch's batches took, building them included; reading and scoring are not
	Loss          float64 // nats a labelled time step, weighted if labels are: of the step, or of the epoch
	GradNorm      float64 // of the mean loss, before clipping
	Skipped       int     // updates left out so far, because something was not finite
	Dev           float64 // dev accuracy, after an epoch; NaN where there is no dev data, or values are no labels
	DevSpanF1     float64 // F1 of the spans of dev, after an epoch; NaN where there is no dev data, or labels mark no spans
	DevMacroF1    float64 // mean F1 of the labels of dev, where their weights are balanced; NaN otherwise
	DevLoss       float64 // nats a label, or squared error; NaN where there is no dev data
	Best          bool    // the best epoch so far
}

// Kind is what an Event tells of.
type Kind int

// The kinds of events.
const (
	StepDone    Kind = iota // a batch
	StepSkipped             // an update was left out: loss or gradient not finite
	EpochDone
)
