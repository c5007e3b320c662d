package show

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// Influence writes who influenced whom in a sequence: of every label what
// decided it, if sizes by input are known, and the tables. tokens [T] name the
// inputs, nil as x_1, x_2, …; labels name those whose loss L(t) is, one a step or
// one of the whole.
func (s *Screen) Influence(w io.Writer, tokens, labels []string, in *explain.Influence) error {
	var b strings.Builder
	s.influence(&b, tokens, labels, in)
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Screen) influence(b *strings.Builder, tokens, labels []string, in *explain.Influence) {
	T := len(in.DHdH)
	inputs, states := make([]string, T), make([]string, T)
	for t := range T {
		inputs[t], states[t] = fmt.Sprintf("x%d", t+1), fmt.Sprintf("h%d", t+1)
		if tokens != nil {
			inputs[t] = plain(tokens[t])
		}
	}
	losses := make([]string, len(in.DLdH))
	for t := range losses {
		losses[t] = fmt.Sprintf("L(%d)", t+1)
		if len(losses) == 1 && T > 1 {
			losses[t] = "L"
		}
		if t < len(labels) {
			losses[t] += " " + fit(plain(labels[t]), 12)
		}
	}
	before := append([]string{"h0"}, states...)
	if in.DLdX != nil {
		s.decided(b, inputs, losses, in.DLdX)
		s.heading(b, s.say("‖∂L(t)/∂x_k‖: what an input did to a label's loss; bright is the most of its row", "‖∂L(t)/∂x_k‖: 입력이 라벨의 손실에 미친 영향. 행마다 가장 큰 값이 가장 밝다"))
		s.heatMap(b, table{rows: losses, columns: inputs, values: in.DLdX, first: 1})
	}
	s.heading(b, s.say("‖∂L(t)/∂h_k‖: what a state did to it", "‖∂L(t)/∂h_k‖: 상태가 손실에 미친 영향"))
	s.heatMap(b, table{rows: losses, columns: before, values: in.DLdH})
	s.heading(b, s.say("‖∂h_t/∂h_k‖₂: what a state did to a later one; bright is 1 and more", "‖∂h_t/∂h_k‖₂: 상태가 뒤의 상태에 미친 영향. 1 이상이 가장 밝다"))
	s.heatMap(b, table{rows: states, columns: before, values: in.DHdH, top: 1})
}

// heading begins a part.
func (s *Screen) heading(b *strings.Builder, text string) {
	var lines strings.Builder
	s.wrap(&lines, 0, text)
	b.WriteString("\n" + s.strong(strings.TrimSuffix(lines.String(), "\n")) + "\n\n")
}

// mostDeciders is how many inputs are named for a label.
const mostDeciders = 3

// decided says of every label which inputs decided it, as shares of all sizes
// in its row.
func (s *Screen) decided(b *strings.Builder, inputs, losses []string, sizes [][]float64) {
	s.heading(b, s.say("What decided each label: shares of the sizes ‖∂L(t)/∂x_k‖", "라벨마다 무엇이 결정했는가: ‖∂L(t)/∂x_k‖의 비율"))
	first := max(len(losses)-mostRows, 0)
	if first > 0 {
		fmt.Fprintf(b, s.say("  (the last %d of %d)\n", "  (%[2]d개 가운데 끝의 %[1]d개)\n"), len(losses)-first, len(losses))
	}
	own, names := 0, 0
	for t := first; t < len(losses); t++ {
		names = max(names, widthOf(losses[t]))
		if len(losses) == len(inputs) {
			own = max(own, min(widthOf(inputs[t]), 16))
		}
	}
	for t := first; t < len(losses); t++ {
		line := "  " + left(losses[t], names)
		if own > 0 {
			line += "  " + left(fit(inputs[t], own), own)
		}
		line += "  ← " + strings.Join(deciders(inputs, sizes[t]), ", ")
		b.WriteString(fit(line, s.Columns) + "\n")
	}
}

// deciders names the largest of a row.
func deciders(inputs []string, sizes []float64) (names []string) {
	sum := 0.0
	order := make([]int, len(sizes))
	for k, v := range sizes {
		sum += v
		order[k] = k
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case sizes[i] > sizes[j]:
			return -1
		case sizes[i] < sizes[j]:
			return 1
		}
		return 0
	})
	for _, k := range order[:min(mostDeciders, len(order))] {
		if share := sizes[k] / sum; share >= 0.005 {
			names = append(names, fmt.Sprintf("%s(%d) %.0f %%", fit(inputs[k], 16), k+1, 100*share))
		}
	}
	if len(names) == 0 {
		return []string{"–"} // the loss moves with nothing
	}
	return names
}
