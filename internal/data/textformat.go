package data

import (
	"bufio"
	"fmt"
	"io"
)

var textFormat = &Format{
	Name: "text", Endings: []string{".txt"}, Reads: OfText | OfWords, Whole: true,
	Read: func(in io.Reader, o *Options) ([]Sequence, error) {
		text, err := ReadText(in, o.Name)
		if err != nil {
			return nil, err
		}
		return NextTokens(o.Name, o.Tokens(text), o.Pieces)
	},
	Rewrite: func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter {
		return &textRewriter{lines: newLineReader(in, o.Name), out: out, options: o}
	},
}

// UnitWords is Options.Unit of a text that is read word by word.
const UnitWords = "words"

// Tokens splits a text into its words, or characters, in Unicode's form C ([NFC]).
func (o Options) Tokens(text string) []string {
	text = NFC(text)
	if o.Unit == UnitWords {
		return Words(text)
	}
	return Characters(text)
}

// maxWords is the most words of a sequence of raw text.
const maxWords = 1000

// textRewriter splits raw text into words and writes a run of JSON for each
// or, where labels are of whole sequences, for each sequence. A sequence ends
// with its line, where a sentence probably does, and after maxWords words.
type textRewriter struct {
	lines   *lineReader
	out     *bufio.Writer
	options Options

	line   string // at work
	words  []span // of the line, not labelled yet
	now    []span // the sequence at work
	tokens []string
}

func (r *textRewriter) Next() (p Part, err error) {
	for len(r.words) == 0 {
		if r.line, err = r.lines.next(); err != nil {
			return p, err
		}
		text := r.line
		if r.lines.line == 1 && len(text) >= 3 && text[:3] == byteOrderMark {
			text = text[3:]
		}
		r.words = plainWords(text, r.options.Split)
		for i := range r.words {
			r.words[i].from += len(r.line) - len(text)
			r.words[i].to += len(r.line) - len(text)
		}
	}
	n := 1
	for n < min(len(r.words), maxWords) && !sentenceEnds(r.line, r.words, n-1) {
		n++
	}
	r.now, r.words = r.words[:n], r.words[n:]
	r.tokens = r.tokens[:0]
	for _, w := range r.now {
		r.tokens = append(r.tokens, r.line[w.from:w.to])
	}
	p = Part{Tokens: r.tokens, Name: fmt.Sprintf("%s:%d", r.options.Name, r.lines.line)}
	if r.options.Places {
		p.Places = r.places()
	}
	return p, nil
}

// places says where the words at work stand.
func (r *textRewriter) places() []Place {
	places := make([]Place, len(r.now))
	for i, w := range r.now {
		places[i] = Place{From: r.lines.from + w.from, To: r.lines.from + w.to}
		if i > 0 {
			places[i-1].After = r.line[r.now[i-1].to:w.from]
		}
	}
	return places
}

func (r *textRewriter) Write(labels []string, z []float32) error {
	runs := r.now
	if r.options.Whole {
		runs = []span{{r.now[0].from, r.now[len(r.now)-1].to}}
	}
	for t, w := range runs {
		now := Run{Start: r.lines.from + w.from, End: r.lines.from + w.to, Label: labels[t], Text: r.line[w.from:w.to]}
		if z != nil {
			now.Scores = [][]float32{row(z, t, len(labels))}
		}
		if err := now.Write(r.out); err != nil {
			return err
		}
	}
	return nil
}

func (r *textRewriter) Pause() error { return nil }
func (r *textRewriter) Close() error { return nil }
