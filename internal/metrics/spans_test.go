package metrics

import (
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/span"
)

// TestSpans holds precision, recall and F1 to counts made by hand with
// conlleval's rules.
func TestSpans(t *testing.T) {
	for _, c := range []struct {
		name            string
		gold, predicted string // sequences between bars
		want            string // per type, then all: right of predicted of support
	}{
		{"nothing", "", "", " all 0/0/0"},
		{"all outside", "O O", "O O", " all 0/0/0"},
		{"right", "B-x I-x O", "B-x I-x O", "x 1/1/1 all 1/1/1"},
		{"missed", "B-x I-x O", "O O O", "x 0/0/1 all 0/0/1"},
		{"made up", "O O", "O B-x", "x 0/1/0 all 0/1/0"},
		{"too short", "B-x I-x O", "B-x O O", "x 0/1/1 all 0/1/1"},
		{"too long", "B-x O O", "B-x I-x O", "x 0/1/1 all 0/1/1"},
		{"begins late", "B-x I-x I-x", "O B-x I-x", "x 0/1/1 all 0/1/1"},
		{"of another type", "B-x I-x", "B-y I-y", "x 0/0/1 y 0/1/0 all 0/1/1"},
		{"cut in two", "B-x I-x", "B-x B-x", "x 0/2/1 all 0/2/1"},
		{"two joined", "B-x B-x", "B-x I-x", "x 0/1/2 all 0/1/2"},
		{"I after O begins a span, so this is right", "B-x I-x", "I-x I-x", "x 1/1/1 all 1/1/1"},
		{"IOB1 beside IOB2", "I-x B-x O I-y", "B-x B-x O B-y", "x 2/2/2 y 1/1/1 all 3/3/3"},
		{"BIOES beside BIO", "S-x O B-y I-y E-y", "B-x O B-y I-y I-y", "x 1/1/1 y 1/1/1 all 2/2/2"},
		{"another type within", "B-x I-x I-x", "B-x I-y I-x", "x 0/2/1 y 0/1/0 all 0/3/1"},
		{"spans end with a sequence", "B-x|I-x", "B-x|I-x", "x 2/2/2 all 2/2/2"},
		{"several", "B-x O B-y I-y O B-x", "B-x O B-y O O B-y", "x 1/1/2 y 0/2/1 all 1/3/3"},
		{"one between, then right", "B-x O O B-x", "O B-x O B-x", "x 1/2/2 all 1/2/2"},
	} {
		s := NewSpans()
		gold, predicted := strings.Split(c.gold, "|"), strings.Split(c.predicted, "|")
		for i := range gold {
			s.Add(span.Append(nil, strings.Fields(gold[i])), span.Append(nil, strings.Fields(predicted[i])))
		}
		all := s.Micro()
		all.Name = "all"
		fields := strings.Fields(c.want)
		if got := append(s.PerType(), all); len(got) != len(fields)/2 {
			t.Errorf("%s: got %+v, want %s", c.name, got, c.want)
			continue
		}
		for i, got := range append(s.PerType(), all) {
			if want := byHand(t, fields[2*i], fields[2*i+1]); got != want {
				t.Errorf("%s: got %+v, want %+v", c.name, got, want)
			}
		}
	}
}

// byHand returns the score that "right/predicted/support" comes to.
func byHand(t *testing.T, name, counts string) Score {
	n := [3]int{}
	for i, digits := range strings.Split(counts, "/") {
		if len(digits) != 1 || digits[0] < '0' || digits[0] > '9' {
			t.Fatalf("%s: not three digits", counts)
		}
		n[i] = int(digits[0] - '0')
	}
	s := Score{Name: name, Predicted: n[1], Support: n[2]}
	if n[0] > 0 {
		p, r := float64(n[0])/float64(n[1]), float64(n[0])/float64(n[2])
		s.Precision, s.Recall, s.F1 = p, r, float64(2*n[0])/float64(n[1]+n[2])
		if !near(s.F1, 2*p*r/(p+r)) {
			t.Errorf("F1 %v is not the harmonic mean of %v and %v", s.F1, p, r)
		}
	}
	return s
}

func TestSpansMacro(t *testing.T) {
	s := NewSpans()
	s.Add([]span.Span{{From: 0, To: 1, Type: "x"}, {From: 3, To: 4, Type: "y"}}, []span.Span{{From: 0, To: 1, Type: "x"}, {From: 2, To: 4, Type: "z"}})
	if got := s.Macro(); !near(got.F1, 1.0/3) || !near(got.Precision, 1.0/3) || !near(got.Recall, 1.0/3) || got.Support != 2 || got.Predicted != 2 {
		t.Errorf("got %+v, want a third of each, 2 and 2", got)
	}
	if got := NewSpans().Macro(); got != (Score{Name: "macro"}) {
		t.Errorf("got %+v of nothing, want zeros", got)
	}
}
