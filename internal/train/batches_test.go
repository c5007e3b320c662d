package train

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
)

// TestPlan wants every example once an epoch, batches of the size asked for,
// each longest first.
func TestPlan(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 7, 64, 1000} {
		examples := make([]Example, n)
		for i := range examples {
			examples[i].Tokens = make([]int32, 1+r.IntN(40))
		}
		batches := plan(examples, 8, r)
		if len(batches) != (n+7)/8 {
			t.Errorf("%d examples make %d batches", n, len(batches))
		}
		var seen []int
		for _, b := range batches {
			seen = append(seen, b...)
			if len(b) > 8 || !slices.IsSortedFunc(b, func(i, j int) int { return len(examples[j].Tokens) - len(examples[i].Tokens) }) {
				t.Errorf("batch %v is too large or not longest first", b)
			}
		}
		slices.Sort(seen)
		for i, e := range seen {
			if i != e {
				t.Fatalf("%d examples: %v is not every one once", n, seen)
			}
		}
		if again := plan(examples, 8, rand.New(rand.NewPCG(9, 9))); n > 100 && slices.EqualFunc(batches, again, slices.Equal) {
			t.Error("another seed gives the same batches")
		}
	}
}

// TestEvaluate compares batched predictions with a labeller's, one sequence at
// a time, over sequences longer than a chunk.
func TestEvaluate(t *testing.T) {
	sequences := echo(60, 4)
	long := data.Sequence{}
	for len(long.Tokens) < 3*evalChunk {
		s := sequences[len(long.Tokens)%len(sequences)]
		long.Tokens, long.Labels = append(long.Tokens, s.Tokens...), append(long.Labels, s.Labels...)
	}
	sequences = append(sequences, long)
	m, err := fresh(sequences, small())
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Params { // an untrained output layer says the same of everything
		m.Params[i] += float32(math.Sin(float64(i))) / 2
	}
	examples, err := Encode(m, sequences)
	if err != nil {
		t.Fatal(err)
	}
	net, err := m.Network(nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Evaluate(context.Background(), m, net, examples)
	if err != nil {
		t.Fatal(err)
	}
	loss, steps := 0.0, 0
	for i, s := range sequences {
		l, err := m.NewLabeller(net)
		if err != nil {
			t.Fatal(err)
		}
		for step, token := range s.Tokens {
			label := l.Step(token)
			if got := m.Labels[e.Predicted[i][step]]; got != label {
				t.Fatalf("sequence %d, step %d: %s in a batch, %s alone", i, step, got, label)
			}
			loss -= math.Log(float64(l.Scores()[examples.All[i].Labels[step]]))
			steps++
		}
	}
	if want := loss / float64(steps); math.Abs(e.Loss-want) > 1e-6*want || e.Tokens() != steps {
		t.Errorf("loss %v over %d steps, want %v over %d", e.Loss, e.Tokens(), want, steps)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Evaluate(ctx, m, net, examples); err != context.Canceled {
		t.Errorf("after the context's end: error %v", err)
	}
}

// TestSave wants a whole file or none, and nothing left beside it.
func TestSave(t *testing.T) {
	m, err := fresh(echo(5, 1), small())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "m.safetensors")
	if err := Save(m, path); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m.Params[0] = float32(math.NaN())
	if err := Save(m, path); err == nil {
		t.Error("a model with NaN is saved")
	}
	after, err := os.ReadFile(path)
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("a failed save changed the file: %v", err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("a failed save left %v", files)
	}
	if err := Save(m, filepath.Join(dir, "none", "m")); err == nil {
		t.Error("a folder that does not exist is no error")
	}
}
