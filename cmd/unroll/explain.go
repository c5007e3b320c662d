package main

import "github.com/spf13/cobra"

func explainCommand() *cobra.Command {
	var f modelFlags
	var lang string
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain -m MODEL [FILE]",
		Short: "Show who influenced whom, and where a gradient dies",
		Long: `Show which earlier words decided a label of a trained model, and how its
gradients fade or grow with distance; of several models the latter side by side.

What the influences are of is --text, or the first sequence of FILE (at most 200
steps); the flow is that of 32 states drawn from the data, always the same ones,
each followed over at most 200 steps.`,
		Example: `  unroll explain -m tagger.safetensors --text "the dogs bark"
  unroll explain -m tanh.safetensors -m lstm.safetensors main.go
  unroll explain -m tanh.safetensors -m lstm.safetensors --data copy --steps 50`,
		Args: arguments(0, 1),
	}
	f.bind(c)
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&asJSON, "json", false, "all numbers, as one JSON object")
	c.Flags().StringVar(&lang, "lang", "", "en or ko (default by the locale)")
	c.RunE = func(c *cobra.Command, files []string) error {
		if len(f.models) == 0 {
			return usagef("no model: say which with -m MODEL")
		}
		return f.run(c, files, lang, asJSON)
	}
	return c
}
