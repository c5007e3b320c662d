package data

import (
	"bytes"
	"go/scanner"
	"go/token"
	"slices"
)

// goClass is an index into GoClasses.
type goClass uint8

const (
	classComment goClass = iota
	classString
	classNumber
	classKeyword
	classOperator
	classIdentifier
	classSpace
)

// goClasses returns the class of every byte of src, which need not be valid
// Go: what the scanner makes no token of is space.
func goClasses(src []byte) []goClass {
	classes := slices.Repeat([]goClass{classSpace}, len(src))
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return classes
		}
		class := classOf(tok, lit)
		if class == classSpace {
			continue
		}
		from := file.Offset(pos)
		text := classes[from : from+extent(src[from:], tok, lit)]
		for i := range text {
			text[i] = class
		}
	}
}

func classOf(tok token.Token, lit string) goClass {
	switch {
	case tok == token.COMMENT:
		return classComment
	case tok == token.STRING, tok == token.CHAR:
		return classString
	case tok == token.INT, tok == token.FLOAT, tok == token.IMAG:
		return classNumber
	case tok == token.IDENT:
		return classIdentifier
	case tok.IsKeyword():
		return classKeyword
	case tok == token.SEMICOLON && lit == "\n": // inserted by the scanner, not written
		return classSpace
	case tok.IsOperator():
		return classOperator
	}
	return classSpace // token.ILLEGAL
}

// extent is the length in bytes of the token that src begins with. The
// scanner's literal is not enough: it leaves the CRs out of comments and raw
// strings.
func extent(src []byte, tok token.Token, lit string) int {
	switch {
	case tok == token.COMMENT && src[1] == '/':
		line, _, _ := bytes.Cut(src, []byte("\n"))
		return len(bytes.TrimSuffix(line, []byte("\r")))
	case tok == token.COMMENT:
		return through(src, 2, "*/")
	case tok == token.STRING && src[0] == '`':
		return through(src, 1, "`")
	case tok.IsOperator():
		return len(tok.String())
	}
	return len(lit)
}

// through is the length of src through the closing that follows its opening of
// the given length, and of all of src if the closing is missing.
func through(src []byte, opening int, closing string) int {
	if n := bytes.Index(src[opening:], []byte(closing)); n >= 0 {
		return opening + n + len(closing)
	}
	return len(src)
}
