package main

import (
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// TestSourceRefuses wants a model that does not label what a format has to be
// refused, not to fail on it.
func TestSourceRefuses(t *testing.T) {
	for want, c := range map[string]model.Config{
		"labels whole sequences": {Task: model.TaskClassify, Format: formatGo, Cell: rnn.Tanh, Output: model.Softmax, Embed: 2},
		"gives values":           {Task: model.TaskTag, Format: "csv", Cell: rnn.Tanh, Output: model.Real, Vector: 3},
		"was trained on made-up": {Task: model.TaskTag, Format: dataCopy, Cell: rnn.Tanh, Output: model.Softmax, Embed: 3},
	} {
		f := inputFlags{model: "m", format: formatAuto}
		if _, err := f.source(&model.Model{Config: c}, "x.csv"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one that says %s", c, err, want)
		}
	}
}
