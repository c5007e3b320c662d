package model_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// seeded returns a new model as New leaves it.
func seeded(t testing.TB, c model.Config, seed uint64) *model.Model {
	t.Helper()
	m, err := model.New(c, vocabs(t, c, oddTokens...), []string{"A", "B", "C"}, 0.1, seed)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSeedDecidesTheParameters(t *testing.T) {
	for _, s := range shapes() {
		c := s.config(4, 5)
		m := seeded(t, c, 7)
		same(t, seeded(t, c, 7), m)
		for _, seed := range []uint64{0, 8, math.MaxUint64} {
			other := seeded(t, c, seed)
			for _, name := range []string{"embed.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0"} {
				if slices.Equal(param(t, other, name), param(t, m, name)) {
					t.Errorf("%v: %s is the same for seeds 7 and %d", s, name, seed)
				}
			}
		}
		if size, err := model.Size(c, m.Dims()); err != nil || size != len(m.Params) {
			t.Errorf("%v: Size %d, error %v, want %d", s, size, err, len(m.Params))
		}
	}
}

func TestNewFindsEveryLabelEquallyLikely(t *testing.T) {
	for _, s := range shapes() {
		m := seeded(t, s.config(4, 5), 7)
		for _, name := range []string{"out.weight", "out.bias"} {
			for i, v := range param(t, m, name) {
				if v != 0 {
					t.Errorf("%v: %s[%d] = %v, want 0", s, name, i, v)
				}
			}
		}
		z, _ := predict(network(t, m, m.Params, nil), newProblem(t, m, someLengths...), 4)
		for i, v := range z {
			if v != float32(1.0/3) {
				t.Fatalf("%v: z[%d] = %v, want 1/3", s, i, v)
			}
		}
	}
}

func TestNewEmbeddingsAreNormalOfDeviationATenth(t *testing.T) {
	m := seeded(t, shape{rnn.Tanh, 1, false}.config(1000, 2), 7)
	x := param(t, m, "embed.weight") // 22,000 numbers: in deviations, standard errors 0.007 and 0.01
	sum, squares := 0.0, 0.0
	for _, v := range x {
		z := float64(v) / 0.1
		sum, squares = sum+z, squares+z*z
	}
	if n := float64(len(x)); math.Abs(sum/n) > 0.03 || math.Abs(squares/n-1) > 0.04 {
		t.Errorf("in deviations, mean %v and mean square %v, want 0 and 1", sum/n, squares/n)
	}
}

func TestConfigsThatCannotBe(t *testing.T) {
	labels := []string{"A"}
	for _, test := range []struct {
		want   string
		change func(c *model.Config)
		labels []string
	}{
		{`task ""`, func(c *model.Config) { c.Task = "" }, labels},
		{`cell "gro"`, func(c *model.Config) { c.Cell = "gro" }, labels},
		{"embed 0", func(c *model.Config) { c.Embed = 0 }, labels},
		{"hidden -1", func(c *model.Config) { c.Hidden = -1 }, labels},
		{"layers 0", func(c *model.Config) { c.Layers = 0 }, labels},
		{"parameters", func(c *model.Config) { c.Hidden = 1 << 16 }, labels},
		{"no labels", func(c *model.Config) {}, nil},
	} {
		c := shape{rnn.Tanh, 1, false}.config(2, 3)
		test.change(&c)
		_, ofNew := model.New(c, vocabs(t, c), test.labels, 1, 1)
		_, ofSize := model.Size(c, model.Dims{Tokens: 1, Labels: len(test.labels)})
		_, ofNetwork := model.NewNetwork[float32](c, model.Dims{Tokens: 1, Labels: len(test.labels)}, nil, nil, nil)
		for by, err := range map[string]error{"New": ofNew, "Size": ofSize, "NewNetwork": ofNetwork} {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: error %v, want one that says %s", by, err, test.want)
			}
		}
	}
}

func TestLabelID(t *testing.T) {
	m := smallModel(t)
	for label, want := range map[string]int32{"X": 0, "Y": 1, "Z": loss.NoLabel, "": loss.NoLabel} {
		if got := m.LabelID(label); got != want {
			t.Errorf("id of %q is %d, want %d", label, got, want)
		}
	}
}
