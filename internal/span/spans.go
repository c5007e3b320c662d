package span

import "slices"

// Span is what the labels of steps [From, To) of a sequence mark together.
type Span struct {
	From, To int
	Type     string
}

// Append appends the spans that a sequence's labels mark to spans, in their
// order, whatever scheme the labels are in and however they break it. The rules
// are those of conlleval, the script that scores the CoNLL shared tasks (Tjong
// Kim Sang and De Meulder, 2003), for B and I, and what they come to for E and S:
//
//   - A label that is none of BIOES, or O, is outside of all spans.
//   - I or E goes on with the span of the label directly before it, if that is
//     B or I and of the same type.
//   - Every other label begins a span: B and S always; I and E after O, at the
//     beginning of the sequence, after E or S, and after another type.
//   - A span ends before the first label that does not go on with it, and with
//     the sequence. So in IOB1, B begins a span directly after one of its type.
func Append(spans []Span, labels []string) []Span {
	before, open := byte('O'), ""
	for t, label := range labels {
		place, kind := BIOES.split(label)
		inside := (before == 'B' || before == 'I') && kind == open
		switch {
		case place == 'O':
		case inside && (place == 'I' || place == 'E'):
			spans[len(spans)-1].To = t + 1
		default:
			spans = append(spans, Span{From: t, To: t + 1, Type: kind})
		}
		before, open = place, kind
	}
	return spans
}

// Mark says whether labels, in any order, mark spans in whatever scheme: each is
// O or B, I, E or S, "-" and a type; and not all are O.
func Mark(labels []string) bool {
	all := !slices.ContainsFunc(labels, func(l string) bool {
		place, _ := BIOES.split(l)
		return place == 'O' && l != Outside
	})
	return all && slices.ContainsFunc(labels, func(l string) bool { return l != Outside })
}

// Outside is the label of what is in no span.
const Outside = "O"
