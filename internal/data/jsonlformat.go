package data

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

var jsonlFormat = &Format{
	Name: "jsonl", Endings: []string{".jsonl", ".ndjson"}, Reads: OfWords | OfVectors, Whole: true, Key: true,
	Check: func(o Options) error {
		if key := labelKey(o); key == keyTokens || key == keyX {
			return fmt.Errorf("labels under the key %q, expected another: it has the steps", key)
		}
		return nil
	},
	Read: readJSONL,
	Rewrite: func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter {
		return &jsonlRewriter{in: newJSONReader(in, o.Name), out: out, options: o}
	},
}

// labelKey is the key of the labels.
func labelKey(o Options) string {
	if o.Whole {
		return cmp.Or(o.Column, keyLabel)
	}
	return cmp.Or(o.Column, keyLabels)
}

// readJSONL reads a whole file to train on, a sequence a line.
func readJSONL(in io.Reader, o *Options) (sequences []Sequence, err error) {
	r, shared := newJSONReader(in, o.Name), sharedStrings{}
	for {
		l, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if l.end < 0 {
			continue
		}
		s, err := l.sequence(*o)
		if err == nil && len(sequences) > 0 {
			err = sameWidth(sequences[0], s)
		}
		if err != nil {
			return nil, r.lines.errorf("%w", err)
		}
		for _, list := range [][]string{s.Tokens, s.Labels} {
			for i := range list {
				list[i] = shared.one(list[i])
			}
		}
		s.Name = fmt.Sprintf("%s:%d", o.Name, l.line)
		sequences = append(sequences, s)
	}
	if len(sequences) == 0 {
		return nil, fmt.Errorf("%s: no sequence, expected one JSON object a line", o.Name)
	}
	return sequences, nil
}

// sequence returns the labelled sequence of a line.
func (l *jsonLine) sequence(o Options) (s Sequence, err error) {
	if s.Tokens, s.X, err = l.input(); err == nil {
		s.Labels, err = l.labels(labelKey(o), o.Whole, s.Steps())
	}
	return s, err
}

// sameWidth says whether two sequences are of the same.
func sameWidth(first, s Sequence) error {
	switch {
	case (first.X == nil) != (s.X == nil):
		return fmt.Errorf("tokens and x in one file, expected one of them")
	case s.X != nil && len(first.X[0]) != len(s.X[0]):
		return fmt.Errorf("vectors of %s, expected %d as in the first line", plural(len(s.X[0]), "number"), len(first.X[0]))
	}
	return nil
}

// jsonlRewriter fills in the labels, and the scores where there are any, and
// keeps every other byte.
type jsonlRewriter struct {
	in      jsonReader
	out     *bufio.Writer
	options Options
	now     *jsonLine
}

func (r *jsonlRewriter) Next() (p Part, err error) {
	if r.now, err = r.in.next(); err != nil || r.now.end < 0 {
		return p, err
	}
	p.Tokens, p.X, err = r.now.input()
	if err != nil {
		return p, r.in.lines.errorf("%w", err)
	}
	p.Name = fmt.Sprintf("%s:%d", r.options.Name, r.now.line)
	if r.options.Places {
		p.Places = r.now.places(len(p.Tokens))
	}
	return p, nil
}

// places says where the text of n tokens stands, between its quotes.
func (l *jsonLine) places(n int) []Place {
	raw, _ := l.value(keyTokens)
	d, places := json.NewDecoder(strings.NewReader(raw)), make([]Place, n)
	d.Token() // [
	for t := range places {
		var quoted json.RawMessage
		if err := d.Decode(&quoted); err != nil {
			panic(err) // of tokens that were read already
		}
		to := l.start + l.from[keyTokens] + int(d.InputOffset()) - len(`"`)
		places[t] = Place{From: to - len(quoted) + len(`""`), To: to, After: " "}
	}
	return places
}

func (r *jsonlRewriter) Write(labels []string, z []float32) error {
	line := r.now.raw
	if len(labels) > 0 {
		var value any = labels
		if r.options.Whole {
			value = labels[0]
		}
		edits := r.now.set(nil, labelKey(r.options), value)
		if z != nil && r.options.Whole {
			edits = r.now.set(edits, ScoresName, z)
		} else if z != nil {
			rows := make([][]float32, len(labels))
			for t := range rows {
				rows[t] = row(z, t, len(labels))
			}
			edits = r.now.set(edits, ScoresName, rows)
		}
		line = apply(line, edits)
	}
	_, err := r.out.WriteString(line)
	return err
}

// edit puts text in the place of a part of a line.
type edit struct {
	from, to int
	text     string
}

// set adds what gives a key a value.
func (l *jsonLine) set(edits []edit, key string, value any) []edit {
	text := encodeJSON(value)
	if from, ok := l.from[key]; ok {
		return append(edits, edit{from, l.to[key], text})
	}
	at := len(strings.TrimRight(l.raw[:l.end], " \t"))
	text = encodeJSON(key) + ": " + text
	if l.fields > 0 || len(edits) > 0 {
		text = ", " + text
	}
	return append(edits, edit{at, at, text})
}

// apply makes edits that do not overlap; those of one place in their order.
func apply(line string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(line[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(line[at:])
	return b.String()
}

// encodeJSON returns a value as JSON, with <, > and & as they are.
func encodeJSON(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // of strings and finite numbers
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (r *jsonlRewriter) Pause() error { return nil }
func (r *jsonlRewriter) Close() error { return nil }
