package bench

import (
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// Worked out by hand for T 10, B 3, I 5, H 32: of a row x and h; for the LSTM gates, c and tanh c, too.
func TestMemoryOfAShape(t *testing.T) {
	for _, c := range []struct {
		cell      rnn.Cell
		recompute bool
		want      int64
	}{
		{rnn.Tanh, false, 4 * 3 * (10*(5+32) + 5 + 4*32)},
		{rnn.Tanh, true, 4 * 3 * (10*5 + 5 + 4*32)},
		{rnn.LSTM, false, 4 * 3 * (10*(5+7*32) + 5 + 7*32)},
	} {
		s := Shape{Cell: c.cell, Steps: 10, Batch: 3, Input: 5, Hidden: 32, Recompute: c.recompute}
		if got := s.memory(); got != c.want {
			t.Errorf("%s, recompute %v: %d bytes, want %d", c.cell, c.recompute, got, c.want)
		}
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	s := Shape{Cell: rnn.LSTM, Steps: 4_000_000, Batch: 1, Input: 128, Hidden: 128}
	need := s.memory()
	if err := s.fits(need - 1); err == nil || err.Error() != "steps 4000000, batch 1: at least 16.4 GB of memory are needed, 16.4 are free; expected fewer of them" {
		t.Errorf("one byte too few: %v", err)
	}
	for _, free := range []int64{need, 0} {
		if err := s.fits(free); err != nil {
			t.Errorf("%d bytes free: %v", free, err)
		}
	}
}
