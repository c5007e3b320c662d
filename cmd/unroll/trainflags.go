package main

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/train"
	"github.com/unroll-go/unroll/rnn"
)

// trainFlags are the options of train as given.
type trainFlags struct {
	train, dev, test string
	data             string
	steps            int
	format, column   string
	series           bool // vectors, not tokens
	vectors          string
	vectorWords      int
	unit             string
	features         []string
	out              string
	cell, optimizer  string
	schedule, task   string
	charCell         string
	json, quiet      bool
	memory           byteSize
	options          train.Options
	picked           []string // what was picked for the data, as flags
	pretrained       string   // what --vectors gave
}

// bind declares the flags. Those whose default depends on the data show it in
// words and are zero until then.
func (f *trainFlags) bind(c *cobra.Command) {
	f.options = train.Default()
	f.bindData(c)
	f.bindNetwork(c)
	f.bindTraining(c)
}

func (f *trainFlags) bindData(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.train, "train", "", "training data: a file, or a directory of Go code (default the Go installation's own)")
	s.StringVar(&f.dev, "dev", "", "data to choose the best epoch by (default a part of the training data)")
	s.StringVar(&f.test, "test", "", "data for the final score")
	s.StringVar(&f.format, "format", formatAuto, "auto, "+formatList())
	s.StringVar(&f.data, "data", "", "instead of files, made-up data: copy or adding")
	s.IntVar(&f.steps, "steps", 100, "of copy: how long to remember; of adding: the length of a sequence")
	s.StringVar(&f.task, "task", "", "tag, a label for every step; classify, one for the sequence; or lm, the next token of a text (default by the format)")
	s.StringVar(&f.column, "label-column", "", "column of the labels: its name, or its number from 1, or from -1 for the last (default by the format); in JSON their key; to classify words, the comment that has the label")
	s.StringVar(&f.options.Model.Words, "word-column", "", "of a file of columns: the words', in the same way (default 1)")
	s.StringSliceVar(&f.options.Model.Inputs, "input-columns", nil, "of csv: the columns of x (default all others that have numbers)")
	s.StringVar(&f.options.Model.Group, "sequence-column", "", "of csv: a sequence ends where its value changes (default all rows are one)")
	s.IntVar(&f.options.Model.PerStep, "per-step", 0, "of csv: each row is a whole sequence, of so many numbers a step")
	s.StringVar(&f.unit, "unit", unitCharacters, "the tokens of a text: characters or words")
}

func (f *trainFlags) bindNetwork(c *cobra.Command) {
	o, s := &f.options, c.Flags()
	s.StringVar(&f.cell, "cell", "", "tanh (also rnn), relu, lstm or gru (default by the data)")
	s.IntVar(&o.Model.Hidden, "hidden", 0, "width of the state (default by the data)")
	s.IntVar(&o.Model.Layers, "layers", o.Model.Layers, "recurrent layers")
	s.BoolVar(&o.Model.Bidirectional, "bidirectional", false, "read sequences from both ends (default for words)")
	s.BoolVar(&o.Model.LearnH0, "learn-h0", false, "learn the state before the first step, which is zero otherwise")
	s.IntVar(&o.Model.Embed, "embed", 0, "width of a token's vector (default by the data)")
	s.IntVar(&o.MinCount, "min-count", o.MinCount, "rarer tokens are unknown, and train what unknown means")
	s.Float64Var(&o.WordDrop, "word-dropout", 0, "probability that a word is read as an unknown one (default by the data)")
	s.IntVar(&o.Model.Chars, "chars", 0, "width of each direction of a layer that reads a word's characters; 0 for none (default by the data)")
	s.StringVar(&f.charCell, "char-cell", string(rnn.LSTM), "that layer's cell")
	s.BoolVar(&o.Model.Jamo, "jamo", false, "take Hangul syllables apart into jamo for it")
	s.StringSliceVar(&f.features, "features", nil, "of a word, each with a vector: shape, prefix1 to prefix4, suffix1 to suffix4, prefix and suffix for 1 to 3 (default by the data)")
	s.IntVar(&o.Model.FeatureEmbed, "feature-embed", 16, "width of a feature's vector")
	s.StringVar(&f.vectors, "vectors", "", "pretrained word vectors in fastText's or GloVe's text format")
	s.IntVar(&f.vectorWords, "vector-words", 50_000, "so many of their first words join the vocabulary, besides those of the training data")
	s.StringVar((*string)(&o.Model.Output), "output", "", "softmax, each step by itself, or crf, all labels of a sequence together (default crf for BIO labels, otherwise softmax)")
	s.StringVar(&o.Constraints, "constraints", o.Constraints, "what a CRF's labels keep to: auto (what those of the training data do), bio, bioes or none")
	s.StringVar(&o.ClassWeights, "class-weights", o.ClassWeights, "of the labels in the loss of training: balanced, so that rare ones count as much as frequent ones (n/(K·n_c)), or none; the training's loss that is shown is weighted, dev's is not")
	s.Float64Var(&o.Dropout, "dropout", o.Dropout, "probability that what a layer passes to the next is dropped")
}

func (f *trainFlags) bindTraining(c *cobra.Command) {
	o, s := &f.options, c.Flags()
	s.IntVar(&o.Epochs, "epochs", 0, "passes over the training data (default by the data)")
	s.IntVar(&o.Batch, "batch", 0, "sequences a step (default by the data)")
	s.StringVar(&f.optimizer, "optimizer", string(o.Optim.Method), "adam, adamw or sgd")
	s.Float64Var(&o.Optim.Rate, "lr", 0, "the highest learning rate (default by the data)")
	s.Float64Var(&o.Optim.Momentum, "momentum", o.Optim.Momentum, "of sgd")
	s.Float64Var(&o.Optim.Decay, "weight-decay", o.Optim.Decay, "of adamw")
	s.StringVar(&f.schedule, "schedule", string(o.Optim.Schedule), "of the learning rate: cosine or constant")
	s.IntVar(&o.Optim.Warmup, "warmup", o.Optim.Warmup, "steps over which the learning rate rises from 0")
	s.Float64Var(&o.Optim.Clip, "clip", o.Optim.Clip, "cut the gradient's global norm to this; 0 for never")
	s.IntVar(&o.BPTT, "bptt", o.BPTT, "update after so many steps, carrying the state on; 0 is full backpropagation through time (default by the data: 64 for the characters of a text, 32 for its words, 128 for series labelled step by step in one direction, otherwise 0)")
	s.BoolVar(&o.Recompute, "recompute", false, "keep the states at some borders alone and compute the steps between them again: less memory for long sequences, a third more work, the same model as of --bptt 0 in one direction (default where --memory asks for it; =false for never)")
	s.Var(&f.memory, "memory", "how much may be used, as in 512MB (default GOMEMLIMIT, or no limit)")
	s.IntVar(&o.Patience, "patience", o.Patience, "end after so many epochs without a better dev score; 0 for never")
	s.Uint64Var(&o.Seed, "seed", o.Seed, "of every random number")
	s.IntVar(&o.Threads, "threads", runtime.GOMAXPROCS(0), "the result has the same bits whatever their number")
	s.StringVarP(&f.out, "out", "o", "model.safetensors", "the model's file")
	s.BoolVar(&f.json, "json", false, "events and results as JSON, one object a line")
	s.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
}
