package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The keys of a line of JSON, besides the labels' where it is given another name.
const (
	keyTokens = "tokens"
	keyX      = "x"
	keyLabels = "labels"
	keyLabel  = "label"
)

// jsonLine is a sequence as a line of JSON has it, and where its values stand.
type jsonLine struct {
	line   int // number in the file
	start  int // where it begins in the file, in bytes
	raw    string
	from   map[string]int // where values begin in raw, and
	to     map[string]int // end
	end    int            // where the object's } stands; -1 for a blank line
	fields int            // keys
}

// jsonReader reads such lines.
type jsonReader struct {
	lines *lineReader
}

func newJSONReader(in io.Reader, name string) jsonReader {
	l := newLineReader(in, name)
	l.most = MaxSentence
	return jsonReader{l}
}

// next returns the next line, or io.EOF.
func (r jsonReader) next() (*jsonLine, error) {
	raw, err := r.lines.next()
	if err != nil {
		return nil, err
	}
	l := &jsonLine{line: r.lines.line, start: r.lines.from, raw: raw, end: -1}
	if err := l.parse(); err != nil {
		return nil, r.lines.errorf("%w", err)
	}
	return l, nil
}

// parse finds the object's values.
func (l *jsonLine) parse() error {
	text, skipped := l.raw, 0
	if l.line == 1 {
		text = string(bytes.TrimPrefix([]byte(text), []byte(byteOrderMark)))
		skipped = len(l.raw) - len(text)
	}
	if trimBlanks(trimEnding(text)) == "" {
		return nil
	}
	l.from, l.to = map[string]int{}, map[string]int{}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("no JSON object, expected {\"tokens\": [...], ...}")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return brokenJSON(err)
		}
		name, _ := key.(string) // the decoder takes nothing else for a key
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return brokenJSON(err)
		}
		if _, twice := l.from[name]; twice {
			return fmt.Errorf("key %.40q stands twice, expected it once", name)
		}
		end := skipped + int(d.InputOffset())
		l.from[name], l.to[name] = end-len(value), end
		l.fields++
	}
	if _, err := d.Token(); err != nil {
		return brokenJSON(err)
	}
	l.end = skipped + int(d.InputOffset()) - 1
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more after the JSON object, expected one a line")
	}
	return nil
}

func brokenJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the line ends inside its JSON object, expected a whole one")
	}
	return fmt.Errorf("broken JSON (%.80s), expected one object a line", err.Error())
}

func (l *jsonLine) value(key string) (raw string, ok bool) {
	from, ok := l.from[key]
	return l.raw[from:l.to[key]], ok
}

// input returns the line's tokens, or its vectors.
func (l *jsonLine) input() (tokens []string, x [][]float32, err error) {
	rawTokens, hasTokens := l.value(keyTokens)
	rawX, hasX := l.value(keyX)
	switch {
	case hasTokens == hasX:
		return nil, nil, fmt.Errorf("%s, expected %q or %q", map[bool]string{true: "both tokens and x", false: "neither tokens nor x"}[hasX], keyTokens, keyX)
	case hasTokens:
		tokens, err = parseStrings(keyTokens, rawTokens)
	default:
		x, err = parseMatrix(keyX, rawX)
	}
	if err == nil && len(tokens)+len(x) == 0 {
		err = errors.New("an empty sequence, expected at least one step")
	}
	return tokens, x, err
}

// labels returns those under the key: one a step or, where whole, one.
func (l *jsonLine) labels(key string, whole bool, steps int) ([]string, error) {
	raw, ok := l.value(key)
	if !ok {
		return nil, fmt.Errorf("no %q, expected the labels to learn", key)
	}
	if whole {
		var label *string
		if err := json.Unmarshal([]byte(raw), &label); err != nil || label == nil || *label == "" {
			return nil, fmt.Errorf("%q is %.40s, expected a label, a string that is not empty", key, raw)
		}
		return []string{*label}, nil
	}
	labels, err := parseStrings(key, raw)
	if err == nil && len(labels) != steps {
		err = fmt.Errorf("%s for %s, expected as many", plural(len(labels), "label"), plural(steps, "step"))
	}
	return labels, err
}

// parseStrings reads an array of strings that are not empty.
func parseStrings(key, raw string) ([]string, error) {
	var all []*string
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return nil, fmt.Errorf("%q is %.40s, expected an array of strings", key, raw)
	}
	values := make([]string, len(all))
	for i, s := range all {
		if s == nil || *s == "" || !utf8.ValidString(*s) {
			return nil, fmt.Errorf("%q has no text at place %d, expected strings that are not empty", key, i+1)
		}
		values[i] = *s
	}
	return values, nil
}

// parseMatrix reads an array of arrays of numbers, all of one length.
func parseMatrix(key, raw string) ([][]float32, error) {
	p := matrixParser{text: raw}
	rows, err := p.rows()
	if err != nil {
		return nil, fmt.Errorf("%q of step %d: %w", key, len(rows)+1, err)
	}
	return rows, nil
}

// matrixParser reads JSON that is whole of numbers.
type matrixParser struct {
	text string
	at   int
}

func (p *matrixParser) rows() (rows [][]float32, err error) {
	err = p.list(func() error {
		var row []float32
		err := p.list(func() error {
			v, err := p.number()
			row = append(row, v)
			return err
		})
		switch {
		case err != nil:
			return err
		case len(row) == 0:
			return errors.New("no numbers, expected at least one")
		case len(rows) > 0 && len(row) != len(rows[0]):
			return fmt.Errorf("%s, expected %d as in the first step", plural(len(row), "number"), len(rows[0]))
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// list reads an array, each of its elements by element.
func (p *matrixParser) list(element func() error) error {
	if p.skip(); p.text[p.at:] == "" || p.text[p.at] != '[' {
		return fmt.Errorf("%.20s, expected an array of arrays of numbers", p.text[p.at:])
	}
	p.at++
	if p.skip(); p.text[p.at] == ']' {
		p.at++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		p.skip()
		p.at++
		if p.text[p.at-1] == ']' {
			return nil
		}
	}
}

// number reads a number.
func (p *matrixParser) number() (float32, error) {
	p.skip()
	from := p.at
	for p.text[p.at] != ',' && p.text[p.at] != ']' && !isJSONSpace(p.text[p.at]) {
		p.at++
	}
	return parseNumber(p.text[from:p.at])
}

func (p *matrixParser) skip() {
	for p.at < len(p.text) && isJSONSpace(p.text[p.at]) {
		p.at++
	}
}

func isJSONSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// parseNumber reads a finite number, in decimal digits as everybody else does:
// Go's 0x1p4 and 1_000 are none.
func parseNumber(text string) (float32, error) {
	v, err := strconv.ParseFloat(text, 32)
	if err != nil || v-v != 0 || strings.ContainsAny(text, "_xX") {
		return 0, fmt.Errorf("%.40q, expected a finite number", text)
	}
	return float32(v), nil
}
