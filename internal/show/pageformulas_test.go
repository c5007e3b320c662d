package show

import (
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/explain"
)

// textOf is all text in an element.
func textOf(e *element) string {
	var b strings.Builder
	for _, c := range e.content {
		switch c := c.(type) {
		case string:
			b.WriteString(c)
		case *element:
			if c.name == "mfrac" {
				b.WriteString(textOf(c.content[0].(*element)) + "/" + textOf(c.content[1].(*element)) + " ")
				continue
			}
			b.WriteString(textOf(c))
		}
	}
	return b.String()
}

// TestPrinted holds the formulas, which are made from the terms, to what the
// paper prints.
func TestPrinted(t *testing.T) {
	r, err := explain.Builtin().Explain(explain.None)
	if err != nil {
		t.Fatal(err)
	}
	const row1, row2 = "−(y1−z1)Whz(1−h12)", "−(y2−z2)Whz(1−h22)"
	want := map[string]string{
		"15": "∂ℒ(1)/∂α1 =−(y1−z1)",
		"16": "∂ℒ(1)/∂Whz =∂ℒ(1)/∂z1 ∂z1/∂α1 ∂α1/∂Whz =−(y1−z1)h1",
		"17": "∂ℒ(1)/∂Whh =∂ℒ(1)/∂z1 ∂z1/∂α1 ∂α1/∂h1 ∂h1/∂Whh =" + row1 + "h0",
		"18": "∂ℒ(1)/∂Wxh =∂ℒ(1)/∂z1 ∂z1/∂α1 ∂α1/∂h1 ∂h1/∂Wxh =" + row1 + "x1",
		"19": "∂ℒ(2)/∂α2 =−(y2−z2)",
		"20": "∂ℒ(2)/∂Whz =∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂Whz =−(y2−z2)h2",
		"21": "∂ℒ(2)/∂Whh =∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h2 ∂h2/∂Whh +∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h1 ∂h1/∂Whh =" + row2 + "h1" + row2 + "Whh(1−h12)h0",
		"22": "∂ℒ(2)/∂Wxh =∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h2 ∂h2/∂Wxh +∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h1 ∂h1/∂Wxh =" + row2 + "x2" + row2 + "Whh(1−h12)x1",
		"23": "∂ℒ/∂Whz =∑t=12∂ℒ/∂zt ∂zt/∂αt ∂αt/∂Whz =∂ℒ/∂z1 ∂z1/∂α1 ∂α1/∂Whz +∂ℒ/∂z2 ∂z2/∂α2 ∂α2/∂Whz =−(y1−z1)h1−(y2−z2)h2=−∑t=12(yt−zt)ht",
		"24": "∂ℒ/∂bz =∑t=12∂ℒ/∂zt ∂zt/∂αt ∂αt/∂bz =∂ℒ/∂z1 ∂z1/∂α1 ∂α1/∂bz +∂ℒ/∂z2 ∂z2/∂α2 ∂α2/∂bz =−(y1−z1)−(y2−z2)=−∑t=12(yt−zt)",
		"25": "∂ℒ/∂Whh =∑t=12∑k=1t∂ℒ(t)/∂zt ∂zt/∂αt ∂αt/∂ht ∂ht/∂hk ∂hk/∂Whh =∂ℒ(1)/∂z1 ∂z1/∂α1 ∂α1/∂h1 ∂h1/∂Whh +∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h2 ∂h2/∂Whh " +
			"+∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h2 ∂h2/∂h1 ∂h1/∂Whh =" + row1 + "h0" + row2 + "h1" + row2 + "Whh(1−h12)h0",
		"26": "∂ℒ/∂Wxh =∑t=12∑k=1t∂ℒ(t)/∂zt ∂zt/∂αt ∂αt/∂ht ∂ht/∂hk ∂hk/∂Wxh =∂ℒ(1)/∂z1 ∂z1/∂α1 ∂α1/∂h1 ∂h1/∂Wxh +∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h2 ∂h2/∂Wxh " +
			"+∂ℒ(2)/∂z2 ∂z2/∂α2 ∂α2/∂h2 ∂h2/∂h1 ∂h1/∂Wxh =" + row1 + "x1" + row2 + "x2" + row2 + "Whh(1−h12)x1",
	}
	for _, e := range r.Equations {
		if want[e.Eq] == "" {
			continue
		}
		g, ok := gradientOf(e.Of)
		if got := textOf(g.printed(e)); !ok || got != want[e.Eq] {
			t.Errorf("(%s) is\n%s, want\n%s", e.Eq, got, want[e.Eq])
		}
		delete(want, e.Eq)
	}
	if len(want) > 0 {
		t.Errorf("not in the report: %v", want)
	}
}

// TestWays wants the paths of (25) and (26) to end at the weights that their
// terms hold.
func TestWays(t *testing.T) {
	terms := []explain.Term{{T: 1, K: 1}, {T: 2, K: 1}, {T: 2, K: 2}}
	for by, want := range map[string][]point{
		"Whh": {{column(1) - 55, rowH}, {column(1) - 55, rowH}, {column(2) - 55, rowH}},
		"Wxh": {{column(1), rowWxh - 15}, {column(1), rowWxh - 15}, {column(2), rowWxh - 15}},
	} {
		for n, w := range waysOf(gradient{by: by}, terms) {
			p := w.points()
			if p[0] != (point{column(terms[n].T), rowLoss}) || p[len(p)-1] != want[n] {
				t.Errorf("%s, term %d: from %v to %v, want an end at %v", by, n+1, p[0], p[len(p)-1], want[n])
			}
		}
	}
}

func TestGradientOf(t *testing.T) {
	for of, want := range map[string]gradient{"dL2/dWhh": {2, "Whh", 0}, "dL/dbz": {0, "bz", 0}, "dL1/dalpha1": {1, "alpha", 1}, "dL/dalpha": {0, "alpha", 0}, "dL/dx2": {0, "x", 2}, "dL/dh0": {0, "h0", 0}} {
		if g, ok := gradientOf(of); !ok || g != want {
			t.Errorf("%s is %v, %v, want %v", of, g, ok, want)
		}
	}
	for _, of := range []string{"", "dL", "dL/dW", "dLx/dWhh", "dL-1/dWhh", "dM/dWhh", "dL/dx0"} {
		if g, ok := gradientOf(of); ok {
			t.Errorf("%q is %v, want it not known", of, g)
		}
	}
}
