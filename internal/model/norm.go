package model

import (
	"fmt"
	"iter"
	"math"

	"github.com/unroll-go/unroll/rnn"
)

// Norm is what vectors are normalised by before a network reads them:
// (x − Mean)/Std, each number by its own. It is learned from the training data
// and stored with the model; it is no parameter. The zero Norm leaves vectors as
// they are.
type Norm struct{ Mean, Std []float32 } // [I]

// maxDeviations bounds what a network reads of a number far out, so that no
// finite input makes an infinity of it.
const maxDeviations = 1e4

// NewNorm returns mean and deviation of vectors of a width. Where all are the
// same, or there are none, the deviation is 1: such a number becomes 0.
func NewNorm(width int, vectors iter.Seq[[]float32]) Norm {
	mean, squares := make([]float64, width), make([]float64, width)
	n := 0.0
	for x := range vectors { // Welford's sums, which lose no digits to a large mean
		n++
		for i, v := range x {
			d := float64(v) - mean[i]
			mean[i] += d / n
			squares[i] += d * (float64(v) - mean[i])
		}
	}
	norm := Norm{make([]float32, width), make([]float32, width)}
	for i := range width {
		norm.Mean[i], norm.Std[i] = float32(mean[i]), float32(math.Sqrt(squares[i]/max(n, 1)))
		if norm.Std[i] == 0 {
			norm.Std[i] = 1
		}
	}
	return norm
}

// normalize sets dst [n, I] from x [n, I].
func normalize[F rnn.Float](n Norm, dst []F, x []float32) {
	width := len(n.Mean)
	if width == 0 {
		for i, v := range x {
			dst[i] = F(v)
		}
		return
	}
	for i, v := range x {
		c := i % width
		d := (float64(v) - float64(n.Mean[c])) / float64(n.Std[c])
		dst[i] = F(min(max(d, -maxDeviations), maxDeviations))
	}
}

// check says what is wrong with n for a configuration, if anything.
func (n Norm) check(c Config) error {
	width := 0
	if c.Normalized {
		width = c.Vector
	}
	if len(n.Mean) != width || len(n.Std) != width {
		return fmt.Errorf("means and deviations of %d and %d numbers, expected %d", len(n.Mean), len(n.Std), width)
	}
	for i := range width {
		if n.Mean[i]-n.Mean[i] != 0 || n.Std[i]-n.Std[i] != 0 || n.Std[i] <= 0 {
			return fmt.Errorf("%s[%d] is %v and %s[%d] %v, expected finite numbers and a deviation above 0", meanName, i, n.Mean[i], stdName, i, n.Std[i])
		}
	}
	return nil
}

// The names of its tensors in a file.
const (
	meanName = "input.mean"
	stdName  = "input.std"
)

// of returns the numbers of such a tensor; nil of any other.
func (n Norm) of(name string) []float32 {
	switch name {
	case meanName:
		return n.Mean
	case stdName:
		return n.Std
	}
	return nil
}

// FiniteRows says which row is not of that many finite numbers, if any.
func FiniteRows(rows [][]float32, width int) error {
	for t, row := range rows {
		if len(row) != width {
			return fmt.Errorf("of step %d: %d numbers, expected %d", t+1, len(row), width)
		}
		for _, v := range row {
			if v-v != 0 {
				return fmt.Errorf("of step %d: %v, expected finite numbers", t+1, v)
			}
		}
	}
	return nil
}
