package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
	"github.com/unroll-go/unroll/internal/show"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/internal/train"
	"github.com/unroll-go/unroll/rnn"
)

// flagValues are what a shell proposes for a flag, in whatever command.
var flagValues = map[string][]string{
	"cell":          cellNames(),
	"char-cell":     cellNames(),
	"format":        append([]string{formatAuto}, data.FormatNames(func(*data.Format) bool { return true })...),
	"data":          {dataCopy, dataAdding},
	"task":          {model.TaskTag, model.TaskClassify, model.TaskLM},
	"unit":          {unitCharacters, unitWords},
	"label-column":  {"upos", "xpos", "lemma", "feats", "deprel", "misc"},
	"output":        {string(model.Softmax), string(model.CRF)},
	"constraints":   {train.AutoConstraints, string(span.BIO), string(span.BIOES), train.NoConstraints},
	"lang":          {string(show.English), string(show.Korean)},
	"break":         mistakeNames(),
	"class-weights": {train.BalancedWeights, train.NoWeights},
	"features":      {"none", "shape", "prefix", "suffix", "prefix1", "prefix2", "prefix3", "prefix4", "suffix1", "suffix2", "suffix3", "suffix4"},
	"optimizer":     {string(optim.Adam), string(optim.AdamW), string(optim.SGD)},
	"schedule":      {string(optim.Cosine), string(optim.Constant)},
}

func cellNames() []string {
	names := []string{"rnn"}
	for _, c := range rnn.Cells() {
		names = append(names, string(c))
	}
	return names
}

// flagFiles are the endings of the files that a flag takes.
var flagFiles = map[string][]string{
	"model":   {"safetensors"},
	"out":     {"safetensors"},
	"against": {"json"},
	"case":    {"json"},
	"html":    {"html"},
}

// flagFolders are the flags that take a folder.
var flagFolders = []string{"to"}

// completionCommand adds cobra's command that writes a shell's completion, with
// this command's errors.
func completionCommand(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() != "completion" {
			continue
		}
		c.Args, c.RunE = arguments(0, 0), func(c *cobra.Command, _ []string) error { return c.Help() }
		c.Example = "  source <(unroll completion bash)"
		for _, shell := range c.Commands() {
			shell.Args = arguments(0, 0)
			shell.Example = "  unroll completion " + shell.Name()
		}
	}
}

// complete makes shells propose values of the flags of c and of the commands
// below it.
func complete(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if values, ok := flagValues[f.Name]; ok && f.Value.Type() != "bool" {
			c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
		if endings, ok := flagFiles[f.Name]; ok && f.Value.Type() != "bool" {
			c.MarkFlagFilename(f.Name, endings...)
		}
		if slices.Contains(flagFolders, f.Name) {
			c.MarkFlagDirname(f.Name)
		}
		if slices.Contains([]string{"int", "float64", "uint64"}, f.Value.Type()) {
			c.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions)
		}
	})
	if c.ValidArgsFunction == nil && c.Use == c.Name() {
		c.ValidArgsFunction = cobra.NoFileCompletions // it takes none
	}
	for _, below := range c.Commands() {
		complete(below)
	}
}

// completeSets proposes the names of data sets.
func completeSets(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return setNames(), cobra.ShellCompDirectiveNoFileComp
}

// completeModel proposes the files of models.
func completeModel(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"safetensors"}, cobra.ShellCompDirectiveFilterFileExt
}
