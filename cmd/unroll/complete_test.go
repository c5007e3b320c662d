package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/fetch"
)

// everyCommand calls f for each command that users see.
func everyCommand(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			everyCommand(below, f)
		}
	}
}

// parses wants a command line to be one of the command's: its flags are known,
// their values are of the right type, and its arguments are as many as it takes.
func parses(t *testing.T, line string) {
	t.Helper()
	c, args, err := command().Find(strings.Fields(line))
	if err == nil {
		err = c.ParseFlags(args)
	}
	if err == nil {
		err = c.ValidateArgs(c.Flags().Args())
	}
	if err != nil {
		t.Errorf("%s: %v", line, err)
	}
}

var (
	quotes = regexp.MustCompile(`"[^"]*"`)
	beyond = regexp.MustCompile(`(\)| [|<>]|  ).*`) // what a shell does with it, or what is said of it
)

// TestExamplesParse wants every command to have examples, and each to be a
// command line; and so the commands that data sets come with.
func TestExamplesParse(t *testing.T) {
	everyCommand(command(), func(c *cobra.Command) {
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			_, rest, ours := strings.Cut(quotes.ReplaceAllString(line, "quoted"), "unroll ")
			if !ours && strings.TrimSpace(line) != "" {
				t.Errorf("%s: the example %q is none of unroll", c.CommandPath(), line)
			}
			parses(t, beyond.ReplaceAllString(rest, ""))
		}
	})
	for _, s := range fetch.Sets {
		if s.Train != "" {
			parses(t, s.Train)
		}
	}
}

// TestEveryChoiceIsProposed wants every flag that takes a word of a few to
// propose them: all but those of files, of numbers and of what is free.
func TestEveryChoiceIsProposed(t *testing.T) {
	free := []string{"word-column", "input-columns", "sequence-column", "train", "dev", "test", "vectors", "memory", "against", "model", "out", "to", "prompt", "help", "version", "case", "text", "html"}
	everyCommand(command(), func(c *cobra.Command) {
		if c.Parent() != nil && c.Parent().Name() == "completion" {
			return // cobra's own
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			number := slices.Contains([]string{"bool", "int", "float64", "uint64"}, f.Value.Type())
			if _, ok := flagValues[f.Name]; !ok && !number && !slices.Contains(free, f.Name) {
				t.Errorf("%s --%s: nothing is proposed", c.CommandPath(), f.Name)
			}
			propose, ok := c.GetFlagCompletionFunc(f.Name)
			if values := flagValues[f.Name]; values != nil && ok {
				if got, _ := propose(c, nil, ""); !slices.Equal(got, values) {
					t.Errorf("%s --%s: %v are proposed, want %v", c.CommandPath(), f.Name, got, values)
				}
			} else if values != nil {
				t.Errorf("%s --%s proposes nothing", c.CommandPath(), f.Name)
			}
		})
	})
}

// TestProposedAreTaken wants train to take every value that is proposed.
func TestProposedAreTaken(t *testing.T) {
	for _, c := range []struct{ flag, also string }{
		{"cell", ""}, {"char-cell", "--chars 2"}, {"optimizer", ""}, {"schedule", ""}, {"output", ""}, {"constraints", "--output crf"},
		{"class-weights", "--output softmax"}, {"features", ""}, {"task", ""}, {"label-column", ""},
	} {
		for _, value := range flagValues[c.flag] {
			if value == "lm" {
				continue // of texts
			}
			f, cmd := trainFlags{}, &cobra.Command{}
			f.bind(cmd)
			if err := cmd.ParseFlags(append(strings.Fields(c.also), "--"+c.flag, value, "--train", "x.conllu")); err != nil {
				t.Fatal(err)
			}
			if c.flag == "task" && value == "classify" {
				f.column = "intent"
			}
			if err := f.finish(cmd.Flags(), "conllu", data.FormatNamed("conllu")); err != nil {
				t.Errorf("--%s %s: %v", c.flag, value, err)
			}
		}
	}
}
