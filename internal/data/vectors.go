package data

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxWidth is the largest number of values that a word's vector may have.
const maxWidth = 100_000

// vectorsBuffer is how much of a file of vectors is read at a time.
const vectorsBuffer = 1 << 18

// Vectors are pretrained vectors of words.
type Vectors struct {
	Width   int                  // E
	ByWord  map[string][]float32 // [E] each, all finite
	Skipped int                  // lines whose word is empty or not UTF-8
}

// ReadVectors reads word vectors in the text format of fastText and GloVe. A
// line is a word and E numbers, separated by single spaces; one space at its
// end is ignored. The last E fields are the numbers, since a word of GloVe's
// may have spaces in it. E comes from the first line: if that is two integers,
// it is fastText's header "N E" (the number of lines, N, is not checked), and
// else its number of fields less one.
//
// Kept are the words for which want says yes and the first most words of the
// file, which is sorted by frequency. Of two equal words the first counts. A
// line whose word is empty or not UTF-8, as fastText's own files have, is
// skipped and counted; it is none of the first. Memory grows only with what is
// kept.
//
// It is an error if there is no word at all; if E is not from 1 to 100,000; if
// a line has fewer than E numbers, or one more, which is told by a decimal
// fraction as the last part of a word with spaces; and if a value of a vector
// that is kept is no finite float32.
func ReadVectors(r io.Reader, name string, want func(word string) bool, most int) (*Vectors, error) {
	v := vectorReader{
		lines: newLineReader(bufio.NewReaderSize(r, vectorsBuffer), name),
		want:  want, most: most,
		Vectors: &Vectors{ByWord: map[string][]float32{}},
	}
	for {
		line, err := v.lines.nextBytes()
		if err == io.EOF && v.seen == 0 {
			return nil, v.lines.errorf("no vectors, expected lines of a word and its numbers")
		}
		if err == io.EOF {
			return v.Vectors, nil
		}
		if err == nil {
			err = v.add(trimVector(line))
		}
		if err != nil {
			return nil, err
		}
	}
}

// trimVector removes a line's ending and one space before it.
func trimVector(line []byte) []byte {
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	return bytes.TrimSuffix(line, []byte(" "))
}

// vectorReader is a file of vectors that is being read.
type vectorReader struct {
	*Vectors
	lines *lineReader
	want  func(word string) bool
	most  int
	seen  int // words so far, kept or not
}

// add takes a line. Of one that is not kept, it only counts the fields.
func (v *vectorReader) add(line []byte) error {
	if v.lines.line == 1 {
		line = bytes.TrimPrefix(line, []byte(byteOrderMark))
		if header, err := v.begin(line); header || err != nil {
			return err
		}
	}
	word, numbers, err := v.split(line)
	if err != nil {
		return err
	}
	if len(word) == 0 || !utf8.Valid(word) {
		v.Skipped++
		return nil
	}
	v.seen++
	if _, ok := v.ByWord[string(word)]; ok || v.seen > v.most && !v.want(string(word)) {
		return nil
	}
	vector, err := v.parse(word, numbers)
	if err != nil {
		return err
	}
	v.ByWord[string(word)] = vector
	return nil
}

// begin takes the width from the first line, and tells whether it is a header.
func (v *vectorReader) begin(line []byte) (header bool, err error) {
	v.Width = bytes.Count(line, []byte(" "))
	if n, e, ok := strings.Cut(string(line), " "); ok && v.Width == 1 {
		_, words := integer(n)
		width, values := integer(e)
		if header = words && values; header {
			v.Width = width
		}
	}
	if v.Width < 1 && !header {
		return header, v.lines.errorf("no space in the line, expected a word and its numbers, separated by single spaces")
	}
	if v.Width < 1 || v.Width > maxWidth {
		return header, v.lines.errorf("%d values a word, expected 1 to %d", v.Width, maxWidth)
	}
	return header, nil
}

// integer parses a whole number; one beyond int is the largest or least.
func integer(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}

// split divides a line before its last Width fields.
func (v *vectorReader) split(line []byte) (word, numbers []byte, err error) {
	spaces := bytes.Count(line, []byte(" "))
	if spaces < v.Width {
		return nil, nil, v.lines.errorf("%d values, expected a word and %d", spaces, v.Width)
	}
	at := bytes.IndexByte(line, ' ')
	for range spaces - v.Width {
		at += 1 + bytes.IndexByte(line[at+1:], ' ')
	}
	word = line[:at]
	if last := bytes.LastIndexByte(word, ' '); last >= 0 && isFraction(word[last+1:]) {
		return nil, nil, v.lines.errorf("more than %d values, expected a word and %d", v.Width, v.Width)
	}
	return word, line[at+1:], nil
}

// isFraction tells whether a field is written as the values of a vector are,
// unlike the words of "iphone 6" and ". . .".
func isFraction(field []byte) bool {
	if bytes.IndexByte(field, '.') < 0 {
		return false
	}
	_, err := strconv.ParseFloat(string(field), 32)
	return err == nil
}

// parse reads the Width numbers of a word that is kept.
func (v *vectorReader) parse(word, numbers []byte) ([]float32, error) {
	vector := make([]float32, v.Width)
	for i := range vector {
		var value []byte
		value, numbers, _ = bytes.Cut(numbers, []byte(" "))
		x, err := strconv.ParseFloat(string(value), 32)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, v.lines.errorf("value %d of %.40q is %.40q, expected a finite float32 number", i+1, word, value)
		}
		vector[i] = float32(x)
	}
	return vector, nil
}
