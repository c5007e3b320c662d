package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

func TestFeatureValues(t *testing.T) {
	for _, test := range []struct {
		token, shape, prefix1, prefix3, suffix1, suffix2, suffix4 string
	}{
		{"", "", "", "", "", "", ""},
		{"a", "x", "a", "a", "a", "a", "a"},
		{"Theodore", "Xxx", "T", "The", "e", "re", "dore"},
		{"iPhone15", "xXxxdd", "i", "iPh", "5", "15", "ne15"},
		{"3.14159", "d.dd", "3", "3.1", "9", "59", "4159"},
		{"U.S.A.", "X.X.X.", "U", "U.S", ".", "A.", "S.A."},
		{"----", "--", "-", "---", "-", "--", "----"},
		{"AAaaAA", "XXxxXX", "A", "AAa", "A", "AA", "aaAA"},
		{"Éclair", "Xxx", "É", "Écl", "r", "ir", "lair"},
		{"한국어는", "xx", "한", "한국어", "는", "어는", "한국어는"},
		{"제3회", "xdx", "제", "제3회", "회", "3회", "제3회"},
		{"٣٤٥", "dd", "٣", "٣٤٥", "٥", "٤٥", "٣٤٥"}, // digits, too
		{"\x00\x00\x00", "\x00\x00", "\x00", "\x00\x00\x00", "\x00", "\x00\x00", "\x00\x00\x00"},
		{"👩\u200d💻", "👩\u200d💻", "👩", "👩\u200d💻", "💻", "\u200d💻", "👩\u200d💻"},
		{"a\xff\xfe\xfd", "x\ufffd\ufffd", "a", "a\xff\xfe", "\xfd", "\xfe\xfd", "a\xff\xfe\xfd"},
		{"\xed\x95b", "\ufffd\ufffdx", "\xed", "\xed\x95b", "b", "\x95b", "\xed\x95b"},
	} {
		for feature, want := range map[model.Feature]string{model.Shape: test.shape, "prefix1": test.prefix1, "prefix3": test.prefix3,
			"suffix1": test.suffix1, "suffix2": test.suffix2, "suffix4": test.suffix4} {
			if got := feature.Value(test.token); got != want {
				t.Errorf("%s of %q is %q, want %q", feature, test.token, got, want)
			}
		}
	}
}

func TestFeaturesAreListed(t *testing.T) {
	want := "[shape prefix1 prefix2 prefix3 prefix4 suffix1 suffix2 suffix3 suffix4]"
	if got := fmt.Sprint(model.Features()); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, f := range model.Features() {
		c := shape{rnn.Tanh, 1, false}.config(2, 3)
		c.Features, c.FeatureEmbed = []model.Feature{f}, 1
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestConfigsOfTheNewKindsThatCannotBe(t *testing.T) {
	for _, test := range []struct {
		want   string
		change func(c *model.Config)
	}{
		{"vectors of width -1", func(c *model.Config) { c.Vector = -1 }},
		{"vectors of width 1099511627776", func(c *model.Config) { c.Embed, c.Vector = 0, 1<<40 }},
		{"vectors and tokens at once", func(c *model.Config) { c.Vector = 2 }},
		{"vectors and tokens at once", func(c *model.Config) { vectors(c); chars(rnn.LSTM)(c) }},
		{"vectors and tokens at once", func(c *model.Config) { vectors(c); features(c) }},
		{"no language model of vectors", func(c *model.Config) { vectors(c); c.Task = model.TaskLM }},
		{`unit "letters" is unknown`, func(c *model.Config) { c.Unit = "letters" }},
		{"chars -3", func(c *model.Config) { c.Chars = -3 }},
		{"chars 1099511627776", func(c *model.Config) { c.Chars, c.CharCell = 1<<40, rnn.LSTM }},
		{"chars: ", func(c *model.Config) { c.Chars, c.CharCell = 1<<20, rnn.LSTM }},
		{`chars: cell "" is unknown`, func(c *model.Config) { c.Chars = 3 }},
		{`chars: cell "gro" is unknown`, chars("gro")},
		{"without chars", func(c *model.Config) { c.CharCell = rnn.LSTM }},
		{"without chars", func(c *model.Config) { c.Jamo = true }},
		{`feature "length" is unknown`, func(c *model.Config) { features(c); c.Features[0] = "length" }},
		{`feature "prefix0" is unknown`, func(c *model.Config) { features(c); c.Features[0] = "prefix0" }},
		{`feature "prefix5" is unknown`, func(c *model.Config) { features(c); c.Features[0] = "prefix5" }},
		{`feature "" is unknown`, func(c *model.Config) { features(c); c.Features[0] = "" }},
		{"feature shape stands twice", func(c *model.Config) { features(c); c.Features[2] = model.Shape }},
		{"3 features of width 0", func(c *model.Config) { features(c); c.FeatureEmbed = 0 }},
		{"3 features of width -1", func(c *model.Config) { features(c); c.FeatureEmbed = -1 }},
		{"3 features of width 1099511627776", func(c *model.Config) { features(c); c.FeatureEmbed = 1 << 40 }},
		{"0 features of width 2", func(c *model.Config) { c.FeatureEmbed = 2 }},
		{`output "cosine" is unknown`, func(c *model.Config) { c.Output = "cosine" }},
		{"a CRF for one label a sequence", all(classify, crf)},
		{"a language model that sees a sequence's end", func(c *model.Config) { c.Task, c.Bidirectional = model.TaskLM, true }},
		{"expected one direction and softmax", func(c *model.Config) { c.Task, c.Output = model.TaskLM, model.Real }},
		{`constraints "iob1" are unknown`, constrained("iob1")},
		{"constraints bio without a CRF", func(c *model.Config) { c.Constraints = "bio" }},
		{"label \"X\" is none of the scheme bio", constrained("bio")},
	} {
		c := shape{rnn.Tanh, 1, false}.config(2, 3)
		test.change(&c)
		v := model.Vocabs{Vocab: vocabulary(t, nil)}
		if c.Chars > 0 {
			v.CharVocab = v.Vocab
		}
		for range c.Features {
			v.FeatureVocabs = append(v.FeatureVocabs, v.Vocab)
		}
		_, err := model.New(c, v, []string{"X"}, 1, 1)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: error %v, want one that says %s", c, err, test.want)
		}
	}
}

func TestVocabulariesThatAreNotTheConfigs(t *testing.T) {
	v := vocabulary(t, []string{"a"})
	for _, test := range []struct {
		want   string
		change func(c *model.Config)
		vocabs model.Vocabs
	}{
		{"a vocabulary of characters and chars 3", chars(rnn.LSTM), model.Vocabs{Vocab: v}},
		{"a vocabulary of characters and chars 0", all(), model.Vocabs{Vocab: v, CharVocab: v}},
		{"values of 1 features, expected 0", all(), model.Vocabs{Vocab: v, FeatureVocabs: []*model.Vocab{v}}},
		{"values of 2 features, expected 3", features, model.Vocabs{Vocab: v, FeatureVocabs: []*model.Vocab{v, v}}},
	} {
		c := shape{rnn.Tanh, 1, false}.config(2, 3)
		test.change(&c)
		if _, err := model.New(c, test.vocabs, []string{"X"}, 1, 1); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want one that says %s", err, test.want)
		}
	}
}
