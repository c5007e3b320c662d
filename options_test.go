package unroll_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
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
		"ClassWeights":  {options{}, options{ClassWeights: "balanced"}},
		"Chars":         {options{}, options{Chars: 3}},
		"CharCell":      {options{Chars: 3}, options{Chars: 3, CharCell: "gru"}},
		"Features":      {options{}, options{Features: []string{"shape", "suffix2"}}},
		"Vectors":       {options{}, options{Vectors: map[string][]float32{"flour": {1, 2, 3}}}},
		"WordDropout":   {options{}, options{WordDropout: 0.5}},
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

// TestClassify wants one label of a sequence, from its whole and from a stream
// at its end.
func TestClassify(t *testing.T) {
	var training []unroll.Sequence
	for range 20 {
		training = append(training,
			unroll.Sequence{Tokens: []string{"good", "day"}, Labels: []string{"greeting"}},
			unroll.Sequence{Tokens: []string{"how", "much", "day"}, Labels: []string{"question"}})
	}
	for _, bidirectional := range []bool{false, true} {
		o := unroll.Options{Task: "classify", Hidden: 8, Embed: 4, Epochs: 20, Batch: 4, Rate: 0.02, Bidirectional: bidirectional}
		m, err := unroll.Train(context.Background(), training, training, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range training[:2] {
			got, err := m.Label(context.Background(), s.Tokens)
			if err != nil || !slices.Equal(got, s.Labels) {
				t.Errorf("bidirectional %t: %v is %v, %v, want %v", bidirectional, s.Tokens, got, err, s.Labels)
			}
			if bidirectional {
				continue
			}
			run, err := m.Stream()
			if err != nil {
				t.Fatal(err)
			}
			last := ""
			for _, token := range s.Tokens {
				last = run.Step(token)
			}
			if last != s.Labels[0] {
				t.Errorf("streamed, %v is %s, want %s", s.Tokens, last, s.Labels[0])
			}
		}
		if got, err := m.Label(context.Background(), nil); err != nil || len(got) != 0 {
			t.Errorf("no tokens: %v, %v", got, err)
		}
	}
	bad := []unroll.Sequence{{Tokens: []string{"a", "b"}, Labels: []string{"X", "Y"}}}
	if _, err := unroll.Train(context.Background(), bad, nil, unroll.Options{Task: "classify"}); err == nil {
		t.Error("two labels of a whole sequence are no error")
	}
}

// TestConstraints wants BIO labels to be kept to, unless told not to.
func TestConstraints(t *testing.T) {
	training := []unroll.Sequence{{Tokens: []string{"New", "York", "is", "big"}, Labels: []string{"B-place", "I-place", "O", "O"}}}
	follows := func(o unroll.Options) bool {
		o.Output, o.MinCount, o.Epochs, o.Hidden, o.Embed = "crf", 1, 1, 2, 2
		m, err := unroll.Train(context.Background(), training, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b.Bytes(), []byte(`\"constraints\":\"bio\"`))
	}
	if !follows(unroll.Options{}) || !follows(unroll.Options{Constraints: "bio"}) || follows(unroll.Options{Constraints: "none"}) {
		t.Error("constraints are not what the labels keep to, or what was asked for")
	}
	training[0].Labels[0] = "O"
	if _, err := unroll.Train(context.Background(), training, nil, unroll.Options{Output: "crf", Constraints: "bio"}); err == nil {
		t.Error("labels that break BIO are no error")
	}
}

// TestJamo wants syllables that training did not have to be read by their
// jamo, where asked for.
func TestJamo(t *testing.T) {
	sequence := unroll.Sequence{Tokens: strings.Fields("가 나 각 낙 닥 다 마 박 막 바 삭 사"), Labels: strings.Fields("X X Y Y Y X X Y Y X Y X")}
	unseen, want := strings.Fields("악 아 자 작"), strings.Fields("Y X X Y")
	for _, jamo := range []bool{false, true} {
		o := unroll.Options{MinCount: 1, Epochs: 150, Hidden: 8, Embed: 2, Chars: 8, Rate: 0.02, WordDropout: 0.5, Jamo: jamo}
		m, err := unroll.Train(context.Background(), []unroll.Sequence{sequence}, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.Label(context.Background(), unseen)
		if err != nil || slices.Equal(got, want) != jamo {
			t.Errorf("jamo %t: %v, %v", jamo, got, err)
		}
	}
}
