package data

import (
	"regexp"
	"strings"
)

// Detect tells from the beginning of a file what its format is; nil if it
// cannot tell. cut says that the file goes on.
func Detect(begin string, cut bool) *Format {
	lines := firstLines(begin, cut)
	if len(lines) == 0 {
		return nil
	}
	switch {
	case strings.HasPrefix(lines[0], "{"):
		return jsonlFormat
	case looksConllu(lines):
		return conlluFormat
	case looksLikeSeries(lines):
		return csvFormat
	case hasTabs(lines):
		return columnsFormat
	case packageClause.MatchString(begin):
		return goFormat
	}
	return nil
}

var packageClause = regexp.MustCompile(`(?m)^package \w+\s*$`)

// firstLines returns the whole lines that are neither blank nor comments "# …"
// nor the beginnings of documents.
func firstLines(begin string, cut bool) (lines []string) {
	all := strings.Split(strings.TrimPrefix(begin, byteOrderMark), "\n")
	if cut && len(all) > 1 {
		all = all[:len(all)-1]
	}
	for _, l := range all {
		if l = trimEnding(l); strings.Trim(l, " \t") != "" && !isColumnComment(l) && !isDocumentStart(l) {
			lines = append(lines, l)
		}
	}
	return lines
}

func looksConllu(lines []string) bool {
	if strings.Count(lines[0], "\t") != len(columnNames)-1 {
		return false
	}
	_, err := parseWord(lines[0])
	return err == nil
}

// looksLikeSeries wants two rows of as many fields, the second with a number;
// in a table with tabs, where words may be numbers, with but one field that is none.
func looksLikeSeries(lines []string) bool {
	t := tableReader{}
	numbers := 0
	for _, l := range lines[:min(len(lines), 2)] {
		r := record{raw: l, line: 2} // any but the first, which may have a byte order mark
		if err := t.split(&r); err != nil || len(r.cells) < 2 {
			return false
		}
		numbers = 0
		for _, v := range r.values() {
			if isNumberText(v) {
				numbers++
			}
		}
	}
	if t.separator == '\t' {
		return numbers > 1 && numbers >= t.columns-1
	}
	return numbers > 0
}

func hasTabs(lines []string) bool {
	for _, l := range lines {
		if !strings.Contains(l, "\t") {
			return false
		}
	}
	return true
}

// LooksLikeColumns tells from the beginning of a file whether it may have columns
// between spaces, words and labels where o says, rather than raw text: every line
// has as many, and a few lines not more than the labels' column needs.
func LooksLikeColumns(begin string, cut bool, o Options) bool {
	f := newColumnForm(o, true)
	lines, n := firstLines(begin, cut), 0
	for _, l := range lines {
		kind, err := f.kind(l, true)
		if err != nil || n > 0 && kind != otherLine && f.count(l) != n {
			return false
		}
		if kind != otherLine {
			n = f.count(l)
		}
	}
	most := f.wordColumn
	if !o.Whole {
		most = max(most, f.labelColumn)
	}
	const few = 3
	return n <= most || len(lines) >= few
}

// HasVectors tells from the beginning of a file of JSON whether its sequences
// are of vectors: whether the first has them or, where it is cut before either,
// no tokens.
func HasVectors(begin string) bool {
	line, _, whole := strings.Cut(strings.TrimLeft(begin, byteOrderMark+" \t\r\n"), "\n")
	return vectorsKey.MatchString(line) || !whole && line != "" && !tokensKey.MatchString(line)
}

var (
	vectorsKey = regexp.MustCompile(`"x"\s*:\s*\[\s*\[`)
	tokensKey  = regexp.MustCompile(`"tokens"\s*:`)
)
