package bench

import (
	"context"
	"runtime"
	"slices"
	"time"
)

// work is what is timed: calls of once, so many together after some that are not timed.
type work struct {
	once          func()
	times, before int
}

// seconds times one turn and returns the seconds of a call.
func (w work) seconds() float64 {
	for range w.before {
		w.once()
	}
	start := time.Now()
	for range w.times {
		w.once()
	}
	return time.Since(start).Seconds() / float64(w.times)
}

// turns is what came of timing one work and another in turns: medians.
type turns struct {
	seconds, other float64 // of a call of each
	ratio          float64 // seconds / other of the same turn
	allocs         float64 // of a call of the first, the other allocating nothing
}

// maxTurns is how many turns are kept: enough for a median, in memory that is nothing beside a layer's.
const maxTurns = 1 << 12

// inTurns times w and other one after the other until budget is spent or ctx ends.
// The garbage of what was prepared is collected before, as the testing package does:
// while it is, every pointer that is written costs more, and on a processor that is
// ours alone, at real-time priority, it may go on for all of the turns.
func inTurns(ctx context.Context, budget time.Duration, w, other work) turns {
	for range 3 {
		w.once()
		other.once()
	}
	var took, others, ratios []float64
	for _, s := range []*[]float64{&took, &others, &ratios} {
		*s = make([]float64, 0, maxTurns)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for len(took) == 0 || (time.Since(start) < budget && len(took) < maxTurns && ctx.Err() == nil) {
		b := other.seconds()
		a := w.seconds()
		took, others, ratios = append(took, a), append(others, b), append(ratios, a/b)
	}
	runtime.ReadMemStats(&after)
	// The clock and ctx do not allocate; a stray allocation of the runtime's is
	// rounded away.
	calls := len(took) * (w.before + w.times)
	return turns{median(took), median(others), median(ratios), float64((after.Mallocs - before.Mallocs) / uint64(calls))}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
