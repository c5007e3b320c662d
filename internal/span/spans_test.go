package span

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAppend wants the spans that conlleval's rules give, worked out by hand.
func TestAppend(t *testing.T) {
	for _, c := range []struct{ name, labels, want string }{
		{"nothing", "", ""},
		{"outside", "O O O", ""},
		// IOB2
		{"one", "O B-x O", "1-2 x"},
		{"to the end", "O B-x I-x", "1-3 x"},
		{"adjacent, one type", "B-x I-x B-x", "0-2 x, 2-3 x"},
		{"adjacent, two types", "B-x I-x B-y I-y", "0-2 x, 2-4 y"},
		{"one after the other", "B-x O B-x", "0-1 x, 2-3 x"},
		{"B on B", "B-x B-x B-x", "0-1 x, 1-2 x, 2-3 x"},
		// IOB1
		{"I begins", "I-x I-x O I-y", "0-2 x, 3-4 y"},
		{"B parts two of one type", "I-x B-x I-x", "0-1 x, 1-3 x"},
		{"I of another type parts", "I-x I-y", "0-1 x, 1-2 y"},
		// BIOES
		{"single", "S-x", "0-1 x"},
		{"begin and end", "B-x E-x", "0-2 x"},
		{"begin, inside, end", "O B-x I-x I-x E-x O", "1-5 x"},
		{"adjacent, of all kinds", "S-x S-x B-x E-x S-y", "0-1 x, 1-2 x, 2-4 x, 4-5 y"},
		// broken
		{"I after O", "O I-x I-x", "1-3 x"},
		{"I of another type after B", "B-x I-y I-y", "0-1 x, 1-3 y"},
		{"I of another type after I", "B-x I-x I-y I-x", "0-2 x, 2-3 y, 3-4 x"},
		{"E alone", "O E-x O", "1-2 x"},
		{"E of another type", "B-x E-y", "0-1 x, 1-2 y"},
		{"E on E", "B-x E-x E-x", "0-2 x, 2-3 x"},
		{"I after E", "B-x E-x I-x", "0-2 x, 2-3 x"},
		{"I after S", "S-x I-x I-x", "0-1 x, 1-3 x"},
		{"E after S", "S-x E-x", "0-1 x, 1-2 x"},
		{"B not ended", "B-x O", "0-1 x"},
		{"B not ended, B", "B-x B-x E-x", "0-1 x, 1-3 x"},
		{"S within", "B-x S-x E-x", "0-1 x, 1-2 x, 2-3 x"},
		{"I ends with E after O", "I-x E-x", "0-2 x"},
		{"B after E", "B-x E-x B-x", "0-2 x, 2-3 x"},
		// names
		{"a type with a minus", "B-x-y I-x-y I-x", "0-2 x-y, 2-3 x"},
		{"Korean", "B-인명 I-인명 O B-지명", "0-2 인명, 3-4 지명"},
		{"none of the labels", "B-x NOUN I-x", "0-1 x, 2-3 x"},
		{"no type", "B I- B-", ""},
		{"lower case", "b-x i-x", ""},
		{"BILOU's L and U are not known", "B-x L-x U-x", "0-1 x"},
	} {
		var got []string
		for _, s := range Append(nil, strings.Fields(c.labels)) {
			got = append(got, fmt.Sprintf("%d-%d %s", s.From, s.To, s.Type))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s marks %s, want %s", c.name, c.labels, strings.Join(got, ", "), c.want)
		}
	}
	kept := []Span{{7, 9, "z"}}
	if got := Append(kept, []string{"I-z"}); len(got) != 2 || got[0] != kept[0] {
		t.Errorf("%v: what was there is changed", got)
	}
}

func TestMark(t *testing.T) {
	for labels, want := range map[string]bool{
		"": false, "O": false, "B-x": true, "O I-x": true, "B-x I-x O S-y E-y": true,
		"NOUN VERB": false, "O NOUN": false, "B-x _": false, "B I O": false, "O B-": false,
	} {
		if got := Mark(strings.Fields(labels)); got != want {
			t.Errorf("%s: %v, want %v", labels, got, want)
		}
	}
}

// TestAppendFindsWhatWasWritten writes random spans in each scheme and wants
// them back.
func TestAppendFindsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []Span
		n := 0
		for range rapid.IntRange(0, 6).Draw(t, "spans") {
			n += rapid.IntRange(0, 2).Draw(t, "gap")
			to := n + rapid.IntRange(1, 4).Draw(t, "length")
			spans = append(spans, Span{n, to, rapid.SampledFrom([]string{"x", "y"}).Draw(t, "type")})
			n = to
		}
		for name, place := range map[string]func(s Span, t int, touches bool) string{
			"IOB1": func(s Span, t int, touches bool) string {
				if t == s.From && touches {
					return "B"
				}
				return "I"
			},
			"IOB2": func(s Span, t int, _ bool) string {
				if t == s.From {
					return "B"
				}
				return "I"
			},
			"BIOES": func(s Span, t int, _ bool) string {
				switch {
				case s.To-s.From == 1:
					return "S"
				case t == s.From:
					return "B"
				case t == s.To-1:
					return "E"
				}
				return "I"
			},
		} {
			labels := slices.Repeat([]string{"O"}, n)
			for i, s := range spans {
				touches := i > 0 && spans[i-1].To == s.From && spans[i-1].Type == s.Type
				for t := s.From; t < s.To; t++ {
					labels[t] = place(s, t, touches) + "-" + s.Type
				}
			}
			if got := Append(nil, labels); !slices.Equal(got, spans) {
				t.Fatalf("%s: %q marks %v, want %v", name, labels, got, spans)
			}
		}
	})
}
