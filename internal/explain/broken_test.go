package explain

import (
	"math"
	"strings"
	"testing"
)

// shows says whether a mistake can move any number at all in the sizes.
func (m Mistake) shows(n sizes) bool {
	return n.K > 1 && (m != Transpose || n.H > 1)
}

// TestMistakes wants every mistake noticed, wherever it moves a number; by the
// differences always, by the terms unless they share it.
func TestMistakes(t *testing.T) {
	for _, m := range Mistakes() {
		for _, e := range twoStepExamples() {
			n := sizes{2, e.Net.I, e.Net.H, e.Net.K}
			r := explained(t, e, m)
			if r.OK() == m.shows(n) {
				t.Errorf("%s in %s: checks pass: %v", m, e.Name, r.OK())
			}
			if r.Broken != string(m) {
				t.Errorf("broken is %q, want %q", r.Broken, m)
			}
			if !m.shows(n) {
				continue
			}
			for _, c := range r.Checks {
				if want := m == Sign && c.Name != CheckDifferences; c.OK != want {
					t.Errorf("%s in %s: %+v", m, e.Name, c)
				}
			}
		}
	}
}

// TestMistakesByName wants each mistake where it is made, and nowhere else.
func TestMistakesByName(t *testing.T) {
	touched := map[Mistake]string{
		Transpose: "16 17 18 20 21 22 23 25 26 6 11 14", DirectTerm: "17 21 25 11", Held: "21 22 25 26 11 14",
	}
	for m, want := range touched {
		var wrong []string
		for _, q := range explained(t, Builtin(), m).Equations {
			if q.NumericRelErr > 1e-3 {
				wrong = append(wrong, q.Eq)
			} else if q.NumericRelErr > 1e-12 {
				t.Errorf("%s: %s is off by %.2g", m, q.name(), q.NumericRelErr)
			}
		}
		if got := strings.Join(wrong, " "); got != want {
			t.Errorf("%s: wrong are %s, want %s", m, got, want)
		}
	}
	for _, q := range explained(t, Builtin(), Sign).Equations {
		if math.Abs(q.NumericRelErr-2) > 1e-9 {
			t.Errorf("sign: %s is off by %.2g, want 2", q.name(), q.NumericRelErr)
		}
	}
}

// TestHeldIsTheTotalDerivative holds notHeld to what it says: every term with
// the total derivative of h_k by the weights.
func TestHeldIsTheTotalDerivative(t *testing.T) {
	e := drawn(3, sizes{5, 2, 3, 3}, 0.8)
	tr, err := e.Net.Forward(e.X, e.H0, e.Y)
	if err != nil {
		t.Fatal(err)
	}
	whh := make([]float64, 9)
	for s := 1; s <= 5; s++ {
		for k := 1; k <= s; k++ {
			for j := 1; j <= k; j++ { // what h_j itself owes to Whh, through h_k
				whh = plus(whh, derived{by: "Whh"}.term(e.Net, tr, pair{s, j}))
			}
		}
	}
	if err := relErr(Held.backward(e.Net, tr).Whh, whh); err > 1e-14 {
		t.Errorf("off by %.2g", err)
	}
}
