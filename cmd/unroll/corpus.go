package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
)

// corpus is what a model is trained, chosen and scored on.
type corpus struct {
	format           string
	train, dev, test []data.Sequence
	about            string // where it is from
	example          string // a file like those it is from, to try the model on
}

// corpus reads the data and completes the options for it.
func (f *trainFlags) corpus(c *cobra.Command) (*corpus, error) {
	format, file, err := f.formatOf()
	if err != nil {
		return nil, err
	}
	if err := f.finish(c.Flags(), format, file); err != nil {
		return nil, err
	}
	var co *corpus
	switch {
	case f.data != "":
		co = f.madeUp()
	case f.train == "":
		co, err = standardLibrary(c.Context())
	default:
		co = &corpus{format: format, example: cmp.Or(f.test, f.dev, f.train)}
		from := sourceOf(file, f.options.Model)
		err = f.read(co, &from)
		co.about = fmt.Sprintf("%s, read as %s%s", shown(f.train), format, from.about())
		f.options.Model.Column, f.options.Model.Inputs = from.options.Column, from.options.Inputs
	}
	if err != nil {
		return nil, err
	}
	return co, f.adapt(c.Flags(), co)
}

// formatOf returns the data's format by name, and that of its files if it has any.
func (f *trainFlags) formatOf() (name string, file *data.Format, err error) {
	switch {
	case f.data != "" && (f.train != "" || f.dev != "" || f.test != "" || f.format != formatAuto):
		return "", nil, usagef("--data makes data up: it does not go with --train, --dev, --test or --format")
	case f.data != "" && f.data != dataCopy && f.data != dataAdding:
		return "", nil, usagef("data %.20q is unknown: expected %s or %s", f.data, dataCopy, dataAdding)
	case f.data != "":
		return f.data, nil, nil
	case f.train != "":
		var begin string
		if file, begin, err = formatOf(f.format, f.train); err != nil {
			return "", nil, err
		}
		f.series = file.Reads == data.OfVectors || file.Reads&data.OfVectors != 0 && data.HasVectors(begin)
		return file.Name, file, nil
	case f.dev != "" || f.test != "":
		return "", nil, usagef("--dev and --test go with --train")
	case f.format != formatAuto && f.format != formatGo:
		return "", nil, usagef("--format %s goes with --train", f.format)
	}
	return formatGo, data.FormatNamed(formatGo), nil
}

// standardLibrary reads the default corpus from the Go installation.
func standardLibrary(ctx context.Context) (*corpus, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION").Output()
	root, version, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
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
func (f *trainFlags) read(c *corpus, from *source) error {
	if c.format == formatGo && f.train != "-" && f.dev == "" && f.test == "" {
		var skipped []error
		var err error
		c.train, c.dev, c.test, skipped, err = data.GoDir(f.train)
		warnSkipped(skipped)
		c.example = exampleIn(f.train, slices.Concat(c.test, c.dev, c.train))
		return err
	}
	if c.format == formatText {
		return f.readText(c, from)
	}
	for _, p := range []struct {
		path string
		to   *[]data.Sequence
	}{{f.train, &c.train}, {f.dev, &c.dev}, {f.test, &c.test}} {
		if p.path == "" {
			continue
		}
		var err error
		if *p.to, err = from.read(p.path); err != nil {
			return err
		}
	}
	if series := len(c.train) > 0 && c.train[0].X != nil; series != f.series {
		return fmt.Errorf("%s: %s, which the first %d bytes do not tell: expected that key before long others", c.train[0].Name, map[bool]string{true: "x", false: "tokens"}[series], bufferSize)
	}
	if f.dev == "" {
		c.train, c.dev = data.HoldOut(c.train)
	}
	return nil
}

// about says what is read of which columns.
func (s *source) about() string {
	o, said := s.options, ""
	if len(o.Inputs) > 0 {
		said = fmt.Sprintf(": x is %.200s; the labels are column %s", strings.Join(o.Inputs, ", "), o.Column)
	} else if s.format.Columns && !o.Whole {
		said = fmt.Sprintf(": words in column %s, labels in column %s", cmp.Or(o.Words, "1"), o.Column)
	}
	if len(o.LeftOut) > 0 {
		said += fmt.Sprintf("; no numbers, and left out: %.200s", strings.Join(o.LeftOut, ", "))
	}
	return said
}

// readText reads a text to model: --batch pieces of it side by side, and its
// last tenth to choose the best epoch by where --dev is not given.
func (f *trainFlags) readText(c *corpus, from *source) error {
	all, err := from.readTokens(f.train)
	if err != nil {
		return err
	}
	cut := len(all)
	if f.dev == "" {
		cut -= cut / 10
	}
	if c.train, err = data.NextTokens(f.train, all[:cut], f.options.Batch); err != nil {
		return err
	}
	if f.dev != "" {
		c.dev, err = from.read(f.dev)
	} else if held := all[cut:]; len(held) > 1 {
		c.dev, err = data.NextTokens(f.train, held, evalPieces)
	}
	if err == nil && f.test != "" {
		c.test, err = from.read(f.test)
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
