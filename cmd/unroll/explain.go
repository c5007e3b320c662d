package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/show"
)

func explainCommand() *cobra.Command {
	var models modelFlags
	var paper caseFlags
	var lang string
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain [-m MODEL [FILE]]",
		Short: "Show the paper's equations on real numbers, or who influenced whom in a model",
		Long: `Show the text "Backpropagation in RNNs" on real numbers: of its worked example,
two steps of a small tanh network, every equation (15) to (26) as printed and as
meant, its terms one by one, the total by the recursion, and the line of code that
computes it. Each is checked in independent ways: the terms' sum, the literal
double sums (11) and (14), central differences, and what a case's file expects.

--case takes another network and sequence, of any size and length, as a JSON
object in the format of gradcheck's golden files (one tanh layer; h, logits, loss
and grads may be left out; internal/check/testdata/one.json of the source is one).
Of up to four steps every term is shown, of more what they give by how far back
they lie. --break puts a classic mistake in, to see which checks notice it; the
exit status is then 1.

With -m, show which earlier words decided a label of a trained model, and how its
gradients fade or grow with distance; of several models the latter side by side.
What the influences are of is --text, or the first sequence of FILE (at most 200
steps); the flow is that of 32 states drawn from the data, always the same ones
(fewer where they are wide), each followed over at most 200 steps. --json writes
all layers and directions: docs/influence.md of the source says how.`,
		Example: `  unroll explain
  unroll explain --break transpose
  unroll explain --case internal/check/testdata/one.json --lang ko
  unroll explain -m tagger.safetensors --text "the dogs bark"
  unroll explain -m tanh.safetensors -m lstm.safetensors main.go
  unroll explain -m tanh.safetensors -m lstm.safetensors --data copy --steps 50`,
		Args: arguments(0, 1),
	}
	c.Flags().SortFlags = false
	paper.bind(c)
	models.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "all numbers, as one JSON object")
	c.Flags().StringVar(&lang, "lang", "", "en or ko (default by the locale)")
	c.RunE = func(c *cobra.Command, files []string) error {
		l, err := show.LangOf(lang, os.Getenv)
		if err != nil {
			return usageError{err}
		}
		if len(models.models) == 0 {
			if err := caseAlone(c, files); err != nil {
				return err
			}
			return paper.run(l, asJSON)
		}
		if c.Flags().Changed("case") || c.Flags().Changed("break") {
			return usagef("--case and --break are of the paper's network: they do not go with -m")
		}
		return models.run(c, files, l, asJSON)
	}
	return c
}

// caseAlone refuses what only a model is explained on.
func caseAlone(c *cobra.Command, files []string) error {
	if len(files) > 0 {
		return usagef("%s: no model to explain on it: say which with -m MODEL, or --case for a case", files[0])
	}
	for _, name := range []string{"text", "data", "steps", "format", "label-column"} {
		if c.Flags().Changed(name) {
			return usagef("--%s goes with a model: say which with -m MODEL", name)
		}
	}
	return nil
}
