package show

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// number writes four digits.
func number(f float64) string { return digits(f, 4) }

// digits writes so many digits, with a power of ten where a number is far
// from 1.
func digits(f float64, n int) string {
	a := math.Abs(f)
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.NewReplacer("+Inf", "∞", "-Inf", "−∞").Replace(fmt.Sprint(f))
	case a == 0:
		return "0"
	case a >= 1e-3 && a < 1e4:
		return minus(strconv.FormatFloat(f, 'f', max(n-1-int(math.Floor(math.Log10(a))), 0), 64))
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', n-1, 64), "e")
	e, _ := strconv.Atoi(exponent)
	if n == 1 && mantissa == "1" {
		return power(e)
	}
	return minus(mantissa) + "×" + power(e)
}

// minus writes a minus sign, which is as wide as a plus.
func minus(number string) string { return strings.Replace(number, "-", "−", 1) }

// power writes a power of ten.
func power(e int) string { return "10" + superscripts.Replace(strconv.Itoa(e)) }

var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "-", "⁻")

// mostWritten is how many rows and columns of a matrix are written out.
const mostWritten = 12

// matrix writes a vector as a row and a matrix as it is, all numbers with the
// same power of ten, which stands beside them. Pointing at a number shows all
// its digits.
func (s *sheet) matrix(m explain.Tensor, name string) *element {
	rows, cols := 1, len(m.Data)
	if len(m.Shape) == 2 {
		rows, cols = m.Shape[0], m.Shape[1]
	}
	scale := exponentOf(m.Data)
	table := el("table.matrix", at("aria-label", name))
	for i := range min(rows, mostWritten) {
		tr := el("tr")
		for j := range min(cols, mostWritten) {
			v := m.Data[i*cols+j]
			text := minus(strconv.FormatFloat(v/math.Pow10(scale), 'f', 4, 64))
			tr.add(el("td", at("title", strconv.FormatFloat(v, 'g', -1, 64)), text))
		}
		if cols > mostWritten {
			tr.add(el("td", "…"))
		}
		table.add(tr)
	}
	box := el("div.wide", el("span.of", s.shape(m.Shape)), table)
	if scale != 0 {
		box.add(el("span.of", "× "+power(scale)))
	}
	if rows > mostWritten || cols > mostWritten {
		box.add(el("span.of", fmt.Sprintf(s.say("the first %d rows and columns", "처음 %d개의 행과 열"), mostWritten)))
	}
	return box
}

func (s *sheet) shape(sizes []int) string {
	texts := make([]string, len(sizes))
	for i, n := range sizes {
		texts[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// exponentOf is the power of ten that is taken out of numbers, 0 where they can
// be read as they are.
func exponentOf(data []float64) int {
	largest := 0.0
	for _, v := range data {
		if a := math.Abs(v); a > largest && !math.IsInf(a, 0) {
			largest = a
		}
	}
	if largest == 0 || largest >= 0.01 && largest < 1000 {
		return 0
	}
	return max(int(math.Floor(math.Log10(largest))), -300)
}
