package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// defaults are those that depend on what is labelled.
type defaults struct {
	tasks                              []string // the first is the default
	cell                               rnn.Cell
	hidden, embed, epochs, batch, bptt int
	rate, embedScale, wordDrop         float64
	gatedRate                          float64 // of LSTM and GRU, where it is another
	bidirectional                      bool
	chars                              int
	features                           []string
	patience                           int
	fixed                              bool // the epochs are right as they are
	words                              bool // whose labels may mark spans
}

// byFormat, and of other formats words and series (of vectors), were chosen by dev accuracy. A character is seen so often that it
// can start as a large vector and be learned fast; words had two points more
// from small ones.
var byFormat = map[string]defaults{
	"words": {words: true, tasks: []string{model.TaskTag, model.TaskClassify}, cell: rnn.LSTM, hidden: 128, embed: 100, epochs: 6, batch: 32, rate: 2e-3, embedScale: 0.1, patience: 3,
		bidirectional: true, chars: 32, features: []string{"shape", "suffix"}, wordDrop: 0.05},
	"series":   {tasks: []string{model.TaskTag, model.TaskClassify}, cell: rnn.GRU, hidden: 64, epochs: 20, batch: 32, bptt: 128, rate: 4e-3, patience: 5},
	formatGo:   {tasks: []string{model.TaskTag}, cell: rnn.Tanh, hidden: 128, embed: 32, epochs: 1, batch: 2, rate: 4e-3, embedScale: 1, patience: 3},
	formatText: {tasks: []string{model.TaskLM}, cell: rnn.GRU, hidden: 192, embed: 32, epochs: 4, batch: 32, bptt: 64, rate: 4e-3, embedScale: 1, patience: 3},
	dataCopy:   {tasks: []string{model.TaskTag}, cell: rnn.Tanh, hidden: 128, embed: 16, epochs: 20, batch: 20, rate: 1e-3, gatedRate: 8e-3, embedScale: 1, fixed: true},
	dataAdding: {tasks: []string{model.TaskClassify}, cell: rnn.Tanh, hidden: 128, epochs: 10, batch: 20, rate: 1e-3, gatedRate: 8e-3, fixed: true},
}

// wordText are the defaults for the words of a text.
var wordText = defaults{tasks: []string{model.TaskLM}, cell: rnn.GRU, hidden: 192, embed: 128, epochs: 5, batch: 32, bptt: 32, rate: 2e-3, embedScale: 0.1, patience: 3, fixed: true}

// defaults returns those for data of a format.
func (f *trainFlags) defaults(format string) defaults {
	switch d, ok := byFormat[format]; {
	case format == formatText && f.unit == unitWords:
		return wordText
	case ok:
		return d
	case f.series:
		d := byFormat["series"]
		if f.task == model.TaskClassify || f.options.Model.PerStep > 0 { // what is said is said at the end
			d.bptt, d.bidirectional = 0, true
		}
		return d
	}
	return byFormat["words"]
}

// The names of the tokens of a text.
const (
	unitCharacters = "characters"
	unitWords      = "words"
)

// pick gives v a default that depends on the data, and notes it, unless the
// flag of this name was given.
func pick[T comparable](f *trainFlags, flags *pflag.FlagSet, name string, v *T, value T) {
	var zero T
	if flags.Changed(name) {
		return
	}
	*v = value
	switch {
	case value == zero:
		f.note(name, "")
	case any(value) == any(true):
		f.note(name, "--"+name)
	default:
		f.note(name, fmt.Sprintf("--%s %v", name, value))
	}
}

// note replaces what is said of a default that was picked; "" says nothing.
func (f *trainFlags) note(name, said string) {
	f.picked = slices.DeleteFunc(f.picked, func(p string) bool {
		return strings.HasPrefix(p+" ", "--"+name+" ") || strings.HasPrefix(p, "--"+name+"=")
	})
	if said != "" {
		f.picked = append(f.picked, said)
	}
}

// cellNamed returns the cell of a name, rnn being the paper's.
func cellNamed(name string) rnn.Cell {
	if name == "rnn" {
		return rnn.Tanh
	}
	return rnn.Cell(name)
}

// finish completes the options for data of a format, that of files if it has any, and checks them.
func (f *trainFlags) finish(flags *pflag.FlagSet, format string, file *data.Format) error {
	o, d := &f.options, f.defaults(format)
	task := d.tasks[0]
	if o.Model.PerStep > 0 {
		task = model.TaskClassify
	}
	pick(f, flags, "task", &f.task, task)
	if !slices.Contains(d.tasks, f.task) {
		return usagef("task %q of %s data: expected %s", f.task, format, strings.Join(d.tasks, " or "))
	}
	cell := string(d.cell)
	pick(f, flags, "cell", &f.cell, cell)
	pick(f, flags, "hidden", &o.Model.Hidden, d.hidden)
	pick(f, flags, "bidirectional", &o.Model.Bidirectional, d.bidirectional && o.BPTT == 0 && !o.Recompute) // which it does not go with
	if d.bidirectional && !o.Model.Bidirectional && !flags.Changed("bidirectional") {
		f.note("bidirectional", "--bidirectional=false")
	}
	pick(f, flags, "embed", &o.Model.Embed, d.embed)
	pick(f, flags, "chars", &o.Model.Chars, d.chars)
	features := strings.Join(d.features, ",")
	if flags.Changed("features") {
		features = strings.Join(f.features, ",")
	}
	pick(f, flags, "features", &features, features)
	pick(f, flags, "word-dropout", &o.WordDrop, d.wordDrop)
	pick(f, flags, "epochs", &o.Epochs, d.epochs)
	pick(f, flags, "batch", &o.Batch, d.batch)
	rate := d.rate
	if c := cellNamed(f.cell); d.gatedRate > 0 && (c == rnn.LSTM || c == rnn.GRU) {
		rate = d.gatedRate
	}
	pick(f, flags, "lr", &o.Optim.Rate, rate)
	if !o.Recompute {
		if f.series && (o.Model.Bidirectional || o.Model.Output == model.CRF) {
			d.bptt = 0 // they need whole sequences
		}
		pick(f, flags, "bptt", &o.BPTT, d.bptt)
	} else if d.bptt > 0 && !flags.Changed("bptt") { // it is for all steps at once
		f.note("bptt", "--bptt 0")
	}
	o.Memory, o.Keep = f.memory.limit(), flags.Changed("recompute") && !o.Recompute
	if !flags.Changed("patience") {
		o.Patience = d.patience
	}
	o.EmbedScale = d.embedScale
	o.Optim.Method, o.Optim.Schedule = optim.Method(f.optimizer), optim.Schedule(f.schedule)
	if err := f.checkIdle(flags, file, features); err != nil {
		return err
	}
	if err := f.finishModel(flags, format, features); err != nil {
		return err
	}
	f.finishColumn(file)
	if err := o.Validate(); err != nil {
		return usageError{err}
	}
	if file == nil {
		return nil
	}
	return sourceOf(file, o.Model).validate()
}

// checkIdle refuses flags that would do nothing.
func (f *trainFlags) checkIdle(flags *pflag.FlagSet, file *data.Format, features string) error {
	for _, idle := range []struct {
		flag string
		idle bool
		with string
	}{
		{"steps", f.data == "", "--data"},
		{"unit", file == nil || file.Name != formatText, "a text"},
		{"label-column", file == nil || file.Column == "" && !file.Key, "labelled words or vectors"},
		{"word-column", file == nil || !file.Columns, "a file of columns"},
		{"input-columns", file == nil || !file.Table, "csv"},
		{"sequence-column", file == nil || !file.Table, "csv"},
		{"per-step", file == nil || !file.Table, "csv"},
		{"per-step", f.options.Model.PerStep == 0, "a number of at least 1"},
		{"min-count", f.data != "", "tokens of files"},
		{"vector-words", f.vectors == "", "--vectors"},
		{"char-cell", f.options.Model.Chars == 0, "--chars"},
		{"jamo", f.options.Model.Chars == 0, "--chars"},
		{"feature-embed", features == "" || features == "none", "--features"},
		{"train", f.train == "", "a file's name"},
		{"data", f.data == "", "a name: copy or adding"},
	} {
		if idle.idle && flags.Changed(idle.flag) {
			return usagef("--%s does nothing here: it goes with %s", idle.flag, idle.with)
		}
	}
	return nil
}

// finishModel completes the model's configuration.
func (f *trainFlags) finishModel(flags *pflag.FlagSet, format, features string) error {
	c := &f.options.Model
	c.Cell, c.Format, c.Task = cellNamed(f.cell), format, f.task
	var err error
	if c.Features, err = parseFeatures(features); err != nil {
		return err
	}
	if len(c.Features) == 0 {
		c.FeatureEmbed = 0
	}
	if c.Chars > 0 {
		c.CharCell = cellNamed(f.charCell)
	}
	switch f.unit {
	case unitCharacters:
	case unitWords:
		c.Unit = model.UnitWords
	default:
		return usagef("unit %.20q is unknown: expected %s or %s", f.unit, unitCharacters, unitWords)
	}
	switch {
	case format == dataAdding && flags.Changed("output"):
		return usagef("--output %s of the adding problem: its output is a real value, leave --output out", c.Output)
	case format == dataAdding:
		c.Vector, c.Output = 2, model.Real
	case c.Output != "" && c.Output != model.Softmax && c.Output != model.CRF:
		return usagef("output %.20q: expected softmax or crf", string(c.Output))
	case c.Output == "" && flags.Changed("constraints") && span.Scheme(f.options.Constraints).Valid():
		c.Output = model.CRF // whose constraints they are
	case c.Output == "":
		c.Output = model.Softmax
	}
	if f.series {
		c.Vector, c.Normalized = 1, true // as many numbers as the data have, once read
	}
	if c.Vector > 0 && (c.Embed != 0 || c.Chars != 0 || len(c.Features) != 0 || f.vectors != "") {
		return usagef("--embed, --chars, --features and --vectors are for tokens: %s has none", map[bool]string{true: "a series", false: "the adding problem"}[f.series])
	}
	if err := checkSteps(f.steps); f.data != "" && err != nil {
		return err
	}
	if f.vectorWords < 0 {
		return usagef("--vector-words %d: expected 0 or more", f.vectorWords)
	}
	return nil
}

// finishColumn says where the labels are.
func (f *trainFlags) finishColumn(file *data.Format) {
	c := &f.options.Model
	if c.Column = f.column; c.Column == "" && file != nil && c.Task != model.TaskClassify {
		c.Column = file.Column
	}
}

// maxSteps keeps made-up data in memory: some hundred megabytes.
const maxSteps = 1000

// parseFeatures takes the flag's list apart; prefix and suffix stand for three.
func parseFeatures(list string) (features []model.Feature, err error) {
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		switch name {
		case "none":
		case "prefix", "suffix":
			for n := 1; n <= 3; n++ {
				features = append(features, model.Feature(fmt.Sprint(name, n)))
			}
		default:
			features = append(features, model.Feature(name))
		}
	}
	return features, nil
}
