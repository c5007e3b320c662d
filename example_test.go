package unroll_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/unroll-go/unroll"
)

// sentences are a small training set: is a word a number, a unit or neither?
func sentences() []unroll.Sequence {
	var all []unroll.Sequence
	for _, s := range []string{
		"add/- 2/number cups/unit of/- flour/-", "stir/- for/- 5/number minutes/unit", "use/- 3/number eggs/-",
		"bake/- 30/number minutes/unit", "2/number spoons/unit of/- sugar/-", "add/- 3/number spoons/unit of/- flour/-",
		"stir/- 2/number eggs/-", "wait/- 5/number minutes/unit", "add/- 5/number cups/unit of/- sugar/-",
	} {
		var q unroll.Sequence
		for _, word := range strings.Fields(s) {
			token, label, _ := strings.Cut(word, "/")
			q.Tokens, q.Labels = append(q.Tokens, token), append(q.Labels, label)
		}
		all = append(all, q)
	}
	return all
}

func trained() *unroll.Model {
	m, err := unroll.Train(context.Background(), sentences(), nil, unroll.Options{
		Hidden: 16, Embed: 8, Epochs: 60, MinCount: 1, Batch: 4, Rate: 0.02,
	})
	if err != nil {
		panic(err)
	}
	return m
}

func ExampleTrain() {
	model, err := unroll.Train(context.Background(), sentences(), nil, unroll.Options{
		Hidden: 16, Embed: 8, Epochs: 60, MinCount: 1, Batch: 4, Rate: 0.02,
	})
	if err != nil {
		panic(err)
	}
	labels, err := model.Label(context.Background(), strings.Fields("add 2 spoons of sugar"))
	if err != nil {
		panic(err)
	}
	fmt.Println(labels)
	// Output: [- number unit - -]
}

// A stream labels tokens as they arrive.
func ExampleModel_Stream() {
	model := trained()
	stream, err := model.Stream()
	if err != nil {
		panic(err)
	}
	for _, word := range strings.Fields("bake 5 minutes") {
		label := stream.Step(word)
		fmt.Println(word, label, len(stream.Scores()) == len(model.Labels()))
	}
	// Output:
	// bake - true
	// 5 number true
	// minutes unit true
}

// A model is one file, which a program may embed.
func ExampleRead() {
	var file bytes.Buffer
	if err := trained().Write(&file); err != nil {
		panic(err)
	}
	model, err := unroll.Read(&file)
	if err != nil {
		panic(err)
	}
	fmt.Println(model.Labels())
	// Output: [- number unit]
}
