package unroll_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/unroll-go/unroll"
)

// written trains on the sentences and returns the bytes of the model.
func written(t *testing.T, o unroll.Options) []byte {
	t.Helper()
	o.Hidden, o.Embed, o.MinCount = max(o.Hidden, 4), max(o.Embed, 3), max(o.MinCount, 1)
	if o.Epochs == 0 {
		o.Epochs = 2
	}
	if o.Batch == 0 {
		o.Batch = 4
	}
	m, err := unroll.Train(context.Background(), sentences(), nil, o)
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOptions wants each option to make another model, and the same options
// the same, whatever the threads.
func TestOptions(t *testing.T) {
	type options = unroll.Options
	steep := options{Optimizer: "sgd", Rate: 5, Epochs: 5} // gradients above the default clip
	deep := options{Layers: 2}
	for name, c := range map[string]struct{ a, b options }{
		"Cell":          {options{}, options{Cell: "relu"}},
		"Embed":         {options{}, options{Embed: 5}},
		"Hidden":        {options{}, options{Hidden: 6}},
		"Layers":        {options{}, deep},
		"Bidirectional": {options{}, options{Bidirectional: true}},
		"Output":        {options{}, options{Output: "crf"}},
		"LearnH0":       {options{}, options{LearnH0: true}},
		"MinCount":      {options{}, options{MinCount: 2}},
		"Epochs":        {options{}, options{Epochs: 3}},
		"Batch":         {options{}, options{Batch: 3}},
		"BPTT":          {options{}, options{BPTT: 2}},
		"Dropout":       {deep, options{Layers: 2, Dropout: 0.5}},
		"Optimizer":     {options{}, options{Optimizer: "sgd"}},
		"Rate":          {options{}, options{Rate: 0.01}},
		"Clip":          {steep, options{Optimizer: "sgd", Rate: 5, Epochs: 5, Clip: 0.1}},
		"no Clip":       {steep, options{Optimizer: "sgd", Rate: 5, Epochs: 5, Clip: -1}},
		"Seed":          {options{}, options{Seed: 2}},
	} {
		a := written(t, c.a)
		if bytes.Equal(a, written(t, c.b)) {
			t.Errorf("%s changes nothing", name)
		}
		c.a.Threads = 2
		if !bytes.Equal(a, written(t, c.a)) {
			t.Errorf("%s: the same options make another model", name)
		}
	}
}

// TestDefaults wants an option that is not set to be as documented.
func TestDefaults(t *testing.T) {
	o := unroll.Options{Cell: "tanh", Output: "softmax", Layers: 1, Optimizer: "adam", Rate: 0.002, Clip: 1, Seed: 1, Threads: 1}
	if !bytes.Equal(written(t, unroll.Options{}), written(t, o)) {
		t.Error("the defaults make another model than the documented values")
	}
}

// TestPatience trains with a dev set whose accuracy stays 0: by default three
// epochs after the best, the first, are the last; below 0 all are run.
func TestPatience(t *testing.T) {
	dev := []unroll.Sequence{{Tokens: []string{"add"}, Labels: []string{"unheard of"}}}
	for patience, want := range map[int]int{0: 4, 2: 3, -1: 7} {
		epochs := 0
		o := unroll.Options{Hidden: 4, Embed: 3, Epochs: 7, Patience: patience, Progress: func(p unroll.Progress) {
			if p.EpochDone {
				epochs++
			}
		}}
		if _, err := unroll.Train(context.Background(), sentences(), dev, o); err != nil {
			t.Fatal(err)
		}
		if epochs != want {
			t.Errorf("patience %d: %d epochs, want %d", patience, epochs, want)
		}
	}
}
