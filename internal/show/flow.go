package show

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// FlowVerdict says in a sentence what becomes of a gradient.
func (l Lang) FlowVerdict(f explain.Flow) string {
	last := 0
	if n := len(f.Points); n > 0 {
		last = f.Points[n-1].Distance
	}
	steps := func(n int) string { return l.count(n, "step", "시점") }
	switch f.Verdict {
	case explain.Vanishing:
		return fmt.Sprintf(l.say("The gradient vanishes: %s back, half of the time less than a thousandth of it is left.",
			"기울기가 소실된다: %s만 거슬러 올라가도 절반의 경우 천분의 일이 채 남지 않는다."), steps(f.Fades))
	case explain.Exploding:
		return fmt.Sprintf(l.say("The gradient explodes: %s back, half of the time it has grown more than a thousandfold.",
			"기울기가 폭발한다: %s을 거슬러 올라가면 절반의 경우 천 배 넘게 커진다."), steps(f.Explodes))
	}
	return fmt.Sprintf(l.say("The gradient neither vanishes nor explodes over the %s seen.",
		"살펴본 %s 거리 안에서는 기울기가 소실되지도 폭발하지도 않는다."), steps(last))
}

// Flow writes how a gradient fades or grows with distance.
func (s *Screen) Flow(w io.Writer, f explain.Flow) error { return s.Flows(w, []explain.Flow{f}) }

// Flows writes the same of several models side by side.
func (s *Screen) Flows(w io.Writer, flows []explain.Flow) error {
	var b strings.Builder
	s.flows(&b, flows)
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Screen) flows(b *strings.Builder, flows []explain.Flow) {
	s.heading(b, s.say("How a gradient fades or grows: ‖∂h_t/∂h_k‖₂ by the distance t − k", "거리 t − k에 따라 기울기가 줄거나 커지는 모습: ‖∂h_t/∂h_k‖₂"))
	if len(flows) == 1 {
		f := flows[0]
		s.wrap(b, 2, fmt.Sprintf(s.say("Medians of all pairs seen; a tenth of them are below and a tenth above the numbers beside. %s followed.",
			"관측한 모든 쌍의 중앙값. 양옆은 아래쪽 1할과 위쪽 1할의 경계다. 따라간 상태 %s."), s.count(f.Chains, "state", "개")))
		b.WriteString("\n")
		s.oneFlow(b, f)
		b.WriteString("\n")
		s.wrap(b, 0, s.FlowVerdict(f))
		return
	}
	s.wrap(b, 2, fmt.Sprintf(s.say("Medians of all pairs seen, %s followed in each.", "관측한 모든 쌍의 중앙값. 모델마다 따라간 상태 %s."), s.count(flows[0].Chains, "state", "개")))
	b.WriteString("\n")
	s.sideBySide(b, flows)
	b.WriteString("\n")
	for i, f := range flows {
		s.wrap(b, 0, fmt.Sprintf("%s %s (%s): %s", s.plainMark(i), harmless(f.Name), f.Cell, s.FlowVerdict(f)))
	}
}

// distances are those of a table: powers of two, the last, and where a median
// first fades or explodes.
func distances(flows []explain.Flow) (all []int) {
	last := 0
	for _, f := range flows {
		last = max(last, len(f.Points))
		for _, d := range []int{f.Fades, f.Explodes} {
			if d > 0 {
				all = append(all, d)
			}
		}
	}
	for d := 1; d < last; d *= 2 {
		all = append(all, d)
	}
	all = append(all, last)
	slices.Sort(all)
	return slices.Compact(all)
}

// pointOf returns the point of a distance, if there is one.
func pointOf(f explain.Flow, distance int) (explain.Point, bool) {
	if distance < 1 || distance > len(f.Points) {
		return explain.Point{}, false
	}
	return f.Points[distance-1], true
}

// oneFlow writes the numbers of one model with their picture.
func (s *Screen) oneFlow(b *strings.Builder, f explain.Flow) {
	head := []string{s.say("distance", "거리"), s.say("pairs", "쌍"), "10 %", s.say("median", "중앙값"), "90 %"}
	if f.SigmaMax > 0 {
		head = append(head, s.say("bound", "상한"))
	}
	line := "  "
	for i, h := range head {
		line += right(h, max(8-2*min(i, 1), widthOf(h)))
		if i > 0 {
			line += " "
		}
	}
	p := newPlot([]explain.Flow{f}, s.Columns-widthOf(line)-2)
	b.WriteString(line + p.axis() + "\n")
	for _, d := range distances([]explain.Flow{f}) {
		at, ok := pointOf(f, d)
		if !ok {
			continue
		}
		numbers := []string{fmt.Sprint(at.Pairs), short(at.Low), short(at.Median), short(at.High)}
		if f.SigmaMax > 0 {
			numbers = append(numbers, short(at.Bound))
		}
		line := "  " + right(fmt.Sprint(d), max(8, widthOf(head[0])))
		for i, n := range numbers {
			line += right(n, max(6, widthOf(head[i+1]))) + " "
		}
		row := p.row()
		p.band(row, at.Low, at.High)
		p.put(row, at.Median, "●")
		b.WriteString(strings.TrimRight(line+strings.Join(row, ""), " ") + "\n")
	}
	if f.SigmaMax > 0 {
		b.WriteString("\n")
		s.wrap(b, 2, fmt.Sprintf(s.say("bound: what no pair can exceed, σ_max(W_hh) = %s times the largest slope of each step (at most %s), multiplied over the steps",
			"상한: 어느 쌍도 넘을 수 없는 값. σ_max(W_hh) = %s에 그 시점의 가장 큰 미분값(최대 %s)을 곱해 시점마다 쌓은 것"), short(f.SigmaMax), short(f.Slope)))
	}
}

// sideBySide writes the medians of several models with their picture.
func (s *Screen) sideBySide(b *strings.Builder, flows []explain.Flow) {
	const column = 9
	label := s.say("distance", "거리")
	last := []string{s.say("below 0.001", "0.001 아래"), s.say("above 1000", "1000 위")}
	width := max(widthOf(label), widthOf(last[0]), widthOf(last[1]))
	head, cells := "  "+right("", width), "  "+right(label, width)
	for i, f := range flows {
		head += right(s.plainMark(i)+" "+fit(harmless(shortName(f.Name)), column-3), column)
		cells += right(f.Cell, column)
	}
	p := newPlot(flows, s.Columns-widthOf(head)-4)
	b.WriteString(head + "\n" + cells + "  " + p.axis() + "\n")
	for _, d := range distances(flows) {
		line, row := "  "+right(fmt.Sprint(d), width), p.row()
		for i, f := range flows {
			text := "–"
			if at, ok := pointOf(f, d); ok {
				text = short(at.Median)
				p.put(row, at.Median, s.mark(i))
			}
			line += right(text, column)
		}
		b.WriteString(strings.TrimRight(line+"  "+strings.Join(row, ""), " ") + "\n")
	}
	for i, name := range last {
		line := "  " + right(name, width)
		for _, f := range flows {
			d := []int{f.Fades, f.Explodes}[i]
			line += right(map[bool]string{true: fmt.Sprint(d), false: "–"}[d > 0], column)
		}
		b.WriteString(line + "\n")
	}
}

// shortName is a model's file without folder and ending.
func shortName(name string) string {
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// plainMark is the letter of the i-th model, mark the same in a colour.
func (s *Screen) plainMark(i int) string { return string(rune('A' + i%26)) }

func (s *Screen) mark(i int) string {
	if s.Colors == NoColors {
		return s.plainMark(i)
	}
	return fmt.Sprintf("\x1b[1;3%dm%s\x1b[0m", []int{6, 3, 5, 2, 4, 1}[i%6], s.plainMark(i))
}

// plot is a picture of sizes in characters, on a line a distance: powers of ten
// from left to right.
type plot struct {
	low, high float64 // powers of ten
	columns   int
}

// mostFaded is how many powers of ten below 1 are drawn: what is smaller stands
// at the edge.
const mostFaded, mostGrown = 9.0, 9.0

// newPlot spans what is to be drawn, and from Faded to 1 at the least.
func newPlot(flows []explain.Flow, columns int) *plot {
	p := &plot{low: -3.5, high: 0.5, columns: max(columns, 12)}
	for _, f := range flows {
		for _, at := range f.Points {
			if at.Low > 0 {
				p.low = min(p.low, math.Log10(at.Low))
			}
			if at.High > 0 {
				p.high = max(p.high, math.Log10(at.High))
			}
		}
	}
	p.low, p.high = max(p.low, -mostFaded), min(p.high, mostGrown)
	return p
}

// column returns where a size stands.
func (p *plot) column(v float64) int {
	if v <= 0 {
		return 0
	}
	share := (math.Log10(v) - p.low) / (p.high - p.low)
	return int(min(max(share, 0), 1)*float64(p.columns-1) + 0.5)
}

// row returns a line with marks at Faded and at 1.
func (p *plot) row() []string {
	row := make([]string, p.columns)
	for i := range row {
		row[i] = " "
	}
	row[p.column(explain.Faded)], row[p.column(1)] = "┊", "│"
	if p.high > 3 {
		row[p.column(1/explain.Faded)] = "┊"
	}
	return row
}

func (p *plot) put(row []string, v float64, mark string) { row[p.column(v)] = mark }

// band marks what lies between two sizes.
func (p *plot) band(row []string, from, to float64) {
	for i := p.column(from); i <= p.column(to); i++ {
		row[i] = "─"
	}
}

// axis is the line above, which names the marks.
func (p *plot) axis() string {
	row := make([]rune, p.columns+6)
	for i := range row {
		row[i] = ' '
	}
	name := func(v float64, text string) { copy(row[max(p.column(v)-len(text)/2, 0):], []rune(text)) }
	name(explain.Faded, "0.001")
	if p.high > 3 {
		name(1/explain.Faded, "1000")
	}
	name(1, "1")
	return strings.TrimRight(string(row), " ")
}
