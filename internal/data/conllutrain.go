package data

import (
	"fmt"
	"io"
	"strings"
)

// ReadConllu reads a whole CoNLL-U file for training: a sequence a sentence,
// its tokens the forms, its labels the values of the given column, from 1 to
// 10 (see [ParseColumn]). Sentences without words are left out.
//
// It is an error if there is no sentence, if a label is empty, or if the
// column is "_", the format's mark for no value, on every word. Where only
// some words have "_", it is a label like any other.
func ReadConllu(r io.Reader, name string, column int) ([]Sequence, error) {
	if !isColumn(column) {
		return nil, fmt.Errorf("%s: label column %d, expected 1 to %d", name, column, ColumnMisc)
	}
	b := trainingSet{column: column, shared: map[string]string{}}
	reader := NewConlluReader(r, name)
	for {
		s, err := reader.Read()
		if err == io.EOF {
			return b.finish(name)
		}
		if err == nil {
			err = b.add(s)
		}
		if err != nil {
			return nil, err
		}
	}
}

// trainingSet gathers sentences as sequences.
type trainingSet struct {
	column    int
	sequences []Sequence
	labelled  bool              // a label other than "_" was seen
	shared    map[string]string // one copy of each string, so that no line stays in memory for one word
}

func (b *trainingSet) add(s *Sentence) error {
	tokens, labels := s.Words(), s.Column(b.column)
	if len(tokens) == 0 {
		return nil
	}
	for w := range tokens {
		if labels[w] == "" {
			return s.errorf(s.words[w], "empty label in column %s, expected a value", columnNames[b.column-1])
		}
		b.labelled = b.labelled || labels[w] != "_"
		tokens[w], labels[w] = b.share(tokens[w]), b.share(labels[w])
	}
	name := fmt.Sprintf("%s:%d", s.Name, s.Line)
	b.sequences = append(b.sequences, Sequence{Name: name, Tokens: tokens, Labels: labels})
	return nil
}

func (b *trainingSet) share(s string) string {
	if kept, ok := b.shared[s]; ok {
		return kept
	}
	kept := strings.Clone(s)
	b.shared[kept] = kept
	return kept
}

func (b *trainingSet) finish(name string) ([]Sequence, error) {
	if len(b.sequences) == 0 {
		return nil, fmt.Errorf("%s: no sentence, expected CoNLL-U", name)
	}
	if !b.labelled {
		return nil, fmt.Errorf("%s: no labels in column %s, expected a value other than _", name, columnNames[b.column-1])
	}
	return b.sequences, nil
}
