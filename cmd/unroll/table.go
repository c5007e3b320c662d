package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/train"
)

// percent writes a share as a percentage.
func percent(share float64) string { return fmt.Sprintf("%.2f %%", 100*share) }

// aligned is a table whose columns are aligned to the right. Write its rows to
// it, every cell ended by a tab and every row by a new line, then Flush.
type aligned struct {
	strings.Builder
	to io.Writer
}

// table returns a table that Flush writes to w.
func table(w io.Writer) *aligned { return &aligned{to: w} }

// rows returns the cells, and how many columns of a terminal the widest of each
// column takes.
func (t *aligned) rows() (rows [][]string, widths []int) {
	for line := range strings.Lines(t.String()) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		cells = cells[:len(cells)-1]
		for i, c := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width(c))
		}
		rows = append(rows, cells)
	}
	return rows, widths
}

// Flush writes the table.
func (t *aligned) Flush() error {
	rows, widths := t.rows()
	var out strings.Builder
	for _, cells := range rows {
		for i, c := range cells {
			out.WriteString(strings.Repeat(" ", 2+widths[i]-width(c)))
			out.WriteString(c)
		}
		out.WriteByte('\n')
	}
	_, err := io.WriteString(t.to, out.String())
	return err
}

// fits says whether the table is no wider than a terminal usually is.
func (t *aligned) fits() bool {
	_, widths := t.rows()
	total := 0
	for _, w := range widths {
		total += 2 + w
	}
	return total <= terminalWidth
}

const terminalWidth = 80

// columns measures text as terminals show it: Hangul and other wide characters
// take two columns. It does not look at the locale.
var columns = &runewidth.Condition{StrictEmojiNeutral: true}

func width(s string) int { return columns.StringWidth(s) }

// widestName is what fits beside the numbers of showScores.
const widestName = 36

// name returns a label as it stands in a table: on its line, and not too wide.
func name(label string) string {
	return columns.Truncate(strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(label), widestName, "…")
}

// showScores prints the scores that are of something, then those of them all.
func showScores(w io.Writer, what, unit string, scores, all []metrics.Score) error {
	t := table(w)
	fmt.Fprintf(t, "%s\tprecision\trecall\tF1\t%s\t\n", what, unit)
	for _, s := range scores {
		if s.Support+s.Predicted > 0 {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", name(s.Name), percent(s.Precision), percent(s.Recall), percent(s.F1), thousands(s.Support))
		}
	}
	for _, s := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", s.Name, percent(s.Precision), percent(s.Recall), percent(s.F1), thousands(s.Support))
	}
	return t.Flush()
}

// showLabels prints the scores of each label that occurs and, where labels mark
// spans, of each type of span.
func showLabels(w io.Writer, e *train.Evaluation, unit string) error {
	all := []metrics.Score{named("mean (macro)", e.Macro())}
	if e.Spans != nil {
		all = append(all, named("all but O (micro)", e.Micro(e.Outside())))
	}
	if err := showScores(w, "label", unit+"s", e.PerLabel(), all); err != nil || e.Spans == nil {
		return err
	}
	fmt.Fprintln(w)
	return showScores(w, "span", "spans", e.Spans.PerType(), []metrics.Score{named("mean (macro)", e.Spans.Macro()), named("all (micro)", e.Spans.Micro())})
}

func named(name string, s metrics.Score) metrics.Score {
	s.Name = name
	return s
}

// mostConfused is how many labels the confusion matrix has at the most.
const mostConfused = 10

// showConfusion prints the confusion matrix of the labels that are confused
// most, of as many as fit a line; nothing where none are.
func showConfusion(w io.Writer, e *train.Evaluation) error {
	var t *aligned
	for n := mostConfused; t == nil || !t.fits() && n >= 2; n-- {
		labels := e.MostConfused(n)
		if len(labels) == 0 {
			return nil
		}
		t = confusion(w, e.Counts, labels)
	}
	fmt.Fprintf(w, "\nMost confused: a row for each label of the data, a column for each predicted\n\n")
	return t.Flush()
}

// confusion returns the confusion matrix of some labels, a letter for each.
func confusion(w io.Writer, c *metrics.Counts, labels []int) *aligned {
	t := table(w)
	scores := c.PerLabel()
	t.WriteString("\t\t")
	for i := range labels {
		fmt.Fprintf(t, "%c\t", 'a'+i)
	}
	t.WriteString("\n")
	for i, gold := range labels {
		fmt.Fprintf(t, "%s\t%c\t", name(scores[gold].Name), 'a'+i)
		for _, predicted := range labels {
			fmt.Fprintf(t, "%s\t", thousands(c.Count(gold, predicted)))
		}
		t.WriteString("\n")
	}
	return t
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
