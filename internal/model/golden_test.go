package model_test

import (
	"bytes"
	"flag"
	"math"
	"os"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// golden is a file of format version 1, which every later program must read.
const golden = "testdata/version1.model"

var update = flag.Bool("update", false, "write "+golden+" anew")

// goldenParam is parameter i of the golden file: an odd multiple of 1/64.
func goldenParam(i int) float32 { return float32((i*37+11)%64-32)/32 + 1.0/64 }

func goldenModel(t *testing.T) *model.Model {
	c := shape{rnn.Tanh, 2, true}.config(3, 4)
	c.Format, c.Column = "conllu", "upos"
	m := newModel(t, c, []string{"the", "", "한\"\x00"}, []string{"DET", "NOUN", "한"})
	for i := range m.Params {
		m.Params[i] = goldenParam(i)
	}
	return m
}

func readGolden(t *testing.T) *model.Model {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, written(t, goldenModel(t)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, b)
}

func TestGoldenFileReadsForever(t *testing.T) {
	m := readGolden(t)
	same(t, m, goldenModel(t))
	firsts := map[string]float32{
		"embed.weight": -0.640625, "rnn.weight_ih_l0": -0.765625, "rnn.weight_hh_l1": -0.640625,
		"rnn.bias_l0": -0.390625, "rnn.h0_l1": 0.484375, "out.weight": -0.890625, "out.bias": 0.984375,
	}
	for name, want := range firsts {
		if got := param(t, m, name)[0]; got != want {
			t.Errorf("%s[0] = %v, want %v", name, got, want)
		}
	}
}

// TestGoldenFileIsWrittenForever wants a plain model's file to stay as it is:
// what other models have stands in theirs alone.
func TestGoldenFileIsWrittenForever(t *testing.T) {
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for from, m := range map[string]*model.Model{"a file": readGolden(t), "options": goldenModel(t)} {
		if !bytes.Equal(written(t, m), want) {
			t.Errorf("a model of %s has other bytes than %s", from, golden)
		}
	}
}

func TestGoldenFilePredicts(t *testing.T) {
	m := readGolden(t)
	b, err := rnn.NewBatch(4)
	if err != nil {
		t.Fatal(err)
	}
	n := network(t, m, m.Params, nil)
	n.Begin(b, nil)
	z, _, _ := n.Predict(0, 4, model.Chunk{IDs: m.Vocab.Encode(nil, []string{"the", "?", "한\"\x00", ""})})
	want := []float64{ // equations (2) and (3) on the file's tensors in float64
		0.382025431, 0.473177533, 0.144797036,
		0.611054124, 0.248255550, 0.140690325,
		0.587464662, 0.377022704, 0.035512634,
		0.705902359, 0.118233901, 0.175863740,
	}
	if len(z) != len(want) {
		t.Fatalf("z = %v, want %v", z, want)
	}
	for i, v := range z {
		if math.Abs(float64(v)-want[i]) > 1e-6 {
			t.Errorf("z[%d] = %v, want %v", i, v, want[i])
		}
	}
}
