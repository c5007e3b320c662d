package data

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"
)

var goFormat = &Format{
	Name: "go", Endings: []string{".go"}, Reads: OfGo, Parts: true,
	Read: func(in io.Reader, o *Options) ([]Sequence, error) {
		sequences, _, err := readGo(in, o.Name)
		if err == nil && len(sequences) == 0 {
			err = fmt.Errorf("%s: no declaration, expected Go source", o.Name)
		}
		return sequences, err
	},
	Rewrite: func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter {
		return &goRewriter{in: in, stream: o.Stream, runs: runWriter{out: out, paint: o.Paint}}
	},
}

// goRewriter reads Go text, never parsed, character by character, and writes
// runs of characters with the same label. A part ends where a declaration
// probably begins ([GoStarts]), after as many characters as those of the
// training data have and, where labels do not wait for the end, with a line
// after which the input has no more for now.
type goRewriter struct {
	in         *bufio.Reader
	stream     bool
	starts     GoStarts
	characters []string
	next       string // read already: the first of the next part
	cut        bool   // the part at work was ended within a declaration
	runs       runWriter
}

func (r *goRewriter) Next() (Part, error) {
	r.characters = r.characters[:0]
	continues := r.cut
	if r.next != "" {
		r.characters, r.next, continues = append(r.characters, r.next), "", false
	}
	r.cut = true
	var buf [utf8.UTFMax]byte
	for len(r.characters) < MaxDeclaration {
		character, err := r.character(&buf)
		if err == io.EOF && len(r.characters) > 0 {
			break
		}
		if err != nil {
			return Part{}, err
		}
		if r.starts.Next(character) {
			if len(r.characters) > 0 {
				r.next = character
				break
			}
			continues = false
		}
		r.characters = append(r.characters, character)
		if r.stream && character == "\n" && r.in.Buffered() == 0 {
			break
		}
	}
	return Part{Tokens: r.characters, Continues: continues}, nil
}

// character reads one character, or one byte that is not UTF-8.
func (r *goRewriter) character(buf *[utf8.UTFMax]byte) (string, error) {
	c, size, err := r.in.ReadRune()
	if err != nil {
		return "", err
	}
	if c == utf8.RuneError && size == 1 {
		r.in.UnreadRune()
		b, err := r.in.ReadByte()
		return string([]byte{b}), err
	}
	return string(buf[:utf8.EncodeRune(buf[:], c)]), nil
}

func (r *goRewriter) Write(labels []string, z []float32) error {
	for t, c := range r.characters {
		if err := r.runs.add(c, labels[t], row(z, t, len(labels))); err != nil {
			return err
		}
	}
	return nil
}

// Pause ends a run with its line.
func (r *goRewriter) Pause() error { return r.runs.endLine() }

func (r *goRewriter) Close() error { return r.runs.end() }

// row is row t of n of z; nil of none.
func row(z []float32, t, n int) []float32 {
	if z == nil {
		return nil
	}
	k := len(z) / n
	return z[t*k : (t+1)*k]
}
