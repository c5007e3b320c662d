package data

import (
	"slices"
	"strings"
	"testing"
)

// TestHoldOutTenth wants the tenth of a series that shares the most labels with
// the rest and is most like the whole, the last of several, and the rest around it.
func TestHoldOutTenth(t *testing.T) {
	for _, test := range []struct {
		labels   string // two a tenth
		from, to int    // held out
	}{
		{"aaaaaaaaaaaaaaaaaaaa", 18, 20},
		{"aaaaaaabaaaaaaaaaaaa", 18, 20}, // to hold b out would leave none to learn
		{"aaaaaaababaaaaaaaaaa", 8, 10},
		{"aabbaaaaabaaaabbaaaa", 8, 10},
		{"bababbbbbbbbbbbbbbbb", 2, 4},
		{"abababababababababcc", 16, 18},
		{"ccababababababababcb", 16, 18},
		{"abbbcccccccccccccccb", 18, 20}, // b and c are shared, but not a
		{"bbaaaaaaaaaaaaaaaaab", 18, 20},
		{"abaaaaaaaaaaaaaaaabb", 0, 2},
	} {
		s := Sequence{Name: "f", Labels: strings.Split(test.labels, "")}
		for i := range s.Labels {
			s.X = append(s.X, []float32{float32(i)})
		}
		train, dev := HoldOut([]Sequence{s})
		want := []Sequence{s.slice(test.from, test.to)}
		if !sameSteps(dev, want) || !sameSteps(train, []Sequence{s.slice(0, test.from), s.slice(test.to, len(s.X))}) {
			t.Errorf("%s: held out %v of %v, want %v", test.labels, dev, train, want)
		}
	}
}

// sameSteps compares sequences, but for those without steps.
func sameSteps(got, want []Sequence) bool {
	want = slices.DeleteFunc(want, func(s Sequence) bool { return len(s.X) == 0 })
	return slices.EqualFunc(got, want, func(a, b Sequence) bool {
		return slices.Equal(a.Labels, b.Labels) && slices.EqualFunc(a.X, b.X, slices.Equal[[]float32])
	})
}
