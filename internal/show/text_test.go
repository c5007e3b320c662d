package show

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/explain"
)

// onScreen is the built-in example on a screen, and its report.
func onScreen(t *testing.T, m explain.Mistake, s *Screen) (string, *explain.Report) {
	t.Helper()
	r, err := explain.Builtin().Explain(m)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, r, s), r
}

func text(t *testing.T, r *explain.Report, s *Screen) string {
	t.Helper()
	var b strings.Builder
	if err := s.Report(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// ours is what text.go and its like write, without the tables of influence.
func ours(text string) []string {
	from, to := strings.Index(text, "‖"), strings.Index(text, "max|a − b|")
	if from >= 0 && from < to {
		text = text[:from] + text[to:]
	}
	return strings.Split(text, "\n")
}

// TestReportFits wants every line to fit the screen, in both languages, and no
// escape where there are no colours.
func TestReportFits(t *testing.T) {
	for _, l := range []Lang{English, Korean} {
		for _, columns := range []int{80, 100, 120} {
			out, _ := onScreen(t, explain.None, &Screen{Lang: l, Columns: columns})
			for _, line := range ours(out) {
				if n := widthOf(line); n > columns {
					t.Errorf("%s, %d columns: %d in %q", l, columns, n, line)
				}
				if strings.Contains(line, "\x1b") || line != strings.TrimRight(line, " ") {
					t.Errorf("%s: %q", l, line)
				}
			}
		}
	}
	plain, _ := onScreen(t, explain.Sign, &Screen{Lang: English, Columns: 80})
	colored, _ := onScreen(t, explain.Sign, &Screen{Lang: English, Columns: 80, Colors: IndexedColors})
	if !strings.Contains(colored, "\x1b[1;31m") {
		t.Error("a failed check is not red")
	}
	if got := regexp.MustCompile("\x1b\\[[\\d;]*m").ReplaceAllString(colored, ""); got != plain {
		t.Error("colours change the text")
	}
}

// TestReportNumbers wants the numbers of an equation's block to be those of the
// report: every row of every term and total of (25).
func TestReportNumbers(t *testing.T) {
	out, r := onScreen(t, explain.None, &Screen{Lang: English, Columns: 80})
	from, to := strings.Index(out, "(25) ∂L/∂W_hh"), strings.Index(out, "(26) ∂L/∂W_xh")
	if from < 0 || to < from {
		t.Fatalf("no (25) in %s", out)
	}
	part := out[from:to]
	for _, q := range r.Equations {
		if q.Eq != "25" {
			continue
		}
		matrices := [][]float64{q.Total.Data, q.Numeric.Data}
		for _, term := range q.Terms {
			matrices = append(matrices, term.Data)
		}
		for _, m := range matrices {
			for i := range 3 {
				row := fmt.Sprintf("%7.4f %7.4f %7.4f", m[3*i], m[3*i+1], m[3*i+2])
				if !strings.Contains(part, row) {
					t.Errorf("(25) lacks the row %s:\n%s", row, part)
				}
			}
		}
		if !strings.Contains(part, q.Lines) || !strings.Contains(part, fmt.Sprintf("%.2g", q.NumericRelErr)) {
			t.Errorf("(25) lacks its line or its error:\n%s", part)
		}
	}
}

// TestLossName wants names as the paper writes them.
func TestLossName(t *testing.T) {
	for of, want := range map[string]string{
		"dL2/dWhh": "∂L(2)/∂W_hh", "dL1/dalpha1": "∂L(1)/∂α₁", "dL/dbz": "∂L/∂b_z", "dL/dalpha": "∂L/∂α_t", "dL/dh0": "∂L/∂h₀", "dL/dx2": "∂L/∂x₂", "dL/dx": "∂L/∂x_t", "else": "else",
	} {
		if got := lossName(of); got != want {
			t.Errorf("lossName(%s) = %s, want %s", of, got, want)
		}
	}
}

// TestAligned wants numbers of one matrix in one form, as exact as four digits
// after the point, or four in all, are.
func TestAligned(t *testing.T) {
	for _, v := range [][]float64{{0.5, -0.25, 1}, {1.0 / 3, -200, 0}, {1e-9, -2.5e-12, 0}, {123456, -1}, {0, 0}, {-0.07}} {
		var width int
		for i, s := range aligned(v, v) {
			if i == 0 {
				width = len(s)
			}
			x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
			top := 0.0
			for _, e := range v {
				top = max(top, e, -e)
			}
			if err != nil || len(s) != width || max(x-v[i], v[i]-x) > 5e-4*top {
				t.Errorf("%v of %v is written %q", v[i], v, s)
			}
		}
	}
	if got := strings.Join(aligned([]float64{0.5, -0.25}, []float64{0.5, -0.25}), ""); got != "   0.50  -0.25" {
		t.Errorf("weights are written %q", got)
	}
}

// TestLargeMatrix wants of a large matrix its size, and the place of its largest number.
func TestLargeMatrix(t *testing.T) {
	data := make([]float64, 12*10)
	data[7*10+3] = -2
	s := &Screen{Lang: English, Columns: 80}
	m := s.matrix("W", explain.Tensor{Shape: []int{12, 10}, Data: data})
	if got := strings.Join(m.lines, "|"); got != "W|norm 2, largest -2 at [8, 4]" {
		t.Errorf("it is told as %q", got)
	}
}

// TestPlace wants blocks side by side where they fit and below each other where
// not, Hangul counted as two columns.
func TestPlace(t *testing.T) {
	m := func(caption, sign string) block {
		b := block{before: sign}
		b.add(caption)
		b.add("1 2")
		return b
	}
	var out strings.Builder
	(&Screen{Lang: Korean, Columns: 20}).place(&out, []block{m("전체", ""), m("합", "="), m("차분의 값", "≈")})
	const want = "   전체   합\n   1 2  = 1 2\n\n   차분의 값\n ≈ 1 2\n"
	if out.String() != want {
		t.Errorf("placed as %q, want %q", out.String(), want)
	}
}

// TestMistakesAreTold wants every mistake told in both languages, with what
// noticed it and why the rest cannot.
func TestMistakesAreTold(t *testing.T) {
	for _, l := range []Lang{English, Korean} {
		for _, m := range explain.Mistakes() {
			out, r := onScreen(t, m, &Screen{Lang: l, Columns: 80})
			if !strings.Contains(out, "--break "+string(m)) || strings.Contains(out, "‖") {
				t.Errorf("%s in %s: it is not told, or what is right is beside it", m, l)
			}
			want := map[explain.Mistake]string{
				explain.Transpose: "(16), (17), (18), (20), (21), (22), (23), (25), (26)", explain.DirectTerm: "(17), (21), (25)",
				explain.Sign: l.say("every gradient", "모든 기울기"), explain.Held: "(21), (22), (25), (26)",
			}[m]
			if !strings.Contains(out, l.say("It makes wrong: ", "틀리게 된 것: ")+want+".\n") || !strings.Contains(out, "≠") {
				t.Errorf("%s in %s: it is not said that it makes %s wrong", m, l, want)
			}
			for _, line := range ours(out) {
				if widthOf(line) > 80 {
					t.Errorf("%s in %s: %d columns in %q", m, l, widthOf(line), line)
				}
			}
			failed := 0
			for _, c := range r.Checks {
				if !c.OK {
					failed++
				}
			}
			if got := strings.Count(out, l.say("→ notices", "→ 실수를 찾아냈다")); got != failed || failed == 0 {
				t.Errorf("%s in %s: %d checks said to notice, want %d", m, l, got, failed)
			}
			if got := strings.Count(out, l.say("→ cannot", "→ 찾아낼 수 없다")); got != len(r.Checks)-failed {
				t.Errorf("%s in %s: %d checks said to be unable to, want %d", m, l, got, len(r.Checks)-failed)
			}
		}
	}
}

// reported explains a random network of so many steps.
func reported(t *testing.T, T, H int, scale float64, m explain.Mistake) *explain.Report {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	fill := func(v []float64) {
		for i := range v {
			v[i] = scale * r.NormFloat64()
		}
	}
	e := &explain.Example{Name: "random", Net: bptt.New(2, H, 2), H0: make([]float64, H)}
	for _, w := range [][]float64{e.Net.Wxh, e.Net.Whh, e.Net.Whz} {
		fill(w)
	}
	for range T {
		x := make([]float64, 2)
		fill(x)
		e.X, e.Y = append(e.X, x), append(e.Y, r.IntN(2))
	}
	report, err := e.Explain(m)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestLongIsToldAsItIs wants a long case not to promise what --json does not
// have, nor that numbers are right that were compared with nothing.
func TestLongIsToldAsItIs(t *testing.T) {
	for T, want := range map[int][]string{
		2:   {"✓ Every check passes (3): the gradients are right."},
		50:  {"(50 steps; --json has the numbers)", "✓ Every check passes (2): the gradients are right."},
		500: {"(500 steps; x, h, α and z are told of up to 100)", "✓ Every check passes (2). Differences were taken of ", " numbers, the largest of each gradient among them."},
	} {
		r := reported(t, T, 8, 0.3, explain.None)
		_, inJSON := r.Case.Values["h1"]
		out := text(t, r, &Screen{Lang: English, Columns: 200})
		if said := !strings.Contains(out, "α and z are told of up to"); said != inJSON {
			t.Errorf("%d steps: JSON has the states: %v", T, inJSON)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%d steps: no %q in %s", T, w, out[len(out)-800:])
			}
		}
		if sampled := T == 500; sampled == strings.Contains(out, "are right") {
			t.Errorf("%d steps: %s", T, out[len(out)-300:])
		}
	}
}

// TestCounts wants one thing to be one.
func TestCounts(t *testing.T) {
	for n, want := range map[int]string{0: "0 steps", 1: "1 step", 2: "2 steps"} {
		if got := English.count(n, "step", "시점"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	out := text(t, reported(t, 1, 1, 1, explain.None), &Screen{Lang: English, Columns: 80})
	if got := regexp.MustCompile(`(^|[^.\d])1 (steps|states|inputs|hidden units|labels|terms|pairs)\b`).FindString(out); got != "" || !strings.Contains(out, "T = 1 step, I = 2 inputs, H = 1 hidden unit, ") {
		t.Errorf("%q in %s", got, out)
	}
}

// TestRecursionWhereThereIsOne wants the recursion named where the total is its,
// and not where it is (5) or a sum over t.
func TestRecursionWhereThereIsOne(t *testing.T) {
	out, r := onScreen(t, explain.None, &Screen{Lang: English, Columns: 80})
	for _, q := range r.Equations {
		if q.Eq == "" || isGeneral(&q) {
			continue
		}
		_, part, _ := strings.Cut(out, "\n("+q.Eq+") ")
		part, _, _ = strings.Cut(part, "relative error")
		recursive := strings.Contains("17 18 21 22 25 26", q.Eq)
		if !strings.Contains(part, "total") || strings.Contains(part, "total, by recursion") != recursive {
			t.Errorf("(%s): %s", q.Eq, part)
		}
	}
}

// TestCannotTellIsSaid wants a check that cannot tell to be neither a pass nor a
// failure, in both forms.
func TestCannotTellIsSaid(t *testing.T) {
	r := reported(t, 120, 32, 2, explain.None)
	if !r.OK() || len(r.Unsure()) != 1 {
		t.Fatalf("checks %+v", r.Checks)
	}
	out := text(t, r, &Screen{Lang: English, Columns: 200})
	for _, want := range []string{"  ? differences ", "→ cannot tell: ", " ?, in dL/", "✓ 1 of 2 checks pass, and differences cannot tell"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out[len(out)-1500:])
		}
	}
	if strings.Contains(out, "✗") || strings.Contains(out, "are right") {
		t.Error("it is told as a failure, or as proved")
	}
	var page strings.Builder
	if err := (Page{Report: r}).Write(&page, English); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "? cannot tell") || strings.Contains(page.String(), "✗") {
		t.Error("the page does not say so")
	}

	broken := text(t, reported(t, 120, 32, 2, explain.Held), &Screen{Lang: English, Columns: 200})
	if !strings.Contains(broken, "The mistake is noticed by: double-sum.") || strings.Contains(broken, "makes wrong") {
		t.Errorf("a mistake that differences cannot see: %s", broken[len(broken)-600:])
	}
}
