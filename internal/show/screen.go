package show

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Screen is a terminal, or a file in the place of one.
type Screen struct {
	Lang
	Columns int // its width; 80 where it is not known
	Colors  Colors
}

// Colors says which colours a screen takes.
type Colors int

// The kinds of colours; without any, shades of characters stand in their place.
const (
	NoColors      Colors = iota
	IndexedColors        // 256
	TrueColors
)

// wide are the ranges of characters that take two columns, as East Asian Wide
// and Fullwidth (Unicode Standard Annex 11), by their blocks.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{{0x1100, 0x115f, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0x4dbf, 1}, {0x4e00, 0xa4cf, 1}, {0xa960, 0xa97f, 1},
		{0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1}, {0xff00, 0xff60, 1}, {0xffe0, 0xffe6, 1}},
	R32: []unicode.Range32{{0x1f300, 0x1f64f, 1}, {0x1f900, 0x1f9ff, 1}, {0x20000, 0x3fffd, 1}},
}

// columnsOf returns how many columns a character takes.
func columnsOf(r rune) int {
	switch {
	case r < 0x300: // none before is wide, or joins
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || 0x1160 <= r && r <= 0x11ff: // the last: vowels and finals that join a Hangul syllable
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// widthOf returns how many columns a text takes.
func widthOf(text string) (n int) {
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

// plain makes a token visible: no space, no control character.
func plain(token string) string {
	return harmless(strings.NewReplacer(" ", "␣", "\n", "↵", "\t", "⇥").Replace(token))
}

// harmless takes what is not to be printed out of a name.
func harmless(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, name)
}

// fit cuts a text to at most so many columns, the last an ellipsis where
// something is cut.
func fit(text string, columns int) string {
	if widthOf(text) <= columns {
		return text
	}
	n := 0
	for i, r := range text {
		if n += columnsOf(r); n > columns-1 {
			return text[:i] + "…"
		}
	}
	return text
}

// left and right fill a text up to so many columns.
func left(text string, columns int) string  { return text + blanks(columns-widthOf(text)) }
func right(text string, columns int) string { return blanks(columns-widthOf(text)) + text }

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }

// wrap writes a paragraph, its lines begun with so many blanks.
func (s *Screen) wrap(b *strings.Builder, indent int, text string) {
	at := 0
	for i, word := range strings.Fields(text) {
		switch n := widthOf(word); {
		case i == 0 || at+1+n > s.Columns:
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString(blanks(indent) + word)
			at = indent + n
		default:
			b.WriteString(" " + word)
			at += 1 + n
		}
	}
	b.WriteString("\n")
}

// ramp is the colours of shares from 0 to 1, dark to light, of the 256.
var ramp = []int{53, 54, 60, 24, 30, 36, 71, 112, 184, 226}

// anchors are the same in red, green and blue, for those between.
var anchors = [][3]float64{{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}

// shades are what stands for a share without colours.
var shades = []string{" ", "░", "▒", "▓", "█"}

// cell is a text on the colour of a share between 0 and 1.
func (s *Screen) cell(text string, share float64) string {
	share = min(max(share, 0), 1)
	ink := 231
	if share > 0.5 {
		ink = 16
	}
	switch s.Colors {
	case IndexedColors:
		return fmt.Sprintf("\x1b[38;5;%d;48;5;%dm%s\x1b[0m", ink, ramp[int(share*float64(len(ramp)-1)+0.5)], text)
	case TrueColors:
		at := share * float64(len(anchors)-1)
		i := min(int(at), len(anchors)-2)
		var c [3]int
		for j := range c {
			c[j] = int(anchors[i][j] + (at-float64(i))*(anchors[i+1][j]-anchors[i][j]) + 0.5)
		}
		return fmt.Sprintf("\x1b[38;5;%d;48;2;%d;%d;%dm%s\x1b[0m", ink, c[0], c[1], c[2], text)
	}
	return text
}

// strong is a text that stands out.
func (s *Screen) strong(text string) string {
	if s.Colors == NoColors {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}
