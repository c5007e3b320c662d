package main

import (
	"os"
	"strconv"

	"golang.org/x/term"

	"github.com/unroll-go/unroll/internal/show"
)

// screen is standard output, in a language.
func screen(l show.Lang) *show.Screen {
	s := &show.Screen{Lang: l, Columns: 80}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		s.Columns = n
	}
	if n, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && n > 0 {
		s.Columns = n
	}
	s.Columns = min(max(s.Columns, 40), 400)
	if colored() {
		s.Colors = show.IndexedColors
		if c := os.Getenv("COLORTERM"); c == "truecolor" || c == "24bit" {
			s.Colors = show.TrueColors
		}
	}
	return s
}
