package main

import (
	"runtime"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/optim"
	"github.com/unroll-go/unroll/internal/train"
	"github.com/unroll-go/unroll/rnn"
)

// trainFlags are the options of train as given.
type trainFlags struct {
	train, dev, test string
	format, column   string
	out              string
	cell, optimizer  string
	schedule         string
	json, quiet      bool
	options          train.Options
}

// bind declares the flags. Those whose default depends on the data show it in
// words and are zero until then.
func (f *trainFlags) bind(c *cobra.Command) {
	f.options = train.Default()
	o, s := &f.options, c.Flags()
	s.SortFlags = false
	s.StringVar(&f.train, "train", "", "training data: a file, or a directory of Go code (default the Go installation's own)")
	s.StringVar(&f.dev, "dev", "", "data to choose the best epoch by (default a part of the training data)")
	s.StringVar(&f.test, "test", "", "data for the final score")
	s.StringVar(&f.format, "format", formatAuto, "auto, go or conllu")
	s.StringVar(&f.column, "label-column", "upos", "CoNLL-U column of the labels: a name such as upos or xpos, or a number from 1")
	s.StringVar(&f.cell, "cell", string(o.Model.Cell), "tanh (also rnn) or relu")
	s.IntVar(&o.Model.Hidden, "hidden", 0, "width of the state (default 128)")
	s.IntVar(&o.Model.Layers, "layers", o.Model.Layers, "recurrent layers")
	s.IntVar(&o.Model.Embed, "embed", 0, "width of a token's vector (default 100 for words, 32 for characters)")
	s.BoolVar(&o.Model.LearnH0, "learn-h0", false, "learn the state before the first step, which is zero otherwise")
	s.IntVar(&o.MinCount, "min-count", o.MinCount, "rarer tokens are unknown, and train what unknown means")
	s.IntVar(&o.Epochs, "epochs", 0, "passes over the training data (default 10 for words, 3 for characters)")
	s.IntVar(&o.Batch, "batch", 0, "sequences a step (default 32 for words, 8 for characters)")
	s.StringVar(&f.optimizer, "optimizer", string(o.Optim.Method), "adam, adamw or sgd")
	s.Float64Var(&o.Optim.Rate, "lr", o.Optim.Rate, "the highest learning rate")
	s.Float64Var(&o.Optim.Momentum, "momentum", o.Optim.Momentum, "of sgd")
	s.Float64Var(&o.Optim.Decay, "weight-decay", o.Optim.Decay, "of adamw")
	s.StringVar(&f.schedule, "schedule", string(o.Optim.Schedule), "of the learning rate: cosine or constant")
	s.IntVar(&o.Optim.Warmup, "warmup", o.Optim.Warmup, "steps over which the learning rate rises from 0")
	s.Float64Var(&o.Optim.Clip, "clip", o.Optim.Clip, "cut the gradient's global norm to this; 0 for never")
	s.IntVar(&o.BPTT, "bptt", o.BPTT, "update after so many steps, carrying the state on; 0 is full backpropagation through time")
	s.IntVar(&o.Patience, "patience", o.Patience, "end after so many epochs without a better dev score; 0 for never")
	s.Uint64Var(&o.Seed, "seed", o.Seed, "of every random number")
	s.IntVar(&o.Threads, "threads", runtime.GOMAXPROCS(0), "the result has the same bits whatever their number")
	s.StringVarP(&f.out, "out", "o", "model.safetensors", "the model's file")
	s.BoolVar(&f.json, "json", false, "events and results as JSON, one object a line")
	s.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
}

// byFormat are the defaults that depend on what is labelled.
var byFormat = map[string]struct{ hidden, embed, epochs, batch int }{
	formatConllu: {hidden: 128, embed: 100, epochs: 10, batch: 32},
	formatGo:     {hidden: 128, embed: 32, epochs: 3, batch: 8},
}

// finish completes the options for data of a format, and checks them.
func (f *trainFlags) finish(set *pflag.FlagSet, format string) (column int, err error) {
	o, d := &f.options, byFormat[format]
	for name, v := range map[string]struct {
		at    *int
		value int
	}{
		"hidden": {&o.Model.Hidden, d.hidden}, "embed": {&o.Model.Embed, d.embed},
		"epochs": {&o.Epochs, d.epochs}, "batch": {&o.Batch, d.batch},
	} {
		if !set.Changed(name) {
			*v.at = v.value
		}
	}
	if f.cell == "rnn" {
		f.cell = string(rnn.Tanh)
	}
	o.Model.Cell, o.Optim.Method, o.Optim.Schedule = rnn.Cell(f.cell), optim.Method(f.optimizer), optim.Schedule(f.schedule)
	o.Model.Format = format
	if format == formatConllu {
		o.Model.Column = f.column
		if column, err = data.ParseColumn(f.column); err != nil {
			return 0, usageError{err}
		}
	}
	if err := o.Validate(); err != nil {
		return 0, usageError{err}
	}
	return column, nil
}
