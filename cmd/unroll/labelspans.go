package main

import (
	"io"
	"strings"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
)

// checkSpans says why a model's labels mark no spans of words, if they do not.
func checkSpans(m *model.Model, path string) error {
	switch {
	case m.Config.Task == model.TaskClassify:
		return usagef("--spans: %s labels whole sequences, expected a model that labels words", path)
	case m.Config.Vector > 0:
		return usagef("--spans: %s labels vectors, expected a model that labels words", path)
	case !span.Mark(m.Labels):
		return usagef("--spans: the labels of %s mark no spans, expected O and B-, I-, E- or S- with a type", path)
	}
	return nil
}

// writeSpans writes the spans that a sequence's labels mark, a line of JSON
// each. z are the scores of its steps, nil for none.
func writeSpans(to io.Writer, p data.Part, labels []string, z []float32) error {
	for _, s := range span.Append(nil, labels) {
		first, last := p.Places[s.From], p.Places[s.To-1]
		now := data.Run{Start: first.From, End: last.To, Label: s.Type, Text: textOf(p, s)}
		for t := s.From; t < s.To && z != nil; t++ {
			k := len(z) / len(labels)
			now.Scores = append(now.Scores, z[t*k:(t+1)*k])
		}
		if err := now.Write(to); err != nil {
			return err
		}
	}
	return nil
}

// textOf is the text of a span's words, as a reader sees it.
func textOf(p data.Part, s span.Span) string {
	var b strings.Builder
	for t := s.From; t < s.To; t++ {
		b.WriteString(p.Tokens[t])
		if t < s.To-1 {
			b.WriteString(p.Places[t].After)
		}
	}
	return b.String()
}
