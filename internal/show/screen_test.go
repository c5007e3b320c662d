package show

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/explain"
)

func TestWidths(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "한글": 4, "é": 1, "e\u0301": 1, "漢a": 3, "ｆ": 2, "\u1100\u1161": 2, "…": 1, "∂": 1} {
		if got := widthOf(text); got != want {
			t.Errorf("%q is %d columns wide, want %d", text, got, want)
		}
	}
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"한글이다", 5, "한글…"}, {"한글이다", 4, "한…"}, {"한글", 4, "한글"}} {
		if got := fit(c.text, c.columns); got != c.want {
			t.Errorf("%q in %d columns is %q, want %q", c.text, c.columns, got, c.want)
		}
	}
	if got, want := plain("a b\n\x1b[31m\t\xff한"), "a␣b↵\ufffd[31m⇥\ufffd한"; got != want {
		t.Errorf("plain text %q, want %q", got, want)
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1.00", 0.5: "0.50", 9.994: "9.99", 9.996: "10", 998: "998", 1000: "1e3", 0.01: "0.01", 0.0099: ".0099", 0.001: ".0010",
		0.000999: "1e-3", 1e-9: "1e-9", 1.2e-120: "1e-120", 3e5: "3e5", math.MaxFloat64: "∞",
	} {
		if got := short(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
}

// report is one of T steps whose influences fall by half a step.
func report(T int, token string, layers int) *explain.ModelReport {
	in := &explain.Influence{}
	r := &explain.ModelReport{Model: "a model.safetensors", Output: "crf", Given: true, LeftOut: layers - 1, Influence: in, Input: "a.go:1"}
	for t := range T {
		dh, dx := make([]float64, T+1), make([]float64, T)
		for k := range t + 1 {
			dh[k], dx[k] = math.Pow(0.5, float64(t-k)), math.Pow(0.5, float64(t-k))
		}
		dh[t+1] = 1
		in.DLdH, in.DHdH, in.DLdX = append(in.DLdH, dh), append(in.DHdH, dh), append(in.DLdX, dx)
		r.Tokens, r.Labels = append(r.Tokens, token), append(r.Labels, "ㅏ-label-"+token)
	}
	for range layers {
		r.Layers = append(r.Layers, explain.LayerReport{Layer: 1, Direction: explain.Forward, Influence: in, Flow: flowOf(T, "a", 0.5)})
	}
	r.Flow = r.Layers[0].Flow
	return r
}

// flowOf is a flow whose norms are rate^distance.
func flowOf(T int, name string, rate float64) explain.Flow {
	f := explain.Flow{Name: name, Cell: "tanh", Chains: 3, SigmaMax: 1.5, Slope: 1, Verdict: explain.Neither}
	for d := 1; d <= T; d++ {
		v := math.Pow(rate, float64(d))
		f.Points = append(f.Points, explain.Point{Distance: d, Pairs: 3, Low: v / 2, Median: v, High: v * 2, Bound: math.Pow(1.5, float64(d))})
		if v < explain.Faded && f.Fades == 0 {
			f.Fades, f.Verdict = d, explain.Vanishing
		}
	}
	return f
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// What is shown keeps to the width in both languages, colours or not, whatever
// the tokens; without colours there are none; colours change no character
// where numbers stand in the cells.
func TestWidthIsKept(t *testing.T) {
	for _, T := range []int{1, 2, 7, 61, 200} {
		for _, token := range []string{"a", "한국어낱말", "\x1b[2J a long one\n"} {
			for _, columns := range []int{80, 120} {
				for _, lang := range []Lang{English, Korean} {
					for _, colors := range []Colors{NoColors, IndexedColors, TrueColors} {
						s := &Screen{lang, columns, colors}
						var b strings.Builder
						if err := s.Model(&b, report(T, token, 2)); err != nil {
							t.Fatal(err)
						}
						s.Flows(&b, []explain.Flow{flowOf(T, "한/"+token, 0.5), flowOf(2*T, "b.safetensors", 1.1), flowOf(1, "c", 0)})
						what := fmt.Sprintf("T %d, %q, %d columns, %s, colours %d", T, token, columns, lang, colors)
						checkLines(t, what, b.String(), s)
					}
				}
			}
		}
	}
}

func checkLines(t *testing.T, what, text string, s *Screen) {
	t.Helper()
	if s.Colors == NoColors && strings.Contains(text, "\x1b") {
		t.Errorf("%s: colours where there are to be none", what)
	}
	for line := range strings.Lines(escapes.ReplaceAllString(text, "")) {
		line = strings.TrimSuffix(line, "\n")
		if strings.ContainsAny(line, "\x1b\t\r") {
			t.Errorf("%s: a control character in %q", what, line)
		}
		if n := widthOf(line); n > s.Columns {
			t.Errorf("%s: %d columns: %q", what, n, line)
		}
	}
}

// The words of a verdict, in both languages.
func TestFlowVerdict(t *testing.T) {
	fades, neither := flowOf(20, "", 0.5), flowOf(20, "", 1)
	explodes := explain.Flow{Verdict: explain.Exploding, Explodes: 7, Points: neither.Points}
	for _, c := range []struct {
		f    explain.Flow
		lang Lang
		want string
	}{
		{fades, English, "vanishes: 10 steps back"}, {fades, Korean, "소실된다: 10시점"},
		{explodes, English, "explodes: 7 steps back"}, {explodes, Korean, "폭발한다: 7시점"},
		{explain.Flow{Verdict: explain.Vanishing, Fades: 1}, English, "vanishes: 1 step back"}, {explain.Flow{Verdict: explain.Vanishing, Fades: 1}, Korean, "소실된다: 1시점만"},
		{flowOf(1, "", 1), English, "over the 1 step seen"},
		{neither, English, "neither vanishes nor explodes over the 20 steps"}, {neither, Korean, "20시점 거리 안에서는"},
	} {
		if got := c.lang.FlowVerdict(c.f); !strings.Contains(got, c.want) {
			t.Errorf("%q, want %q in it", got, c.want)
		}
	}
}

// What decided a label: the largest sizes, as shares, the earlier first where
// they are alike.
func TestDeciders(t *testing.T) {
	for _, c := range []struct {
		sizes []float64
		want  string
	}{
		{[]float64{1, 2, 1, 0}, "b(2) 50 %, a(1) 25 %, c(3) 25 %"},
		{[]float64{0, 0, 0, 0}, "–"},
		{[]float64{1, 0.001, 0, 0}, "a(1) 100 %"},
	} {
		if got := strings.Join(deciders([]string{"a", "b", "c", "d"}, c.sizes), ", "); got != c.want {
			t.Errorf("%v: %s, want %s", c.sizes, got, c.want)
		}
	}
}

// A row of the picture: faded sizes left of the mark, 1 on its own.
func TestPlot(t *testing.T) {
	p := newPlot([]explain.Flow{flowOf(30, "", 0.5)}, 40)
	if a, b, c := p.column(1e-4), p.column(explain.Faded), p.column(1); !(0 <= a && a < b && b < c && c < 40) {
		t.Errorf("1e-4, 1e-3 and 1 in columns %d, %d, %d", a, b, c)
	}
	for _, v := range []float64{0, 1e-300, 1e300, math.MaxFloat64} {
		if c := p.column(v); c < 0 || c >= 40 {
			t.Errorf("%g in column %d of 40", v, c)
		}
	}
}
