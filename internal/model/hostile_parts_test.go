package model_test

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// partsModel is a small model of characters, features and constraints.
func partsModel(t testing.TB) *model.Model {
	c := shape{rnn.Tanh, 1, false}.config(2, 3)
	all(chars(rnn.LSTM), constrained("bio"))(&c)
	c.Features, c.FeatureEmbed = []model.Feature{model.Shape, "suffix1"}, 2
	return newModel(t, c, []string{"ab", "7"}, []string{"O", "B-x", "I-x"})
}

// vectorModel is a small model of vectors.
func vectorModel(t testing.TB) *model.Model {
	c := shape{rnn.GRU, 1, false}.config(2, 3)
	all(vectors, real, classify)(&c)
	return newModel(t, c, nil, []string{"value1"})
}

// badParts are whole files of which what is said of characters, features,
// vectors or constraints is wrong.
func badParts(t testing.TB) []hostile {
	parts, vectors := parse(t, written(t, partsModel(t))), parse(t, written(t, vectorModel(t)))
	edit := func(f *file, name, old, new, want string) hostile {
		about := f.meta["unroll"]
		if strings.Count(about, old) != 1 {
			t.Fatalf("%s: description has not one %s: %s", name, old, about)
		}
		defer func() { f.meta["unroll"] = about }()
		f.meta["unroll"] = strings.Replace(about, old, new, 1)
		return hostile{name, f.bytes(), want}
	}
	const characters, values = `"characters":["7","a","b"]`, `"features":[["d","xx"],["7","b"]]`
	shape := func(name string, dims ...int) hostile {
		one := parts.tensors[name]
		defer func() { parts.tensors[name] = one }()
		wrong := one
		wrong.Shape = dims
		parts.tensors[name] = wrong
		return hostile{"shape of " + name, parts.bytes(), `tensor "` + name + `" has shape`}
	}
	list := []hostile{
		edit(parts, "no characters", characters+",", ``, `tensor "chars.embed.weight" has shape [4 3], expected [1 3]`),
		edit(parts, "characters null", characters, `"characters":null`, `tensor "chars.embed.weight" has shape [4 3], expected [1 3]`),
		edit(parts, "one character too many", characters, `"characters":["7","a","b","c"]`, `tensor "chars.embed.weight" has shape [4 3], expected [5 3]`),
		edit(parts, "one character too few", characters, `"characters":["7","a"]`, `tensor "chars.embed.weight" has shape [4 3], expected [3 3]`),
		edit(parts, "a character twice", characters, `"characters":["7","a","a"]`, `characters: token "a" stands twice`),
		edit(parts, "characters a text", characters, `"characters":"7ab"`, `characters is of the wrong kind`),
		edit(parts, "a character a number", characters, `"characters":[7,"a","b"]`, `characters`),
		edit(parts, "no features", values+",", ``, "values of 0 features, expected 2"),
		edit(parts, "a feature's list missing", values, `"features":[["d","xx"]]`, "values of 1 features, expected 2"),
		edit(parts, "a feature's list too many", values, `"features":[["d","xx"],["7","b"],[]]`, "values of 3 features, expected 2"),
		edit(parts, "a feature's list empty", values, `"features":[["d","xx"],[]]`, `tensor "features.suffix1.weight" has shape [3 2], expected [1 2]`),
		edit(parts, "a value too many", values, `"features":[["d","xx","y"],["7","b"]]`, `tensor "features.shape.weight" has shape [3 2], expected [4 2]`),
		edit(parts, "a value twice", values, `"features":[["d","d"],["7","b"]]`, `features: token "d" stands twice`),
		edit(parts, "features a list of texts", values, `"features":["d","xx"]`, "features"),
		edit(parts, "features that are others", `["shape","suffix1"]`, `["shape","suffix2"]`, `tensor "features.suffix2.weight" is missing`),
		edit(parts, "a feature fewer", `["shape","suffix1"]`, `["shape"]`, "values of 2 features, expected 1"),
		edit(parts, "unknown feature", `["shape","suffix1"]`, `["shape","suffix9"]`, `feature "suffix9" is unknown`),
		edit(parts, "feature twice", `["shape","suffix1"]`, `["shape","shape"]`, "feature shape stands twice"),
		edit(parts, "feature_embed 0", `,"feature_embed":2`, ``, "2 features of width 0"),
		edit(parts, "feature_embed 2^40", `"feature_embed":2`, `"feature_embed":1099511627776`, "2 features of width 1099511627776"),
		edit(parts, "chars 0", `"chars":3,`, ``, "without chars"),
		edit(parts, "chars another", `"chars":3`, `"chars":4`, `tensor "chars.embed.weight" has shape [4 3], expected [4 4]`),
		edit(parts, "chars negative", `"chars":3`, `"chars":-3`, "chars -3"),
		edit(parts, "chars 2^40", `"chars":3`, `"chars":1099511627776`, "chars 1099511627776"),
		edit(parts, "chars 2^20", `"chars":3`, `"chars":1048576`, "parameters"),
		edit(parts, "no cell of characters", `"char_cell":"lstm",`, ``, `chars: cell "" is unknown`),
		edit(parts, "another cell of characters", `"char_cell":"lstm"`, `"char_cell":"gru"`, `tensor "chars.rnn.weight_ih_l0" has shape [12 3], expected [9 3]`),
		edit(parts, "unknown constraints", `"constraints":"bio"`, `"constraints":"iob1"`, `constraints "iob1" are unknown`),
		edit(parts, "constraints without a CRF", `"output":"crf"`, `"output":"softmax"`, "constraints bio without a CRF"),
		edit(parts, "labels of no scheme", `["O","B-x","I-x"]`, `["O","B-x","X"]`, `constraints bio: label "X" is none of the scheme`),
		edit(parts, "labels of which none can stand alone", `["O","B-x","I-x"]`, `["I-z","I-y","I-x"]`, "can stand alone"),
		edit(parts, "labels of BIO whose square is 64 million", `["O","B-x","I-x"]`, manySpans(8000), `tensor "out.weight" has shape [3 3], expected [8000 3]`),
		edit(parts, "labels of BIO whose square is too many", `["O","B-x","I-x"]`, manySpans(20_000), "parameters"),
		edit(parts, "characters of vectors", `"embed":2`, `"embed":0,"vector":2`, "vectors and tokens at once"),
		edit(vectors, "vector negative", `"vector":4`, `"vector":-4`, "vectors of width -4"),
		edit(vectors, "vector 2^40", `"vector":4`, `"vector":1099511627776`, "vectors of width 1099511627776"),
		edit(vectors, "vector another", `"vector":4`, `"vector":5`, `tensor "rnn.weight_ih_l0" has shape [9 4], expected [9 5]`),
		edit(vectors, "no vector", `,"vector":4`, ``, "embed 0"),
		edit(vectors, "a CRF that classifies", `"output":"real"`, `"output":"crf"`, "a CRF for one label a sequence"),
		edit(vectors, "embed and vector", `"embed":0`, `"embed":2`, "vectors and tokens at once"),
		edit(vectors, "unit", `"task":"classify"`, `"task":"classify","unit":"bytes"`, `unit "bytes" is unknown`),
		shape("chars.embed.weight", 3, 4), shape("features.shape.weight", 3), shape("features.suffix1.weight", 3, 3),
		shape("chars.rnn.weight_ih_l0", 3, 12), shape("chars.rnn.weight_ih_l0_reverse", 12, 4), shape("chars.rnn.weight_hh_l0", 36),
		shape("chars.rnn.bias_ih_l0", 11), shape("chars.rnn.bias_hh_l0_reverse", 12, 1), shape("crf.transitions", 9),
	}
	for name := range parts.tensors {
		one := parts.tensors[name]
		delete(parts.tensors, name)
		list = append(list, hostile{"missing " + name, parts.bytes(), `tensor "` + name + `" is missing`})
		parts.tensors[name] = one
	}
	return list
}

// manySpans lists so many labels of BIO as JSON.
func manySpans(n int) string {
	labels := make([]string, n)
	for i := range labels {
		labels[i] = `"B-` + strconv.Itoa(i) + `"`
	}
	return "[" + strings.Join(labels, ",") + "]"
}

// TestBadPartsAreOneLine wants errors of one line; TestReadNamesWhatIsWrong
// wants them to say what is wrong.
func TestBadPartsAreOneLine(t *testing.T) {
	for _, h := range badParts(t) {
		if _, err := model.Read(bytes.NewReader(h.file)); err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: error %v, want one line", h.name, err)
		}
	}
	for _, m := range []*model.Model{partsModel(t), vectorModel(t)} { // whole, they are read
		if got := read(t, written(t, m)); !reflect.DeepEqual(got.Config, m.Config) {
			t.Errorf("config %+v, want %+v", got.Config, m.Config)
		}
	}
}

func TestPartsCutShort(t *testing.T) {
	b := written(t, partsModel(t))
	head := 8 + len(parse(t, b).header)
	for cut := head; cut < len(b); cut++ {
		rejects(t, b[:cut], "cut short")
	}
}
