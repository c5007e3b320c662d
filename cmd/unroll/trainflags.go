package main

import (
	"runtime"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
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
	schedule, task   string
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
	s.StringVar(&f.format, "format", formatAuto, "auto, go, conllu or text")
	s.StringVar(&f.task, "task", "", "tag, a label for every step, or lm, the next character of a text (default lm for text, tag for others)")
	s.StringVar(&f.column, "label-column", "upos", "CoNLL-U column of the labels: a name such as upos or xpos, or a number from 1")
	s.StringVar(&f.cell, "cell", "", "tanh (also rnn), relu, lstm or gru (default tanh, for text gru)")
	s.IntVar(&o.Model.Hidden, "hidden", 0, "width of the state (default 128, for text 192)")
	s.IntVar(&o.Model.Layers, "layers", o.Model.Layers, "recurrent layers")
	s.IntVar(&o.Model.Embed, "embed", 0, "width of a token's vector (default 100 for words, 32 for characters)")
	s.BoolVar(&o.Model.Bidirectional, "bidirectional", false, "read sequences from both ends")
	s.StringVar((*string)(&o.Model.Output), "output", string(o.Model.Output), "softmax, each step by itself, or crf, all labels of a sequence together")
	s.Float64Var(&o.Dropout, "dropout", o.Dropout, "probability that what a layer passes to the next is dropped")
	s.BoolVar(&o.Model.LearnH0, "learn-h0", false, "learn the state before the first step, which is zero otherwise")
	s.IntVar(&o.MinCount, "min-count", o.MinCount, "rarer tokens are unknown, and train what unknown means")
	s.IntVar(&o.Epochs, "epochs", 0, "passes over the training data (default 10 for words, 1 for Go, 4 for text)")
	s.IntVar(&o.Batch, "batch", 0, "sequences a step (default 32, for Go 2)")
	s.StringVar(&f.optimizer, "optimizer", string(o.Optim.Method), "adam, adamw or sgd")
	s.Float64Var(&o.Optim.Rate, "lr", 0, "the highest learning rate (default 0.002 for words, 0.004 for characters)")
	s.Float64Var(&o.Optim.Momentum, "momentum", o.Optim.Momentum, "of sgd")
	s.Float64Var(&o.Optim.Decay, "weight-decay", o.Optim.Decay, "of adamw")
	s.StringVar(&f.schedule, "schedule", string(o.Optim.Schedule), "of the learning rate: cosine or constant")
	s.IntVar(&o.Optim.Warmup, "warmup", o.Optim.Warmup, "steps over which the learning rate rises from 0")
	s.Float64Var(&o.Optim.Clip, "clip", o.Optim.Clip, "cut the gradient's global norm to this; 0 for never")
	s.IntVar(&o.BPTT, "bptt", o.BPTT, "update after so many steps, carrying the state on; 0 is full backpropagation through time (default 0, for text 64)")
	s.IntVar(&o.Patience, "patience", o.Patience, "end after so many epochs without a better dev score; 0 for never")
	s.Uint64Var(&o.Seed, "seed", o.Seed, "of every random number")
	s.IntVar(&o.Threads, "threads", runtime.GOMAXPROCS(0), "the result has the same bits whatever their number")
	s.StringVarP(&f.out, "out", "o", "model.safetensors", "the model's file")
	s.BoolVar(&f.json, "json", false, "events and results as JSON, one object a line")
	s.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
}

// defaults are those that depend on what is labelled.
type defaults struct {
	task                               string
	cell                               string
	hidden, embed, epochs, batch, bptt int
	rate, embedScale                   float64
}

// byFormat were chosen by dev accuracy. A character is seen so often that it
// can start as a large vector and be learned fast; words had two points more
// from small ones.
var byFormat = map[string]defaults{
	formatConllu: {task: model.TaskTag, cell: "tanh", hidden: 128, embed: 100, epochs: 10, batch: 32, rate: 2e-3, embedScale: 0.1},
	formatGo:     {task: model.TaskTag, cell: "tanh", hidden: 128, embed: 32, epochs: 1, batch: 2, rate: 4e-3, embedScale: 1},
	formatText:   {task: model.TaskLM, cell: "gru", hidden: 192, embed: 32, epochs: 4, batch: 32, bptt: 64, rate: 4e-3, embedScale: 1},
}

// set gives v its default, unless the flag of this name was given.
func set[T any](flags *pflag.FlagSet, name string, v *T, value T) {
	if !flags.Changed(name) {
		*v = value
	}
}

// cellNamed returns the cell of a name, rnn being the paper's.
func cellNamed(name string) rnn.Cell {
	if name == "rnn" {
		return rnn.Tanh
	}
	return rnn.Cell(name)
}

// finish completes the options for data of a format, and checks them.
func (f *trainFlags) finish(flags *pflag.FlagSet, format string) (column int, err error) {
	o, d := &f.options, byFormat[format]
	set(flags, "task", &f.task, d.task)
	set(flags, "cell", &f.cell, d.cell)
	set(flags, "bptt", &o.BPTT, d.bptt)
	set(flags, "hidden", &o.Model.Hidden, d.hidden)
	set(flags, "embed", &o.Model.Embed, d.embed)
	set(flags, "epochs", &o.Epochs, d.epochs)
	set(flags, "batch", &o.Batch, d.batch)
	set(flags, "lr", &o.Optim.Rate, d.rate)
	o.EmbedScale = d.embedScale
	o.Model.Cell, o.Optim.Method, o.Optim.Schedule = cellNamed(f.cell), optim.Method(f.optimizer), optim.Schedule(f.schedule)
	o.Model.Format, o.Model.Task = format, f.task
	if f.task != d.task {
		return 0, usagef("task %q of %s data: expected %s", f.task, format, d.task)
	}
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
