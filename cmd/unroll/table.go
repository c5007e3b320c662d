package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/train"
)

// percent writes a share as a percentage.
func percent(share float64) string { return fmt.Sprintf("%.2f %%", 100*share) }

// table returns a writer that aligns cells to the right; end cells with a tab.
func table(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
}

// showLabels prints the scores of each label that occurs.
func showLabels(w io.Writer, e *train.Evaluation, unit string) error {
	t := table(w)
	fmt.Fprintln(t, "label\tprecision\trecall\tF1\t"+unit+"s\t")
	for _, l := range e.PerLabel() {
		if l.Support+l.Predicted > 0 {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", l.Name, percent(l.Precision), percent(l.Recall), percent(l.F1), thousands(l.Support))
		}
	}
	return t.Flush()
}

// showDistances prints accuracy by the distance from an opening.
func showDistances(w io.Writer, model, baseline *metrics.ByDistance) error {
	t := table(w)
	fmt.Fprintln(t, "characters from the opening\tthis model\teach character's most frequent class\tsteps\t")
	base := baseline.Rows()
	for i, r := range model.Rows() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t\n", r.Label, percent(r.Accuracy()), percent(base[i].Accuracy()), thousands(r.Total))
	}
	return t.Flush()
}

// scores are an evaluation as JSON.
type scores struct {
	Tokens   int                   `json:"tokens"`
	Accuracy float64               `json:"accuracy"`
	MacroF1  float64               `json:"macro_f1"`
	NLL      float64               `json:"nll"` // nats a step
	Unknown  int                   `json:"unknown_labels,omitempty"`
	PerLabel map[string]labelScore `json:"per_label"`
}

type labelScore struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
}

func jsonScores(e *train.Evaluation) scores {
	s := scores{Tokens: e.Tokens(), Accuracy: e.Accuracy(), MacroF1: e.Macro().F1, NLL: e.Loss, Unknown: e.UnknownTokens(), PerLabel: map[string]labelScore{}}
	for _, l := range e.PerLabel() {
		s.PerLabel[l.Name] = labelScore{l.Precision, l.Recall, l.F1, l.Support}
	}
	return s
}
