package train

import (
	"context"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// TestCRFLossIsOfWhatHasOne wants sequences that have no loss, for an unknown
// label or one that the constraints forbid, not to count in its mean.
func TestCRFLossIsOfWhatHasOne(t *testing.T) {
	o := Default()
	o.Model.Output, o.Model.Embed, o.Model.Hidden, o.MinCount = model.CRF, 3, 4, 1
	known := data.Sequence{Tokens: []string{"New", "York", "is"}, Labels: []string{"B-x", "I-x", "O"}}
	m, err := fresh([]data.Sequence{known}, o)
	if err != nil || m.Config.Constraints != "bio" {
		t.Fatal(m, err)
	}
	for i := range m.Params {
		m.Params[i] += float32(i%7) / 10
	}
	net, err := m.Network(nil)
	if err != nil {
		t.Fatal(err)
	}
	loss := func(sequences ...data.Sequence) float64 {
		examples, err := Encode(m, sequences)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Evaluate(context.Background(), m, net, examples)
		if err != nil {
			t.Fatal(err)
		}
		return e.Loss
	}
	unknown := data.Sequence{Tokens: []string{"is", "New"}, Labels: []string{"O", "B-y"}}
	forbidden := data.Sequence{Tokens: []string{"is", "York"}, Labels: []string{"O", "I-x"}}
	want := loss(known)
	if got := loss(known, unknown, forbidden); got != want || !(want > 0) {
		t.Errorf("loss %v, want %v", got, want)
	}
}
