package show

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// block is lines of text, as wide as the widest, the first of them a caption.
type block struct {
	before string // a sign between it and the one to its left
	lines  []string
	width  int
}

func (m *block) add(line string) {
	m.lines = append(m.lines, line)
	m.width = max(m.width, widthOf(line))
}

// mostShown is how many rows and columns of a matrix are shown; of a larger one
// its size is told.
const mostShown = 8

// matrix lays a matrix, or a vector as a row, out under a caption.
func (s *Screen) matrix(caption string, t explain.Tensor) block {
	m := block{}
	m.add(caption)
	rows, cols := 1, len(t.Data)
	if len(t.Shape) == 2 {
		rows, cols = t.Shape[0], t.Shape[1]
	}
	if rows > mostShown || cols > mostShown {
		m.add(s.summary(t))
		return m
	}
	for i := range rows {
		m.add(strings.Join(aligned(t.Data[i*cols:][:cols], t.Data), " "))
	}
	return m
}

// summary says how large a matrix is.
func (s *Screen) summary(t explain.Tensor) string {
	norm, top := 0.0, 0
	for i, v := range t.Data {
		norm = math.Hypot(norm, v)
		if math.Abs(v) > math.Abs(t.Data[top]) {
			top = i
		}
	}
	place := fmt.Sprintf("[%d]", top+1)
	if len(t.Shape) == 2 {
		place = fmt.Sprintf("[%d, %d]", top/t.Shape[1]+1, top%t.Shape[1]+1)
	}
	return fmt.Sprintf(s.say("norm %.4g, largest %.4g at %s", "노름 %.4g, 가장 큰 값 %.4g, 위치 %s"), norm, t.Data[top], place)
}

// vector is a vector in a line.
func (s *Screen) vector(v []float64) string {
	if len(v) > mostShown {
		return strings.Join(aligned(v[:mostShown], v), " ") + " …"
	}
	return strings.Join(aligned(v, v), " ")
}

// aligned writes numbers with as many decimals as the largest of all asks for,
// but no more than any needs: at most four, or powers of ten.
func aligned(v, all []float64) []string {
	top := 0.0
	for _, x := range all {
		top = max(top, math.Abs(x))
	}
	format, decimals, width := byte('f'), 0, 0
	switch {
	case top != 0 && (top < 0.01 || top >= 1e5):
		format, decimals = 'e', 3
	default:
		for _, x := range all {
			decimals = max(decimals, decimalsOf(x))
		}
	}
	for _, x := range all {
		width = max(width, len(strconv.FormatFloat(x, format, decimals, 64)))
	}
	out := make([]string, len(v))
	for i, x := range v {
		out[i] = fmt.Sprintf("%*s", max(width, 7), strconv.FormatFloat(x, format, decimals, 64))
	}
	return out
}

// mostDecimals are those of numbers that do not end sooner.
const mostDecimals = 4

// decimalsOf returns how many decimals a number has.
func decimalsOf(x float64) int {
	_, decimals, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return min(len(decimals), mostDecimals)
}

// shapeOf writes a shape as "[3, 2]".
func shapeOf(t explain.Tensor) string {
	return strings.ReplaceAll(fmt.Sprint(t.Shape), " ", ", ")
}

// between is how many columns lie to the left of a block.
const between = 3

// place lays blocks side by side, as many as fit.
func (s *Screen) place(b *strings.Builder, blocks []block) {
	for len(blocks) > 0 {
		n, width := 1, between+blocks[0].width
		for n < len(blocks) && width+between+blocks[n].width <= s.Columns {
			width += between + blocks[n].width
			n++
		}
		s.placeRow(b, blocks[:n])
		blocks = blocks[n:]
		if len(blocks) > 0 {
			b.WriteString("\n")
		}
	}
}

// placeRow lays blocks side by side, the signs before them at half their height.
func (s *Screen) placeRow(b *strings.Builder, blocks []block) {
	height := 0
	for _, m := range blocks {
		height = max(height, len(m.lines))
	}
	for i := range height {
		line := ""
		for _, m := range blocks {
			sign, text := "", ""
			if i == len(m.lines)/2 {
				sign = m.before
			}
			if i < len(m.lines) {
				text = m.lines[i]
			}
			line += right(sign, between-1) + " "
			if i == 0 {
				line += s.faint(text) + blanks(m.width-widthOf(text))
			} else {
				line += left(text, m.width)
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
