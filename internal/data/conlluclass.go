package data

import (
	"fmt"
	"io"
)

// ReadConlluClasses reads a whole CoNLL-U file for training a classifier of
// sentences: a sequence a sentence, its tokens the forms, its one label the
// value of the comment "# key = value" (see [Sentence.Comment]). Sentences
// without words are left out.
//
// It is an error if there is no sentence with words, or if one has no such
// comment or an empty value.
func ReadConlluClasses(r io.Reader, name, key string) ([]Sequence, error) {
	return readClasses(&NewConlluReader(r, name).sentenceReader, key)
}

// readClasses is [ReadConlluClasses] of any sentences.
func readClasses(r *sentenceReader, key string) ([]Sequence, error) {
	name := r.lines.name
	key = trimBlanks(key)
	if err := checkCommentKey(key); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b := classSet{key: key, shared: sharedStrings{}}
	if err := eachSentence(r, b.add); err != nil {
		return nil, err
	}
	if len(b.sequences) == 0 {
		return nil, noSentence(name, r.form)
	}
	return b.sequences, nil
}

// classSet gathers sentences as sequences of one label each.
type classSet struct {
	key       string
	sequences []Sequence
	shared    sharedStrings
}

func (b *classSet) add(s *Sentence) error {
	tokens := s.Words()
	if len(tokens) == 0 {
		return nil
	}
	label, _ := s.Comment(b.key)
	if label == "" {
		return s.errorf(0, "no comment # %s = ..., expected the sentence's label", b.key)
	}
	for w := range tokens {
		tokens[w] = b.shared.one(tokens[w])
	}
	b.sequences = append(b.sequences, Sequence{Name: s.place(), Tokens: tokens, Labels: []string{b.shared.one(label)}})
	return nil
}
