package train

import (
	"errors"
	"fmt"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
)

// What the loss of training is weighted by.
const (
	NoWeights       = "none"
	BalancedWeights = "balanced" // n/(K·n_c), so that every label has the same part of it
)

// validateWeights says what is wrong with the weights of the labels, if anything.
func (o Options) validateWeights() error {
	switch {
	case o.ClassWeights == NoWeights:
		return nil
	case o.ClassWeights != BalancedWeights:
		return fmt.Errorf("class weights %.20q are unknown: expected %s or %s", o.ClassWeights, NoWeights, BalancedWeights)
	case o.Model.Output == model.CRF:
		return errors.New("class weights and a CRF, whose loss is of all labels of a sequence together: expected output softmax")
	case o.Model.Output == model.Real:
		return errors.New("class weights of real values: expected labels")
	case o.Model.Task == model.TaskLM:
		return errors.New("class weights of a language model, which foretells tokens as often as they are: expected labels")
	}
	return nil
}

// weigh makes the loss of training weighted by how often the examples have each
// label. It stays divided by the labelled steps, whose mean weight is 1; that of
// held-out data is not weighted.
func (t *trainer) weigh(examples []Example) {
	if t.ClassWeights == NoWeights {
		return
	}
	counts := make([]int, len(t.model.Labels))
	for _, e := range examples {
		for _, l := range e.Labels {
			counts[l]++ // all are known: the labels are those of the examples
		}
	}
	t.net.Weigh(loss.Balanced(counts))
}
