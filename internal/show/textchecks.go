package show

import (
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// checks shows what was checked and, with a mistake put in, which checks
// noticed it and which cannot.
func (s *Screen) checks(b *strings.Builder, r *explain.Report) {
	s.heading(b, s.say("Checks (relative errors: max|a − b| / max(max|b|, 1e-8))", "검사 (상대 오차: max|a − b| / max(max|b|, 1e-8))"))
	for _, c := range r.Checks {
		fmt.Fprintf(b, "  %s %s %s\n", s.checkMark(c), left(c.Name, 12), s.checkMeaning(c.Name))
		fmt.Fprintf(b, "    %s %s\n", blanks(12), fmt.Sprintf(s.say("largest error %s, in %s; allowed %.0e", "가장 큰 오차 %s, %s, 허용 %.0e"), s.errorWhere(c.RelErr, c.Limit, c.CannotTell), c.Of, c.Limit))
		for _, note := range []string{s.cannotTell(c), s.raised(c), s.noticed(r, c)} {
			if note != "" {
				fmt.Fprintf(b, "    %s %s\n", blanks(12), note)
			}
		}
	}
	for _, l := range r.LeftOut {
		fmt.Fprintf(b, "  – %s %s\n", left(l.What, 12), s.leftOut(l))
	}
	s.conclusion(b, r)
}

// checkMark says in a character how a check came out.
func (s *Screen) checkMark(c explain.Check) string {
	switch {
	case c.OK:
		return s.good("✓")
	case c.CannotTell:
		return "?"
	}
	return s.bad("✗")
}

// cannotTell says why a check neither passes nor fails, if it does not.
func (l Lang) cannotTell(c explain.Check) string {
	if !c.CannotTell {
		return ""
	}
	return l.say("→ cannot tell: 32 digits are too few for differences here", "→ 판단할 수 없다. 32자리로도 여기서는 차분을 믿을 수 없다")
}

// checkMeaning says what a check compares.
func (l Lang) checkMeaning(name string) string {
	switch name {
	case explain.CheckTerms:
		return l.say("the terms, each by itself, add up to the total", "따로 구한 항들을 더하면 전체 기울기가 된다")
	case explain.CheckDoubleSum:
		return l.say("the double sums (11), (14), read as meant, give the total", "(11), (14)의 이중합을 뜻하는 대로 계산해도 같다")
	case explain.CheckDifferences:
		return l.say("so do central differences of the loss", "손실의 중앙차분과 같다")
	}
	return l.say("so does the program that wrote the case’s file", "예제 파일을 만든 프로그램의 값과 같다")
}

// noticed says whether a check noticed the mistake and, if not, why.
func (l Lang) noticed(r *explain.Report, c explain.Check) string {
	switch {
	case r.Broken == "" || c.CannotTell:
		return ""
	case !c.OK:
		return l.say("→ notices the mistake", "→ 실수를 찾아냈다")
	}
	consistent := c.Name == explain.CheckTerms || c.Name == explain.CheckDoubleSum
	if r.Broken == string(explain.Sign) && consistent {
		return l.say("→ cannot notice it: both sides are made of the same (5)", "→ 찾아낼 수 없다. 양쪽 모두 같은 (5)에서 나온다")
	}
	return l.say("→ does not notice it: the mistake changes no number here by enough", "→ 찾아내지 못했다. 이 예제에서는 실수로 바뀌는 값이 없거나 너무 작다")
}

// leftOut says what the report does without.
func (l Lang) leftOut(o explain.LeftOut) string {
	if l != Korean {
		return "left out: " + o.Why
	}
	reasons := map[string]string{
		"terms":       "시점이 많아 항을 하나하나 보이지 않는다",
		"values":      "시점이 많아 x, h, α, z를 보이지 않는다",
		"differences": "시간이 오래 걸려 일부 수만 비교했다 (가장 큰 것 포함)",
		"double-sum":  "항이 너무 많아 이중합을 계산하지 않았다",
		"influence":   "시점이나 유닛이 많아 영향은 빼고, 기울기의 흐름은 앞쪽 시점에서만 보았다",
		"golden":      "예제 파일에 기대값이 없거나 일부만 있다",
	}
	return reasons[o.What]
}

// conclusion sums the checks up in a line.
func (s *Screen) conclusion(b *strings.Builder, r *explain.Report) {
	names := strings.Join(r.Failed(), ", ")
	b.WriteString("\n")
	switch {
	case r.Broken == "" && r.OK():
		s.wrap(b, 0, s.good("✓")+" "+s.allPass(r))
	case r.Broken == "":
		fmt.Fprintf(b, s.say("%s Checks fail: %s.\n", "%s 통과하지 못한 검사: %s.\n"), s.bad("✗"), names)
	case r.OK():
		fmt.Fprintf(b, s.say("%s No check notices the mistake: in this case it changes no number by enough.\n", "%s 어떤 검사도 실수를 찾아내지 못했다. 이 예제에서는 바뀌는 값이 없거나 너무 작다.\n"), s.bad("✗"))
	default:
		fmt.Fprintf(b, s.say("%s The mistake is noticed by: %s.\n", "%s 실수를 찾아낸 검사: %s.\n"), s.bad("✗"), names)
		for _, line := range s.makesWrong(r) {
			fmt.Fprintf(b, "  %s\n", line)
		}
	}
}

// makesWrong says which gradients the mistake makes wrong and why it leaves the rest,
// nothing where differences cannot tell.
func (l Lang) makesWrong(r *explain.Report) (lines []string) {
	wrong, all := wrongOnes(r)
	which := strings.Join(wrong, ", ")
	switch len(wrong) {
	case 0:
		return nil
	case all:
		which = l.say("every gradient", "모든 기울기")
	}
	return []string{fmt.Sprintf(l.say("It makes wrong: %s.", "틀리게 된 것: %s."), which), l.reach(explain.Mistake(r.Broken))}
}

// allPass says what passed where no check failed, and what was not looked at.
func (l Lang) allPass(r *explain.Report) string {
	unsure := r.Unsure()
	passed := len(r.Checks) - len(unsure)
	text := fmt.Sprintf(l.say("Every check passes (%d)", "모든 검사를 통과했다(%d개)"), passed)
	if len(unsure) > 0 {
		text = fmt.Sprintf(l.say("%d of %d checks pass, and %s cannot tell", "검사 %[2]d개 가운데 %[1]d개를 통과했고, %[3]s 검사는 판단할 수 없다"), passed, len(r.Checks), strings.Join(unsure, ", "))
	}
	compared, all := 0, 0
	for _, q := range r.Equations {
		compared, all = compared+q.NumericElements, all+len(q.Total.Data)
	}
	switch {
	case compared < all:
		return text + fmt.Sprintf(l.say(". Differences were taken of %d of the %d numbers, the largest of each gradient among them.",
			". 다만 중앙차분은 수 %[2]d개 가운데 %[1]d개에서만 비교했다(기울기마다 가장 큰 수 포함)."), compared, all)
	case len(unsure) > 0:
		return text + "."
	}
	return text + l.say(": the gradients are right.", ". 기울기는 모두 옳다.")
}

// raised says why a check allows more than usual, if it does.
func (l Lang) raised(c explain.Check) string {
	if usual := (&explain.Equation{}).NumericLimit(); c.Name != explain.CheckDifferences || c.Limit <= usual {
		return ""
	}
	return l.say("(raised: near ±1, few digits of 1 − h² are left in float64)", "(h가 ±1에 가까워 float64의 1 − h²에 남는 자리가 적으므로 올린 값)")
}

// wrongOnes names the gradients that differ from differences, of as many; those
// for every T only where their instances, (15)-(26), are not there.
func wrongOnes(r *explain.Report) (names []string, of int) {
	for _, q := range r.Equations {
		if r.Case.T == 2 && isGeneral(&q) {
			continue
		}
		of++
		if !q.NumericFails() {
			continue
		}
		name := "(" + q.Eq + ")"
		if q.Eq == "" {
			name = lossName(q.Of)
		}
		names = append(names, name)
	}
	return names, of
}

// reach says why a mistake leaves some gradients right.
func (l Lang) reach(m explain.Mistake) string {
	switch m {
	case explain.Transpose:
		return l.say("What is no matrix has no other way round, and stays right.", "행렬이 아닌 것은 뒤집을 수 없으므로 그대로 옳다.")
	case explain.DirectTerm:
		return l.say("(10) is of W_hh alone: the rest stays right.", "(10)은 W_hh에 대한 식이므로 나머지는 그대로 옳다.")
	case explain.Sign:
		return l.say("Every gradient begins with (5): none stays right.", "모든 기울기가 (5)에서 시작하므로 옳은 것이 하나도 없다.")
	}
	return l.say("Of L(1) all stays right: h_0 owes nothing to the weights.", "h_0는 가중치와 무관하므로 L(1)의 기울기는 그대로 옳다.")
}

// errorOf writes an error, in red where it is too large.
func (s *Screen) errorOf(e, limit float64) string { return s.errorWhere(e, limit, false) }

// numericError writes the error of an equation against differences.
func (s *Screen) numericError(q *explain.Equation) string {
	return s.errorWhere(q.NumericRelErr, q.NumericLimit(), q.NumericUnsure())
}

// errorWhere writes an error which may say nothing.
func (s *Screen) errorWhere(e, limit float64, unsure bool) string {
	text := fmt.Sprintf("%.2g", e)
	switch {
	case e == 0:
		return "0"
	case e < limit:
		return text
	case unsure:
		return text + " ?"
	}
	return s.bad(text + " ✗")
}

// colours on a terminal (ECMA-48 SGR).
func (s *Screen) bad(text string) string   { return s.ink("1;31", text) }
func (s *Screen) good(text string) string  { return s.ink("32", text) }
func (s *Screen) faint(text string) string { return s.ink("2", text) }

func (s *Screen) ink(code, text string) string {
	if s.Colors == NoColors || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
