package data

import "io"

var textFormat = &Format{
	Name: "text", Endings: []string{".txt"},
	Read: func(in io.Reader, o Options) ([]Sequence, error) {
		text, err := ReadText(in, o.Name)
		if err != nil {
			return nil, err
		}
		return NextTokens(o.Name, o.Tokens(text), o.Pieces)
	},
}

// UnitWords is Options.Unit of a text that is read word by word.
const UnitWords = "words"

// Tokens splits a text into its words, or characters.
func (o Options) Tokens(text string) []string {
	if o.Unit == UnitWords {
		return Words(text)
	}
	return Characters(text)
}
