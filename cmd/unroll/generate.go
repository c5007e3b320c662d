package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// generateFlags are the options of generate.
type generateFlags struct {
	model, prompt string
	length        int
	seed          uint64
	sampler       loss.Sampler
}

func generateCommand() *cobra.Command {
	f := generateFlags{sampler: loss.Sampler{Temperature: 0.8, TopP: 1}}
	c := &cobra.Command{
		Use:   "generate -m MODEL",
		Short: "Go on with a text",
		Long: `Go on with a text as a language model would: each next character or word is
drawn from the probabilities that the model gives it, and becomes the input of the next
step. The same seed gives the same text.`,
		Example: `  unroll generate -m model.safetensors --prompt "To be, " --length 200`,
		Args:    arguments(0, 0),
	}
	s := c.Flags()
	s.SortFlags = false
	s.StringVarP(&f.model, "model", "m", "", "the model's file")
	s.StringVar(&f.prompt, "prompt", "\n", "what the text begins with")
	s.IntVar(&f.length, "length", 500, "characters, or words, to draw")
	s.Float64Var(&f.sampler.Temperature, "temperature", f.sampler.Temperature, "below 1 bolder, above 1 wilder; 0 takes the most likely")
	s.IntVar(&f.sampler.TopK, "top-k", f.sampler.TopK, "draw from so many of the most likely; 0 for all")
	s.Float64Var(&f.sampler.TopP, "top-p", f.sampler.TopP, "draw from the most likely that have this probability together")
	s.Uint64Var(&f.seed, "seed", 1, "of the draws")
	c.RunE = func(*cobra.Command, []string) error { return f.run() }
	return c
}

func (f *generateFlags) run() error {
	if err := f.sampler.Validate(); err != nil {
		return usageError{err}
	}
	if f.length < 0 {
		return usagef("length %d: expected 0 or more", f.length)
	}
	if f.prompt == "" {
		return usagef("an empty prompt: expected at least one character")
	}
	m, err := loadModel(f.model)
	if err != nil {
		return err
	}
	if m.Config.Task != model.TaskLM {
		return usagef("%s is no language model: it was trained to label, not to go on", f.model)
	}
	out := bufio.NewWriter(os.Stdout)
	f.sampler.Rand = rand.New(rand.NewPCG(f.seed, 0))
	if err := generate(out, m, &f.sampler, f.prompt, f.length); err != nil {
		return err
	}
	fmt.Fprintln(out)
	return out.Flush()
}

// generate writes the prompt, but for space at its beginning, and so many
// characters that follow.
func generate(out io.Writer, m *model.Model, s *loss.Sampler, prompt string, length int) error {
	net, err := m.Network(nil)
	if err != nil {
		return err
	}
	l, err := m.NewLabeller(net)
	if err != nil {
		return err
	}
	for _, t := range (data.Options{Unit: m.Config.Unit}).Tokens(prompt) {
		l.Step(t)
	}
	unknown := m.LabelID(model.UnknownLabel)
	if _, err := io.WriteString(out, strings.TrimLeft(prompt, "\n ")); err != nil {
		return err
	}
	for range length {
		if unknown != loss.NoLabel {
			l.Scores()[unknown] = 0 // it stands for no text
		}
		z := l.Scores()
		if !(z[loss.Best(z)] > 0) {
			return errors.New("the model gives every token the probability 0")
		}
		next := m.Labels[s.Draw(z)]
		if _, err := io.WriteString(out, next); err != nil {
			return err
		}
		l.Step(next)
	}
	return nil
}

// showText prints how well a text was foretold.
func showText(w io.Writer, m *model.Model, e *train.Evaluation) error {
	unit := "character"
	if m.Config.Unit == model.UnitWords {
		unit = "word"
	}
	_, err := fmt.Fprintf(w, "loss %.4f nats a %s (%.3f bits, perplexity %.2f); %s of %s %[2]ss foretold\n",
		e.Loss, unit, e.Loss/math.Ln2, math.Exp(e.Loss), percent(e.Accuracy()), thousands(e.Tokens()))
	if id := m.LabelID(model.UnknownLabel); err == nil && id != loss.NoLabel {
		_, err = fmt.Fprintf(w, "%s of them are none that the model knows, which it foretells as such\n", thousands(e.PerLabel()[id].Support))
	}
	return err
}

// printText prints the loss of a language model and a text of its own.
func (r *report) printText(w io.Writer, path string) error {
	if len(r.held) > 0 {
		fmt.Fprintf(w, "\nOn %s: ", r.what)
		if err := showText(w, r.model, r.eval); err != nil {
			return err
		}
	}
	fmt.Fprint(w, "\nA text of its own, at temperature 0.8:\n\n")
	s := &loss.Sampler{Temperature: 0.8, TopP: 1, Rand: rand.New(rand.NewPCG(1, 0))}
	if err := generate(w, r.model, s, "\n", 400); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n\nThe model is %s. Next:\n  %s generate -m %[1]s --temperature 0.5\n  %[2]s eval -m %[1]s %[3]s\n", quoted(path), commandName(), quoted(r.corpus.example))
	return err
}
