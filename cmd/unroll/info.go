package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
)

func infoCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "info MODEL",
		Short:   "Show what a model is",
		Long:    `Show a model's configuration, its labels in the order of their scores, and its parameters.`,
		Example: `  unroll info model.safetensors`,
		Args:    arguments(1, 1),

		ValidArgsFunction: completeModel,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	c.RunE = func(_ *cobra.Command, args []string) error {
		m, err := loadModel(args[0])
		if err != nil {
			return err
		}
		if asJSON {
			return json.NewEncoder(os.Stdout).Encode(map[string]any{
				"config": m.Config, "labels": m.Labels, "vocabulary": len(m.Vocab.Tokens()), "parameters": len(m.Params)})
		}
		return showInfo(m)
	}
	return c
}

func showInfo(m *model.Model) error {
	c := m.Config
	task := map[string]string{model.TaskTag: "labels every step", model.TaskClassify: "labels whole sequences", model.TaskLM: "foretells the next token"}[c.Task]
	if c.Output == model.Real {
		task = strings.Replace(task, "labels", "gives values to", 1)
	}
	if c.Format != "" {
		task += ", trained on " + c.Format
	}
	if c.Column != "" {
		task += map[bool]string{false: ", column ", true: ", comment "}[c.Task == model.TaskClassify && !hasKeys(c.Format)] + c.Column
	}
	h0 := "zero"
	if c.LearnH0 {
		h0 = "learned"
	}
	fmt.Printf("task        %s\n", task)
	fmt.Printf("cell        %s, %d layer(s) of %d, %d direction(s), h_0 %s\n", c.Cell, c.Layers, c.Hidden, c.Recurrent().Directions(), h0)
	fmt.Printf("output      %s\n", c.Output)
	if c.Constraints != span.None {
		fmt.Printf("constraints %s\n", c.Constraints)
	}
	showReading(m)
	fmt.Printf("labels      %d: %s\n", len(m.Labels), labelList(m))
	fmt.Printf("parameters  %s\n\n", thousands(len(m.Params)))
	t := table(os.Stdout)
	fmt.Fprintln(t, "tensor\tshape\telements\t")
	for _, p := range m.Tensors() {
		fmt.Fprintf(t, "%s\t%v\t%s\t\n", p.Name, p.Shape, thousands(p.Size()))
	}
	return t.Flush()
}

// hasKeys says whether a format has a label of a whole sequence in a column or
// under a key, not in a comment.
func hasKeys(format string) bool {
	f := data.FormatNamed(format)
	return f != nil && f.Key
}

// labelList lists the labels; the one without a name is that of unknown tokens.
func labelList(m *model.Model) string {
	names := slices.Clone(m.Labels)
	for i, l := range names {
		if l == model.UnknownLabel {
			names[i] = "(unknown)"
		}
	}
	return strings.Join(names, " ")
}

// showReading prints what the network reads.
func showReading(m *model.Model) {
	c := m.Config
	if c.Vector > 0 {
		fmt.Printf("input       vectors of %d%s\n", c.Vector, map[bool]string{true: ", normalised by their mean and deviation in training"}[c.Normalized])
		return
	}
	fmt.Printf("vocabulary  %s tokens as vectors of %d\n", thousands(len(m.Vocab.Tokens())), c.Embed)
	if c.Chars > 0 {
		units := "characters"
		if c.Jamo {
			units = "characters and jamo"
		}
		fmt.Printf("characters  %s %s, read by one %s layer of %d, 2 directions\n", thousands(len(m.CharVocab.Tokens())), units, c.CharCell, c.Chars)
	}
	for i, f := range c.Features {
		fmt.Printf("feature     %s, %s values as vectors of %d\n", f, thousands(len(m.FeatureVocabs[i].Tokens())), c.FeatureEmbed)
	}
}
