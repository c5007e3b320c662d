package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/explain"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/show"
)

// modelFlags are the options of explain for trained models.
type modelFlags struct {
	models         []string
	text           string
	data           string
	steps          int
	format, column string
}

func (f *modelFlags) bind(c *cobra.Command) {
	s := c.Flags()
	s.StringArrayVarP(&f.models, "model", "m", nil, "a model's file; several stand side by side")
	s.StringVar(&f.text, "text", "", "explain the model on this: of Go and text its characters (or words, as the model reads), otherwise words between spaces")
	s.StringVar(&f.data, "data", "", "instead of a FILE, made-up data: copy or adding")
	s.IntVar(&f.steps, "steps", 100, "of --data, as in train")
	s.StringVar(&f.format, "format", formatAuto, "of FILE: auto (by its name, its beginning and what the model was trained on), "+formatList())
	s.StringVar(&f.column, "label-column", "", "CoNLL-U column, or comment, of FILE's labels (default the one that the model was trained on)")
}

// check says what is wrong with the options, if anything.
func (f *modelFlags) check(c *cobra.Command, files []string) error {
	given := 0
	for _, is := range []bool{c.Flags().Changed("text"), f.data != "", len(files) > 0} {
		if is {
			given++
		}
	}
	switch {
	case given == 0:
		return usagef("nothing to explain the model on: expected a FILE, --text or --data")
	case given > 1:
		return usagef("a FILE, --text and --data at once: expected one of them")
	case c.Flags().Changed("text") && f.text == "":
		return usagef("an empty text: expected at least one character or word")
	case f.data != "" && f.data != dataCopy && f.data != dataAdding:
		return usagef("data %.20q is unknown: expected %s or %s", f.data, dataCopy, dataAdding)
	case f.data == "" && c.Flags().Changed("steps"):
		return usagef("--steps does nothing here: it goes with --data")
	}
	return checkSteps(f.steps)
}

// explain returns the reports of all models, of all layers and directions if so
// wanted. The only one has who influenced whom in the text, or in the first
// sequence of the data.
func (f *modelFlags) explain(files []string, all bool) ([]*explain.ModelReport, error) {
	var models []*model.Model // all first: nothing is said of one before it is known that there is another
	for _, path := range f.models {
		m, err := loadModel(path)
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	var reports []*explain.ModelReport
	for i, m := range models {
		path := f.models[i]
		sequences, name, err := f.sequences(path, m, files)
		if err != nil {
			return nil, err
		}
		r, err := explainOn(path, m, all, sequences, name, len(f.models) == 1)
		if err != nil {
			return nil, pathError(path, err)
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// explainOn explains a model on sequences: by the flow of all and, if asked
// for, the influence in the first, whose name is given.
func explainOn(path string, m *model.Model, all bool, sequences []data.Sequence, name string, influence bool) (*explain.ModelReport, error) {
	e, err := explain.New(m, all)
	if err != nil {
		return nil, err
	}
	var r *explain.ModelReport
	if influence {
		first := sequences[0]
		if name == "" {
			name = first.Name
			if n := first.Steps(); n > explain.MaxSteps {
				first = explain.Piece(first, 0)
				name += fmt.Sprintf(" (the first %d of %d steps)", explain.MaxSteps, n)
			}
		}
		if r, err = e.Influence(path, first); err != nil {
			return nil, err
		}
		r.Input = name
	}
	return e.Flow(r, path, sequences, e.Sample())
}

// sequences returns what a model is explained on: the text, whose name is then
// given, made-up data or a file.
func (f *modelFlags) sequences(path string, m *model.Model, files []string) (s []data.Sequence, name string, err error) {
	switch {
	case f.text != "":
		s, err = f.textSequence(path, m)
		return s, "--text", err
	case f.data != "":
		if m.Config.Format != f.data {
			return nil, "", usagef("%s was not trained on --data %s", path, f.data)
		}
		return makeUp(f.data, f.steps, testPart, madeUpTest), "", nil
	}
	in := inputFlags{model: path, format: f.format, column: f.column}
	source, err := in.source(m, files[0])
	if err != nil {
		return nil, "", err
	}
	if s, err = source.read(files[0]); err == nil && len(s) == 0 {
		err = fmt.Errorf("%s: no sequences, expected at least one", files[0])
	}
	return s, "", err
}

// textSequence splits the text as the model reads it.
func (f *modelFlags) textSequence(path string, m *model.Model) ([]data.Sequence, error) {
	if m.Config.Vector > 0 {
		return nil, usagef("%s reads vectors, which --text has not", path)
	}
	if m.Config.Output == model.Real {
		return nil, usagef("%s gives values, whose loss --text does not say", path)
	}
	var split []string
	switch m.Config.Format {
	case formatGo, dataCopy:
		split = data.Runes(f.text)
	case formatText:
		split = data.Options{Unit: m.Config.Unit}.Tokens(f.text)
	default:
		split = strings.Fields(data.NFC(f.text))
	}
	if len(split) == 0 {
		return nil, usagef("a text of spaces alone: expected at least one word")
	}
	warnTokens(path, m, split)
	return []data.Sequence{{Tokens: split}}, nil
}

// warnTokens warns of tokens that a model has no vector of.
func warnTokens(path string, m *model.Model, tokens []string) {
	var unknown []string
	for _, t := range tokens {
		if m.Vocab.ID(data.NFC(t)) == model.Unknown {
			unknown = append(unknown, fmt.Sprintf("%.40q", t))
		}
	}
	const most = 5
	n := len(unknown)
	if n > most {
		unknown = append(unknown[:most], "…")
	}
	if n > 0 {
		warn("%s does not know %d of %d tokens and reads them as unknown: %s", path, n, len(tokens), strings.Join(unknown, ", "))
	}
}

// showModels writes the reports: of one all of it, of several their flows side
// by side.
func showModels(w io.Writer, s *show.Screen, reports []*explain.ModelReport) error {
	if len(reports) == 1 {
		return s.Model(w, reports[0])
	}
	var flows []explain.Flow
	for _, r := range reports {
		flows = append(flows, r.Flow)
	}
	return s.Flows(w, flows)
}

// modelsObject is the reports as one object for JSON: of one it is it, of several
// their list is its "models".
func modelsObject(reports []*explain.ModelReport) any {
	if len(reports) == 1 {
		return reports[0]
	}
	return map[string]any{"models": reports}
}

// run explains models.
func (f *modelFlags) run(c *cobra.Command, files []string, out explainOutput) error {
	if err := f.check(c, files); err != nil {
		return err
	}
	reports, err := f.explain(files, out.json || out.html != "")
	if err != nil {
		return err
	}
	return out.write(show.Page{Models: reports}, modelsObject(reports), func(s *show.Screen) error { return showModels(os.Stdout, s, reports) })
}
