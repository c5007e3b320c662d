package show

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/explain"
)

// hostile are tokens that would do something to a page if they could.
var hostile = []string{
	"<script>alert(1)</script>", `"'><img src=http://127.0.0.1:9/>`, "</style></title>", "]]>-->", "&lt;", "👩‍👩‍👧",
	"nul\x00esc\x1b[31m", "\u202Egnp.exe", "bad\xff\xfe", "한국어", strings.Repeat("long", 50), "\u2066\u200b",
}

// hostilePage is a model's page with such tokens, names and labels.
func hostilePage(t *testing.T) Page {
	r := newExample(t, "", len(hostile), 0.9)
	back := explain.Influence{DLdH: flipped(r.Influence.DLdH), DHdH: flipped(r.Influence.DHdH)}
	return Page{Models: []*explain.ModelReport{{
		Model: hostile[0] + hostile[1] + hostile[7] + hostile[8], Input: hostile[2], Tokens: hostile, Labels: hostile, Output: "softmax",
		Layers: []explain.LayerReport{
			{Layer: 1, Direction: explain.Forward, Influence: &r.Influence, Flow: r.Flow},
			{Layer: 1, Direction: explain.Backward, Influence: &back, Flow: r.Flow},
		},
	}}}
}

// sideBySide is the page of two models' flows.
func sideBySide(t *testing.T) Page {
	a, b := newExample(t, hostile[0], 30, 0.6).Flow, newExample(t, hostile[1], 50, 0.9).Flow
	b.Cell, b.SigmaMax = "lstm", 0
	for i := range b.Points {
		b.Points[i].Bound = 0
	}
	return Page{Models: []*explain.ModelReport{{Model: "tanh", Flow: a}, {Model: "lstm", Flow: b}}}
}

// flipped are the influences in a layer that runs the other way: column 0 is
// the state before its first step, the last.
func flipped(m [][]float64) [][]float64 {
	T := len(m)
	out := make([][]float64, T)
	for t := range out {
		out[t] = make([]float64, T+1)
		out[t][0] = m[T-1-t][0]
		for k := 1; k <= T; k++ {
			out[t][k] = m[T-1-t][T+1-k]
		}
	}
	return out
}

func written(t *testing.T, p Page, l Lang) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHostile wants nothing in a page that came from a file but text.
func TestHostile(t *testing.T) {
	for _, l := range []Lang{English, Korean} {
		page := written(t, hostilePage(t), l)
		for _, bad := range []string{"<script>alert", "<img", "</style></title>", "\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\xff"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: the page has %q", l, bad)
			}
		}
		for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "⟨U+202E⟩gnp.exe", "nul␀esc␛[31m", "👩‍👩‍👧", "bad\uFFFD", "&amp;lt;"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page has no %q", l, want)
			}
		}
	}
}

// TestWellFormed wants every element closed where it should be.
func TestWellFormed(t *testing.T) {
	pages := []Page{hostilePage(t), sideBySide(t), {}}
	for _, T := range []int{1, 2, 3, 4, 5} {
		pages = append(pages, Page{Report: newExample(t, hostile[0]+hostile[1], T, 0.9)})
	}
	whole := newExample(t, "", 70, 0.9).Influence
	whole.DLdH, whole.DLdX = whole.DLdH[69:], whole.DLdX[69:]
	pages = append(pages, Page{Models: []*explain.ModelReport{{Model: "classifies", Tokens: make([]string, 70), Labels: []string{"a"},
		Layers: []explain.LayerReport{{Layer: 1, Direction: explain.Forward, Influence: &whole}}}}})
	for _, p := range pages {
		if n := strings.Count(written(t, p, English), "<script"); n != 1 {
			t.Errorf("%d scripts, want the page's own", n)
		}
		page := strings.NewReplacer("<!doctype html>", "", style, "", script, "").Replace(written(t, p, English))
		d := xml.NewDecoder(strings.NewReader(page))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSize holds pages to a megabyte; of more than 64 steps several share a
// cell, and the page says so.
func TestSize(t *testing.T) {
	for _, T := range []int{60, 64, 65, 200} {
		page := written(t, Page{Report: newExample(t, "a", T, 0.9)}, Korean)
		if len(page) > 1e6 {
			t.Errorf("T = %d: %d bytes", T, len(page))
		}
		if shared := strings.Contains(page, "개 시점이며"); shared != (T > 64) {
			t.Errorf("T = %d: says that steps share cells: %v", T, shared)
		}
	}
}

// TestBinned wants of every cell the largest number in it.
func TestBinned(t *testing.T) {
	const T = 130
	m := heatMap{values: make([][]float64, T)}
	for i := range m.values {
		m.values[i] = make([]float64, T+1)
		for j := range m.values[i] {
			m.values[i][j] = float64(1000*i + j)
		}
	}
	small, bin := m.binned()
	if bin != 3 || len(small.values) != 44 || len(small.values[0]) != 44 {
		t.Fatalf("bins of %d in %d × %d cells, want 3 in 44 × 44", bin, len(small.values), len(small.values[0]))
	}
	if got := small.values[1][2]; got != 5008 {
		t.Errorf("the cell of rows 4–6 and columns 6–8 is %g, want 5008", got)
	}
	if got := small.values[43][43]; got != 129130 {
		t.Errorf("the last cell is %g, want 129130", got)
	}
	if small.rows[43] != "130" || small.columns[0] != "0–2" {
		t.Errorf("named %q and %q, want 130 and 0–2", small.rows[43], small.columns[0])
	}
}

// TestMistakes wants the page of each mistake to name it and a check that fails.
func TestMistakes(t *testing.T) {
	for _, m := range explain.Mistakes() {
		r, err := explain.Builtin().Explain(m)
		if err != nil {
			t.Fatal(err)
		}
		for l, fails := range map[Lang]string{English: "✗ fails", Korean: "✗ 실패"} {
			page := written(t, Page{Report: r}, l)
			if !strings.Contains(page, escape(l.mistake(m))) || !strings.Contains(page, fails) {
				t.Errorf("%s, %s: the page does not name the mistake or no check fails", m, l)
			}
		}
	}
}
