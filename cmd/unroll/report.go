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
	r.learnBaselines()
	if f.json {
		return r.json(os.Stdout, result, f.out)
	}
	return r.print(ctx, os.Stdout, f.out)
}

// learnBaselines counts the labels of the training data.
func (r *report) learnBaselines() {
	ids := map[string]int{}
	for i, l := range r.model.Labels {
		ids[l] = i
	}
	r.base = metrics.NewBaselines(len(r.model.Labels))
	for _, s := range r.corpus.train {
		for t, token := range s.Tokens {
			r.base.Learn(token, ids[s.Labels[t]])
		}
	}
}

// gold yields the tokens of sequences with the ids of their labels.
func (r *report) gold(sequences []data.Sequence) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, s := range sequences {
			for t, token := range s.Tokens {
				if !yield(token, int(r.model.LabelID(s.Labels[t]))) {
					return
				}
			}
		}
	}
}

func (r *report) json(w io.Writer, result train.Result, path string) error {
	most, ofToken := r.base.Accuracies(r.gold(r.held))
	return json.NewEncoder(w).Encode(map[string]any{
		"event": "result", "on": r.what, "scores": jsonScores(r.eval), "model": path, "best_epoch": result.BestEpoch, "skipped": result.Skipped,
		"baselines": map[string]float64{"most_frequent": most, "most_frequent_of_token": ofToken},
	})
}

func (r *report) print(ctx context.Context, w io.Writer, path string) error {
	if len(r.held) > 0 && r.model.Config.Task == model.TaskTag {
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
	fmt.Fprintf(t, "each %s's most frequent label\t%s\t\n", unit, percent(ofToken))
	fmt.Fprintf(t, "the most frequent label, %s\t%s\t\n", r.model.Labels[r.base.MostFrequent()], percent(most))
	if err := t.Flush(); err != nil {
		return err
	}
	if n := r.eval.UnknownTokens(); n > 0 {
		warn("%d steps of %s have labels that training did not have; they count as wrong", n, r.what)
	}
	fmt.Fprintln(w)
	return showLabels(w, r.eval)
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
		gold := int(r.model.LabelID(p.Labels[0]))
		opening := utf8.RuneCountInString(data.Opening(p.Labels[0]))
		for t := opening; t < len(p.Tokens); t++ {
			model.Add(t-opening+1, int(e.Predicted[i][t]) == gold)
			base.Add(t-opening+1, r.base.MostFrequentOf(p.Tokens[t]) == gold)
		}
	}
	fmt.Fprintf(w, "\nMemory: held-out code inside /* */ or ` `, where only the opening tells that all\nof it is comment or string: %s\n\n", size(probes))
	return showDistances(w, &model, &base)
}
