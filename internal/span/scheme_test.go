package span

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestValid(t *testing.T) {
	for s, want := range map[Scheme]bool{None: true, BIO: true, BIOES: true, "iob": false, "BIO": false} {
		if s.Valid() != want {
			t.Errorf("%q: %v, want %v", s, !want, want)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		scheme Scheme
		labels string // separated by spaces
		err    string // part of the error; "" for none
	}{
		{None, "", ""},
		{None, "NOUN X-", ""},
		{"iob", "O", `"iob"`},
		{BIO, "O", ""},
		{BIO, "B-x", ""},
		{BIO, "I-x B-x", ""},
		{BIO, "O I-x", ""},
		{BIO, "B-x-y I-x-y B--", ""},
		{BIO, "", "stand alone"},
		{BIO, "I-x I-y", "O or one that begins with B-"},
		{BIO, "O B-x NOUN", `"NOUN"`},
		{BIO, "O B-", `"B-"`},
		{BIO, "O B", `"B"`},
		{BIO, "O o", `"o"`},
		{BIO, "O -x", `"-x"`},
		{BIO, "O BI-x", `"BI-x"`},
		{BIO, "O b-x", `"b-x"`},
		{BIO, "O O-x", `"O-x"`},
		{BIO, "O B-x E-x", `"E-x"`},
		{BIO, "O S-x", `"S-x"`},
		{BIOES, "O", ""},
		{BIOES, "S-x", ""},
		{BIOES, "B-x I-x E-x S-x", ""},
		{BIOES, "O B-x E-x", ""},
		{BIOES, "B-x I-x E-x", "O or one that begins with S-"},
		{BIOES, "", "stand alone"},
		{BIOES, "O S-", `"S-"`},
		{BIOES, "O L-x", `"L-x"`},
	} {
		err := c.scheme.Fits(strings.Fields(c.labels))
		switch {
		case c.err == "" && err != nil:
			t.Errorf("%s fits %s: %v", c.scheme, c.labels, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s fits %s: error %v, want one with %s", c.scheme, c.labels, err, c.err)
		}
	}
	if err := BIO.Fits([]string{"O", ""}); err == nil {
		t.Error("an empty label fits bio")
	}
}

// TestFollows wants of every pair of labels exactly those listed to be allowed.
func TestFollows(t *testing.T) {
	for _, c := range []struct {
		scheme Scheme
		all    string              // besides "", the beginning and the end
		after  map[string]string   // what may follow, of all
		end    func(l string) bool // what may stand last
	}{
		{BIO, "O B-x I-x B-y I-y", map[string]string{
			"":    "O B-x B-y",
			"O":   "O B-x B-y",
			"B-x": "O B-x I-x B-y", "I-x": "O B-x I-x B-y",
			"B-y": "O B-x B-y I-y", "I-y": "O B-x B-y I-y",
		}, func(string) bool { return true }},
		{BIOES, "O B-x I-x E-x S-x B-y I-y E-y S-y", map[string]string{
			"":    "O B-x S-x B-y S-y",
			"O":   "O B-x S-x B-y S-y",
			"B-x": "I-x E-x", "I-x": "I-x E-x",
			"B-y": "I-y E-y", "I-y": "I-y E-y",
			"E-x": "O B-x S-x B-y S-y", "S-x": "O B-x S-x B-y S-y",
			"E-y": "O B-x S-x B-y S-y", "S-y": "O B-x S-x B-y S-y",
		}, func(l string) bool { return l == "" || strings.Contains("OES", l[:1]) }},
	} {
		all := strings.Fields(c.all)
		for _, from := range append([]string{""}, all...) {
			for _, to := range all {
				want := slices.Contains(strings.Fields(c.after[from]), to)
				if got := c.scheme.Follows(from, to); got != want {
					t.Errorf("%s: %q after %q: %v, want %v", c.scheme, to, from, got, want)
				}
				if !None.Follows(from, to) {
					t.Errorf("no scheme: %q may not follow %q", to, from)
				}
			}
			if got := c.scheme.Follows(from, ""); got != c.end(from) {
				t.Errorf("%s: the end after %q: %v, want %v", c.scheme, from, got, c.end(from))
			}
		}
	}
}

func TestLabelsOfNoSchemeCountAsO(t *testing.T) {
	for _, l := range []string{"NOUN", "X-x", "I-", "I", "E"} {
		for _, s := range []Scheme{BIO, BIOES} {
			for _, other := range []string{"", "O", "B-x", "I-x", "E-x", "S-x"} {
				if s.Follows(l, other) != s.Follows("O", other) || s.Follows(other, l) != s.Follows(other, "O") {
					t.Errorf("%s: %q beside %q is not as O", s, l, other)
				}
			}
		}
	}
	if !BIO.Follows("O", "E-x") {
		t.Error("bio: E-x is none of its labels and should count as O")
	}
}

func TestBreaks(t *testing.T) {
	for _, c := range []struct {
		scheme Scheme
		labels string
		want   int
	}{
		{None, "I-x E-y B-x", -1},
		{BIO, "", -1},
		{BIO, "O B-x I-x I-x B-x O B-y", -1},
		{BIO, "I-x", 0},
		{BIO, "O I-x I-y", 1},
		{BIO, "B-x I-x I-y", 2},
		{BIO, "B-x O I-x", 2},
		{BIOES, "", -1},
		{BIOES, "S-x O B-x E-x B-y I-y I-y E-y", -1},
		{BIOES, "E-x", 0},
		{BIOES, "B-x O", 1},
		{BIOES, "B-x S-x", 1},
		{BIOES, "B-x E-y", 1},
		{BIOES, "S-x E-x", 1},
		{BIOES, "B-x E-x I-x", 2},
		{BIOES, "B-x", 1},
		{BIOES, "O B-x I-x", 3},
	} {
		if got := c.scheme.Breaks(strings.Fields(c.labels)); got != c.want {
			t.Errorf("%s breaks %s at %d, want %d", c.scheme, c.labels, got, c.want)
		}
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name      string
		sequences []string
		want      Scheme
	}{
		{"nothing", nil, None},
		{"O alone", []string{"O O", "O"}, None},
		{"parts of speech", []string{"NOUN VERB"}, None},
		{"a type's name with a minus", []string{"B-x-y I-x-y O"}, BIO},
		{"spans of one token", []string{"B-x O", "O B-y"}, BIO},
		{"longer spans", []string{"B-x I-x", "", "O B-y B-y I-y"}, BIO},
		{"IOB1, where I-x begins a span", []string{"O I-x", "B-x I-x"}, None},
		{"no B-", []string{"O", "I-x"}, None},
		{"another label among them", []string{"B-x I-x", "_"}, None},
		{"singles", []string{"O S-x"}, BIOES},
		{"singles alone", []string{"S-x S-y"}, BIOES},
		{"all of BIOES", []string{"O B-x I-x E-x S-y"}, BIOES},
		{"pairs, and O", []string{"O B-x E-x"}, BIOES},
		{"pairs, no single token", []string{"B-x E-x"}, None},
		{"a span that is not ended", []string{"S-x O", "B-x I-x"}, None},
		{"BILOU", []string{"O B-x L-x", "U-x"}, None},
	} {
		var sequences [][]string
		for _, s := range c.sequences {
			sequences = append(sequences, strings.Fields(s))
		}
		distinct := slices.Compact(slices.Sorted(slices.Values(slices.Concat(sequences...))))
		for range 2 { // the order of the labels says nothing
			if got := Detect(distinct, slices.Values(sequences)); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			slices.Reverse(distinct)
		}
	}
}

func TestDetectStopsWhereASequenceBreaks(t *testing.T) {
	Detect([]string{"O", "B-x", "I-x"}, func(yield func([]string) bool) {
		if yield([]string{"B-x", "I-x"}) && yield([]string{"O", "I-x"}) {
			t.Error("asked for more after a sequence that breaks the scheme")
		}
	})
}

// TestSpansNeverBreak writes random spans and wants them to be in their scheme.
func TestSpansNeverBreak(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bio, bioes := []string{"O"}, []string{"O"}
		for range rapid.IntRange(1, 6).Draw(t, "spans") {
			x := rapid.SampledFrom([]string{"x", "y", "x-y"}).Draw(t, "type")
			n := rapid.IntRange(0, 4).Draw(t, "length")
			for i := range n {
				bio = append(bio, "BI"[min(i, 1):min(i, 1)+1]+"-"+x)
			}
			switch n {
			case 0:
				bio, bioes = append(bio, "O"), append(bioes, "O")
			case 1:
				bioes = append(bioes, "S-"+x)
			default:
				bioes = append(bioes, "B-"+x)
				bioes = append(bioes, slices.Repeat([]string{"I-" + x}, n-2)...)
				bioes = append(bioes, "E-"+x)
			}
		}
		for s, labels := range map[Scheme][]string{BIO: bio, BIOES: bioes} {
			if i := s.Breaks(labels); i >= 0 {
				t.Fatalf("%s breaks %q at %d", s, labels, i)
			}
			if err := s.Fits(labels); err != nil {
				t.Fatal(err)
			}
		}
	})
}
