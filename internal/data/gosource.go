package data

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The classes of a character of Go source.
const (
	GoComment    = "comment"
	GoString     = "string" // string and rune literals
	GoNumber     = "number" // integer, floating-point and imaginary literals
	GoKeyword    = "keyword"
	GoOperator   = "operator" // operators and punctuation: brackets, commas, written semicolons
	GoIdentifier = "identifier"
	GoSpace      = "space" // whatever stands between tokens
)

// GoClasses lists the classes in a fixed order. It must not be changed.
var GoClasses = []string{GoComment, GoString, GoNumber, GoKeyword, GoOperator, GoIdentifier, GoSpace}

// MaxDeclaration is the length, in characters, that longer sequences of Go
// source are cut to.
const MaxDeclaration = 4000

// Declarations returns the top-level declarations of a Go file, imports
// included, each with its doc comment: a sequence of characters, each labelled
// with one of [GoClasses]. Only the first [MaxDeclaration] characters of a
// declaration are kept. The sequences share no memory with src.
//
// The name stands for the file, in the sequences' names and in the one-line
// error "name:line:column: …" for a file that does not parse.
func Declarations(name string, src []byte) ([]Sequence, error) {
	sequences, _, err := declarations(name, src)
	return sequences, err
}

// declarations also tells how many of them were cut.
func declarations(name string, src []byte) (sequences []Sequence, cut int, err error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, 0, parseError(name, src, err)
	}
	classes := goClasses(src)
	offset := fset.File(file.FileStart).Offset
	line, seen := 1, 0
	for _, decl := range file.Decls {
		from, to := offset(declarationStart(decl)), offset(decl.End())
		line, seen = line+bytes.Count(src[seen:from], newline), from
		end := from + prefixLen(src[from:to], MaxDeclaration)
		if end < to {
			cut++
		}
		s := goSequence(string(src[from:end]), classes[from:end])
		s.Name = fmt.Sprintf("%s:%d", name, line)
		sequences = append(sequences, s)
	}
	return sequences, cut, nil
}

var newline = []byte{'\n'}

// declarationStart is where its doc comment starts, if it has one.
func declarationStart(decl ast.Decl) token.Pos {
	var doc *ast.CommentGroup
	switch d := decl.(type) {
	case *ast.FuncDecl:
		doc = d.Doc
	case *ast.GenDecl:
		doc = d.Doc
	}
	if doc != nil {
		return doc.Pos()
	}
	return decl.Pos()
}

// parseError makes one line of the first of a file's syntax errors. Its place
// is counted in the file itself, whatever //line comments say; its message may
// quote a literal of many lines.
func parseError(name string, src []byte, err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return fmt.Errorf("%s: %w", name, err)
	}
	before := src[:min(list[0].Pos.Offset, len(src))]
	line := 1 + bytes.Count(before, newline)
	column := len(before) - bytes.LastIndexByte(before, '\n')
	message := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, list[0].Msg)
	return fmt.Errorf("%s:%d:%d: %.200s", name, line, column, message)
}

// prefixLen is the length in bytes of the first n characters of text.
func prefixLen(text []byte, n int) int {
	size := 0
	for ; n > 0 && size < len(text); n-- {
		_, w := utf8.DecodeRune(text[size:])
		size += w
	}
	return size
}

// goSequence splits text into characters, each with the class of its first
// byte. classes has one class a byte of text.
func goSequence(text string, classes []goClass) Sequence {
	tokens := Runes(text)
	labels := make([]string, len(tokens))
	at := 0
	for i, t := range tokens {
		labels[i] = GoClasses[classes[at]]
		at += len(t)
	}
	return Sequence{Tokens: tokens, Labels: labels}
}

// Runes splits text into substrings of one rune each, which are the characters
// of Go source. A byte that is not UTF-8 is a character of its own. Joined they
// are the text.
func Runes(text string) []string {
	characters := make([]string, 0, utf8.RuneCountInString(text))
	for len(text) > 0 {
		_, w := utf8.DecodeRuneInString(text)
		characters = append(characters, text[:w])
		text = text[w:]
	}
	return characters
}
