package unroll_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/unroll-go/unroll"
)

// TestFormsAreTheSameWords wants text in either of Unicode's forms to train the
// same model to the bit, and to get the same labels and scores.
func TestFormsAreTheSameWords(t *testing.T) {
	sequences := func(form norm.Form) (all []unroll.Sequence) {
		for range 3 {
			s := unroll.Sequence{Tokens: strings.Fields("한국어를 씁니다 café Ångström"), Labels: strings.Fields("N V N N")}
			for i, token := range s.Tokens {
				s.Tokens[i] = form.String(token)
			}
			all = append(all, s)
		}
		return all
	}
	var files [2]bytes.Buffer
	var models [2]*unroll.Model
	for i, form := range []norm.Form{norm.NFC, norm.NFD} {
		m, err := unroll.Train(context.Background(), sequences(form), nil, unroll.Options{Hidden: 4, Embed: 4, Chars: 3, Features: []string{"suffix1", "shape"}, Epochs: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Write(&files[i]); err != nil {
			t.Fatal(err)
		}
		models[i] = m
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("the two forms train different models")
	}
	scores := func(form norm.Form) (all []string) {
		s, err := models[0].Stream()
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range sequences(form)[0].Tokens {
			all = append(all, s.Step(token), fmt.Sprint(s.Scores()))
		}
		return all
	}
	if a, b := scores(norm.NFC), scores(norm.NFD); !slices.Equal(a, b) {
		t.Errorf("labelled %v and %v", a, b)
	}
}

// TestVectors trains on vectors far from 0, labels them whole and as a stream,
// and wants what is no such vector to be an error.
func TestVectors(t *testing.T) {
	var training []unroll.Sequence
	for i := range 20 {
		v := float32(1000 + i%2)
		training = append(training, unroll.Sequence{X: [][]float32{{v, 5}, {2001 - v, 5}}, Labels: []string{fmt.Sprint(i % 2), fmt.Sprint(1 - i%2)}})
	}
	m, err := unroll.Train(context.Background(), training, nil, unroll.Options{Hidden: 4, Epochs: 30, Batch: 2, Rate: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range training[:2] {
		got, err := m.LabelVectors(context.Background(), s.X)
		if err != nil || !slices.Equal(got, s.Labels) {
			t.Errorf("%v: %q, %v, want %q", s.X, got, err, s.Labels)
		}
		stream, err := m.VectorStream()
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range s.X {
			if label, err := stream.Step(x); err != nil || label != s.Labels[i] || len(stream.Scores()) != 2 {
				t.Errorf("step %d of %v: %q, %v, %v", i, s.X, label, err, stream.Scores())
			}
		}
		for _, x := range [][]float32{{1}, {1, 2, 3}, {1, float32(math.NaN())}, {float32(math.Inf(-1)), 1}} {
			if _, err := stream.Step(x); err == nil {
				t.Errorf("%v is no error", x)
			}
		}
		if n := testing.AllocsPerRun(20, func() { stream.Step(s.X[0]) }); n != 0 {
			t.Errorf("%v allocations a step, want none", n)
		}
	}
	if _, err := m.Label(context.Background(), []string{"a"}); err == nil {
		t.Error("tokens are no error")
	}
	if _, err := m.Stream(); err == nil {
		t.Error("a stream of tokens is no error")
	}
	if _, err := m.LabelVectors(context.Background(), [][]float32{{1}}); err == nil {
		t.Error("a vector of another width is no error")
	}
}
