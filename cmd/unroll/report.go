package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// report is what train prints at its end.
type report struct {
	model  *model.Model
	corpus *corpus
	what   string // the data that is scored
	held   []data.Sequence
	base   *metrics.Baselines
	ids    map[string]int // of the labels
	madeUp *madeUpScores  // of made-up data
	score  *scorer
	eval   *train.Evaluation
}

// report scores the model on test, or on dev where there is none, and prints
// what came out.
func (f *trainFlags) report(ctx context.Context, m *model.Model, c *corpus, result train.Result) error {
	r := &report{model: m, corpus: c, what: "test", held: c.test}
	if len(r.held) == 0 {
		r.what, r.held = "dev", c.dev
	}
	var err error
	if r.score, err = newScorer(m, f.options.Threads); err != nil {
		return err
	}
	defer r.score.close()
	if r.eval, err = r.score.evaluate(ctx, r.held); err != nil {
		return err
	}
	if f.data != "" {
		r.madeUp = r.scoreMadeUp(f.steps)
	}
	r.learnBaselines()
	if f.json {
		return r.json(os.Stdout, result, f.out)
	}
	return r.print(ctx, os.Stdout, f.out)
}

// learnBaselines counts the labels of the training data.
func (r *report) learnBaselines() {
	r.ids = map[string]int{}
	for i, l := range r.model.Labels {
		r.ids[l] = i
	}
	r.base = metrics.NewBaselines()
	for _, s := range r.corpus.train {
		for t, l := range s.Labels {
			r.base.Learn(r.token(s, t), r.id(l))
		}
	}
}

// token returns the token that label t of s is of; none where it is of the whole.
func (r *report) token(s data.Sequence, t int) string {
	if r.model.Config.Task == model.TaskClassify || s.Tokens == nil {
		return ""
	}
	return s.Tokens[t]
}

// id returns the index of a label or, where the model does not know it, of the
// one that a language model has for such, or metrics.Unknown.
func (r *report) id(label string) int {
	if id, ok := r.ids[label]; ok {
		return id
	}
	if id, ok := r.ids[model.UnknownLabel]; ok && r.model.Config.Task == model.TaskLM {
		return id
	}
	return metrics.Unknown
}

// gold yields the tokens of sequences with the ids of their labels.
func (r *report) gold(sequences []data.Sequence) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, s := range sequences {
			for t, l := range s.Labels {
				if !yield(r.token(s, t), r.id(l)) {
					return
				}
			}
		}
	}
}

func (r *report) json(w io.Writer, result train.Result, path string) error {
	line := map[string]any{"event": "result", "on": r.what, "model": path, "best_epoch": result.BestEpoch, "skipped": result.Skipped}
	if r.madeUp != nil {
		line["scores"] = r.madeUp
		return json.NewEncoder(w).Encode(line)
	}
	most, ofToken := r.base.Accuracies(r.gold(r.held))
	line["scores"] = jsonScores(r.eval, r.model)
	line["baselines"] = map[string]float64{"most_frequent": most, "most_frequent_of_token": ofToken}
	return json.NewEncoder(w).Encode(line)
}

func (r *report) print(ctx context.Context, w io.Writer, path string) error {
	if r.madeUp != nil {
		return r.printMadeUp(w, *r.madeUp)
	}
	if len(r.held) > 0 && r.model.Config.Task != model.TaskLM {
		if err := r.printScores(w); err != nil {
			return err
		}
	}
	if r.corpus.format == formatGo && len(r.held) > 0 {
		if err := r.printGo(ctx, w); err != nil {
			return err
		}
	}
	if r.model.Config.Task == model.TaskLM {
		return r.printText(w, path)
	}
	command := commandName()
	_, err := fmt.Fprintf(w, "\nThe model is %s. Next:\n  %s label -m %[1]s %[3]s\n  %[2]s eval -m %[1]s %[3]s\n", quoted(path), command, quoted(r.corpus.example))
	return err
}

// commandName is how the program was called: by its name, or through go run,
// which builds it in a temporary folder.
func commandName() string {
	if path, err := os.Executable(); err == nil && strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "go run ./cmd/unroll"
	}
	return "unroll"
}

// quoted returns a path as a shell takes it.
func quoted(path string) string {
	if strings.ContainsAny(path, " \t'\"$&|;<>()*?[]") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// printScores prints accuracy beside the baselines, and the labels.
func (r *report) printScores(w io.Writer) error {
	most, ofToken := r.base.Accuracies(r.gold(r.held))
	unit := "word"
	if r.corpus.format == formatGo {
		unit = "character"
	}
	fmt.Fprintf(w, "\nAccuracy on %s, %s\n\n", r.what, size(r.held))
	t := table(w)
	fmt.Fprintf(t, "this model\t%s\t\n", percent(r.eval.Accuracy()))
	if r.model.Config.Task == model.TaskTag && r.model.Config.Vector == 0 {
		fmt.Fprintf(t, "each %s's most frequent label\t%s\t\n", unit, percent(ofToken))
	}
	fmt.Fprintf(t, "the most frequent label, %s\t%s\t\n", r.model.Labels[r.base.MostFrequent()], percent(most))
	if err := t.Flush(); err != nil {
		return err
	}
	warnWithoutLoss(r.eval, " of "+r.what)
	if r.eval.Spans != nil {
		fmt.Fprintf(w, "\nSpan F1 %s\n", percent(r.eval.SpanF1()))
	}
	fmt.Fprintln(w)
	return showLabels(w, r.eval, unitOf(r.model))
}

// printGo prints a function with its mistakes, and the memory probe.
func (r *report) printGo(ctx context.Context, w io.Writer) error {
	if i := r.typical(); i >= 0 {
		fmt.Fprintf(w, "\n%s, mistakes %s\n\n", r.held[i].Name, map[bool]string{true: "on red", false: "marked ^"}[colored()])
		showLabelled(w, r.held[i], r.labels(i), colored())
	}
	return r.printProbe(ctx, w)
}

// typical returns the function of 400 to 1,000 characters, of which at least
// one is a string, whose accuracy is nearest to the whole's; -1 if none.
func (r *report) typical() int {
	best, nearest := -1, math.Inf(1)
	for i, s := range r.held {
		text := strings.Join(s.Tokens, "")
		if len(s.Tokens) < 400 || len(s.Tokens) > 1000 || !strings.Contains(text, "\nfunc ") || !strings.Contains(text, `"`) {
			continue
		}
		right := 0
		for t, l := range r.labels(i) {
			if l == s.Labels[t] {
				right++
			}
		}
		if d := math.Abs(float64(right)/float64(len(s.Tokens)) - r.eval.Accuracy()); d < nearest {
			best, nearest = i, d
		}
	}
	return best
}

// labels returns the predicted labels of held-out sequence i.
func (r *report) labels(i int) []string {
	labels := make([]string, len(r.eval.Predicted[i]))
	for t, id := range r.eval.Predicted[i] {
		labels[t] = r.model.Labels[id]
	}
	return labels
}

// printProbe measures memory: held-out code inside a raw string or a block
// comment, which nothing but its opening gives away.
func (r *report) printProbe(ctx context.Context, w io.Writer) error {
	probes := data.GoProbes(r.held)
	if len(probes) == 0 {
		return nil
	}
	e, err := r.score.evaluate(ctx, probes)
	if err != nil {
		return err
	}
	var model, base metrics.ByDistance
	for i, p := range probes {
		gold := r.id(p.Labels[0])
		opening := utf8.RuneCountInString(data.Opening(p.Labels[0]))
		for t := opening; t < len(p.Tokens); t++ {
			model.Add(t-opening+1, int(e.Predicted[i][t]) == gold)
			base.Add(t-opening+1, r.base.MostFrequentOf(p.Tokens[t]) == gold)
		}
	}
	fmt.Fprintf(w, "\nMemory: held-out code inside /* */ or ` `, where only the opening tells that all\nof it is comment or string: %s\n\n", size(probes))
	return showDistances(w, &model, &base)
}
