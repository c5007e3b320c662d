package data

import (
	"strings"
	"testing"
)

func TestReadGoSource(t *testing.T) {
	testReading(t, goFormat, []reading{
		{"declarations", Options{}, "package p\n\nvar a int\n", []Sequence{{Name: "f:3", Tokens: Runes("var a int"),
			Labels: []string{GoKeyword, GoKeyword, GoKeyword, GoSpace, GoIdentifier, GoSpace, GoIdentifier, GoIdentifier, GoIdentifier}}}, Options{}, ""},
		{"none", Options{}, "package p\n", nil, Options{}, "f: no declaration, expected Go source"},
		{"no Go", Options{}, "pack", nil, Options{}, "f:1:1: expected 'package', found pack"},
		{"too large", Options{}, "package p\n" + strings.Repeat("\n", maxGoFile), nil, Options{}, "f: larger than 10485760 bytes"},
	})
}
