package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// byHand is a report on a model whose parameters are set by hand: it takes "a"
// for an identifier and all else for comment.
func byHand(t *testing.T, c *corpus) *report {
	t.Helper()
	v, err := model.NewVocab([]string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	config := model.Config{Task: model.TaskTag, Format: formatGo, Cell: rnn.Tanh, Embed: 1, Hidden: 1, Layers: 1, Output: model.Softmax}
	m, err := model.New(config, model.Vocabs{Vocab: v}, []string{data.GoComment, data.GoIdentifier, data.GoString}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	clear(m.Params)
	for _, tensor := range m.Tensors() {
		switch tensor.Name {
		case "embed.weight":
			copy(m.Params[tensor.Offset:], []float32{-1, 1}) // unknown, a
		case "rnn.weight_ih_l0":
			m.Params[tensor.Offset] = 9
		case "out.weight":
			copy(m.Params[tensor.Offset:], []float32{-9, 9, 0})
		}
	}
	r := &report{model: m, corpus: c, what: "test", held: c.test}
	if r.score, err = newScorer(m, 1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.score.close)
	if r.eval, err = r.score.evaluate(context.Background(), r.held); err != nil {
		t.Fatal(err)
	}
	r.learnBaselines()
	return r
}

// labelled returns a text all of one label.
func labelled(text, label string) data.Sequence {
	tokens := data.Characters(text)
	return data.Sequence{Name: "f.go:1", Tokens: tokens, Labels: slices.Repeat([]string{label}, len(tokens))}
}

// TestProbe wants distances counted from 1, the character after the opening.
// In 200 characters of code, eight a and then b, the model is wrong at every a
// and right at every b inside a comment; the baseline is right at every a
// inside a raw string.
func TestProbe(t *testing.T) {
	r := byHand(t, &corpus{format: formatGo,
		train: []data.Sequence{labelled("aaab", data.GoString), labelled("bbb", data.GoIdentifier)},
		test:  []data.Sequence{labelled(strings.Repeat("a", 8)+strings.Repeat("b", 192), data.GoIdentifier)},
	})
	var out bytes.Buffer
	if err := r.printProbe(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(out.String()) {
		if f := strings.Fields(line); len(f) == 6 {
			rows = append(rows, strings.Join(f, " "))
		}
	}
	// The closings are two characters of the comment and one of the string,
	// which training had not: the baseline takes them for its most frequent
	// label, of the four strings and three identifiers.
	want := []string{
		"1–8 0.00 % 50.00 % 16",
		"9–32 50.00 % 0.00 % 48",
		"33–128 50.00 % 0.00 % 192",
		fmt.Sprintf("129+ %s %s 147", percent(74./147), percent(1./147)),
	}
	if !slices.Equal(rows, want) {
		t.Errorf("rows %q, want %q", rows, want)
	}
	if !strings.Contains(out.String(), "2 sequences (406 steps)") {
		t.Errorf("%s", out.String())
	}
}

// TestBaselinesLearnFromTraining wants their labels to be those of the
// training data, which here are never those of test.
func TestBaselinesLearnFromTraining(t *testing.T) {
	r := byHand(t, &corpus{format: formatGo,
		train: []data.Sequence{labelled("aab", data.GoComment)},
		dev:   []data.Sequence{labelled("aabb", data.GoString)},
		test:  []data.Sequence{labelled("aabb", data.GoString)},
	})
	if most, ofToken := r.base.Accuracies(r.gold(r.held)); most != 0 || ofToken != 0 {
		t.Errorf("baselines %v and %v, want 0", most, ofToken)
	}
	var out bytes.Buffer
	if err := r.printScores(&out); err != nil || !strings.Contains(out.String(), "the most frequent label, comment") {
		t.Errorf("%v: %s", err, out.String())
	}
}

// TestTypical wants the function whose accuracy is nearest to the whole's to be
// shown, with its mistakes marked.
func TestTypical(t *testing.T) {
	function := func(name string, right, wrong int) data.Sequence {
		s := labelled("\nfunc "+name+`"`+strings.Repeat("b", right-7-len(name))+"\n"+strings.Repeat("a", wrong), data.GoComment)
		s.Name = name
		return s
	}
	short, bad, good := function("short", 100, 100), function("bad", 100, 400), function("good", 300, 200)
	long := labelled(strings.Repeat("b", 1001), data.GoComment)
	r := byHand(t, &corpus{format: formatGo, train: []data.Sequence{labelled("b", data.GoComment)},
		test: []data.Sequence{short, bad, long, good}})
	if i := r.typical(); i != 3 {
		t.Fatalf("typical is %d, want 3", i)
	}
	var out bytes.Buffer
	if err := r.printGo(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	want := "good, mistakes marked ^\n\n  \n  func good\"" + strings.Repeat("b", 289) + "\n  " + strings.Repeat("a", 200) + "\n  " + strings.Repeat("^", 200) + "\n"
	if !strings.Contains(out.String(), want) {
		t.Errorf("%s\nwant %s", out.String(), want)
	}
	r.held = []data.Sequence{short, long}
	if i := r.typical(); i != -1 {
		t.Errorf("typical is %d where none is, want -1", i)
	}
}

// TestShowLabelled wants a mark below each mistake, or red in colours.
func TestShowLabelled(t *testing.T) {
	s := data.Sequence{Tokens: data.Characters("\tx1\nif"), Labels: strings.Fields("space identifier identifier space keyword keyword")}
	predicted := strings.Fields("space identifier number comment keyword string")
	for color, want := range map[bool]string{
		false: "  \tx1\n  \t ^\n  if\n   ^\n",
		true:  "  \tx\x1b[41;97m1\x1b[0m\n  \x1b[1;34mi\x1b[0m\x1b[41;97mf\x1b[0m\n",
	} {
		var out bytes.Buffer
		showLabelled(&out, s, predicted, color)
		if out.String() != want {
			t.Errorf("colours %v: %q, want %q", color, out.String(), want)
		}
	}
}
