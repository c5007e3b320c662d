package data

import (
	"strings"
)

// minProbe is the length, in characters, from which a declaration is a probe:
// what opened must be remembered that long.
const minProbe = 200

// wrapping is what can stand around code and make all of it one class.
type wrapping struct{ opening, closing, class string }

// wrappings are the block comment and the raw string.
var wrappings = [...]wrapping{
	{"/*", "*/", GoComment},
	{"`", "`", GoString},
}

// Wrap puts a sequence's characters between an opening and a closing, with
// every character, those of the two included, labelled class. It returns false
// if there are no characters or if they contain the closing, which would end
// there. The result is cut to [MaxDeclaration] characters and shares no memory
// with s.
func Wrap(s Sequence, opening, closing, class string) (Sequence, bool) {
	text := strings.Join(s.Tokens, "")
	if text == "" || strings.Contains(text, closing) {
		return Sequence{}, false
	}
	tokens := Runes(opening + text + closing)
	tokens = tokens[:min(len(tokens), MaxDeclaration)]
	labels := make([]string, len(tokens))
	for i := range labels {
		labels[i] = class
	}
	return Sequence{Name: s.Name + " as " + class, Tokens: tokens, Labels: labels}, true
}

// GoProbes wraps each sequence of at least 200 characters, once as a block
// comment and once as a raw string, where Go allows it. What looks like code in
// the result is none: only a model that remembers the opening labels it right.
func GoProbes(sequences []Sequence) []Sequence {
	var probes []Sequence
	for _, s := range sequences {
		if len(s.Tokens) < minProbe {
			continue
		}
		for _, w := range wrappings {
			if probe, ok := Wrap(s, w.opening, w.closing, w.class); ok {
				probes = append(probes, probe)
			}
		}
	}
	return probes
}

// WithWrapped returns the training sequences followed by a wrapped copy of
// every n-th that can be wrapped, block comments and raw strings by turns;
// n below 1 adds none. train itself is not changed.
func WithWrapped(train []Sequence, n int) []Sequence {
	all := append([]Sequence(nil), train...)
	if n < 1 {
		return all
	}
	seen, turn := 0, 0
	for _, s := range train {
		w := wrappings[turn%len(wrappings)]
		wrapped, ok := Wrap(s, w.opening, w.closing, w.class)
		if !ok {
			continue
		}
		if seen++; seen%n == 0 {
			all = append(all, wrapped)
			turn++
		}
	}
	return all
}

// characterCount is the number of characters in all the sequences.
func characterCount(sequences []Sequence) int {
	n := 0
	for _, s := range sequences {
		n += len(s.Tokens)
	}
	return n
}

// Opening returns what opens a wrapped sequence of this class; "" for a class
// that does not wrap.
func Opening(class string) string {
	for _, w := range wrappings {
		if w.class == class {
			return w.opening
		}
	}
	return ""
}
