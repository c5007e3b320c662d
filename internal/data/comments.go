package data

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Comment returns the value of the sentence's first comment line
// "# key = value", and whether there is one. Spaces and tabs around key and
// value do not count; a line "# key" has the value "".
func (s *Sentence) Comment(key string) (value string, ok bool) {
	i := s.findComment(key)
	if i < 0 {
		return "", false
	}
	from, to, _ := valueExtent(s.body(i))
	return s.body(i)[from:to], true
}

// SetComment replaces the value of the first comment line "# key = value", and
// leaves every other byte as it is. If there is none, it inserts such a line
// after the comments that the sentence begins with, with the line ending that
// the sentence uses. Spaces and tabs around key and value are removed. It
// fails, and changes nothing, if key or value would break the format. Errors
// still count lines as they were read.
func (s *Sentence) SetComment(key, value string) error {
	key, value = trimBlanks(key), trimBlanks(value)
	if err := checkCommentKey(key); err != nil {
		return s.errorf(0, "%v", err)
	}
	if !fitsComment(value) {
		return s.errorf(0, "value %.40q for comment %s, expected UTF-8 text without line ends", value, key)
	}
	i := s.findComment(key)
	if i < 0 {
		s.insertComment(trimBlanks("# " + key + " = " + value))
		return nil
	}
	body := s.body(i)
	start := strings.Index(s.lines[i], body) // after a byte order mark
	from, to, equals := valueExtent(body)
	switch {
	case !equals:
		value = strings.TrimRight(" = "+value, " ")
	case strings.HasSuffix(body[:from], "=") && from == to:
		value = strings.TrimRight(" "+value, " ")
	}
	s.lines[i] = s.lines[i][:start+from] + value + s.lines[i][start+to:]
	return nil
}

// checkCommentKey takes a key without blanks around it.
func checkCommentKey(key string) error {
	if key == "" || strings.Contains(key, "=") || !fitsComment(key) {
		return fmt.Errorf("comment key %.40q, expected UTF-8 text without = and line ends", key)
	}
	return nil
}

// fitsComment tells whether text can stand in a line.
func fitsComment(text string) bool {
	return !strings.ContainsAny(text, "\r\n\x00") && utf8.ValidString(text)
}

func trimBlanks(s string) string { return strings.Trim(s, " \t") }

// findComment returns the index in lines of the first comment with this key,
// or -1.
func (s *Sentence) findComment(key string) int {
	words := s.words
	for i := range s.lines {
		if len(words) > 0 && words[0] == i {
			words = words[1:]
			continue
		}
		comment, ok := strings.CutPrefix(s.body(i), "#")
		if !ok {
			continue
		}
		if k, _, _ := strings.Cut(comment, "="); trimBlanks(k) == trimBlanks(key) {
			return i
		}
	}
	return -1
}

// valueExtent is where the value stands in a comment line, or would stand after
// a " = ", and whether the line has that "=".
func valueExtent(body string) (from, to int, equals bool) {
	to = len(strings.TrimRight(body, " \t"))
	at := strings.IndexByte(body, '=')
	if at < 0 {
		return to, to, false
	}
	from = len(body) - len(strings.TrimLeft(body[at+1:], " \t"))
	return from, max(from, to), true
}

// insertComment puts a line before the first that is no comment.
func (s *Sentence) insertComment(comment string) {
	i := 0
	first := len(s.lines)
	if len(s.words) > 0 {
		first = s.words[0]
	}
	for i < first && strings.HasPrefix(s.body(i), "#") {
		i++
	}
	line := comment + s.ending()
	if i > 0 && !strings.HasSuffix(s.lines[i-1], "\n") { // a file's last line stays without its ending
		body := trimEnding(s.lines[i-1])
		line = comment + s.lines[i-1][len(body):]
		s.lines[i-1] = body + s.ending()
	}
	if i == 0 && s.Line == 1 && len(s.lines) > 0 && strings.HasPrefix(s.lines[0], byteOrderMark) { // it stays the file's beginning
		s.lines[0] = strings.TrimPrefix(s.lines[0], byteOrderMark)
		line = byteOrderMark + line
	}
	s.lines = slices.Insert(s.lines, i, line)
	for w := range s.words {
		s.words[w]++
	}
	s.added++
}

// ending is that of the first line that has one.
func (s *Sentence) ending() string {
	for _, raw := range s.lines {
		switch {
		case strings.HasSuffix(raw, "\r\n"), strings.HasSuffix(raw, "\r"): // a file may be cut between the two
			return "\r\n"
		case strings.HasSuffix(raw, "\n"):
			return "\n"
		}
	}
	return "\n"
}
