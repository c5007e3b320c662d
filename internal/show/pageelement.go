package show

import (
	"bufio"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// element is a piece of HTML, SVG or MathML. All its text and the values of its
// attributes are escaped as it is written, so that what came from a file can be
// nothing but text.
type element struct {
	name    string
	attrs   []attr
	content []any // string, raw, *element
}

type attr struct{ name, value string }

// raw is written as it is: the page's own style and script.
type raw string

// el makes an element of a name, "table" or "table.matrix.small" with classes,
// and what is in it: attributes, elements, slices of them, and text. A nil
// element is left out.
func el(name string, content ...any) *element {
	name, classes, _ := strings.Cut(name, ".")
	e := &element{name: name}
	if classes != "" {
		e.attrs = append(e.attrs, attr{"class", strings.ReplaceAll(classes, ".", " ")})
	}
	return e.add(content...)
}

func (e *element) add(content ...any) *element {
	for _, c := range content {
		switch c := c.(type) {
		case attr:
			e.attrs = append(e.attrs, c)
		case []*element:
			for _, child := range c {
				e.add(child)
			}
		case *element:
			if c != nil {
				e.content = append(e.content, c)
			}
		case string, raw:
			e.content = append(e.content, c)
		default:
			panic(fmt.Sprintf("show: %T in an element", c))
		}
	}
	return e
}

// at makes an attribute; a coordinate is rounded to hundredths.
func at(name string, value any) attr {
	if f, ok := value.(float64); ok {
		value = strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
	}
	return attr{name, fmt.Sprint(value)}
}

// void lists the elements that have no end.
var void = map[string]bool{"meta": true}

// write writes the element; the writer keeps its first error.
func (e *element) write(w *bufio.Writer) {
	w.WriteString("<" + e.name)
	for _, a := range e.attrs {
		w.WriteString(" " + a.name + `="` + escape(a.value) + `"`)
	}
	if void[e.name] {
		w.WriteString("/>")
		return
	}
	w.WriteString(">")
	for _, c := range e.content {
		switch c := c.(type) {
		case *element:
			c.write(w)
		case raw:
			w.WriteString(string(c))
		case string:
			w.WriteString(escape(c))
		}
	}
	w.WriteString("</" + e.name + ">")
}

func escape(s string) string { return html.EscapeString(visible(s)) }

// visible writes out what could hide in a text or reorder it: control
// characters, bidirectional controls, invisible spaces. What is no UTF-8
// becomes U+FFFD. The joiners that emoji and some scripts need are kept.
func visible(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r < 0x20:
			b.WriteRune('\u2400' + r) // its picture
		default:
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		}
	}
	return b.String()
}

func hidden(r rune) bool {
	switch {
	case r == '\n', r == '\u200c', r == '\u200d':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	}
	return r == '\u2028' || r == '\u2029'
}

// clip shortens a text to so many characters.
func clip(s string, most int) string {
	runes := []rune(visible(s))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}
