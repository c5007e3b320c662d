package show

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/explain"
)

// influences shows who influenced whom, of every part.
func (s *sheet) influences() []*element {
	all := []*element{
		el("h2", at("id", "influence"), s.say("Who influenced whom", "누가 누구에게 영향을 주었나")),
		el("p", s.say("A row is a step t, a column the step k whose influence on it is told. Bright is a strong influence, dark a lost one; the scale is logarithmic.",
			"행은 시점 t, 열은 거기에 영향을 준 시점 k이다. 밝을수록 영향이 크고, 어두울수록 사라진 것이다. 눈금은 로그이다.")),
	}
	any := false
	for i, part := range s.Parts {
		maps := s.maps(i, part)
		if len(maps) == 0 {
			continue
		}
		any = true
		if part.Layer > 0 {
			all = append(all, el("h3", s.partName(part.Layer, part.Direction)))
		}
		all = append(all, s.decided(part), el("div.maps", maps))
	}
	if !any {
		return nil
	}
	return all
}

func (s *sheet) partName(layer int, direction string) string {
	return fmt.Sprintf(s.say("Layer %d, %s", "%d층, %s"), layer, s.direction(direction))
}

func (s *sheet) maps(i int, p part) []*element {
	var all []*element
	for j, m := range []heatMap{
		{title: "‖∂L(t)/∂hₖ‖", values: p.DLdH, about: s.say("how much the loss of step t would change with the state of step k: what learning at t can tell step k.",
			"시점 k의 상태가 바뀌면 시점 t의 손실이 얼마나 바뀌는가. t에서의 학습이 k에 전할 수 있는 것.")},
		{title: "‖∂hₜ/∂hₖ‖", values: p.DHdH, about: s.say("how much the state of step t would change with that of step k, in the direction where it is most: the product of Jacobians that vanishes or explodes. Of an LSTM the state is (h, c).",
			"시점 k의 상태가 바뀌면 시점 t의 상태가 가장 크게는 얼마나 바뀌는가. 소실되거나 폭발하는 야코비 행렬의 곱. LSTM의 상태는 (h, c)이다.")},
		{title: "‖∂L(t)/∂xₖ‖", values: p.DLdX, first: 1, about: s.say("how much the loss of step t would change with the input of step k.",
			"시점 k의 입력이 바뀌면 시점 t의 손실이 얼마나 바뀌는가.")},
	} {
		m.id, m.backward = fmt.Sprintf("map-%d-%d", i, j), p.Direction == explain.Backward
		if len(m.values) == 0 || len(m.values[0]) == 0 {
			continue
		}
		if s.Tokens != nil {
			m.rows = s.numbered(len(m.values))
			m.columns = s.numbered(len(m.values[0]) - 1 + m.first)
			if m.first == 0 {
				m.columns = append([]string{"h₀"}, m.columns...)
			}
		}
		if len(m.values) == 1 && len(m.values[0]) > 2 {
			m.rows = []string{"ℒ"} // one loss, of the whole
		}
		all = append(all, s.draw(m))
	}
	return all
}

// numbered are the first tokens with their steps.
func (s *sheet) numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint(i + 1)
		if i < len(s.Tokens) {
			names[i] += " " + clip(s.Tokens[i], 24)
		}
	}
	return names
}

// mostDecided is how many labels are told who decided them; of more than mostOpen
// the table is folded away.
const mostDecided, mostOpen = 200, 30

// decided tells of every label which two inputs its loss leans on most.
func (s *sheet) decided(p part) *element {
	if len(p.DLdX) == 0 || len(p.DLdX[0]) != len(s.Tokens) {
		return nil
	}
	label := s.say("label", "라벨")
	if !s.Given {
		label = s.say("label (the model's own)", "라벨 (모델이 붙인 것)")
	}
	table := el("table.numbers.words", el("tr", el("th", "t"), el("th", s.say("input", "입력")), el("th", label),
		el("th", s.say("leans most on", "가장 크게 기댄 입력")), el("th", s.say("next", "그다음"))))
	for t, row := range p.DLdX[:min(len(p.DLdX), mostDecided)] {
		number, word, label := "", "", ""
		if len(p.DLdX) > 1 || len(s.Tokens) == 1 {
			number, word = fmt.Sprint(t+1), clip(s.Tokens[t], 24)
		}
		if t < len(s.Labels) {
			label = clip(s.Labels[t], 24)
		}
		first, second := largest(row)
		table.add(el("tr", el("th", number), el("td", el("bdi", word)), el("td", el("bdi", label)), s.leaned(row, first), s.leaned(row, second)))
	}
	details := el("details")
	if len(p.DLdX) <= mostOpen {
		details.add(at("open", ""))
	}
	return details.add(el("summary", s.say("Which input decided this label", "어느 입력이 이 라벨을 결정했나")),
		el("p.note", s.Loss, " ", s.say("The share is ‖∂L(t)/∂xₖ‖ over the sum of its row.", "비율은 ‖∂L(t)/∂xₖ‖를 그 행의 합으로 나눈 것이다.")), el("div.wide", table))
}

// largest are the places of a row's two largest numbers, -1 where there is none.
func largest(row []float64) (first, second int) {
	first, second = -1, -1
	for k, v := range row {
		switch {
		case v > 0 && (first < 0 || v > row[first]):
			first, second = k, first
		case v > 0 && (second < 0 || v > row[second]):
			second = k
		}
	}
	return first, second
}

func (s *sheet) leaned(row []float64, k int) *element {
	if k < 0 {
		return el("td")
	}
	sum := 0.0
	for _, v := range row {
		sum += v
	}
	return el("td", el("bdi", clip(s.Tokens[k], 24)), fmt.Sprintf(" (%d) %.0f %%", k+1, 100*row[k]/sum))
}
