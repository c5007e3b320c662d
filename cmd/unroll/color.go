package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/unroll-go/unroll/internal/data"
)

// classColors are the colours of Go's classes on a terminal (ECMA-48 SGR).
var classColors = map[string]string{
	data.GoComment: "32", data.GoString: "33", data.GoNumber: "36", data.GoKeyword: "1;34",
	data.GoOperator: "37", data.GoIdentifier: "0", data.GoSpace: "0",
}

// colored says whether standard output takes colours: a terminal, unless
// NO_COLOR (https://no-color.org) is set.
func colored() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(os.Stdout.Fd()))
}

// paint returns text in a colour.
func paint(text, color string) string {
	if color == "" || color == "0" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// mistake is the colour of a character with the wrong label.
const mistake = "41;97"

// showLabelled prints a text with its predicted classes as colours and its
// mistakes on red; without colours, marks stand below the line instead.
func showLabelled(w io.Writer, s data.Sequence, predicted []string, color bool) {
	var line, marks strings.Builder
	flush := func() {
		fmt.Fprintln(w, "  "+line.String())
		if m := strings.TrimRight(marks.String(), " \t"); m != "" && !color {
			fmt.Fprintln(w, "  "+m)
		}
		line.Reset()
		marks.Reset()
	}
	for t, token := range s.Tokens {
		wrong := predicted[t] != s.Labels[t]
		if token == "\n" {
			flush()
			continue
		}
		mark := " "
		switch {
		case wrong:
			mark = "^"
		case token == "\t":
			mark = "\t"
		}
		marks.WriteString(mark)
		switch {
		case color && wrong:
			line.WriteString(paint(token, mistake))
		case color:
			line.WriteString(paint(token, classColors[predicted[t]]))
		default:
			line.WriteString(token)
		}
	}
	if line.Len() > 0 {
		flush()
	}
}
