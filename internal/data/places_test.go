package data

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

var placesTests = []struct {
	format  string
	options Options
	input   string
	there   string // what the file has in these places, with what is between
}{
	{"text", Options{}, "In  New\u00a0York, don't.\n\n서울에 é", "In  New\u00a0York, don't.|서울에 é"},
	{"text", Options{Split: true}, " don't! go", "don't!|go"},
	{"columns", Options{Words: "2"}, "O\tNew\tx\nO\tYork\tx\n\n# c\n-DOCSTART- x\nO\té서\tx\n", "New York|é서"},
	{"columns", Options{}, "  New  B\nYork I\n", "New York"},
	{"columns", Options{Words: "w", Column: "l"}, "l\tw\nO\tNew\nO\tYork", "New York"},
	{"conllu", Options{}, "# text = é\n1-2\tNewYork\t_\t_\t_\t_\t_\t_\t_\t_\n1\tNew\t_\t_\t_\t_\t_\t_\t_\tA=1|SpaceAfter=No\n1.1\te\t_\t_\t_\t_\t_\t_\t_\t_\n" +
		"2\tYork\t_\t_\t_\t_\t_\t_\t_\t_\n\n1\t서울\t_\t_\t_\t_\t_\t_\t_\t_\n\n", "NewYork|서울"},
	{"jsonl", Options{}, "{\"a\": \"é\", \"tokens\" : [ \"New\" ,\"\\u0059ork\"]}\n\n{\"tokens\":[\"서\"]}\n", "New York|서"},
}

// TestPlaces holds each word's place to the bytes of the file that are there,
// with byte order mark and without, line ends of both kinds, and in two
// sequences.
func TestPlaces(t *testing.T) {
	for _, test := range placesTests {
		for _, input := range []string{test.input, byteOrderMark + test.input, strings.ReplaceAll(test.input, "\n", "\r\n")} {
			if got, err := standing(test.format, input, test.options); err != nil || got != test.there {
				t.Errorf("%s: %q has %q in these places, %v, want %q", test.format, input, got, err, test.there)
			}
		}
	}
}

func FuzzPlaces(f *testing.F) {
	for _, test := range placesTests {
		f.Add(test.format, test.input)
	}
	f.Fuzz(func(t *testing.T, format, input string) {
		if f := FormatNamed(format); f == nil || f.Reads&OfWords == 0 {
			return
		}
		if _, err := standing(format, input, Options{}); errors.Is(err, errPlace) {
			t.Errorf("%s: %q: %v", format, input, err)
		}
	})
}

var errPlace = errors.New("a wrong place")

// standing returns the words of a file and what is between them, a bar between
// sequences, once it has found them where they are said to stand.
func standing(format, input string, o Options) (string, error) {
	f := FormatNamed(format)
	o.Name, o.Places = "f", true
	if o.Column == "" {
		o.Column = f.Column
	}
	r := f.Rewrite(bufio.NewReader(strings.NewReader(input)), nil, o)
	var sequences []string
	for {
		p, err := r.Next()
		if err == io.EOF {
			return strings.Join(sequences, "|"), nil
		}
		if err != nil {
			return "", err
		}
		if len(p.Tokens) == 0 {
			continue
		}
		text, err := wordsAt(p, input, format == "jsonl")
		if err != nil {
			return "", err
		}
		sequences = append(sequences, text)
	}
}

// wordsAt returns the words of a part of input and what is between them.
func wordsAt(p Part, input string, quoted bool) (string, error) {
	var b strings.Builder
	for i, word := range p.Tokens {
		there := input[p.Places[i].From:p.Places[i].To]
		if quoted {
			if err := json.Unmarshal([]byte(`"`+there+`"`), &there); err != nil {
				return "", fmt.Errorf("%w: %w", errPlace, err)
			}
		}
		if there != word {
			return "", fmt.Errorf("%w: %q, want %q", errPlace, there, word)
		}
		b.WriteString(word)
		if i < len(p.Tokens)-1 {
			b.WriteString(p.Places[i].After)
		}
	}
	return b.String(), nil
}
