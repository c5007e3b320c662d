package data

import (
	"fmt"
	"math/rand/v2"
)

// AddingBaseline is the mean squared error of always answering 1, the mean of
// the adding problem's sums: their variance, twice the 1/12 of a uniform
// number.
const AddingBaseline = 1.0 / 6

// Adding returns n sequences of the adding problem (Hochreiter & Schmidhuber
// 1997), of that many steps, at least 2. A step is two numbers: one uniform in
// [0, 1), and a mark, which is 1 at two steps and 0 elsewhere. One marked step
// is drawn uniformly from [0, steps/2), the other from [steps/2, steps). Values
// is the sum of the two marked numbers, one for the whole sequence and not
// halved: always answering 1 has mean squared error 1/6 ([AddingBaseline]).
func Adding(steps, n int, r *rand.Rand) []Sequence {
	sequences := make([]Sequence, n)
	for i := range sequences {
		x, sum := addingSequence(steps, r)
		sequences[i] = Sequence{Name: fmt.Sprintf("adding %d", i+1), X: x, Values: [][]float32{{sum}}}
	}
	return sequences
}

// addingSequence returns x [steps, 2], rows of one slice, and the sum of what
// is marked in it.
func addingSequence(steps int, r *rand.Rand) (x [][]float32, sum float32) {
	rows := make([]float32, 2*steps)
	x = make([][]float32, steps)
	for t := range x {
		x[t] = rows[2*t : 2*t+2 : 2*t+2]
		x[t][0] = r.Float32()
	}
	half := steps / 2
	first, second := r.IntN(half), half+r.IntN(steps-half)
	x[first][1], x[second][1] = 1, 1
	return x, x[first][0] + x[second][0]
}
