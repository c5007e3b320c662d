package model_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

func TestStreamIsPredictToTheBit(t *testing.T) {
	for _, s := range shapes() {
		for _, hidden := range []int{1, 6, 33} {
			t.Run(fmt.Sprint(s, "-", hidden), func(t *testing.T) {
				m := newModel(t, s.config(5, hidden), oddTokens, []string{"A", "B", "C"})
				n, p, k := network(t, m, m.Params, team(t, 3)), newProblem(t, m, someLengths...), len(m.Labels)
				z, _ := predict(n, p, 4)
				run := stream(t, n)
				for b, length := range p.Lengths {
					run.Reset()
					for i := range length {
						r := p.Row(b, i)
						sameBits(t, fmt.Sprintf("z of sequence %d at step %d", b, i), run.Step(p.ids[r]), z[r*k:(r+1)*k])
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
			run := stream(t, n)
			for i := range p.Lengths[b] {
				r := p.Row(b, i)
				if got := run.Step(p.ids[r]); !slices.Equal(got, z[r*k:(r+1)*k]) {
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
	run, label := stream(t, n), tokenLabeller(t, m, n)
	if allocs := testing.AllocsPerRun(100, func() { run.Step(1) }); allocs != 0 {
		t.Errorf("Stream: %v allocations, want none", allocs)
	}
	if allocs := testing.AllocsPerRun(100, func() { label.Step("한국어"); label.Step("?") }); allocs != 0 {
		t.Errorf("Labeller: %v allocations, want none", allocs)
	}
}

func TestLabellerGivesTheLikeliestLabel(t *testing.T) {
	m := labeller(t, shape{rnn.Tanh, 2, true})
	n := network(t, m, m.Params, nil)
	label, run := tokenLabeller(t, m, n), stream(t, n)
	if label.Scores() != nil {
		t.Error("scores before the first step")
	}
	seen := map[string]bool{}
	var first []string
	for round := range 2 { // the second after Reset
		for i, token := range slices.Concat(oddTokens, []string{"not in the vocabulary"}, oddTokens) {
			z := run.Step(m.Vocab.ID(token))
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
		run := stream(t, network(t, m, m.Params, nil))
		fresh := slices.Clone(run.Step(1))
		if later := run.Step(1); slices.Equal(later, fresh) {
			t.Errorf("%v: the state changes nothing: the test proves little", s)
		}
		run.Reset()
		sameBits(t, fmt.Sprint(s, " after Reset"), run.Step(1), fresh)
	}
}

func TestEqualScoresGiveTheFirstLabel(t *testing.T) {
	m, err := model.New(shape{rnn.Tanh, 1, false}.config(2, 3), vocabulary(t, "a"), []string{"first", "second"}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := tokenLabeller(t, m, network(t, m, m.Params, nil)).Step("a"); got != "first" {
		t.Errorf("label %q, want the first", got)
	}
}
