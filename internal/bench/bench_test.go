package bench

import (
	"context"
	"math"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unroll-go/unroll/rnn"
)

// In a bubble time passes only while all sleep: the clock is exact. What comes
// before a turn is not timed.
func TestTurnsAreMediansOfBoth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		first := work{once: func() { calls++; time.Sleep(6 * time.Millisecond) }, times: 1}
		other := work{once: func() { time.Sleep(2 * time.Millisecond) }, times: 2, before: 1}
		got := inTurns(t.Context(), 120*time.Millisecond, first, other)
		if got.seconds != 0.006 || got.other != 0.002 || math.Abs(got.ratio-3) > 1e-12 {
			t.Errorf("%v s, other %v s, ratio %v; want 0.006, 0.002 and 3", got.seconds, got.other, got.ratio)
		}
		if want := 3 + 120/12; calls != want {
			t.Errorf("%d calls in 120 ms of turns of 12 ms, after 3: want %d", calls, want)
		}
	})
}

func TestTurnsEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	count := work{once: func() {
		if calls++; calls == 10 {
			cancel()
		}
	}, times: 1}
	inTurns(ctx, time.Hour, count, work{once: func() {}, times: 1})
	if calls != 10 {
		t.Errorf("%d calls, want none after the 10th", calls)
	}
}

// What the calls before the first turn leave is collected before it.
func TestTurnsBeginWithoutGarbage(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var forced []uint32 // collections asked for, before each call
	count := work{once: func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if forced = append(forced, m.NumForcedGC); len(forced) == 4 {
			cancel()
		}
	}, times: 1}
	inTurns(ctx, time.Hour, count, work{once: func() {}, times: 1})
	if n := forced[3] - forced[2]; n != 1 {
		t.Errorf("%d collections before the first turn, want 1", n)
	}
}

// Worked out by hand for T 2, B 3, I 5, H 7.
func TestWhatAPassDoesAndMoves(t *testing.T) {
	for _, c := range []struct {
		cell                  rnn.Cell
		weights, flops, bytes float64
	}{
		{rnn.Tanh, 84, 2 * 6 * 84, 4 * (2*(49+3*(5+7)) + 35)},
		{rnn.ReLU, 84, 2 * 6 * 84, 4 * (2*(49+3*(5+7)) + 35)},
		{rnn.LSTM, 336, 2 * 6 * 336, 4 * (2*(4*49+3*(5+49)) + 4*35)},
		{rnn.GRU, 252, 2 * 6 * 252, 4 * (2*(3*49+3*(5+35)) + 3*35)},
	} {
		s := Shape{Cell: c.cell, Steps: 2, Batch: 3, Input: 5, Hidden: 7}
		if w, f, b := float64(s.weights()), s.flops(), s.bytes(); w != c.weights || f != c.flops || b != c.bytes {
			t.Errorf("%s: %v weights, %v FLOP, %v bytes; want %v, %v, %v", c.cell, w, f, b, c.weights, c.flops, c.bytes)
		}
	}
}

func TestRunMeasuresALayerBesideTheMachine(t *testing.T) {
	for _, cell := range rnn.Cells() {
		for _, threads := range []int{1, 2} {
			s := Shape{Cell: cell, Steps: 4, Batch: 2, Input: 16, Hidden: 32, Threads: threads, Seconds: 0.02}
			got, err := s.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for name, v := range map[string]float64{"forward": got.ForwardMS, "step": got.StepMS, "stream": got.StreamUS, "peak": got.PeakGFLOPS,
				"share forward": got.ForwardShare, "share step": got.StepShare, "pass": got.PassUS, "passes": got.StreamPasses} {
				if !(v > 0 && v < 1e6) {
					t.Errorf("%s, %d threads: %s is %v, want a finite number above 0", cell, threads, name, v)
				}
			}
		}
	}
}

func TestAllShapesAreValidAndDistinct(t *testing.T) {
	all := All(rnn.Cells(), 2, 0.5)
	seen := map[Shape]bool{}
	for _, s := range all {
		if err := s.Validate(); err != nil || s.Threads != 2 || s.Seconds != 0.5 {
			t.Errorf("%s: %+v: %v", s.Name, s.Shape, err)
		}
		seen[s.Shape] = true
	}
	if len(seen) != 4*7 || len(all) != len(seen) {
		t.Errorf("%d shapes, %d distinct, want 28", len(all), len(seen))
	}
}
