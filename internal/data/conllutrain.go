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
	b := trainingSet{column: func() int { return column }, shared: sharedStrings{}}
	if err := eachSentence(&NewConlluReader(r, name).sentenceReader, b.add); err != nil {
		return nil, err
	}
	return b.finish(name, columnNames[column-1], conlluForm{})
}

// eachSentence calls do with every sentence, until it fails.
func eachSentence(r *sentenceReader, do func(*Sentence) error) error {
	for {
		s, err := r.read()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = do(s)
		}
		if err != nil {
			return err
		}
	}
}

// trainingSet gathers sentences as sequences.
type trainingSet struct {
	column    func() int // known once a sentence is read
	sequences []Sequence
	labelled  bool // a label other than "_" was seen
	shared    sharedStrings
}

func (b *trainingSet) add(s *Sentence) error {
	tokens := s.Words()
	if len(tokens) == 0 {
		return nil
	}
	labels := s.Column(b.column())
	for w := range tokens {
		if labels[w] == "" {
			return s.errorf(s.words[w], "empty label in column %s, expected a value", s.form.columnName(b.column()))
		}
		b.labelled = b.labelled || labels[w] != "_"
		tokens[w], labels[w] = b.shared.one(tokens[w]), b.shared.one(labels[w])
	}
	b.sequences = append(b.sequences, Sequence{Name: s.place(), Tokens: tokens, Labels: labels})
	return nil
}

func (b *trainingSet) finish(name, column string, f form) ([]Sequence, error) {
	if len(b.sequences) == 0 {
		return nil, noSentence(name, f)
	}
	if !b.labelled {
		return nil, fmt.Errorf("%s: no labels in column %s, expected a value other than _", name, column)
	}
	return b.sequences, nil
}

// place is the sentence's name as a sequence.
func (s *Sentence) place() string { return fmt.Sprintf("%s:%d", s.Name, s.Line) }

func noSentence(name string, f form) error {
	return fmt.Errorf("%s: no sentence, expected %s", name, f.formatName())
}

// sharedStrings has one copy of each string, so that no line stays in memory
// for one word.
type sharedStrings map[string]string

// one is the copy of s.
func (m sharedStrings) one(s string) string {
	if kept, ok := m[s]; ok {
		return kept
	}
	kept := strings.Clone(s)
	m[kept] = kept
	return kept
}
