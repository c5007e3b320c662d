package model_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

func TestStreamIsPredictToTheBit(t *testing.T) {
	for _, s := range shapes() {
		for _, hidden := range []int{1, 6, 33} {
			t.Run(fmt.Sprint(s, "-", hidden), func(t *testing.T) {
				m := newModel(t, s.config(5, hidden), oddTokens, []string{"A", "B", "C"})
				n, p, k := network(t, m, m.Params, team(t, 3)), newProblem(t, m, someLengths...), len(m.Labels)
				z, _ := predict(n, p, 4)
				run := stream(t, m, n)
				for b, length := range p.Lengths {
					run.Reset()
					for i := range length {
						r := p.Row(b, i)
						sameBits(t, fmt.Sprintf("z of sequence %d at step %d", b, i), run.step(p.tokens[r]), z[r*k:(r+1)*k])
					}
				}
			})
		}
	}
}

func TestStreamsRunBesideEachOther(t *testing.T) {
	m := labeller(t, shape{rnn.Tanh, 2, true})
	n, p, k := network(t, m, m.Params, nil), newProblem(t, m, 20, 20, 20), len(m.Labels)
	z, _ := predict(n, p, 20)
	var wait sync.WaitGroup
	for b := range p.Size() {
		wait.Go(func() {
			run := stream(t, m, n)
			for i := range p.Lengths[b] {
				r := p.Row(b, i)
				if got := run.step(p.tokens[r]); !slices.Equal(got, z[r*k:(r+1)*k]) {
					t.Errorf("stream %d at step %d: z = %v, want %v", b, i, got, z[r*k:(r+1)*k])
				}
			}
		})
	}
	wait.Wait()
}

func TestStreamStepAllocatesNothing(t *testing.T) {
	m := labeller(t, shape{rnn.Tanh, 2, true})
	n := network(t, m, m.Params, nil)
	run, label := stream(t, m, n), tokenLabeller(t, m, n)
	if allocs := testing.AllocsPerRun(100, func() { run.step("the") }); allocs != 0 {
		t.Errorf("Stream: %v allocations, want none", allocs)
	}
	if allocs := testing.AllocsPerRun(100, func() { label.Step("한국어"); label.Step("?") }); allocs != 0 {
		t.Errorf("Labeller: %v allocations, want none", allocs)
	}
}

func TestLabellerGivesTheLikeliestLabel(t *testing.T) {
	m := labeller(t, shape{rnn.Tanh, 2, true})
	n := network(t, m, m.Params, nil)
	label, run := tokenLabeller(t, m, n), stream(t, m, n)
	if label.Scores() != nil {
		t.Error("scores before the first step")
	}
	seen := map[string]bool{}
	var first []string
	for round := range 2 { // the second after Reset
		for i, token := range slices.Concat(oddTokens, []string{"not in the vocabulary"}, oddTokens) {
			z := run.step(token)
			got := label.Step(token)
			if want := m.Labels[slices.Index(z, slices.Max(z))]; got != want {
				t.Errorf("step %d: label %q, want %q of z %v", i, got, want, z)
			}
			sameBits(t, "scores", label.Scores(), z)
			if round == 0 {
				first = append(first, got)
			} else if got != first[i] {
				t.Errorf("step %d after Reset: label %q, want %q", i, got, first[i])
			}
			seen[got] = true
		}
		label.Reset()
		run.Reset()
		if label.Scores() != nil {
			t.Error("scores after Reset")
		}
	}
	if len(seen) < 2 {
		t.Errorf("only labels %v: the test proves little", seen)
	}
}

func TestResetGoesBackToTheBeginning(t *testing.T) {
	for _, s := range shapes() {
		m := labeller(t, s)
		run := stream(t, m, network(t, m, m.Params, nil))
		fresh := slices.Clone(run.step("the"))
		if later := run.step("the"); slices.Equal(later, fresh) {
			t.Errorf("%v: the state changes nothing: the test proves little", s)
		}
		run.Reset()
		sameBits(t, fmt.Sprint(s, " after Reset"), run.step("the"), fresh)
	}
}

func TestEqualScoresGiveTheFirstLabel(t *testing.T) {
	c := shape{rnn.Tanh, 1, false}.config(2, 3)
	m, err := model.New(c, vocabs(t, c, "a"), []string{"first", "second"}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := tokenLabeller(t, m, network(t, m, m.Params, nil)).Step("a"); got != "first" {
		t.Errorf("label %q, want the first", got)
	}
}

// TestStreamOfEveryKindIsPredictToTheBit wants a stream's z to be Predict's:
// at every step or, where a model classifies, at a sequence's last.
func TestStreamOfEveryKindIsPredictToTheBit(t *testing.T) {
	for _, kind := range streamed(t) {
		t.Run(kind.name, func(t *testing.T) {
			m := kind.model(t, 3)
			n, p, k := network(t, m, m.Params, team(t, 3)), newProblem(t, m, someLengths...), len(m.Labels)
			z, _ := predict(n, p, p.Steps())
			run, label := stream(t, m, n), tokenLabeller(t, m, n)
			for b, length := range p.Lengths {
				run.Reset()
				label.Reset()
				for i := range length {
					token, at := p.tokens[p.Row(b, i)], p.Row(b, i)
					got := run.step(token)
					if said := label.Step(token); kind.config(1).Output != model.Real && said != m.Labels[slices.Index(got, slices.Max(got))] {
						t.Errorf("label %q of z %v", said, got)
					}
					sameBits(t, "the labeller's scores", label.Scores(), got)
					if p.ends {
						at = b
					}
					if !p.ends || i == length-1 {
						sameBits(t, fmt.Sprintf("z of sequence %d at step %d", b, i), got, z[at*k:(at+1)*k])
					}
				}
			}
		})
	}
}

// TestLabelIsAStream wants the labels and z of a whole sequence to be those of
// its steps: of all or, where a model classifies, of the last.
func TestLabelIsAStream(t *testing.T) {
	tokens := slices.Concat(oddTokens, strangers, oddTokens)
	for _, kind := range streamed(t) {
		m := kind.model(t, 1)
		n := network(t, m, m.Params, nil)
		label := tokenLabeller(t, m, n)
		var want []string
		var wantZ []float32
		for _, token := range tokens {
			want, wantZ = append(want, label.Step(token)), append(wantZ, label.Scores()...)
		}
		if m.Config.Task == model.TaskClassify {
			want, wantZ = want[len(want)-1:], label.Scores()
		}
		got, z, err := m.Label(n, tokens)
		if err != nil {
			t.Fatal(err)
		}
		if m.Config.Output != model.Real && !slices.Equal(got, want) || len(got) != len(want) {
			t.Errorf("%v: labels %q, want %q", kind, got, want)
		}
		sameBits(t, fmt.Sprint("z of ", kind), z, wantZ)
	}
	m := smallModel(t)
	if _, _, err := m.Label(network(t, m, m.Params, nil), nil); err == nil {
		t.Error("an empty sequence is no error")
	}
}

// TestStreamOfEveryKindAllocatesNothing wants no allocation once the longest
// token was seen, of known tokens and unknown ones.
func TestStreamOfEveryKindAllocatesNothing(t *testing.T) {
	tokens := slices.Concat(oddTokens, strangers)
	for _, kind := range streamed(t) {
		m := kind.model(t, 1)
		label := tokenLabeller(t, m, network(t, m, m.Params, nil))
		step := func() {
			for _, token := range tokens {
				label.Step(token)
			}
			label.Reset()
		}
		step()
		if allocs := testing.AllocsPerRun(20, step); allocs != 0 {
			t.Errorf("%v: %v allocations in %d tokens, want none", kind, allocs, len(tokens))
		}
	}
}

// TestStreamsOfCharactersRunBesideEachOther wants no memory shared by streams
// and the network.
func TestStreamsOfCharactersRunBesideEachOther(t *testing.T) {
	m := kind{"", []string{"A", "B"}, all(chars(rnn.LSTM), features)}.model(t, 1)
	n, p, k := network(t, m, m.Params, nil), newProblem(t, m, 20, 20, 20), len(m.Labels)
	z, _ := predict(n, p, 20)
	var wait sync.WaitGroup
	for b := range p.Size() {
		wait.Go(func() {
			run := stream(t, m, n)
			for i := range p.Lengths[b] {
				r := p.Row(b, i)
				if got := run.step(p.tokens[r]); !slices.Equal(got, z[r*k:(r+1)*k]) {
					t.Errorf("stream %d at step %d: z = %v, want %v", b, i, got, z[r*k:(r+1)*k])
				}
			}
		})
	}
	wait.Wait()
}

func TestStreamsThatCannotBeSayWhy(t *testing.T) {
	bio := []string{"O", "B-x", "I-x"}
	for _, test := range []struct {
		kind
		want string
	}{
		{kind{"both directions", bio, bidirectional}, "bidirectional network cannot label a stream"},
		{kind{"classify both", bio, all(classify, bidirectional)}, "bidirectional network cannot label a stream"},
		{kind{"crf", bio, crf}, "CRF cannot label a stream"},
		{kind{"crf-bio", bio, constrained(span.BIO)}, "CRF cannot label a stream"},
		{kind{"crf of both", bio, all(crf, bidirectional, chars(rnn.GRU))}, "CRF cannot label a stream"},
		{kind{"vectors both", bio, all(vectors, bidirectional)}, "bidirectional network cannot label a stream"},
	} {
		m := test.model(t, 1)
		n := network(t, m, m.Params, nil)
		_, ofNetwork := n.NewStream()
		_, ofModel := m.NewLabeller(n)
		for by, err := range map[string]error{"NewStream": ofNetwork, "NewLabeller": ofModel} {
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v: %s: error %v, want one that says %s", test.kind, by, err, test.want)
			}
		}
	}
}
