package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// drawn returns an example with weights of standard deviation scale.
func drawn(seed uint64, n sizes, scale float64) *Example {
	r := rand.New(rand.NewPCG(seed, 7))
	fill := func(v []float64, scale float64) []float64 {
		for i := range v {
			v[i] = scale * r.NormFloat64()
		}
		return v
	}
	e := &Example{Name: fmt.Sprintf("%+v scale %g", n, scale), Net: bptt.New(n.I, n.H, n.K), H0: fill(make([]float64, n.H), 0.5)}
	for _, w := range [][]float64{e.Net.Wxh, e.Net.Whh, e.Net.Bh, e.Net.Whz, e.Net.Bz} {
		fill(w, scale)
	}
	for range n.T {
		e.X = append(e.X, fill(make([]float64, n.I), 1))
		e.Y = append(e.Y, r.IntN(n.K))
	}
	return e
}

// twoStepExamples are the built-in case, every small size with ones and squares
// among them, and weights from tiny to large.
func twoStepExamples() []*Example {
	all := []*Example{Builtin()}
	for _, scale := range []float64{1e-4, 0.1, 0.7, 3} {
		for i, n := range []sizes{{2, 1, 1, 1}, {2, 1, 1, 2}, {2, 1, 3, 2}, {2, 3, 1, 4}, {2, 3, 3, 3}, {2, 4, 4, 2}, {2, 2, 4, 4}, {2, 5, 2, 3}, {2, 3, 6, 1}} {
			all = append(all, drawn(uint64(i), n, scale))
		}
	}
	return all
}

func explained(t *testing.T, e *Example, m Mistake) *Report {
	t.Helper()
	r, err := e.Explain(m)
	if err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	return r
}

// TestTwoSteps wants all of (15)-(26), their terms as the paper has them, their
// sums and differences as exact as float64 allows.
func TestTwoSteps(t *testing.T) {
	pairs := map[string]string{
		"15": "11", "16": "11", "17": "11", "18": "11", "19": "22", "20": "22", "21": "22 21", "22": "22 21",
		"23": "11 22", "24": "11 22", "25": "11 21 22", "26": "11 21 22",
	}
	of := map[string]string{
		"15": "dL1/dalpha1", "16": "dL1/dWhz", "17": "dL1/dWhh", "18": "dL1/dWxh", "19": "dL2/dalpha2", "20": "dL2/dWhz",
		"21": "dL2/dWhh", "22": "dL2/dWxh", "23": "dL/dWhz", "24": "dL/dbz", "25": "dL/dWhh", "26": "dL/dWxh",
	}
	for _, e := range twoStepExamples() {
		r := explained(t, e, None)
		if !r.OK() || len(r.Checks) != 3 {
			t.Errorf("%s: checks %+v", e.Name, r.Checks)
		}
		seen := 0
		for _, q := range r.Equations {
			if of[q.Eq] != "" {
				seen++
				if q.Of != of[q.Eq] || q.Printed == "" || termPairs(q.Terms) != pairs[q.Eq] {
					t.Errorf("(%s) is of %s, terms %s, printed %q", q.Eq, q.Of, termPairs(q.Terms), q.Printed)
				}
			}
			tol := 1e-10
			if strings.HasSuffix(e.Name, "scale 3") {
				tol = 1e-8 // where units saturate, 1 − h² has lost digits
			}
			if q.SumRelErr > 1e-14 || q.NumericRelErr > tol || q.Numeric == nil {
				t.Errorf("%s: %s: terms off by %.2g, differences by %.2g", e.Name, q.name(), q.SumRelErr, q.NumericRelErr)
			}
			if q.Meant == "" || q.Lines == "" || slices.Contains(q.Total.Shape, 0) {
				t.Errorf("%s is not told whole: %+v", q.name(), q)
			}
		}
		if seen != 12 || len(r.LeftOut) > 0 {
			t.Errorf("%s: %d of (15)-(26), left out %v", e.Name, seen, r.LeftOut)
		}
	}
}

func termPairs(terms []Term) string {
	var s []string
	for _, t := range terms {
		s = append(s, fmt.Sprint(t.T)+fmt.Sprint(t.K))
	}
	return strings.Join(s, " ")
}

// TestRowOf wants the product of Jacobians to be bptt's row.
func TestRowOf(t *testing.T) {
	e := drawn(1, sizes{6, 3, 4, 3}, 0.8)
	tr, err := e.Net.Forward(e.X, e.H0, e.Y)
	if err != nil {
		t.Fatal(err)
	}
	for s := 1; s <= 6; s++ {
		for k, want := range e.Net.Terms(tr, s) {
			if k == 0 {
				continue
			}
			if err := relErr(rowOf(e.Net, tr, pair{s, k}).data, want); err > 1e-14 {
				t.Errorf("r(%d,%d) is off by %.2g", s, k, err)
			}
		}
	}
}

// TestOnly wants the loss of one step alone to have the gradient that Backward
// gives of the first step run by itself, and all of them to add up.
func TestOnly(t *testing.T) {
	e := drawn(2, sizes{3, 3, 4, 3}, 0.8)
	tr, err := e.Net.Forward(e.X, e.H0, e.Y)
	if err != nil {
		t.Fatal(err)
	}
	first, err := e.Net.Forward(e.X[:1], e.H0, e.Y[:1])
	if err != nil {
		t.Fatal(err)
	}
	sum := make([]float64, len(e.Net.Whh))
	for s := 1; s <= 3; s++ {
		sum = plus(sum, e.Net.Backward(only(tr, s)).Whh)
	}
	if err := relErr(sum, e.Net.Backward(tr).Whh); err > 1e-14 {
		t.Errorf("L(1) + L(2) + L(3) is off by %.2g", err)
	}
	if err := relErr(e.Net.Backward(only(tr, 1)).Whh, e.Net.Backward(first).Whh); err > 1e-15 {
		t.Errorf("L(1) is off by %.2g", err)
	}
}

// TestAnySteps wants the double sums, differences and the sizes of what is told
// right for one step, a few and many.
func TestAnySteps(t *testing.T) {
	for _, n := range []sizes{{1, 2, 3, 2}, {3, 2, 2, 2}, {4, 1, 1, 2}, {5, 3, 3, 3}, {60, 4, 32, 4}} {
		r := explained(t, drawn(5, n, 0.4), None)
		if !r.OK() || len(r.DoubleSum) != 2 {
			t.Errorf("%+v: checks %+v", n, r.Checks)
		}
		var eqs []string
		for _, q := range r.Equations {
			eqs = append(eqs, q.Eq)
			few := n.T <= fewSteps
			if sum := q.Of != "dL/dalpha" && q.Of != "dL/dx"; few && sum != (len(q.Terms) > 0) || !few && len(q.Terms) > 0 {
				t.Errorf("%+v: %s has %d terms", n, q.name(), len(q.Terms))
			}
			if twice := q.Eq == "11" || q.Eq == "14"; (twice && !few) != (len(q.ByDistance) == n.T) {
				t.Errorf("%+v: %s has %d distances", n, q.name(), len(q.ByDistance))
			}
		}
		if got := strings.Join(eqs, " "); got != "5 6 7 11 14   " {
			t.Errorf("%+v: equations %q", n, got)
		}
		out, err := json.Marshal(r)
		if err != nil || len(out) > 400_000 {
			t.Errorf("%+v: %d bytes of JSON, error %v", n, len(out), err)
		}
	}
}

// TestLeftOut wants a case told to be long where it is, and a verdict all the same.
func TestLeftOut(t *testing.T) {
	r := explained(t, drawn(7, sizes{2100, 8, 30, 2}, 0.05), None)
	var what []string
	for _, l := range r.LeftOut {
		what = append(what, l.What)
	}
	if got := strings.Join(what, " "); got != "double-sum terms values differences influence" {
		t.Errorf("left out: %s", got)
	}
	if r.Verdict != Vanishing || r.Influence.DLdH != nil {
		t.Errorf("verdict %q, influence of %d steps", r.Verdict, len(r.Influence.DLdH))
	}
}

// TestOverflow wants an error, not a report, where numbers overflow.
func TestOverflow(t *testing.T) {
	e := Builtin()
	e.Net.Wxh[0], e.X[0][0] = 1e200, 1e200
	if _, err := e.Explain(None); err == nil || !strings.Contains(err.Error(), "step 1: a[0] is +Inf") {
		t.Errorf("error %v", err)
	}
	e = drawn(8, sizes{4, 1, 2, 2}, 0)
	for i := range e.Net.Whh {
		e.Net.Whh[i] = 1e160 // of h = 0: the states stay, the Jacobians explode
	}
	e.H0 = []float64{0, 0}
	e.Net.Whz = []float64{1, 2, 3, 4}
	if _, err := e.Explain(None); err == nil || !strings.Contains(err.Error(), "explodes past what a float64 holds") {
		t.Errorf("error %v", err)
	}
}

// TestReadExample wants PyTorch's cases read and agreed with, whole or without
// what they expect.
func TestReadExample(t *testing.T) {
	verdicts := map[string]Verdict{
		"one.json": Neither, "seed-t2.json": Neither, "tanh-long.json": Vanishing, "tanh-saturated.json": Vanishing, "tanh-exploding.json": Exploding,
	}
	for _, path := range []string{
		"../check/testdata/one.json", "../../../shared/golden/seed-t2.json", "../../../shared/golden/tanh-long.json",
		"../../../shared/golden/tanh-saturated.json", "../../../shared/golden/tanh-exploding.json",
	} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Skip(err)
			}
			defer f.Close()
			e, err := ReadExample(f)
			if err != nil {
				t.Fatal(err)
			}
			r := explained(t, e, None)
			if !r.OK() || r.Checks[len(r.Checks)-1].Name != CheckGolden {
				t.Errorf("checks %+v", r.Checks)
			}
			if want := verdicts[filepath.Base(path)]; r.Verdict != want {
				t.Errorf("verdict %s, want %s", r.Verdict, want)
			}
			if e.T() > 2 {
				return
			}
			for i := range e.golden.Grads["x"].Data {
				e.golden.Grads["x"].Data[i] *= 1 + 1e-9
			}
			if explained(t, e, None).OK() {
				t.Error("a changed gradient is not noticed")
			}
		})
	}
	for _, name := range []string{"relu-varlen", "tanh-deep", "lstm-bi", "gru-bi"} {
		f, err := os.Open("../check/testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := ReadExample(f); err == nil || !strings.Contains(err.Error(), "expected the paper's network") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// FuzzCase wants an error or a report that JSON can hold of whatever is read.
func FuzzCase(f *testing.F) {
	for _, name := range []string{"one", "relu-varlen"} {
		file, err := os.ReadFile("../check/testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file, uint8(len(name)))
	}
	f.Fuzz(func(t *testing.T, file []byte, m uint8) {
		e, err := ReadExample(bytes.NewReader(file))
		if err != nil {
			return
		}
		r, err := e.Explain(append(Mistakes(), None)[m%5])
		if err != nil {
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	})
}
