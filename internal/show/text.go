package show

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// Report writes a case explained: its numbers, every equation with its terms,
// and what was checked.
func (s *Screen) Report(w io.Writer, r *explain.Report) error {
	var b strings.Builder
	s.caseTitle(&b, r)
	s.caseNumbers(&b, &r.Case)
	s.equations(&b, r)
	if r.Broken == "" {
		if len(r.Influence.DLdH) > 0 {
			s.influence(&b, nil, nil, &r.Influence)
		}
		s.flows(&b, []explain.Flow{r.Flow})
	}
	s.checks(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

// caseTitle says what is explained and, where a mistake was put in, which.
func (s *Screen) caseTitle(b *strings.Builder, r *explain.Report) {
	c := &r.Case
	title := s.say("Backpropagation through time: ", "시간 역전파: ") + harmless(c.Name)
	if c.Name == explain.BuiltinName {
		title = s.say("The paper’s worked example (section 4) with numbers", "논문 4절의 예제를 숫자로")
	}
	b.WriteString(s.strong(title) + "\n")
	b.WriteString(s.sizes(c) + "\n")
	if r.Broken != "" {
		b.WriteString("\n" + s.bad(s.mistake(explain.Mistake(r.Broken))) + "\n")
	}
}

// sizes says how large a case is.
func (l Lang) sizes(c *explain.Case) string {
	return fmt.Sprintf(l.say("T = %s, I = %s, H = %s, K = %s", "T = %s, 입력 I = %s, 은닉 유닛 H = %s, 라벨 K = %s"),
		l.count(c.T, "step", "시점"), l.count(c.I, "input", "개"), l.count(c.H, "hidden unit", "개"), l.count(c.K, "label", "개"))
}

// mistake says what was put in by --break.
func (l Lang) mistake(m explain.Mistake) string {
	switch m {
	case explain.Transpose:
		return l.say("--break transpose: outer products the wrong way round, h_{k−1} before δ_k",
			"--break transpose: 외적의 순서를 바꿔 h_{k−1}을 δ_k 앞에 쓴다")
	case explain.DirectTerm:
		return l.say("--break direct-term: (10) as printed, the sum over k stops before k = t",
			"--break direct-term: (10)을 적힌 그대로 써서 k에 대한 합에 k = t 항이 없다")
	case explain.Sign:
		return l.say("--break sign: (5) with the wrong sign, +(y_t − z_t)", "--break sign: (5)의 부호를 틀려 +(y_t − z_t)로 쓴다")
	}
	return l.say("--break held: ∂h_k/∂W as the total derivative, where h_{k−1} should be held",
		"--break held: h_{k−1}을 고정해야 할 ∂h_k/∂W를 전미분으로 쓴다")
}

// caseNumbers shows the weights and the forward pass.
func (s *Screen) caseNumbers(b *strings.Builder, c *explain.Case) {
	s.heading(b, s.say("The weights", "가중치"))
	var blocks []block
	for _, w := range [][2]string{{"Wxh", "W_xh"}, {"Whh", "W_hh"}, {"Bh", "b_h"}, {"Whz", "W_hz"}, {"Bz", "b_z"}, {"h0", "h₀"}} {
		blocks = append(blocks, s.matrix(w[1]+" "+shapeOf(c.Values[w[0]]), c.Values[w[0]]))
	}
	s.place(b, blocks)
	s.heading(b, s.say("Forward: (2), (3), (4)", "순전파: (2), (3), (4)"))
	switch {
	case c.T > explain.ShownSteps:
		fmt.Fprintf(b, s.say("  (%d steps; x, h, α and z are told of up to %d)\n", "  (%d시점. x, h, α, z는 %d시점까지만 보인다)\n"), c.T, explain.ShownSteps)
	case c.T > mostSteps:
		fmt.Fprintf(b, s.say("  (%d steps; --json has the numbers)\n", "  (%d시점. 숫자는 --json에 있다)\n"), c.T)
	default:
		for t := 1; t <= c.T; t++ {
			s.forward(b, c, t)
		}
	}
	fmt.Fprintf(b, "  L = %s = %.6g\n", s.sumOfLosses(c.T), c.Loss)
}

// mostSteps is how many steps are shown one by one.
const mostSteps = 4

func (s *Screen) sumOfLosses(T int) string {
	switch {
	case T == 1:
		return "L(1)"
	case T == 2:
		return "L(1) + L(2)"
	}
	return fmt.Sprintf("L(1) + … + L(%d)", T)
}

// forward shows one step.
func (s *Screen) forward(b *strings.Builder, c *explain.Case, t int) {
	n, before := sub(t), sub(t-1)
	y := c.Y[t-1]
	line := func(name, formula, of string) {
		v := c.Values[fmt.Sprint(of, t)].Data
		fmt.Fprintf(b, "  %s%s\n", left(name+n+" = "+formula, 35), s.vector(v))
	}
	line("x", "", "x")
	line("h", "tanh(W_hh h"+before+" + W_xh x"+n+" + b_h)", "h")
	line("α", "W_hz h"+n+" + b_z", "alpha")
	line("z", "softmax(α"+n+")", "z")
	fmt.Fprintf(b, "  %s%s\n\n", left(fmt.Sprintf(s.say("y%s: label %d of 0..%d", "y%s: 라벨 %d (0..%d 가운데)"), n, y, c.K-1), 35),
		fmt.Sprintf("L(%d) = −log z%s[%d] = %.6g", t, n, y, c.Losses[t-1]))
}

// equations shows every gradient: those of two steps in full, and the general
// ones in full where there are no such.
func (s *Screen) equations(b *strings.Builder, r *explain.Report) {
	s.heading(b, s.say("The gradients", "기울기"))
	b.WriteString(s.say(
		"  Derivatives are rows: −(y − z) is [1, K], and D_t = diag(1 − h_t²) is [H, H].\n"+
			"  A row’s transpose times a row, (…)ᵀ h₁ᵀ, has the shape of the weights.\n"+
			"  Each term is multiplied out by itself; the total is computed at the line\n"+
			"  named, by the recursion where there is one; the differences are\n"+
			"  (L(w + δ) − L(w − δ)) / 2δ with 32 digits.\n",
		"  미분은 행벡터다. −(y − z)는 [1, K], D_t = diag(1 − h_t²)는 [H, H]이다.\n"+
			"  행벡터의 전치와 행벡터의 곱 (…)ᵀ h₁ᵀ는 가중치와 모양이 같다.\n"+
			"  항은 하나하나 따로 곱해서 구했고, 전체 값은 오른쪽에 적은 줄의 재귀 계산으로\n"+
			"  구했다. 중앙차분은 32자리로 계산한 (L(w + δ) − L(w − δ)) / 2δ이다.\n"))
	two := r.Case.T == 2
	var brief []explain.Equation
	for _, q := range r.Equations {
		if two && isGeneral(&q) {
			brief = append(brief, q)
			continue
		}
		s.equation(b, r, &q)
	}
	if two {
		s.general(b, r, brief)
	}
}

// isGeneral says whether an equation is for every T.
func isGeneral(q *explain.Equation) bool {
	return slices.Contains([]string{"5", "6", "7", "11", "14"}, q.Eq)
}

// general says of the equations for every T, where (15)-(26) are shown, that
// these are their instances.
func (s *Screen) general(b *strings.Builder, r *explain.Report, equations []explain.Equation) {
	s.heading(b, s.say("The same for any number of steps", "시점 수와 관계없이 성립하는 식"))
	instances := map[string]string{"5": "(15), (19)", "6": "(23)", "7": "(24)", "11": "(25)", "14": "(26)"}
	for _, q := range equations {
		fmt.Fprintf(b, "  %s %s\n", s.strong(left("("+q.Eq+")", 4)), s.wrapped(lossName(q.Of)+" = "+q.Printed, 7))
		fmt.Fprintf(b, "       "+s.say("for T = 2: %s; relative error: differences %s", "T = 2이면 %s. 상대 오차: 중앙차분 %s"), instances[q.Eq], s.numericError(&q))
		if e, ok := r.DoubleSum[strings.TrimPrefix(q.Of, "dL/d")]; ok {
			fmt.Fprintf(b, s.say(", double sum %s", ", 이중합 %s"), s.errorOf(e, explain.LimitDoubleSum))
		}
		b.WriteString("\n")
	}
}
