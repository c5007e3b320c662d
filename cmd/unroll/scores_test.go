package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/internal/train"
)

// scored is an evaluation of predictions, pairs of indices of labels.
func scored(labels []string, pairs ...[2]int) (*train.Evaluation, *model.Model) {
	e := &train.Evaluation{Counts: metrics.NewCounts(labels), Loss: 1.25}
	for _, c := range pairs {
		e.Add(c[0], c[1])
	}
	return e, &model.Model{Labels: labels, Config: model.Config{Task: model.TaskTag}}
}

// TestJSONScores wants every number of an evaluation under its own name.
func TestJSONScores(t *testing.T) {
	e, m := scored([]string{"A", "B"}, [2]int{0, 0}, [2]int{0, 0}, [2]int{0, 1}, [2]int{1, 1}, [2]int{metrics.Unknown, 0})
	want := `{"tokens":5,"accuracy":0.6,"macro_f1":0.6666666666666666,"micro_f1":0.6,"span_f1":null,"nll":1.25,"unknown_labels":1,"per_label":{` +
		`"A":{"precision":0.6666666666666666,"recall":0.6666666666666666,"f1":0.6666666666666666,"support":3,"predicted":3},` +
		`"B":{"precision":0.5,"recall":1,"f1":0.6666666666666666,"support":1,"predicted":2}},` +
		`"confusion":{"A":{"A":2,"B":1},"B":{"B":1}}}`
	if got, err := json.Marshal(jsonScores(e, m)); err != nil || string(got) != want {
		t.Errorf("%v: %s, want %s", err, got, want)
	}
	e.Spans = metrics.NewSpans()
	e.Spans.Add([]span.Span{{From: 0, To: 1, Type: "x"}}, []span.Span{{From: 0, To: 1, Type: "x"}, {From: 2, To: 3, Type: "x"}})
	got, err := json.Marshal(jsonScores(e, m))
	for _, want := range []string{`"span_f1":0.6666666666666666`, `"spans":{"x":{"precision":0.5,"recall":1,"f1":0.6666666666666666,"support":1,"predicted":2}}`} {
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%v: %s, want %s in it", err, got, want)
		}
	}
}

// TestTablesAlign wants every line of a table to end in the same column of a
// terminal, on which Hangul takes two columns and a combining mark none.
func TestTablesAlign(t *testing.T) {
	labels := []string{"명사", "동사구", "NOUN", "e\u0301tat", "ᄒ\u1161\u11ab", "😀", strings.Repeat("긴", 40), "line\nbreak\tand tab", "p–q…"}
	var pairs [][2]int
	for i := range labels {
		for range 1 + 1000*i {
			pairs = append(pairs, [2]int{i, i})
		}
		pairs = append(pairs, [2]int{i, (i + 1) % len(labels)})
	}
	e, _ := scored(labels, pairs...)
	var out strings.Builder
	if err := showEvaluation(&out, e, "step", "1 sequence"); err != nil {
		t.Fatal(err)
	}
	tables := strings.Split(out.String(), "\n\n")
	if len(tables) != 4 { // the summary, the labels, a line about the next, the confusion
		t.Fatalf("%d parts, want 4: %s", len(tables), out.String())
	}
	for _, i := range []int{1, 3} {
		lines := slices.Collect(strings.Lines(strings.TrimRight(tables[i], "\n") + "\n"))
		want := width(strings.TrimSuffix(lines[0], "\n"))
		for _, l := range lines {
			if got := width(strings.TrimSuffix(l, "\n")); got != want || got > terminalWidth {
				t.Errorf("%d columns, want %d: %q", got, want, l)
			}
		}
	}
	for text, want := range map[string]int{"": 0, "ab": 2, "명사": 4, "e\u0301": 1, "\u1112\u1161\u11ab": 2, "–…": 2} {
		if got := width(text); got != want {
			t.Errorf("%q is %d wide, want %d", text, got, want)
		}
	}
}

// TestConfusionFits wants as many labels in the matrix as fit a line.
func TestConfusionFits(t *testing.T) {
	var labels []string
	var pairs [][2]int
	for i := range 12 {
		labels = append(labels, strings.Repeat("x", 30)+string(rune('a'+i)))
		for range 200_000 {
			pairs = append(pairs, [2]int{i, (i + 1) % 12})
		}
	}
	e, _ := scored(labels, pairs...)
	var out strings.Builder
	if err := showConfusion(&out, e); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(out.String(), "\n"); !strings.HasSuffix(lines[3], "e") || width(lines[3]) > terminalWidth {
		t.Errorf("want columns a to e: %s", out.String())
	}
	e, _ = scored([]string{"A", "B"}, [2]int{0, 0}, [2]int{1, 1})
	out.Reset()
	if err := showConfusion(&out, e); err != nil || out.Len() > 0 {
		t.Errorf("%v: %q of no confusions, want nothing", err, out.String())
	}
}
