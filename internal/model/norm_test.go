package model_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/seq"
	"github.com/unroll-go/unroll/rnn"
)

func TestNewNorm(t *testing.T) {
	inf := float32(math.MaxFloat32)
	for _, test := range []struct {
		name      string
		x         [][]float32
		mean, std []float32
	}{
		{"none", nil, []float32{0, 0}, []float32{1, 1}},
		{"one", [][]float32{{3, -4}}, []float32{3, -4}, []float32{1, 1}},
		{"constant and not", [][]float32{{0.1, 1}, {0.1, 3}, {0.1, 5}}, []float32{0.1, 3}, []float32{1, float32(math.Sqrt(8.0 / 3))}},
		{"a large mean keeps its digits", [][]float32{{1 << 23, 0}, {1<<23 + 2, 0}}, []float32{1<<23 + 1, 0}, []float32{1, 1}},
		{"as large as numbers are", [][]float32{{inf, inf}, {-inf, inf}}, []float32{0, inf}, []float32{inf, 1}},
	} {
		n := model.NewNorm(2, slices.Values(test.x))
		for i := range 2 {
			if math.Abs(float64(n.Mean[i]-test.mean[i])) > 1e-7*math.Abs(float64(test.mean[i])) || math.Abs(float64(n.Std[i]/test.std[i]-1)) > 1e-7 {
				t.Errorf("%s: mean %v and deviation %v, want %v and %v", test.name, n.Mean, n.Std, test.mean, test.std)
			}
		}
	}
}

// normalizedModel returns a model of vectors of 4, normalised, and one that has
// the same parameters and is not.
func normalizedModel(t testing.TB) (normalized, plain *model.Model) {
	c := shape{rnn.GRU, 1, false}.config(2, 3)
	vectors(&c)
	plain = newModel(t, c, nil, []string{"a", "b"})
	c.Normalized = true
	normalized = newModel(t, c, nil, []string{"a", "b"})
	normalized.Params = slices.Clone(plain.Params)
	normalized.Norm = model.Norm{Mean: []float32{1, 2, 3, 4}, Std: []float32{0.5, 1, 2, 4}}
	return normalized, plain
}

// TestVectorsAreNormalized wants z of vectors to be that of the model without a
// Norm for (x − mean)/std, of whole sequences and of streams, to the bit, and a
// stream's step to allocate nothing.
func TestVectorsAreNormalized(t *testing.T) {
	m, plain := normalizedModel(t)
	r := rand.New(rand.NewPCG(1, 1))
	x, by := make([][]float32, 9), make([][]float32, 9)
	for s := range x {
		for i := range 4 {
			v := float32(r.NormFloat64())
			x[s] = append(x[s], v)
			by[s] = append(by[s], float32((float64(v)-float64(m.Norm.Mean[i]))/float64(m.Norm.Std[i])))
		}
	}
	x[5][0], by[5][0] = math.MaxFloat32, 1e4
	x[6][3], by[6][3] = -math.MaxFloat32, -1e4
	labels, z, err := m.LabelVectors(network(t, m, m.Params, nil), x)
	wantLabels, want, wantErr := plain.LabelVectors(network(t, plain, plain.Params, nil), by)
	if err != nil || wantErr != nil || !slices.Equal(labels, wantLabels) {
		t.Fatalf("labels %q, want %q, %v, %v", labels, wantLabels, err, wantErr)
	}
	sameBits(t, "z", z, want)
	stream, err := m.NewLabeller(network(t, m, m.Params, nil))
	if err != nil {
		t.Fatal(err)
	}
	for s := range x {
		if got := stream.StepVector(x[s]); got != wantLabels[s] {
			t.Errorf("step %d: label %s, want %s", s, got, wantLabels[s])
		}
		sameBits(t, fmt.Sprint("z of step ", s), stream.Scores(), want[2*s:2*s+2])
	}
	if n := testing.AllocsPerRun(20, func() { stream.StepVector(x[0]) }); n != 0 {
		t.Errorf("%v allocations a step, want none", n)
	}
	if _, _, err := m.LabelVectors(network(t, m, m.Params, nil), [][]float32{{1, 2, 3}}); err == nil || !strings.Contains(err.Error(), "3 numbers, expected 4") {
		t.Errorf("a vector of another width: error %v", err)
	}
	if _, _, err := m.Label(network(t, m, m.Params, nil), []string{"a"}); err == nil || !strings.Contains(err.Error(), "expected vectors of 4") {
		t.Errorf("tokens: error %v", err)
	}
}

// TestNormIsInTheFile wants it back, in the file's bytes as safetensors, and a
// file of vectors without one to read as it did.
func TestNormIsInTheFile(t *testing.T) {
	m, plain := normalizedModel(t)
	for _, want := range []*model.Model{m, plain} {
		file := written(t, want)
		got, err := model.Read(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, "mean", got.Norm.Mean, want.Norm.Mean)
		sameBits(t, "deviation", got.Norm.Std, want.Norm.Std)
		if !bytes.Equal(written(t, got), file) {
			t.Error("written again the file is another")
		}
		_, has := parse(t, file).tensors["input.mean"]
		if has != want.Config.Normalized {
			t.Errorf("normalized %v: the file has input.mean: %v", want.Config.Normalized, has)
		}
	}
}

// TestBrokenNorms wants one to be refused, on writing, reading and at work.
func TestBrokenNorms(t *testing.T) {
	nan := float32(math.NaN())
	for name, n := range map[string]model.Norm{
		"none":       {},
		"short":      {Mean: make([]float32, 3), Std: []float32{1, 1, 1}},
		"zero":       {Mean: make([]float32, 4), Std: []float32{1, 1, 0, 1}},
		"below zero": {Mean: make([]float32, 4), Std: []float32{1, 1, -1, 1}},
		"not finite": {Mean: []float32{0, 0, 0, nan}, Std: []float32{1, 1, 1, 1}},
	} {
		m, _ := normalizedModel(t)
		m.Norm = n
		if err := m.Write(new(bytes.Buffer)); err == nil {
			t.Errorf("%s: written", name)
		}
		if _, err := m.Network(nil); err == nil {
			t.Errorf("%s: at work", name)
		}
	}
	m, _ := normalizedModel(t)
	f := parse(t, written(t, m))
	at := f.tensors["input.std"].Offsets[0]
	for i := range 4 {
		f.data[at+i] = 0
	}
	if _, err := model.Read(bytes.NewReader(f.bytes())); err == nil || !strings.Contains(err.Error(), "input.std[0] 0, expected finite numbers and a deviation above 0") {
		t.Errorf("a deviation of 0 in the file: error %v", err)
	}
}

// A batch of sequences is normalised row by row.
func TestNormOfABatch(t *testing.T) {
	m, _ := normalizedModel(t)
	var layout seq.Packed
	if err := layout.Reset([]int{2, 1}); err != nil {
		t.Fatal(err)
	}
	n := network(t, m, m.Params, nil)
	n.Begin(&layout, nil)
	x := []float32{1, 2, 3, 4, 1.5, 3, 5, 8, 1, 2, 3, 4} // rows: sequence 0 and 1 at step 0, 0 at step 1
	z, _, _ := n.Predict(0, 2, model.Chunk{X: x})
	z = slices.Clone(z)
	_, alone, _ := m.LabelVectors(network(t, m, m.Params, nil), [][]float32{x[4:8]})
	sameBits(t, "z of sequence 1", z[2:4], alone)
}
