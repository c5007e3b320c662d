package main

import (
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/file"
	"github.com/unroll-go/unroll/internal/show"
)

// explainFlags are the options of explain: of the paper's network, or of models.
type explainFlags struct {
	paper  caseFlags
	models modelFlags
	lang   string
	out    explainOutput
}

func explainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:     "explain [-m MODEL [FILE]]",
		Short:   "Show the paper's equations on real numbers, or who influenced whom in a model",
		Long:    explainHelp,
		Example: explainExamples,
		Args:    arguments(0, 1),
		RunE:    func(c *cobra.Command, files []string) error { return f.run(c, files) },
	}
	c.Flags().SortFlags = false
	f.paper.bind(c)
	f.models.bind(c)
	c.Flags().BoolVar(&f.out.json, "json", false, "all numbers, as one JSON object")
	c.Flags().StringVar(&f.out.html, "html", "", "write a page of HTML to this file instead")
	c.Flags().StringVar(&f.lang, "lang", "", "en or ko (default by the locale)")
	return c
}

const explainHelp = `Show the text "Backpropagation in RNNs" on real numbers: of its worked example,
two steps of a small tanh network, every equation (15) to (26) as printed and as
meant, its terms one by one, the total (by the recursion where there is one), and
the line of code that computes it. Each is checked in independent ways: the terms'
sum, the literal double sums (11) and (14), central differences, and what a case's
file expects.

--case takes another network and sequence, of any size and length, as a JSON
object in the format of gradcheck's golden files (one tanh layer; what it should
come to may be left out); docs/case.md of the source says how to write one. Of
up to four steps every term is shown, of more what they give by how far back they
lie. --break puts a classic mistake in, to see which checks notice it; the exit
status is then 1.

With -m, show which earlier words decided a label of a trained model, and how its
gradients fade or grow with distance; of several models the latter side by side.
What the influences are of is --text, or the first sequence of FILE (at most 200
steps); the flow is that of 32 states drawn from the data, always the same ones
(fewer where they are wide), each followed over at most 200 steps. --json writes
all layers and directions: docs/influence.md of the source says how.

--html writes all of it as a page that needs nothing else: figures, equations,
heat maps and curves.`

const explainExamples = `  unroll explain
  unroll explain --break transpose
  unroll explain --case internal/check/testdata/one.json --lang ko
  unroll explain --html paper.html
  unroll explain -m tagger.safetensors --text "the dogs bark"
  unroll explain -m tanh.safetensors -m lstm.safetensors main.go
  unroll explain -m tanh.safetensors -m lstm.safetensors --data copy --steps 50`

func (f *explainFlags) run(c *cobra.Command, files []string) (err error) {
	if f.out.lang, err = show.LangOf(f.lang, os.Getenv); err != nil {
		return usageError{err}
	}
	if err := f.out.check(c, append(files, append(f.models.models, f.paper.path)...)); err != nil {
		return err
	}
	if len(f.models.models) > 0 {
		if c.Flags().Changed("case") || c.Flags().Changed("break") {
			return usagef("--case and --break are of the paper's network: they do not go with -m")
		}
		return f.models.run(c, files, f.out)
	}
	if err := caseAlone(c, files); err != nil {
		return err
	}
	return f.paper.run(f.out)
}

// explainOutput says where an explanation goes to: standard output, or a page.
type explainOutput struct {
	lang show.Lang
	json bool
	html string // the page's file
}

// check says early what would go wrong at the end.
func (o *explainOutput) check(c *cobra.Command, inputs []string) (err error) {
	if !c.Flags().Changed("html") {
		return nil
	}
	if o.json {
		return usagef("--json and --html at once: expected one of them")
	}
	o.html, err = outputFile(o.html, "page", inputs...)
	return err
}

// write writes the page, or the object as JSON, or the text.
func (o *explainOutput) write(page show.Page, object any, text func(s *show.Screen) error) error {
	switch {
	case o.html != "":
		return file.Write(o.html, func(w io.Writer) error { return page.Write(w, o.lang) })
	case o.json:
		return json.NewEncoder(os.Stdout).Encode(object)
	}
	return text(screen(o.lang))
}

// caseAlone refuses what only a model is explained on, and empty names.
func caseAlone(c *cobra.Command, files []string) error {
	if len(files) > 0 {
		return usagef("%s: no model to explain on it: say which with -m MODEL, or --case for a case", files[0])
	}
	for _, name := range []string{"case", "break"} {
		if f := c.Flags().Lookup(name); f.Changed && f.Value.String() == "" {
			return usagef("--%s is empty, expected a value", name)
		}
	}
	for _, name := range []string{"text", "data", "steps", "format", "label-column"} {
		if c.Flags().Changed(name) {
			return usagef("--%s goes with a model: say which with -m MODEL", name)
		}
	}
	return nil
}
