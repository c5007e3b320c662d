package unroll_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/unroll-go/unroll"
)

// TestOpen wants a saved model to be the same model.
func TestOpen(t *testing.T) {
	m := trained()
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := unroll.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(m.Write(&a), again.Write(&b)); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("saved and opened, the model writes other bytes: %v", err)
	}
	if _, err := unroll.Open(path + "x"); err == nil {
		t.Error("a missing file is no error")
	}
	if _, err := unroll.Read(strings.NewReader("not a model")); err == nil {
		t.Error("a text is no error")
	}
}

// TestConcurrent labels from many goroutines at once; run it with -race.
func TestConcurrent(t *testing.T) {
	m := trained()
	words := strings.Fields("add 2 cups of flour")
	want, err := m.Label(context.Background(), words)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				if got, err := m.Label(context.Background(), words); err != nil || !slices.Equal(got, want) {
					t.Errorf("got %v, %v, want %v", got, err, want)
				}
			}
		})
	}
	wait.Wait()
}

func stream(t *testing.T) *unroll.Stream {
	t.Helper()
	s, err := trained().Stream()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStreamAllocates wants a streamed step to allocate nothing.
func TestStreamAllocates(t *testing.T) {
	s := stream(t)
	if n := testing.AllocsPerRun(100, func() { s.Step("flour"); s.Step("never seen") }); n != 0 {
		t.Errorf("%v allocations in two steps", n)
	}
}

// TestStreamScores wants probabilities, and Reset to begin again.
func TestStreamScores(t *testing.T) {
	s := stream(t)
	if s.Scores() != nil {
		t.Error("scores before the first step")
	}
	s.Step("add")
	first := slices.Clone(s.Scores())
	sum := 0.0
	for _, v := range first {
		sum += float64(v)
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("scores %v add up to %v", first, sum)
	}
	s.Step("2")
	s.Reset()
	s.Step("add")
	if !slices.Equal(first, s.Scores()) {
		t.Error("after Reset the first token has other scores")
	}
}

// TestContext wants both Label and Train to end with their context.
func TestContext(t *testing.T) {
	m := trained()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Label(ctx, []string{"add"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Label: %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	o := unroll.Options{Hidden: 4, Embed: 4, Epochs: 1000, Progress: func(p unroll.Progress) {
		if p.EpochDone && p.Epoch == 3 {
			cancel()
		}
	}}
	best, err := unroll.Train(ctx, sentences(), nil, o)
	if !errors.Is(err, context.Canceled) || best == nil {
		t.Errorf("Train: model %v, error %v, want the best model and context.Canceled", best, err)
	}
}

// TestTrainErrors wants what is wrong with data and options said.
func TestTrainErrors(t *testing.T) {
	for want, f := range map[string]func() error{
		"no sequences": func() error { _, err := unroll.Train(context.Background(), nil, nil, unroll.Options{}); return err },
		"training sequence 1: 1 tokens and 0 labels": func() error {
			_, err := unroll.Train(context.Background(), []unroll.Sequence{{Tokens: []string{"a"}}, sentences()[0]}, nil, unroll.Options{})
			return err
		},
		`cell "lstn"`: func() error {
			_, err := unroll.Train(context.Background(), sentences(), nil, unroll.Options{Cell: "lstn"})
			return err
		},
		`optimizer "sdg"`: func() error {
			_, err := unroll.Train(context.Background(), sentences(), nil, unroll.Options{Optimizer: "sdg"})
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
