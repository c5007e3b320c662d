package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

func labelCommand() *cobra.Command {
	var f inputFlags
	var scores bool
	c := &cobra.Command{
		Use:   "label -m MODEL [FILE|-]",
		Short: "Label a file or standard input",
		Long: `Label a file or standard input, as it comes.

Go source is never parsed: it is read character by character, and comes out as
JSON, one run of characters with the same label a line,
  {"start": byte, "end": byte, "label": "comment", "text": "// A"}
or in colour on a terminal. The network begins anew where a declaration probably
does, after an empty line at the margin. CoNLL-U comes out as it went in, with the labels'
column filled in. --scores adds z_t, the probability of every label in the order
of "unroll info", for each step: as "scores" of a run, or in CoNLL-U's last column.`,
		Example: `  unroll label -m model.safetensors main.go
  unroll label -m tagger.safetensors < words.conllu`,
		Args: arguments(0, 1),
	}
	f.bind(c)
	c.Flags().BoolVar(&scores, "scores", false, "add the probability of every label")
	c.RunE = func(_ *cobra.Command, args []string) error {
		return f.label(append(args, "-")[0], scores)
	}
	return c
}

func (f *inputFlags) label(path string, scores bool) error {
	m, err := loadModel(f.model)
	if err != nil {
		return err
	}
	format, column, err := f.resolve(m)
	if err != nil {
		return err
	}
	score, err := newScorer(m, 1)
	if err != nil {
		return err
	}
	defer score.close()
	stream := m.NewLabeller(score.net)
	in, err := open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out := bufio.NewWriter(os.Stdout)
	if format == formatConllu {
		err = labelConllu(out, in, path, stream, column, scores)
	} else {
		l := &runLabeller{out: out, stream: stream, scores: scores, color: colored() && !scores}
		err = l.label(in)
	}
	return errors.Join(err, out.Flush())
}

// labelConllu fills a column of CoNLL-U in, a sentence at a time.
func labelConllu(out *bufio.Writer, in io.Reader, name string, stream *model.Labeller, column int, scores bool) error {
	r := data.NewConlluReader(in, name)
	for {
		s, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		stream.Reset()
		words, misc := s.Words(), s.Column(data.ColumnMisc)
		labels := make([]string, len(words))
		for t, w := range words {
			labels[t] = stream.Step(w)
			misc[t] = withScores(misc[t], stream.Scores())
		}
		if err := s.SetColumn(column, labels); err != nil {
			return err
		}
		if scores {
			if err := s.SetColumn(data.ColumnMisc, misc); err != nil {
				return err
			}
		}
		if _, err := s.WriteTo(out); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// withScores adds Scores=0.91,0.09 to a MISC value.
func withScores(misc string, z []float32) string {
	text := make([]string, len(z))
	for i, v := range z {
		text[i] = fmt.Sprintf("%.6g", v)
	}
	entry := "Scores=" + strings.Join(text, ",")
	if misc == "_" {
		return entry
	}
	return misc + "|" + entry
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

// runLabeller labels text character by character and writes runs.
type runLabeller struct {
	out    *bufio.Writer
	stream *model.Labeller
	starts data.GoStarts
	scores bool
	color  bool
	now    run
	text   []byte
}

func (l *runLabeller) label(in io.Reader) error {
	r := bufio.NewReader(in)
	var char [utf8.UTFMax]byte
	for {
		token, err := readCharacter(r, &char)
		if err == io.EOF {
			return l.end()
		}
		if err != nil {
			return err
		}
		character := string(token)
		if l.starts.Next(character) {
			l.stream.Reset()
		}
		label := l.stream.Step(character)
		if label != l.now.Label || len(l.text) >= maxRun {
			if err := l.end(); err != nil {
				return err
			}
			l.now.Label = label
		}
		l.text = append(l.text, token...)
		if l.scores {
			l.now.Scores = append(l.now.Scores, append([]float32(nil), l.stream.Scores()...))
		}
		if token[0] == '\n' && r.Buffered() == 0 {
			if err := l.end(); err != nil { // somebody may be waiting for the answer
				return err
			}
			if err := l.out.Flush(); err != nil {
				return err
			}
		}
	}
}

// readCharacter reads one character into buf, or one byte that is not UTF-8.
func readCharacter(r *bufio.Reader, buf *[utf8.UTFMax]byte) ([]byte, error) {
	c, size, err := r.ReadRune()
	if err != nil {
		return nil, err
	}
	if c == utf8.RuneError && size == 1 {
		r.UnreadRune()
		b, err := r.ReadByte()
		buf[0] = b
		return buf[:1], err
	}
	return buf[:utf8.EncodeRune(buf[:], c)], nil
}

// end writes the run at work, if there is one, and begins another.
func (l *runLabeller) end() error {
	if len(l.text) == 0 {
		return nil
	}
	l.now.Text = string(l.text)
	l.now.End = l.now.Start + len(l.text)
	err := l.write()
	l.now = run{Start: l.now.End, Label: l.now.Label}
	l.text = l.text[:0]
	return err
}

func (l *runLabeller) write() error {
	if l.color {
		_, err := l.out.WriteString(paint(l.now.Text, classColors[l.now.Label]))
		return err
	}
	e := json.NewEncoder(l.out)
	e.SetEscapeHTML(false)
	return e.Encode(l.now)
}
