package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxLine is the longest line, in bytes and with its ending, that a
// line-based format may have. A longer one is an error, so that a file without
// line ends cannot take all memory.
const MaxLine = 1 << 20

// lineReader gives a text file line by line, endings included, and counts.
type lineReader struct {
	r    *bufio.Reader
	name string
	line int // number of the line last returned, from 1
	from int // where it begins, in bytes
	to   int // and ends
	most int // bytes of a line
	buf  []byte
}

func newLineReader(r io.Reader, name string) *lineReader {
	return &lineReader{r: bufio.NewReader(r), name: name, most: MaxLine}
}

// next returns the next line as it stands in the file, or io.EOF. The last
// line may lack its ending. Text that is not UTF-8, or holds a NUL, is an
// error.
func (l *lineReader) next() (string, error) {
	line, err := l.nextBytes()
	if err != nil {
		return "", err
	}
	raw := string(line)
	return raw, l.checkText(raw)
}

// nextBytes is next for bytes of any kind. They are only good until the next
// call.
func (l *lineReader) nextBytes() ([]byte, error) {
	l.line++
	l.from, l.buf = l.to, l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		switch {
		case len(l.buf) > l.most:
			return nil, l.errorf("line longer than %d bytes, expected a text file with line ends", l.most)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(l.buf) == 0:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, l.errorf("%w", err)
		}
		l.to += len(l.buf)
		return l.buf, nil
	}
}

func (l *lineReader) checkText(raw string) error {
	if !utf8.ValidString(raw) {
		return l.errorf("invalid UTF-8, expected UTF-8 text")
	}
	if strings.IndexByte(raw, 0) >= 0 {
		return l.errorf("NUL byte, expected UTF-8 text")
	}
	return nil
}

// errorf reports what is wrong with the line last returned.
func (l *lineReader) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", l.name, l.line, fmt.Errorf(format, args...))
}

// plural is a number of things: 1 column, 2 columns.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// trimEnding removes "\n" or "\r\n", or the "\r" of a file cut between the two.
func trimEnding(raw string) string {
	return strings.TrimSuffix(strings.TrimSuffix(raw, "\n"), "\r")
}
