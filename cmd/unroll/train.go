package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

func trainCommand() *cobra.Command {
	var f trainFlags
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a model",
		Long: `Train a recurrent network to label sequences, and write it to one file.

Without --train it learns Go from the source of the Go installation: what every
character is part of, a comment, a string, a number, a keyword, an operator, an
identifier or space. --train takes a directory of Go code; a CoNLL-U file, whose
words bear the labels; or a text (.txt), for a language model of its characters.

After each epoch that is the best so far the model's file is written anew.
Ctrl-C ends the training, with status 0 if a model was saved.`,
		Example: `  unroll train
  unroll train --train . -o mine.safetensors
  unroll train --train en_ewt-ud-train.conllu --dev en_ewt-ud-dev.conllu --test en_ewt-ud-test.conllu --label-column upos`,
		Args: arguments(0, 0),
	}
	f.bind(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
		c.SetContext(ctx)
		return f.run(c)
	}
	return c
}

// corpus is what a model is trained, chosen and scored on.
type corpus struct {
	format           string
	column           int
	train, dev, test []data.Sequence
	about            string // where it is from
	example          string // a file like those it is from, to try the model on
}

func (f *trainFlags) run(c *cobra.Command) error {
	corpus, err := f.corpus(c)
	if err != nil {
		return err
	}
	if f.out, err = outputFile(f.out, f.train, f.dev, f.test); err != nil {
		return err
	}
	show := newProgress(f.quiet || f.json)
	fmt.Fprintln(show, corpus.about)
	training := corpus.train
	if corpus.format == formatGo {
		training = data.WithClauses(data.WithWrapped(training, wrapEvery))
	}
	fmt.Fprintf(show, "%s to train on\n", size(corpus.train))
	if more := training[len(corpus.train):]; len(more) > 0 {
		fmt.Fprintf(show, "%s more: declarations made a comment or raw string, and package clauses\n", size(more))
	}
	fmt.Fprintf(show, "%s to choose the best epoch by\n", size(corpus.dev))
	if len(corpus.test) > 0 {
		fmt.Fprintf(show, "%s to score\n", size(corpus.test))
	}
	hooks := train.Hooks{Event: show.event, Best: func(m *model.Model) error { return train.Save(m, f.out) }}
	if f.json {
		hooks.Event = jsonEvents(os.Stdout)
	}
	m, result, err := train.Fit(c.Context(), training, corpus.dev, f.options, hooks)
	show.close()
	if err != nil && result.BestEpoch > 0 {
		err = fmt.Errorf("%w; %s has the best so far, of epoch %d", err, f.out, result.BestEpoch)
	}
	if err != nil {
		return err
	}
	if !result.Interrupted {
		err = f.report(c.Context(), m, corpus, result)
	}
	if c.Context().Err() != nil {
		return f.interrupted(m, result)
	}
	return err
}

// wrapEvery is how rarely a declaration of the training text is given once
// more as a comment or a raw string, where only the opening tells.
const wrapEvery = 10

// interrupted says what Ctrl-C left. Before the first epoch ended no model was
// saved yet: then the model as it was is, unless that would take the place of
// another.
func (f *trainFlags) interrupted(m *model.Model, r train.Result) error {
	said := fmt.Sprintf("interrupted in epoch %d of %d; %s has the best so far, of epoch %d", r.Epochs, f.options.Epochs, f.out, r.BestEpoch)
	if r.BestEpoch == 0 {
		if _, err := os.Stat(f.out); err == nil || r.Steps == 0 {
			return fmt.Errorf("interrupted before the first epoch ended: nothing saved")
		}
		if err := train.Save(m, f.out); err != nil {
			return err
		}
		said = fmt.Sprintf("interrupted before the first epoch ended; %s has the model as it was after %d steps", f.out, r.Steps)
	}
	if f.json {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"event": "interrupted", "epoch": r.Epochs, "best_epoch": r.BestEpoch, "steps": r.Steps, "model": f.out})
	}
	fmt.Fprintln(os.Stderr, said)
	return nil
}

// corpus reads the data and completes the options for it.
func (f *trainFlags) corpus(c *cobra.Command) (*corpus, error) {
	if f.train == "" {
		if f.dev != "" || f.test != "" {
			return nil, usagef("--dev and --test go with --train")
		}
		if f.format != formatAuto && f.format != formatGo {
			return nil, usagef("--format %s goes with --train", f.format)
		}
		if _, err := f.finish(c.Flags(), formatGo); err != nil {
			return nil, err
		}
		return standardLibrary(c.Context())
	}
	format, err := formatOf(f.format, f.train)
	if err != nil {
		return nil, err
	}
	column, err := f.finish(c.Flags(), format)
	if err != nil {
		return nil, err
	}
	corpus := &corpus{format: format, column: column, about: fmt.Sprintf("%s, read as %s", f.train, format)}
	corpus.example = cmp.Or(f.test, f.dev, f.train)
	return corpus, f.read(corpus)
}

// standardLibrary reads the default corpus from the Go installation.
func standardLibrary(ctx context.Context) (*corpus, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION").Output()
	root, version, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if ctx.Err() != nil {
		return nil, errors.New("interrupted before the training began: nothing saved")
	}
	if err != nil || root == "" {
		return nil, errors.New("no Go installation found to learn from (go env GOROOT failed): say what to train on with --train")
	}
	root = strings.TrimSpace(root)
	c := &corpus{format: formatGo, example: filepath.Join(root, "src", "bufio", "scan.go")} // of the test set
	var stats data.CorpusStats
	c.train, c.dev, c.test, stats, err = data.GoCorpus(root)
	if err != nil {
		return nil, fmt.Errorf("%w; --train trains on something else", err)
	}
	total := stats.Train.Characters + stats.Dev.Characters + stats.Test.Characters
	c.about = fmt.Sprintf("the standard library of %s: %s characters of %d packages' declarations (%d cut at %s characters, %d left out of dev and test because an earlier part has them)",
		strings.TrimSpace(version), thousands(total), data.GoCorpusPackages(),
		stats.Train.Cut+stats.Dev.Cut+stats.Test.Cut, thousands(data.MaxDeclaration), stats.Dev.Dropped+stats.Test.Dropped)
	return c, nil
}

// read reads --train, --dev and --test; what is not given is a part of --train.
func (f *trainFlags) read(c *corpus) error {
	if c.format == formatGo && f.train != "-" && f.dev == "" && f.test == "" {
		var skipped []error
		var err error
		c.train, c.dev, c.test, skipped, err = data.GoDir(f.train)
		warnSkipped(skipped)
		c.example = exampleIn(f.train, slices.Concat(c.test, c.dev, c.train))
		return err
	}
	if c.format == formatText {
		return f.readText(c)
	}
	for _, p := range []struct {
		path string
		to   *[]data.Sequence
	}{{f.train, &c.train}, {f.dev, &c.dev}, {f.test, &c.test}} {
		if p.path == "" {
			continue
		}
		var err error
		if *p.to, err = readLabelled(p.path, c.format, c.column); err != nil {
			return err
		}
	}
	if f.dev == "" {
		c.train, c.dev = data.HoldOut(c.train)
	}
	return nil
}

// readText reads a text to model: --batch pieces of it side by side, and its
// last tenth to choose the best epoch by where --dev is not given.
func (f *trainFlags) readText(c *corpus) error {
	in, err := open(f.train)
	if err != nil {
		return err
	}
	defer in.Close()
	characters, err := data.ReadText(in, f.train)
	if err != nil {
		return err
	}
	cut := len(characters)
	if f.dev == "" {
		cut -= cut / 10
	}
	if c.train, err = data.NextTokens(f.train, characters[:cut], f.options.Batch); err != nil {
		return err
	}
	if f.dev != "" {
		c.dev, err = readLabelled(f.dev, formatText, 0)
	} else if held := characters[cut:]; len(held) > 1 {
		c.dev, err = data.NextTokens(f.train, held, evalPieces)
	}
	if err == nil && f.test != "" {
		c.test, err = readLabelled(f.test, formatText, 0)
	}
	return err
}

// exampleIn returns the file of the first sequence, below dir; dir itself if it
// is a file.
func exampleIn(dir string, sequences []data.Sequence) string {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() || len(sequences) == 0 {
		return dir
	}
	name, _, _ := strings.Cut(sequences[0].Name, ":")
	return filepath.Join(dir, filepath.FromSlash(name))
}

// size says how many sequences and tokens there are.
func size(sequences []data.Sequence) string {
	n := 0
	for _, s := range sequences {
		n += len(s.Tokens)
	}
	return fmt.Sprintf("%s sequences (%s steps)", thousands(len(sequences)), thousands(n))
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
