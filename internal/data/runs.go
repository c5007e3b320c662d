package data

import (
	"bufio"
	"encoding/json"
	"io"
	"slices"
)

// Run is a run of characters with one label.
type Run struct {
	Start  int         `json:"start"` // bytes from the beginning of the input
	End    int         `json:"end"`
	Label  string      `json:"label"`
	Text   string      `json:"text"`
	Scores [][]float32 `json:"scores,omitempty"` // a row a step
}

// Write writes the run as a line of JSON.
func (r Run) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// maxRun ends a run early, so that memory stays bounded whatever the input.
const maxRun = 1 << 16

// runWriter puts characters together to runs and writes them, as JSON or
// coloured.
type runWriter struct {
	out   *bufio.Writer
	paint func(text, label string) string
	now   Run
	text  []byte
}

// add takes the next character with its label and z_t, nil for none.
func (w *runWriter) add(character, label string, z []float32) error {
	if label != w.now.Label || len(w.text) >= maxRun {
		if err := w.end(); err != nil {
			return err
		}
		w.now.Label = label
	}
	w.text = append(w.text, character...)
	if z != nil {
		w.now.Scores = append(w.now.Scores, slices.Clone(z))
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
	w.now = Run{Start: w.now.End, Label: w.now.Label}
	w.text = w.text[:0]
	return err
}

// endLine ends the run at work if it ends with a line.
func (w *runWriter) endLine() error {
	if len(w.text) == 0 || w.text[len(w.text)-1] != '\n' {
		return nil
	}
	return w.end()
}

func (w *runWriter) write() error {
	if w.paint != nil {
		_, err := w.out.WriteString(w.paint(w.now.Text, w.now.Label))
		return err
	}
	return w.now.Write(w.out)
}
