package metrics

import (
	"maps"
	"slices"

	"github.com/unroll-go/unroll/internal/span"
)

// Spans counts spans found, as conlleval does: one is right if its first step,
// its last and its type are. Make one with NewSpans.
type Spans struct {
	byType map[string]*spanCounts
}

type spanCounts struct{ right, support, predicted int }

func (c spanCounts) score(name string) Score {
	return score(name, c.right, c.support, c.predicted)
}

// NewSpans returns one that has counted nothing.
func NewSpans() *Spans { return &Spans{byType: map[string]*spanCounts{}} }

// Add counts the spans of one sequence, each list in the order of the steps and
// without overlaps.
func (s *Spans) Add(gold, predicted []span.Span) {
	for _, g := range gold {
		s.of(g).support++
	}
	for _, p := range predicted {
		c := s.of(p)
		c.predicted++
		for len(gold) > 0 && gold[0].From < p.From {
			gold = gold[1:]
		}
		if len(gold) > 0 && gold[0] == p {
			c.right++
		}
	}
}

func (s *Spans) of(one span.Span) *spanCounts {
	c, ok := s.byType[one.Type]
	if !ok {
		c = &spanCounts{}
		s.byType[one.Type] = c
	}
	return c
}

// PerType returns the score of every type that is there or was predicted, in
// the order of their names.
func (s *Spans) PerType() []Score {
	var scores []Score
	for _, name := range slices.Sorted(maps.Keys(s.byType)) {
		scores = append(scores, s.byType[name].score(name))
	}
	return scores
}

// Micro returns the score of all spans together: its F1 is what is called span
// F1, conlleval's FB1.
func (s *Spans) Micro() Score {
	var all spanCounts
	for _, c := range s.byType {
		all.right += c.right
		all.support += c.support
		all.predicted += c.predicted
	}
	return all.score("micro")
}

// Macro returns the mean scores of the types that PerType returns.
func (s *Spans) Macro() Score { return mean("macro", s.PerType()) }
