package model

import (
	"errors"
	"fmt"

	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// Config holds the options that determine what the weights mean, and no others.
type Config struct {
	Task   string `json:"task"`             // TaskTag, TaskClassify or TaskLM
	Format string `json:"format,omitempty"` // of the data: as the command names it; empty for a program's own
	Column string `json:"column,omitempty"` // that held the labels, as the format names or counts it
	Unit   string `json:"unit,omitempty"`   // the tokens of a text: UnitChars or UnitWords

	Words   string   `json:"words,omitempty"`    // of a file of columns: the words' one, if not the first
	Inputs  []string `json:"inputs,omitempty"`   // of a table: the columns of x
	Group   string   `json:"group,omitempty"`    // of a table: the column that tells sequences apart
	PerStep int      `json:"per_step,omitempty"` // of a table whose rows are sequences: the numbers of a step

	Cell          rnn.Cell `json:"cell"`
	Embed         int      `json:"embed"`  // E, width of a token's own vector
	Hidden        int      `json:"hidden"` // H
	Layers        int      `json:"layers"`
	Bidirectional bool     `json:"bidirectional,omitempty"`
	LearnH0       bool     `json:"learn_h0,omitempty"`

	Output      Output      `json:"output"`
	Constraints span.Scheme `json:"constraints,omitempty"` // what a CRF's labels keep to

	Vector       int       `json:"vector,omitempty"`        // I of sequences of vectors; 0 for tokens, which are read by their own vector and
	Normalized   bool      `json:"normalized,omitempty"`    // by their mean and deviation in the training data (Norm)
	Chars        int       `json:"chars,omitempty"`         // H of the layer that reads their characters, 0 for none, of
	CharCell     rnn.Cell  `json:"char_cell,omitempty"`     // this cell,
	Jamo         bool      `json:"jamo,omitempty"`          // to which Hangul syllables come taken apart; and
	Features     []Feature `json:"features,omitempty"`      // features,
	FeatureEmbed int       `json:"feature_embed,omitempty"` // each a vector of this width
}

// The tasks.
const (
	TaskTag      = "tag"      // something to say at every step
	TaskClassify = "classify" // at a sequence's end, of the whole
	TaskLM       = "lm"       // at every step: the next token
)

// The tokens of a text.
const (
	UnitChars = "" // as models that do not say
	UnitWords = "words"
)

// UnknownLabel is a language model's label for all tokens that are not in its
// vocabulary.
const UnknownLabel = ""

// Output names what makes labels of a network's scores α.
type Output string

// The outputs.
const (
	Softmax Output = "softmax" // each step by itself
	CRF     Output = "crf"     // all steps together, by a linear-chain conditional random field
	Real    Output = "real"    // α are real values, not labels; the loss is the squared error
)

// Whole says whether the network needs a sequence's end before its first label.
func (c Config) Whole() bool { return c.Bidirectional || c.Output == CRF }

// maxSize bounds the parameters of a model, and so what a header may ask for.
const maxSize = 1 << 28

// Recurrent returns the shape of the recurrent layers.
func (c Config) Recurrent() rnn.Config {
	return rnn.Config{Cell: c.Cell, Input: c.Input(), Hidden: c.Hidden, Layers: c.Layers, Bidirectional: c.Bidirectional, LearnH0: c.LearnH0}
}

// Input returns I, the width of x_t.
func (c Config) Input() int {
	if c.Vector > 0 {
		return c.Vector
	}
	return c.Embed + 2*c.Chars + len(c.Features)*c.FeatureEmbed
}

// CharLayer returns the shape of the layer that reads characters, each a
// vector as wide as the layer's state.
func (c Config) CharLayer() rnn.Config {
	return rnn.Config{Cell: c.CharCell, Input: c.Chars, Hidden: c.Chars, Layers: 1, Bidirectional: true}
}

// Validate says what is wrong with c, if anything.
func (c Config) Validate() error {
	if err := c.validateInput(); err != nil {
		return err
	}
	if err := c.validateOutput(); err != nil {
		return err
	}
	return c.Recurrent().Validate()
}

// maxEmbed bounds the widths of vectors, so that their sum cannot overflow.
const maxEmbed = 1 << 20

func (c Config) validateInput() error {
	switch {
	case c.Vector < 0 || c.Vector > maxEmbed:
		return fmt.Errorf("vectors of width %d: expected 1 to %d, or 0 for tokens", c.Vector, maxEmbed)
	case c.Normalized && c.Vector == 0:
		return errors.New("normalized vectors of no width: expected a width")
	case c.Vector > 0 && (c.Embed != 0 || c.Chars != 0 || len(c.Features) != 0 || c.Task == TaskLM):
		return errors.New("vectors and tokens at once: expected one of them, and no language model of vectors")
	case c.Vector == 0 && (c.Embed < 1 || c.Embed > maxEmbed):
		return fmt.Errorf("embed %d: expected 1 to %d", c.Embed, maxEmbed)
	case c.Unit != UnitChars && c.Unit != UnitWords:
		return fmt.Errorf("unit %.20q is unknown: expected characters, the empty one, or %q", c.Unit, UnitWords)
	case c.Chars < 0 || c.Chars > maxEmbed:
		return fmt.Errorf("chars %d: expected 0, for none, to %d", c.Chars, maxEmbed)
	case c.Chars == 0 && (c.CharCell != "" || c.Jamo):
		return errors.New("a cell for characters, or jamo, without chars: expected chars above 0")
	}
	if c.Chars > 0 {
		if err := c.CharLayer().Validate(); err != nil {
			return fmt.Errorf("chars: %w", err)
		}
	}
	return validateFeatures(c.Features, c.FeatureEmbed)
}

func (c Config) validateOutput() error {
	switch {
	case c.Task != TaskTag && c.Task != TaskClassify && c.Task != TaskLM:
		return fmt.Errorf("task %.20q is unknown: expected %s, %s or %s", c.Task, TaskTag, TaskClassify, TaskLM)
	case c.Output != Softmax && c.Output != CRF && c.Output != Real:
		return fmt.Errorf("output %.20q is unknown: expected %s, %s or %s", string(c.Output), Softmax, CRF, Real)
	case c.Task == TaskLM && (c.Whole() || c.Output != Softmax):
		return errors.New("a language model that sees a sequence's end: expected one direction and softmax")
	case c.Task == TaskClassify && c.Output == CRF:
		return errors.New("a CRF for one label a sequence: expected softmax")
	case !c.Constraints.Valid():
		return fmt.Errorf("constraints %.20q are unknown: expected %s, %s or none", string(c.Constraints), span.BIO, span.BIOES)
	case c.Constraints != span.None && c.Output != CRF:
		return fmt.Errorf("constraints %s without a CRF: expected output %s", c.Constraints, CRF)
	}
	return nil
}
