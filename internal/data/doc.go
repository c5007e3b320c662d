// Package data reads labelled sequences, one file a format, and writes them
// back. It knows no model: what it returns is tokens and labels as strings.
//
//   - [Sequence] is what every format is read into for training.
//   - [Formats] lists the formats: how each is read to train on, and rewritten part
//     by part with its labels filled in ([Rewriter]).
//   - [ConlluReader] streams CoNLL-U, one [Sentence] in memory at a time, and
//     keeps every byte, so that a file with one column filled in differs from
//     its source in that column only. [ReadConllu] reads a whole file.
//   - [Declarations] makes sequences of Go source: a class for every
//     character. [GoCorpus] and [GoDir] split the standard library, or a
//     directory of one's own, into training, development and test sets.
//
// Every error about a file's contents is one line, "NAME:LINE: what was
// wrong, what was expected".
package data

// Sequence is one sequence with what is to be said of it: a label or values for
// every step, or one for the whole.
type Sequence struct {
	Name   string      // where it stands: "strings/builder.go:42", "train.conllu:17"
	Tokens []string    // [T], or
	X      [][]float32 // [T, I] vectors, all of one width
	Labels []string    // [T] or one; nil when unlabelled
	Values [][]float32 // [T, K] or one, where real values stand in place of labels
}

// Steps returns T.
func (s Sequence) Steps() int { return max(len(s.Tokens), len(s.X)) }
