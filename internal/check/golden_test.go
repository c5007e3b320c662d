package check

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared is where PyTorch's larger cases are, on machines that have them.
const shared = "../../../shared/golden"

func readGolden(t *testing.T, path string) *Golden {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	g, err := ReadGolden(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return g
}

var golden = []struct {
	path     string
	rounding float64 // what rounding the case's numbers does, at most
}{
	{"testdata/one.json", 1e-6},
	{"testdata/relu-varlen.json", 1e-6},
	{"testdata/tanh-deep.json", 1e-6},
	{"testdata/lstm-bi.json", 1e-6},
	{"testdata/gru-bi.json", 1e-6},
	{filepath.Join(shared, "seed-t2.json"), 1e-6},
	{filepath.Join(shared, "tanh-long.json"), 1e-6},
	{filepath.Join(shared, "tanh-varlen.json"), 1e-6},
	{filepath.Join(shared, "relu.json"), 1e-6},
	{filepath.Join(shared, "lstm.json"), 1e-6},
	{filepath.Join(shared, "gru.json"), 1e-6},
	{filepath.Join(shared, "tanh-stack-bi.json"), 1e-6},
	{filepath.Join(shared, "lstm-stack-bi.json"), 1e-6},
	{filepath.Join(shared, "gru-stack-bi.json"), 1e-6},
	{filepath.Join(shared, "tanh-saturated.json"), 1e-5},
	{filepath.Join(shared, "tanh-exploding.json"), 5e-3},
}

// TestGolden wants every tensor of PyTorch's below 1e-10 in float64; in
// float32 below 1e-5 or, where rounding the case alone does more, three times that.
func TestGolden(t *testing.T) {
	for _, c := range golden {
		t.Run(filepath.Base(c.path), func(t *testing.T) {
			g := readGolden(t, c.path)
			rows, err := Against(g)
			if err != nil {
				t.Fatal(err)
			}
			rows32, err := Against32(g)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				if row.RelErr >= 1e-10 {
					t.Errorf("float64: %s is off by %.2g", row.Name, row.RelErr)
				}
				if r := rows32[i]; r.RelErr >= max(1e-5, 3*r.Rounding) || r.Rounding > c.rounding {
					t.Errorf("float32: %s is off by %.2g, rounding alone by %.2g", r.Name, r.RelErr, r.Rounding)
				}
			}
			want := 6 + 4*g.Case.Layers*g.config().Directions() + 2
			if g.Case.Cell == "lstm" {
				want++ // c0
			}
			if len(rows) != want {
				t.Errorf("%d tensors compared, want %d", len(rows), want)
			}
		})
	}
}

// TestCorrupted changes each number that is compared, one at a time, and wants
// the check to fail.
func TestCorrupted(t *testing.T) {
	for _, change := range []func(*Golden){
		func(g *Golden) { g.H.Data[0] += 1e-8 },
		func(g *Golden) { g.Logits.Data[0] += 1e-8 },
		func(g *Golden) { *g.Loss += 1e-8 },
		func(g *Golden) { g.StepLoss.Data[0] += 1e-8 },
		func(g *Golden) { g.X.Data[0] += 1e-6 },
		func(g *Golden) { g.H0.Data[0] += 1e-6 },
		func(g *Golden) { g.Params["rnn.bias_hh_l1"].Data[0] += 1e-6 },
		func(g *Golden) { g.Grads["rnn.weight_hh_l2"].Data[0] += 1e-8 },
		func(g *Golden) { g.Grads["rnn.bias_hh_l0"].Data[1] += 1e-8 },
		func(g *Golden) { g.Grads["out.bias"].Data[0] += 1e-8 },
		func(g *Golden) { g.Grads["x"].Data[0] += 1e-8 },
		func(g *Golden) { g.Grads["h0"].Data[0] += 1e-8 },
		func(g *Golden) { g.Targets[0][0] = (g.Targets[0][0] + 1) % g.Case.K },
	} {
		g := readGolden(t, "testdata/tanh-deep.json")
		change(g)
		rows, err := Against(g)
		if err != nil {
			t.Fatal(err)
		}
		if w := Worst(rows); w.OK() {
			t.Errorf("a corrupted case passes, worst %v", w)
		}
	}
}

// TestGoldenErrors wants a clear error for files that are no golden case.
func TestGoldenErrors(t *testing.T) {
	file, err := os.ReadFile("testdata/tanh-deep.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, value, want string }{
		{"case.cell", `"lstn"`, `cell "lstn" is unknown`},
		{"case.cell", `"lstm"`, "c0 is missing, expected shape [3 3 3]"},
		{"case.bidirectional", `true`, "expected [6 3 3]"},
		{"case.lengths", `[1, 4, 1]`, "longest first"},
		{"case.lengths", `[]`, "case.lengths has 0 numbers, expected B = 3"},
		{"case.T", `0`, "case.T is 0, expected at least 1"},
		{"case.K", `0`, "case.K is 0, expected at least 1"},
		{"case.T", `null`, "case.T is missing"},
		{"case.lengths", `null`, "case.lengths is missing"},
		{"x", `null`, "x is missing, expected shape [4 3 2]"},
		{"targets", `null`, "targets is missing, expected the labels of T = 4 steps"},
		{"params.out.bias", `{"shape": [3], "data": [1, 2]}`, "params.out.bias has 2 elements, expected 3 of shape [3]"},
		{"case.H", `1000000000000`, "more than"},
		{"case.layers", `2`, `"params.rnn.bias_hh_l2" is not known, expected one of out.weight, out.bias, rnn.weight_ih_l0, `},
		{"case.layers", `4`, "h0 has shape [3 3 3]"},
		{"case.I", `3`, "x has shape [4 3 2] and 24 elements, expected [T, B, I] = [4 3 3]"},
		{"x.data", `[1]`, "x has shape [4 3 2] and 1 elements, expected [T, B, I] = [4 3 2]"},
		{"x.shape", `[1]`, "x has shape [1]"},
		{"case.lengths", `[100000000000, 1, 1]`, "the longest of case.lengths is 100000000000, expected T = 4"},
		{"h.shape", `[4]`, "h has shape [4]"},
		{"loss", `null`, "loss is missing"},
		{"grads.h0", `null`, "grads.h0 is missing, expected shape [3 3 3]"},
		{"x.data", `[1, null]`, "null at byte"},
		{"targets", `[[null, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]`, "null at byte"},
		{"x", `1e999`, "x is of the wrong kind"},
		{"loss", `1e999`, "loss has the number 1e999"},
		{"params.out.bias", `null`, "params.out.bias is missing, expected shape [3]"},
		{"targets", `[[0, 0, 0]]`, "targets has 1 steps, expected T = 4"},
		{"targets", `[[0], [0], [0], [0]]`, "targets[0] has 1 labels, expected B = 3"},
		{"targets", `[[0, 0, 3], [0, 0, 0], [0, 0, 0], [0, 0, 0]]`, "targets[0][2] is 3, expected 0 to 2"},
		{"targets", `"none"`, "no case"},
	} {
		changed := set(t, file, c.path, c.value)
		_, err := ReadGolden(bytes.NewReader(changed))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %s: error %v, want one with %q", c.path, c.value, err, c.want)
		}
	}
	if _, err := ReadGolden(bytes.NewReader(file[:len(file)/2])); err == nil {
		t.Error("half a file is no error")
	}
	if _, err := ReadGolden(bytes.NewReader(set(t, file, "case.name", `"\\\"[null"`))); err != nil {
		t.Errorf("a name with null in it: %v", err)
	}
}

// TestCaseWithoutExpectations wants a case to need none of what it should come
// to, but what is there to have its shape.
func TestCaseWithoutExpectations(t *testing.T) {
	file, err := os.ReadFile("testdata/tanh-deep.json")
	if err != nil {
		t.Fatal(err)
	}
	bare := file
	for _, name := range []string{"h", "logits", "loss", "step_loss", "grads"} {
		bare = set(t, bare, name, "null")
		if _, err := ReadCase(bytes.NewReader(bare)); err != nil {
			t.Errorf("without %s: %v", name, err)
		}
		if _, err := ReadGolden(bytes.NewReader(bare)); err == nil {
			t.Errorf("without %s it is no error of a golden file", name)
		}
	}
	for _, c := range []struct{ path, value, want string }{
		{"h.shape", `[4]`, "h has shape [4]"},
		{"grads.x", `{"shape": [1], "data": [1]}`, "grads.x has shape [1]"},
		{"grads.rnn.bias_ih_l0", `{"shape": [3], "data": [1, 2]}`, "grads.rnn.bias_ih_l0 has 2 elements, expected 3 of shape [3]"},
		{"h0", `null`, "h0 is missing, expected shape [3 3 3]"},
		{"params.rnn.weight_hh_l2", `null`, "params.rnn.weight_hh_l2 is missing, expected shape [3 3]"},
		{"loss", `NaN`, "NaN or Infinity at byte"},
		{"loss", `-Infinity`, "NaN or Infinity at byte"},
		{"loss", `1e999`, "loss has the number 1e999"},
		{"case.T", `1000000000`, "the longest of case.lengths is 4, expected T = 1000000000"},
		{"params.out.bias", `5`, "params.out.bias is of the wrong kind: a JSON number"},
		{"params.rnn.weight_hh_l2", `{"shape": [3, 3], "data": [1, NaN]}`, "params.rnn.weight_hh_l2.data has NaN or Infinity at byte"},
		{"grads.h0", `{"shape": [3, 3, 3], "data": [1, null]}`, "grads.h0.data has null at byte"},
		{"params.rnn.bias_hh_l1", `{"shape": [3], "data": [1, 2, 1e999]}`, "params.rnn.bias_hh_l1.data has the number 1e999"},
	} {
		_, err := ReadCase(bytes.NewReader(splice(t, file, c.path, c.value)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %s: error %v, want one with %q", c.path, c.value, err, c.want)
		}
	}
	for text, want := range map[string]string{
		"":                           "nothing is there",
		string(file[:len(file)/2]):   "ends in the middle",
		string(file) + `{"case": 1}`: "something follows",
	} {
		if _, err := ReadCase(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error %v, want one with %q", text, err, want)
		}
	}
}

// TestKeys wants every key to be one of the format's, in its case, and there once.
func TestKeys(t *testing.T) {
	file, err := os.ReadFile("testdata/tanh-deep.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"targets":`, `"target": [], "targets":`, `the key "target" is not known, expected one of case, params, x, h0, c0, targets, h, logits, loss, step_loss, grads`},
		{`"H":`, `"hidden": 3, "H":`, `the key "case.hidden" is not known, expected one of name, cell, I, H, K, layers, bidirectional, lengths, T, B`},
		{`"shape":`, `"dtype": {"shape": [1]}, "shape":`, `the key "params.rnn.weight_ih_l0.dtype" is not known, expected one of shape, data`},
		{`"rnn.bias_hh_l2":`, `"rnn.bias_hl_l2":`, `the key "params.rnn.bias_hl_l2" is not known, expected one of out.weight, `},
		{`"grads": {`, `"grads": {"c0": {"shape": [1], "data": [1]}, `, `the key "grads.c0" is not known, expected one of x, h0, out.weight, `},
		{`"h0":`, `"H0":`, `the key "H0" is not known, expected h0`},
		{`"cell":`, `"Cell":`, `the key "case.Cell" is not known, expected case.cell`},
		{`"K":`, `"k":`, `the key "case.k" is not known, expected case.K`},
		{`"out.bias":`, `"out.Bias":`, `the key "params.out.Bias" is not known, expected params.out.bias`},
		{`"data":`, `"DATA":`, `the key "params.rnn.weight_ih_l0.DATA" is not known, expected params.rnn.weight_ih_l0.data`},
		{`"loss":`, `"loss": 1, "loss":`, `the key "loss" is there twice, expected once`},
		{`"loss":`, `"loss": 1, "l\u006fss" :`, `the key "loss" is there twice, expected once`},
		{`"T":`, `"T": 4, "T":`, `the key "case.T" is there twice, expected once`},
		{`"rnn.bias_hh_l2":`, `"rnn.bias_ih_l2":`, `the key "params.rnn.bias_ih_l2" is there twice, expected once`},
		{`"shape":`, `"shape": [], "shape":`, `the key "params.rnn.weight_ih_l0.shape" is there twice, expected once`},
		{`"h0":`, `"c0": {"shape": [3, 3, 3], "data": []}, "h0":`, "c0 is there, which the cell tanh has not"},
	} {
		changed := bytes.Replace(file, []byte(c.old), []byte(c.new), 1)
		_, err := ReadCase(bytes.NewReader(changed))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.new, err, c.want)
		}
	}
}

// splice is set for a value that need not be JSON.
func splice(t *testing.T, file []byte, path, value string) []byte {
	t.Helper()
	return bytes.Replace(set(t, file, path, `"here"`), []byte(`"here"`), []byte(value), 1)
}

// set replaces one value of a JSON object; the path's first part is a key, the
// rest a key in it.
func set(t *testing.T, file []byte, path, value string) []byte {
	t.Helper()
	var top map[string]json.RawMessage
	if err := json.Unmarshal(file, &top); err != nil {
		t.Fatal(err)
	}
	key, rest, nested := strings.Cut(path, ".")
	if nested {
		top[key] = set(t, top[key], strings.ReplaceAll(rest, ".", "\x00"), value)
	} else {
		top[strings.ReplaceAll(key, "\x00", ".")] = json.RawMessage(value)
	}
	out, err := json.Marshal(top)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func FuzzGolden(f *testing.F) {
	for _, name := range []string{"one", "relu-varlen"} {
		file, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		g, err := ReadGolden(bytes.NewReader(file))
		if err != nil {
			return
		}
		if _, err := Against(g); err != nil {
			t.Error(err)
		}
	})
}
