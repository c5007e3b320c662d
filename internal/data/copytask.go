package data

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// The copy task is to repeat [CopySymbols] symbols, each one of
// [CopyAlphabet].
const (
	CopySymbols  = 10
	CopyAlphabet = 8
)

// The tokens of the copy task besides its symbols.
const (
	copyBlank     = "_"
	copyDelimiter = ":"
)

var copySymbols = [CopyAlphabet]string{"1", "2", "3", "4", "5", "6", "7", "8"}

// Copy returns n sequences of the copy-memory task (Hochreiter & Schmidhuber
// 1997, in the form of Arjovsky, Shah & Bengio 2016, arXiv:1511.06464), each
// of steps+20 tokens: ten symbols drawn uniformly from "1" to "8", steps−1
// blanks "_", a delimiter ":" and ten blanks. The labels are blanks for the
// first steps+10 tokens and then the ten symbols, so that each is asked for
// steps+10 tokens after it was seen. steps is at least 1.
func Copy(steps, n int, r *rand.Rand) []Sequence {
	sequences := make([]Sequence, n)
	for i := range sequences {
		tokens, labels := copySequence(steps, r)
		sequences[i] = Sequence{Name: fmt.Sprintf("copy %d", i+1), Tokens: tokens, Labels: labels}
	}
	return sequences
}

func copySequence(steps int, r *rand.Rand) (tokens, labels []string) {
	length := steps + 2*CopySymbols
	tokens, labels = make([]string, length), make([]string, length)
	for t := range length {
		tokens[t], labels[t] = copyBlank, copyBlank
	}
	tokens[CopySymbols+steps-1] = copyDelimiter
	for t := range CopySymbols {
		symbol := copySymbols[r.IntN(CopyAlphabet)]
		tokens[t], labels[CopySymbols+steps+t] = symbol, symbol
	}
	return tokens, labels
}

// CopyBaseline is the least loss, in nats a step, without a memory of the
// symbols: certain of every blank, and one in eight on each of the ten
// symbols, that is 10·ln 8/(steps+20).
func CopyBaseline(steps int) float64 {
	return CopySymbols * math.Log(CopyAlphabet) / float64(steps+2*CopySymbols)
}
