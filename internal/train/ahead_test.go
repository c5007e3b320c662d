package train

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBatchesBuiltAheadAreThoseBuiltOneByOne wants a pass to end with the same
// bits as one that builds each batch when the one before is done, word dropout
// included.
func TestBatchesBuiltAheadAreThoseBuiltOneByOne(t *testing.T) {
	o := small()
	o.WordDrop = 0.3
	tr, examples := newLoop(t, o, nil)
	tr.steps, tr.result.Epochs = tr.countSteps(examples.All), 1
	loss, tokens, err := tr.pass(context.Background(), examples)
	if err != nil {
		t.Fatal(err)
	}
	twin, _ := newLoop(t, o, nil)
	twin.steps = tr.steps
	words, sum, n := rand.New(rand.NewPCG(o.Seed, unknownStream+1)), 0.0, 0
	for _, indices := range twin.plan(examples.All, 1) {
		if err := twin.batch.fill(examples, indices, o.WordDrop, words); err != nil {
			t.Fatal(err)
		}
		l, m, err := twin.trainBatch(context.Background(), examples.Forms)
		if err != nil {
			t.Fatal(err)
		}
		sum, n = sum+l, n+m
	}
	if loss != sum || tokens != n || !slices.Equal(tr.model.Params, twin.model.Params) {
		t.Errorf("loss %v over %d tokens, want %v over %d; the same parameters: %v", loss, tokens, sum, n, slices.Equal(tr.model.Params, twin.model.Params))
	}
}

// TestAheadEnds wants end to wait for the builder, wherever it is: at most the
// two batches that are free have been filled beyond those taken, and none is later.
func TestAheadEnds(t *testing.T) {
	for stop := range 5 {
		var a ahead
		filled := 0
		a.begin([][]int{{0}, {1}, {2}, {3}}, func(*batch, []int) error { filled++; return nil })
		for range stop {
			if b, more := <-a.built; more {
				a.free <- b.batch
			}
		}
		a.end()
		if at := filled; at < min(stop, 4) || at > min(stop+2, 4) {
			t.Errorf("%d batches were filled, %d taken", at, stop)
		}
		if _, more := <-a.built; more {
			t.Errorf("%d batches taken: one more was built after the end", stop)
		}
	}
}
