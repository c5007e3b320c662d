package main

import (
	"bufio"
	"encoding/json"
	"io"
	"unicode/utf8"

	"github.com/unroll-go/unroll/internal/data"
)

// labelGo labels text character by character and writes runs: as they come
// from a model that streams, a declaration at a time from one that does not.
// prompt ends a run and writes it when a line is complete and the input has no
// more for now: somebody may be waiting.
func labelGo(out *bufio.Writer, in io.Reader, score *scorer, scores, prompt bool) error {
	w := &runWriter{out: out, scores: scores, color: colored() && !scores}
	r := &goReader{in: bufio.NewReader(in), prompt: prompt}
	stream, err := score.model.NewLabeller(score.net)
	if err != nil {
		r.take = wholeDeclarations(w, score)
		return r.read(w)
	}
	r.take = func(character string, begins bool) error {
		if begins {
			stream.Reset()
		}
		if character == "" {
			return nil
		}
		label := stream.Step(character)
		return w.add(character, label, stream.Scores())
	}
	return r.read(w)
}

// wholeDeclarations keeps characters until a declaration is complete, or as
// long as those of the training data, and then labels them.
func wholeDeclarations(w *runWriter, score *scorer) func(character string, begins bool) error {
	var kept []string
	k := len(score.model.Labels)
	return func(character string, begins bool) error {
		if len(kept) > 0 && (begins || len(kept) == data.MaxDeclaration) {
			labels, z, err := score.model.Label(score.net, kept)
			if err != nil {
				return err
			}
			for t, c := range kept {
				if err := w.add(c, labels[t], z[t*k:(t+1)*k]); err != nil {
					return err
				}
			}
			kept = kept[:0]
		}
		if character != "" {
			kept = append(kept, character)
		}
		return nil
	}
}

// goReader gives text on, character by character, and last "".
type goReader struct {
	in     *bufio.Reader
	prompt bool
	starts data.GoStarts
	take   func(character string, begins bool) error // begins: a declaration, here
}

func (r *goReader) read(w *runWriter) error {
	var buf [utf8.UTFMax]byte
	for {
		character, err := r.character(&buf)
		if err == io.EOF {
			if err := r.take("", true); err != nil {
				return err
			}
			return w.end()
		}
		if err != nil {
			return err
		}
		if err := r.take(character, r.starts.Next(character)); err != nil {
			return err
		}
		if r.prompt && character == "\n" && r.in.Buffered() == 0 {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
}

// character reads one character, or one byte that is not UTF-8.
func (r *goReader) character(buf *[utf8.UTFMax]byte) (string, error) {
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

// run is a run of characters with one label.
type run struct {
	Start  int         `json:"start"` // bytes from the beginning of the input
	End    int         `json:"end"`
	Label  string      `json:"label"`
	Text   string      `json:"text"`
	Scores [][]float32 `json:"scores,omitempty"` // a row a character
}

// maxRun ends a run early, so that memory stays bounded whatever the input.
const maxRun = 1 << 16

// runWriter puts characters together to runs and writes them.
type runWriter struct {
	out    *bufio.Writer
	scores bool
	color  bool
	now    run
	text   []byte
}

// add takes the next character with its label and z_t.
func (w *runWriter) add(character, label string, z []float32) error {
	if label != w.now.Label || len(w.text) >= maxRun {
		if err := w.end(); err != nil {
			return err
		}
		w.now.Label = label
	}
	w.text = append(w.text, character...)
	if w.scores {
		w.now.Scores = append(w.now.Scores, append([]float32(nil), z...))
	}
	return nil
}

// end writes the run at work, if there is one, and begins another.
func (w *runWriter) end() error {
	if len(w.text) == 0 {
		return nil
	}
	w.now.Text = string(w.text)
	w.now.End = w.now.Start + len(w.text)
	err := w.write()
	w.now = run{Start: w.now.End, Label: w.now.Label}
	w.text = w.text[:0]
	return err
}

func (w *runWriter) flush() error {
	if err := w.end(); err != nil {
		return err
	}
	return w.out.Flush()
}

func (w *runWriter) write() error {
	if w.color {
		_, err := w.out.WriteString(paint(w.now.Text, classColors[w.now.Label]))
		return err
	}
	e := json.NewEncoder(w.out)
	e.SetEscapeHTML(false)
	return e.Encode(w.now)
}
