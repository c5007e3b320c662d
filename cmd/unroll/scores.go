package main

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// scores are an evaluation as JSON.
type scores struct {
	Tokens    int                       `json:"tokens"`
	Accuracy  float64                   `json:"accuracy"`
	MacroF1   float64                   `json:"macro_f1"`
	MicroF1   float64                   `json:"micro_f1"` // but O, where labels mark spans
	SpanF1    *float64                  `json:"span_f1"`  // null where labels mark no spans
	NLL       float64                   `json:"nll"`      // nats a step
	Unknown   int                       `json:"unknown_labels,omitempty"`
	PerLabel  map[string]labelScore     `json:"per_label"`
	Spans     map[string]labelScore     `json:"spans,omitempty"`     // by type
	Confusion map[string]map[string]int `json:"confusion,omitempty"` // steps by the label of the data and the one predicted; none of a language model
}

type labelScore struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
	Predicted int     `json:"predicted"`
}

func jsonScores(e *train.Evaluation, m *model.Model) scores {
	s := scores{Tokens: e.Tokens(), Accuracy: e.Accuracy(), MacroF1: e.Macro().F1, MicroF1: e.Micro(e.Outside()).F1,
		NLL: e.Loss, Unknown: e.UnknownTokens(), PerLabel: byName(e.PerLabel())}
	if e.Spans != nil {
		f1 := e.SpanF1()
		s.SpanF1, s.Spans = &f1, byName(e.Spans.PerType())
	}
	if m.Config.Task == model.TaskLM {
		return s
	}
	s.Confusion = map[string]map[string]int{}
	for c := range e.Confusion() {
		if c.Gold == metrics.Unknown {
			continue
		}
		gold := m.Labels[c.Gold]
		if s.Confusion[gold] == nil {
			s.Confusion[gold] = map[string]int{}
		}
		s.Confusion[gold][m.Labels[c.Predicted]] = c.Count
	}
	return s
}

func byName(scores []metrics.Score) map[string]labelScore {
	named := map[string]labelScore{}
	for _, s := range scores {
		named[s.Name] = labelScore{s.Precision, s.Recall, s.F1, s.Support, s.Predicted}
	}
	return named
}

// showEvaluation prints an evaluation of data of a size.
func showEvaluation(w io.Writer, e *train.Evaluation, unit, size string) error {
	fmt.Fprintf(w, "accuracy %s   macro F1 %s", percent(e.Accuracy()), percent(e.Macro().F1))
	if e.Spans != nil {
		fmt.Fprintf(w, "   span F1 %s", percent(e.SpanF1()))
	}
	fmt.Fprintf(w, "\nloss %.4f nats a %s   %s\n\n", e.Loss, unit, size)
	if err := showLabels(w, e, unit); err != nil {
		return err
	}
	return showConfusion(w, e)
}
