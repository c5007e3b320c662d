package data

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestReadJSONL(t *testing.T) {
	const two = `{"tokens":["a","b"],"labels":["A","B"]}`
	testReading(t, jsonlFormat, []reading{
		{"tokens", Options{}, byteOrderMark + two + "\r\n\n" + `{"id": {"x": [1]}, "labels": ["é"], "tokens": ["\u00e9"]}`, []Sequence{
			{Name: "f:1", Tokens: []string{"a", "b"}, Labels: []string{"A", "B"}},
			{Name: "f:3", Tokens: []string{"é"}, Labels: []string{"é"}}}, Options{}, ""},
		{"vectors", Options{}, `{"x": [[1, -2.5e-1] , [3,4]],"labels":["A","B"]}`, []Sequence{
			{Name: "f:1", X: [][]float32{{1, -0.25}, {3, 4}}, Labels: []string{"A", "B"}}}, Options{}, ""},
		{"one label", Options{Whole: true}, `{"x": [[1],[2]],"label":"A"}`, []Sequence{{Name: "f:1", X: [][]float32{{1}, {2}}, Labels: []string{"A"}}}, Options{}, ""},
		{"another key", Options{Column: "tags"}, `{"tokens":["a"],"tags":["A"]}`, []Sequence{{Name: "f:1", Tokens: []string{"a"}, Labels: []string{"A"}}}, Options{}, ""},
		{"empty", Options{}, "\n\n", nil, Options{}, "f: no sequence, expected one JSON object a line"},
		{"no labels", Options{}, two + "\n" + `{"tokens":["a"]}`, nil, Options{}, `f:2: no "labels", expected the labels to learn`},
		{"fewer labels", Options{}, `{"tokens":["a","b"],"labels":["A"]}`, nil, Options{}, "f:1: 1 label for 2 steps, expected as many"},
		{"an empty sequence", Options{}, `{"tokens":[],"labels":[]}`, nil, Options{}, "f:1: an empty sequence, expected at least one step"},
		{"no vectors", Options{}, `{"x":[],"labels":[]}`, nil, Options{}, "f:1: an empty sequence"},
		{"half an object", Options{}, `{"tokens":["a","b`, nil, Options{}, "f:1: the line ends inside its JSON object, expected a whole one"},
		{"half an object after a value", Options{}, `{"tokens":["a"]`, nil, Options{}, "f:1: the line ends inside"},
		{"no object", Options{}, `["a"]`, nil, Options{}, "f:1: no JSON object, expected"},
		{"two objects", Options{}, two + two, nil, Options{}, "f:1: more after the JSON object, expected one a line"},
		{"not JSON", Options{}, `{tokens: 1}`, nil, Options{}, "f:1: broken JSON"},
		{"a key twice", Options{}, `{"tokens":["a"],"tokens":["b"]}`, nil, Options{}, `f:1: key "tokens" stands twice`},
		{"neither", Options{}, `{"labels":["a"]}`, nil, Options{}, `f:1: neither tokens nor x, expected "tokens" or "x"`},
		{"both", Options{}, `{"tokens":["a"],"x":[[1]],"labels":["a"]}`, nil, Options{}, "f:1: both tokens and x"},
		{"both in a file", Options{}, two + "\n" + `{"x":[[1]],"labels":["a"]}`, nil, Options{}, "f:2: tokens and x in one file"},
		{"tokens of numbers", Options{}, `{"tokens":[1],"labels":["a"]}`, nil, Options{}, `f:1: "tokens" is [1], expected an array of strings`},
		{"a token null", Options{}, `{"tokens":[null],"labels":["a"]}`, nil, Options{}, `f:1: "tokens" has no text at place 1`},
		{"an empty token", Options{}, `{"tokens":["a",""],"labels":["a"]}`, nil, Options{}, `f:1: "tokens" has no text at place 2`},
		{"NaN", Options{}, `{"x":[[NaN]],"labels":["a"]}`, nil, Options{}, "f:1: broken JSON"},
		{"Inf", Options{}, `{"x":[[1],[1e999]],"labels":["a","a"]}`, nil, Options{}, `f:1: "x" of step 2: "1e999", expected a finite number`},
		{"null for a number", Options{}, `{"x":[[null]],"labels":["a"]}`, nil, Options{}, `f:1: "x" of step 1: "null", expected a finite number`},
		{"two widths", Options{}, `{"x":[[1,2],[1]],"labels":["a","a"]}`, nil, Options{}, `f:1: "x" of step 2: 1 number, expected 2 as in the first step`},
		{"two widths in a file", Options{}, `{"x":[[1,2]],"labels":["a"]}` + "\n" + `{"x":[[1]],"labels":["a"]}`, nil, Options{}, "f:2: vectors of 1 number, expected 2 as in the first line"},
		{"no numbers", Options{}, `{"x":[[]],"labels":["a"]}`, nil, Options{}, `f:1: "x" of step 1: no numbers`},
		{"numbers alone", Options{}, `{"x":[1,2],"labels":["a"]}`, nil, Options{}, `expected an array of arrays of numbers`},
		{"x a text", Options{}, `{"x":"]","labels":["a"]}`, nil, Options{}, `expected an array of arrays of numbers`},
		{"a label a number", Options{Whole: true}, `{"tokens":["a"],"label":3}`, nil, Options{}, `f:1: "label" is 3, expected a label, a string`},
		{"broken UTF-8", Options{}, two + "\n{\"tokens\":[\"\xff\"]}", nil, Options{}, "f:2: invalid UTF-8"},
		{"NUL", Options{}, two + "\n\x00", nil, Options{}, "f:2: NUL byte"},
		{"deep", Options{}, `{"a":` + strings.Repeat("[", 20000), nil, Options{}, "f:1: broken JSON"},
	})
}

func TestRewriteJSONL(t *testing.T) {
	testRewriting(t, jsonlFormat, upper, []rewriting{
		{"filled in", Options{}, "{ \"id\": 1.50, \"labels\" : [ ] , \"tokens\":[\"a\", \"<b>\"], \"z\":{\"labels\":1}} \r\n\r\n", "{ \"id\": 1.50, \"labels\" : [\"A\",\"<B>\"] , \"tokens\":[\"a\", \"<b>\"], \"z\":{\"labels\":1}} \r\n\r\n", ""},
		{"added", Options{}, byteOrderMark + `{"tokens":["a"] }`, byteOrderMark + `{"tokens":["a"], "labels": ["A"] }`, ""},
		{"vectors", Options{}, `{"x":[[1],[2]]}` + "\n", `{"x":[[1],[2]], "labels": ["[1]","[2]"]}` + "\n", ""},
		{"one", Options{Whole: true}, `{"tokens":["a","b"]}`, `{"tokens":["a","b"], "label": "B"}`, ""},
		{"another key", Options{Column: "tags"}, `{"tags":null,"tokens":["a"],"labels":7}`, `{"tags":["A"],"tokens":["a"],"labels":7}`, ""},
		{"scores", Options{Scores: true}, `{"tokens":["a","b"]}`, `{"tokens":["a","b"], "labels": ["A","B"], "scores": [[0.25,0.75],[0.25,0.75]]}`, ""},
		{"scores there", Options{Scores: true, Whole: true}, `{"scores":1,"tokens":["a","b"]}`, `{"scores":[0.25,0.75],"tokens":["a","b"], "label": "B"}`, ""},
		{"an error", Options{}, `{"tokens":["a"]}` + "\n" + `{"tokens":[`, `{"tokens":["a"], "labels": ["A"]}` + "\n", "f:2: the line ends inside"},
	})
}

// FuzzJSONL wants what labelling makes of a line to be JSON with the labels, and
// all that is not a label to be as it was.
func FuzzJSONL(f *testing.F) {
	for _, seed := range []string{`{"tokens":["a","b"],"labels":["A","B"]}`, byteOrderMark + `{"x": [[1, 2],[3,4]]} `, "\n", `{"label":{},"tokens":["\ud83d"],"scores":[[]]}`, `{"x":[1]}`} {
		f.Add(seed, "labels", false)
		f.Add(seed, "", true)
	}
	f.Fuzz(func(t *testing.T, input, key string, whole bool) {
		o := Options{Name: "f", Column: key, Whole: whole, Scores: true}
		if jsonlFormat.Check(o) != nil || key == ScoresName || checkNames(key) != nil {
			return
		}
		once, err := rewritten(jsonlFormat, input, o, upper)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of lines: %v", err)
			}
			return
		}
		twice, err := rewritten(jsonlFormat, once, o, upper)
		if err != nil || twice != once {
			t.Errorf("%q, then %q, %v", once, twice, err)
		}
		for line := range strings.Lines(once) {
			if line = strings.TrimPrefix(line, byteOrderMark); trimBlanks(trimEnding(line)) != "" && !json.Valid([]byte(line)) {
				t.Errorf("%q is no JSON", line)
			}
		}
	})
}
