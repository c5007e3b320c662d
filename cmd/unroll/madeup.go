package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/data"
)

// How many sequences are made up, and from which numbers: always the same, so
// that every network is trained and scored on the same data.
const (
	madeUpTrain = 10_000
	madeUpDev   = 500
	madeUpTest  = 1_000
	madeUpSeed  = 1997
)

// The streams of random numbers that the parts of made-up data are drawn from.
const (
	trainPart = 1
	devPart   = 2
	testPart  = 3
)

// makeUp makes n sequences of a part of made-up data.
func makeUp(kind string, steps int, part uint64, n int) []data.Sequence {
	r := rand.New(rand.NewPCG(madeUpSeed, part))
	if kind == dataAdding {
		return data.Adding(steps, n, r)
	}
	return data.Copy(steps, n, r)
}

// checkSteps refuses lengths of made-up data that make no sense.
func checkSteps(steps int) error {
	if steps < 2 || steps > maxSteps {
		return usagef("--steps %d: expected 2 to %d", steps, maxSteps)
	}
	return nil
}

// aboutMadeUp says what made-up data asks for.
func aboutMadeUp(kind string, steps int) string {
	about := "the copy-memory task: ten symbols to be said again %d steps later"
	if kind == dataAdding {
		about = "the adding problem: the sum of the two marked of %d numbers"
	}
	return fmt.Sprintf(about, steps)
}

// madeUp makes the data of --data.
func (f *trainFlags) madeUp() *corpus {
	return &corpus{format: f.data, about: aboutMadeUp(f.data, f.steps),
		train: makeUp(f.data, f.steps, trainPart, madeUpTrain), dev: makeUp(f.data, f.steps, devPart, madeUpDev), test: makeUp(f.data, f.steps, testPart, madeUpTest)}
}

// madeUpScores are what counts in a made-up task.
type madeUpScores struct {
	Steps    int     `json:"steps"`
	Recalled float64 `json:"recalled,omitempty"` // copy: share of the symbols said again that are right
	Within   float64 `json:"within,omitempty"`   // adding: share of the sums that are off by less than tolerance
	Loss     float64 `json:"loss"`               // nats a step, or mean squared error
	Baseline float64 `json:"baseline"`           // the least loss without a memory
}

// tolerance is how far a sum may be off, as Hochreiter and Schmidhuber (1997) have it.
const tolerance = 0.04

// scoreMadeUp returns the scores of made-up data of so many steps.
func (r *report) scoreMadeUp(steps int) *madeUpScores {
	if r.corpus.format == dataAdding {
		return &madeUpScores{Steps: steps, Within: r.within(), Loss: r.eval.Loss, Baseline: data.AddingBaseline}
	}
	return &madeUpScores{Steps: steps, Recalled: r.recalled(), Loss: r.eval.Loss, Baseline: data.CopyBaseline(steps)}
}

// within returns the share of sums that are off by less than tolerance.
func (r *report) within() float64 {
	n := 0
	for i, h := range r.held {
		if math.Abs(float64(r.eval.Values[i][0])-float64(h.Values[0][0])) < tolerance {
			n++
		}
	}
	return float64(n) / float64(len(r.held))
}

// recalled returns the share of the symbols to be said again that are right.
func (r *report) recalled() float64 {
	n := 0
	for i, h := range r.held {
		for t := len(h.Labels) - data.CopySymbols; t < len(h.Labels); t++ {
			if r.model.Labels[r.eval.Predicted[i][t]] == h.Labels[t] {
				n++
			}
		}
	}
	return float64(n) / float64(len(r.held)*data.CopySymbols)
}

// printMadeUp prints how far a network can remember.
func (r *report) printMadeUp(w io.Writer, s madeUpScores) error {
	fmt.Fprintf(w, "\nOn %s, %s\n\n", r.what, size(r.held))
	t := table(w)
	if r.corpus.format == dataCopy {
		fmt.Fprintf(t, "symbols said again right\t%s\t\n", percent(s.Recalled))
		fmt.Fprintf(t, "by chance\t%s\t\n", percent(1.0/data.CopyAlphabet))
		fmt.Fprintf(t, "loss, nats a step\t%.4f\t\n", s.Loss)
		fmt.Fprintf(t, "the least without memory\t%.4f\t\n", s.Baseline)
	} else {
		fmt.Fprintf(t, "sums off by less than %v\t%s\t\n", tolerance, percent(s.Within))
		fmt.Fprintf(t, "mean squared error\t%.2g\t\n", s.Loss)
		fmt.Fprintf(t, "that of always saying 1\t%.2g\t\n", s.Baseline)
	}
	return t.Flush()
}
