// Package explain computes what the paper derives on real numbers: every
// equation of its worked example with its terms, each checked in independent
// ways ([Report]); who influenced whom in a sequence ([Influence]); and how a
// gradient fades or grows with distance ([Flow]).
//
// It computes and does not print: package show does, in English and Korean.
package explain
