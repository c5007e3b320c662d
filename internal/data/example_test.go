package data_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/unroll-go/unroll/internal/data"
)

// Fill one column of a file and leave all else as it is.
func ExampleConlluReader() {
	file := "# text = Dogs sleep\n" +
		"1\tDogs\t_\t_\t_\t_\t_\t_\t_\t_\n" +
		"2\tsleep\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\n"
	r := data.NewConlluReader(strings.NewReader(file), "dogs.conllu")
	for {
		s, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		labels := make([]string, len(s.Words()))
		for i, word := range s.Words() {
			labels[i] = strings.ToUpper(word)
		}
		if err := s.SetColumn(data.ColumnUPOS, labels); err != nil {
			fmt.Println(err)
			return
		}
		s.WriteTo(os.Stdout)
	}
	// Output:
	// # text = Dogs sleep
	// 1	Dogs	_	DOGS	_	_	_	_	_	_
	// 2	sleep	_	SLEEP	_	_	_	_	_	SpaceAfter=No
}

func ExampleDeclarations() {
	sequences, err := data.Declarations("p.go", []byte("package p\n\nvar x = `a` // one\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range sequences {
		fmt.Println(s.Name)
		for i, character := range s.Tokens {
			fmt.Printf("%q %s\n", character, s.Labels[i])
		}
	}
	// Output:
	// p.go:3
	// "v" keyword
	// "a" keyword
	// "r" keyword
	// " " space
	// "x" identifier
	// " " space
	// "=" operator
	// " " space
	// "`" string
	// "a" string
	// "`" string
}

func ExampleWrap() {
	s := data.Sequence{Name: "p.go:1", Tokens: data.Characters("if")}
	comment, ok := data.Wrap(s, "/*", "*/", data.GoComment)
	fmt.Println(strings.Join(comment.Tokens, ""), comment.Labels[2], ok)
	// Output: /*if*/ comment true
}
