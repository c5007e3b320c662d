package show

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"

	"github.com/unroll-go/unroll/internal/explain"
)

// Page is a report as one file of HTML, which needs no network and no other
// file: a case with its equations, or trained models.
type Page struct {
	Report *explain.Report        // of a case
	Models []*explain.ModelReport // of models: the only one's input explained; of several, flows side by side
}

//go:embed page.css
var style string

//go:embed page.js
var script string

// Write writes the page in the language.
func (p Page) Write(w io.Writer, l Lang) error {
	s := newSheet(p, l)
	out := bufio.NewWriter(w)
	out.WriteString("<!doctype html>\n")
	el("html", at("lang", string(l)), s.head(), s.body()).write(out)
	out.WriteString("\n")
	return out.Flush()
}

// head forbids the page everything but its own style and script, by their
// hashes.
func (s *sheet) head() *element {
	policy := fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hash(style), hash(script))
	return el("head",
		el("meta", at("charset", "utf-8")),
		el("meta", at("http-equiv", "Content-Security-Policy"), at("content", policy)),
		el("meta", at("name", "viewport"), at("content", "width=device-width, initial-scale=1")),
		el("meta", at("name", "color-scheme"), at("content", "light dark")),
		el("title", s.title()),
		el("style", raw(style)))
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (s *sheet) title() string {
	if s.Report != nil {
		return s.say("Backpropagation through time, computed: ", "시간 역전파, 숫자로: ") + clip(s.Name, 80)
	}
	return s.say("Who influenced whom: ", "누가 누구에게 영향을 주었나: ") + clip(s.Name, 80)
}

func (s *sheet) body() *element {
	main := el("main", s.top())
	if s.Report != nil {
		main.add(s.checks(), s.forward(), s.equations(), s.doubleSum())
	}
	main.add(s.influences(), s.flow())
	main.add(el("footer", el("p", s.say("Written by unroll. Equation numbers are those of dohye, “Backpropagation in RNNs” (2019), after Gang Chen, arXiv:1610.02583.",
		"unroll이 만든 문서. 식 번호는 dohye, “Backpropagation in RNNs” (2019)의 것이며, 그 글은 Gang Chen, arXiv:1610.02583을 따른다."))))
	return el("body", main, el("script", raw(script)))
}

// top is the title and the verdict.
func (s *sheet) top() *element {
	header := el("header", el("p.kicker", s.kicker()), el("h1", el("bdi", clip(s.Name, 200))))
	if s.Input != "" {
		header.add(el("p", s.say("Explained on: ", "설명에 쓴 입력: "), el("bdi", clip(s.Input, 200))))
	}
	if s.Report != nil {
		c := s.Report.Case
		header.add(el("p", fmt.Sprintf(s.say("A tanh network of one layer on a sequence: %s. Its loss is ℒ = %s.",
			"한 층짜리 tanh 네트워크와 시퀀스 하나: %s. 손실은 ℒ = %s."), s.sizes(&c), number(c.Loss))))
		if s.Report.Broken != "" {
			header.add(el("p.broken", s.say("A mistake was put in on purpose, to see which checks notice it. ", "어느 검사가 찾아내는지 보려고 일부러 실수를 넣었다. "),
				s.mistake(explain.Mistake(s.Report.Broken))+"."))
		}
		header.add(s.passed())
	}
	for _, f := range s.Flows {
		line := el("p.verdict")
		if len(s.Flows) > 1 {
			line.add(el("bdi", el("b", clip(f.Name, 60))), ": ")
		}
		header.add(line.add(s.FlowVerdict(f)))
	}
	return header
}

func (s *sheet) kicker() string {
	if s.Report == nil {
		return s.say("A trained model, explained", "학습된 모델의 설명")
	}
	return s.say("Backpropagation through time, computed", "시간 역전파, 숫자로")
}

// passed says how many checks passed.
func (s *sheet) passed() *element {
	all, failed := len(s.Report.Checks), len(s.Report.Failed())
	switch {
	case all == 0:
		return nil
	case failed > 0:
		return el("p.bad", fmt.Sprintf(s.say("✗ %d of %d checks fail.", "✗ 검사 %[2]d개 가운데 %[1]d개가 실패했다."), failed, all))
	case s.Report.Broken != "":
		return el("p.good", fmt.Sprintf(s.say("✓ All %d checks pass.", "✓ 검사 %d개를 모두 통과했다."), all))
	}
	return el("p.good", "✓ "+s.allPass(s.Report))
}

// checks is the table of the checks.
func (s *sheet) checks() *element {
	if len(s.Report.Checks) == 0 {
		return nil
	}
	table := el("table.checks", el("tr", el("th"), el("th", s.say("check", "검사")), el("th", s.say("largest error", "가장 큰 오차")), el("th", s.say("allowed", "허용")), el("th", s.say("where", "위치"))))
	for _, c := range s.Report.Checks {
		sign, class := s.say("✓ passes", "✓ 통과"), "good"
		switch {
		case c.CannotTell:
			sign, class = s.say("? cannot tell", "? 알 수 없음"), "unsure"
		case !c.OK:
			sign, class = s.say("✗ fails", "✗ 실패"), "bad"
		}
		meaning := el("td", s.checkMeaning(c.Name))
		for _, note := range []string{s.cannotTell(c), s.raised(c), s.noticed(s.Report, c)} {
			if note != "" {
				meaning.add(" ", note)
			}
		}
		table.add(el("tr", el("td."+class, sign), meaning, el("td", digits(c.RelErr, 2)), el("td", digits(c.Limit, 1)), el("td", c.Of)))
	}
	box := el("div.wide", table)
	if s.Report.Broken != "" && !s.Report.OK() {
		for _, line := range s.makesWrong(s.Report) {
			box.add(el("p.note", line))
		}
	}
	for _, o := range s.Report.LeftOut {
		box.add(el("p.note", o.What+": "+s.leftOut(o)+"."))
	}
	return box
}

// doubleSum holds the paper's double sums to the recursion.
func (s *sheet) doubleSum() []*element {
	if len(s.Report.DoubleSum) == 0 {
		return nil
	}
	list := el("ul")
	for _, w := range []struct{ key, eq string }{{"Whh", "(11)"}, {"Wxh", "(14)"}} {
		if v, ok := s.Report.DoubleSum[w.key]; ok {
			list.add(el("li", w.eq+" ", inline("W_"+w.key[1:]), ": "+digits(v, 2)))
		}
	}
	T := s.Report.Case.T
	return []*element{
		el("h2", s.say("The double sum and the recursion", "이중합과 재귀 계산")),
		el("p", fmt.Sprintf(s.say("(11) and (14) add a term for every pair k ≤ t: %d here. The recursion needs %s.",
			"(11)과 (14)는 k ≤ t인 쌍마다 한 항씩, 여기서는 %d개를 더한다. 아래 재귀식은 %s이면 된다."), T*(T+1)/2, s.count(T, "step", "번"))),
		formula("δ_k = (∂L/∂α_k W_hz + δ_{k+1} W_hh) D_k", line(msub("δ", mi("k")), "=",
			bracketed(partial(lossOf(0), msub("α", mi("k"))), weight("Whz"), mo("+"), el("msub", mi("δ"), mrow(mi("k"), mo("+"), mn(1))), weight("Whh")), msub("D", mi("k")))),
		el("p", s.say("They differ, relatively, by:", "둘의 상대 오차:")), list,
	}
}
