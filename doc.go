// Package unroll labels sequences with recurrent networks: words, characters,
// log lines, anything that comes as tokens one after the other.
//
// A [Model] is one file. [Open] or [Read] it, for one embedded in the program,
// and Label sequences; or open a [Stream] and label tokens as they arrive, some
// microseconds each, without allocating. [Train] makes a model from
// labelled sequences.
//
// The command unroll, in cmd/unroll, does the same from a terminal. Package
// rnn has the recurrent layers alone; package bptt is the text that they come
// from, equation by equation.
package unroll
