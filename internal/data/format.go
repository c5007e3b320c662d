package data

import (
	"bufio"
	"io"
	"path"
	"slices"
	"strings"
)

// Format is a format of files: how it is known, and how it is read to train on
// and rewritten with its labels filled in. [Formats] lists them.
type Format struct {
	Name    string   // as options have it
	Endings []string // of its files' names
	Reads   Reads    // what sequences are of
	Column  string   // where the labels of steps are unless it is said; "" where that is no question
	Columns bool     // the words' column can be said
	Table   bool     // the columns of x can be said, and what tells sequences apart
	Key     bool     // the labels can have another key or column than the usual one
	Whole   bool     // whole sequences can have labels
	Parts   bool     // a long sequence is rewritten in parts, where its labels allow that

	// Check says what is wrong with options; nil where nothing can be.
	Check func(o Options) error
	// Read reads all of a file to train on. It completes o, so that it fits files
	// without labels, too.
	Read func(in io.Reader, o *Options) ([]Sequence, error)
	// Rewrite returns what fills in the labels of a file; nil where there is
	// nothing to fill in.
	Rewrite func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter
}

// Reads are what the sequences of a format are of.
type Reads int

// What they are of; a format may have several.
const (
	OfWords   Reads = 1 << iota
	OfVectors       // x_t
	OfGo            // characters of Go source, which have classes of their own
	OfText          // whose next token is foretold
)

// Options say where in a file tokens, vectors and labels are.
type Options struct {
	Name    string   // of the file, in errors
	Whole   bool     // a label is of a whole sequence, not of a step
	Column  string   // that has the labels, as the format counts or names them
	Words   string   // the column of the words, in the same way; the first unless given
	Inputs  []string // of a table: the columns of x; unless given, all others that have a number in the first row
	Group   string   // of a table: the column whose value tells sequences apart; one sequence unless given
	PerStep int      // of a table: where not 0, each row is a sequence, of so many numbers a step
	LeftOut []string // what Read has made of a table: columns that are not read
	Split   bool     // of a text: "don't" is "do" and "n't"
	Unit    string   // of a text: "words", or characters
	Pieces  int      // into which a text is cut

	// To rewrite only:
	Scores bool                            // scores will be written, too
	Places bool                            // it is asked where words stand
	Stream bool                            // labels do not wait for a sequence's end: it may come in parts
	Paint  func(text, label string) string // colours runs of text, which are JSON otherwise
}

// Rewriter reads a file part by part and writes it with labels filled in, as
// it goes: Next, Write, Next, Write, …, and Close.
type Rewriter interface {
	// Next returns what is labelled next, or io.EOF. It is the Rewriter's own
	// until the next call.
	Next() (Part, error)
	// Write writes that: all of its bytes as they were but for the labels, one a
	// step or one of the whole; none where there are no steps. z [T, K] or [K]
	// are their scores, nil for none, and stay the caller's. A caller that wants
	// no file need not call it.
	Write(labels []string, z []float32) error
	// Pause writes what can be written while the input has no more for now.
	Pause() error
	// Close writes what is left after the last part.
	Close() error
}

// Part is a sequence to label, or a part of one. It may have no steps: then it
// is something between sequences.
type Part struct {
	Tokens    []string    // or
	X         [][]float32 // vectors, all of one width
	Name      string      // where it stands, for errors
	Continues bool        // the sequence of the part before
	Places    []Place     // of the tokens, where they are asked for
}

// Place is where a token stands in its file.
type Place struct {
	From, To int    // bytes from the file's beginning
	After    string // what is between it and the next, as a reader sees them
}

// Formats are the formats, in the order in which help lists them.
var Formats = []*Format{conlluFormat, columnsFormat, jsonlFormat, csvFormat, textFormat, goFormat}

// FormatNamed returns the format of this name, nil if there is none.
func FormatNamed(name string) *Format {
	for _, f := range Formats {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// FormatOf returns the format that a file's name tells, nil if it does not.
func FormatOf(name string) *Format {
	ending := strings.ToLower(path.Ext(name))
	for _, f := range Formats {
		if slices.Contains(f.Endings, ending) {
			return f
		}
	}
	return nil
}

// FormatNames lists the names of the formats that ok takes.
func FormatNames(ok func(*Format) bool) (names []string) {
	for _, f := range Formats {
		if ok(f) {
			names = append(names, f.Name)
		}
	}
	return names
}
