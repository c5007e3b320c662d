package data

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// rewritten fills in a file with what says of its parts: labels and, where
// scores is set, the scores 0.25 and 0.75 of each.
func rewritten(f *Format, input string, o Options, label func(step string) string) (string, error) {
	return rewrittenFrom(f, strings.NewReader(input), o, label)
}

func rewrittenFrom(f *Format, in io.Reader, o Options, label func(step string) string) (string, error) {
	var b bytes.Buffer
	out := bufio.NewWriter(&b)
	if o.Name == "" {
		o.Name = "f"
	}
	r := f.Rewrite(bufio.NewReader(in), out, o)
	for {
		p, err := r.Next()
		if err == io.EOF {
			if err := r.Close(); err != nil {
				return "", err
			}
			out.Flush()
			return b.String(), nil
		}
		if err != nil {
			out.Flush()
			return b.String(), err
		}
		labels := labelsOf(p, label)
		if o.Whole && len(labels) > 0 {
			labels = labels[len(labels)-1:]
		}
		var z []float32
		if o.Scores {
			for range labels {
				z = append(z, 0.25, 0.75)
			}
		}
		if err := r.Write(labels, z); err != nil {
			return b.String(), err
		}
	}
}

func labelsOf(p Part, label func(string) string) (labels []string) {
	for _, t := range p.Tokens {
		labels = append(labels, label(t))
	}
	for _, x := range p.X {
		labels = append(labels, label(fmt.Sprint(x)))
	}
	return labels
}

func upper(s string) string { return strings.ToUpper(s) }

// rewriting is a file, what labelling makes of it, or what is wrong with it.
type rewriting struct {
	name    string
	options Options
	input   string
	want    string
	err     string // in the error, which names file and line
}

// testRewriting fills each file in, at once and as its bytes come one by one.
func testRewriting(t *testing.T, f *Format, label func(string) string, tests []rewriting) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, in := range []io.Reader{strings.NewReader(test.input), iotest.OneByteReader(strings.NewReader(test.input))} {
				got, err := rewrittenFrom(f, in, test.options, label)
				switch {
				case test.err == "" && err != nil:
					t.Fatal(err)
				case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "\n")):
					t.Errorf("error %v, want one line with %q", err, test.err)
				case got != test.want:
					t.Errorf("got\n%s\nwant\n%s", got, test.want)
				}
			}
		})
	}
}

// reading is a file to train on and its sequences, or what is wrong with it.
type reading struct {
	name    string
	options Options
	input   string
	want    []Sequence
	then    Options // what of the options reading completes; the others are not looked at
	err     string
}

func testReading(t *testing.T, f *Format, tests []reading) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := test.options
			o.Name = "f"
			got, err := f.Read(strings.NewReader(test.input), &o)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error %v, want one line with %q", err, test.err)
				}
				return
			}
			if err != nil || len(got) != len(test.want) {
				t.Fatalf("%v, error %v, want %v", got, err, test.want)
			}
			for i, s := range got {
				if fmt.Sprint(s) != fmt.Sprint(test.want[i]) {
					t.Errorf("sequence %+v, want %+v", s, test.want[i])
				}
			}
			if w := test.then; w.Column != "" && (w.Column != o.Column || !slices.Equal(w.Inputs, o.Inputs) || !slices.Equal(w.LeftOut, o.LeftOut)) {
				t.Errorf("options %+v, want %+v", o, w)
			}
		})
	}
}
