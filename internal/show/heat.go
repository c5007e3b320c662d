package show

import (
	"fmt"
	"math"
	"strings"
)

// table is a matrix of norms with names of its rows and columns.
type table struct {
	rows, columns []string
	values        [][]float64
	first         int     // number of the first column
	top           float64 // the size that is brightest; 0 for the largest of each row
}

// heatDecades is how many powers of ten the colours of a table span.
const heatDecades = 3.0

// The widths of a cell: with its number, and without.
const (
	numberCell = 6
	narrowCell = 2
	oneCell    = 1
)

// heatMap writes a table: numbers, on colours where there are any, if they have
// room; otherwise colours alone, or shades. What does not fit is left out, the
// earliest first, and said.
func (s *Screen) heatMap(b *strings.Builder, t table) {
	names := 0
	for _, r := range t.rows {
		names = max(names, widthOf(r))
	}
	room := s.Columns - names - 3
	cell := numberCell
	for _, w := range []int{narrowCell, oneCell} {
		if cell*len(t.columns) > room {
			cell = w
		}
	}
	from := max(len(t.columns)-room/cell, 0)
	first := max(len(t.rows)-mostRows, 0)
	if from > 0 || first > 0 {
		s.wrap(b, 2, fmt.Sprintf(s.say("(the last %d of %d rows, the last %d of %d columns; --json has all)", "(행 %[2]d개 가운데 끝의 %[1]d개, 열 %[4]d개 가운데 끝의 %[3]d개만 보인다. 전체는 --json)"),
			len(t.rows)-first, len(t.rows), len(t.columns)-from, len(t.columns)))
	}
	b.WriteString(blanks(names + 3))
	b.WriteString(strings.TrimRight(columnNames(t.columns[from:], t.first+from, cell), " ") + "\n")
	for i, row := range t.values[first:] {
		b.WriteString("  " + left(t.rows[first+i], names) + " ")
		for _, v := range row[from:] {
			b.WriteString(s.value(v, t.brightest(row), cell))
		}
		b.WriteString("\n")
	}
}

// mostRows is how many rows of a table are written.
const mostRows = 60

// brightest returns the size that is brightest in a row.
func (t *table) brightest(row []float64) float64 {
	if t.top > 0 {
		return t.top
	}
	top := 0.0
	for _, v := range row {
		top = max(top, v)
	}
	return top
}

// columnNames returns the names over cells of that width or, where they are
// longer, every tenth one's number, from being the first's.
func columnNames(names []string, from, cell int) string {
	longest := 0
	for _, n := range names {
		longest = max(longest, widthOf(n))
	}
	var b strings.Builder
	for i, n := range names {
		switch {
		case cell == numberCell:
			b.WriteString(right(fit(n, cell-1), cell))
		case longest <= cell:
			b.WriteString(left(n, cell))
		case (from+i)%10 == 0 && len(fmt.Sprint(from+i)) <= cell*(len(names)-i):
			b.WriteString(left(fmt.Sprint(from+i), 10*cell))
		case i < (10-from%10)%10:
			b.WriteString(blanks(cell))
		}
	}
	return b.String()
}

// value writes a cell.
func (s *Screen) value(v, top float64, cell int) string {
	share := 0.0
	if v > 0 && top > 0 {
		share = 1 + math.Log10(v/top)/heatDecades
	}
	text := blanks(cell)
	if cell == numberCell {
		text = right(short(v), cell)
	}
	switch {
	case v == 0:
		return strings.Repeat(" ", cell-1) + "·"
	case s.Colors != NoColors:
		return s.cell(text, share)
	case cell == numberCell:
		return text
	}
	return strings.Repeat(shades[int(min(max(share, 0), 1)*float64(len(shades)-1)+0.5)], cell)
}

// short writes a size in at most five columns.
func short(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= math.MaxFloat64:
		return "∞"
	case v >= 0.01 && v < 9.995:
		return fmt.Sprintf("%.2f", v)
	case v >= 0.001 && v < 0.01:
		return strings.TrimPrefix(fmt.Sprintf("%.4f", v), "0")
	case v >= 9.995 && v < 999.5:
		return fmt.Sprintf("%.0f", v)
	}
	mantissa, exponent, _ := strings.Cut(fmt.Sprintf("%.0e", v), "e")
	exponent = strings.TrimPrefix(exponent, "+")
	sign := ""
	if strings.HasPrefix(exponent, "-") {
		sign, exponent = "-", exponent[1:]
	}
	return mantissa + "e" + sign + strings.TrimLeft(exponent, "0")
}
