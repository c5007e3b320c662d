package bench

import (
	"context"
	"time"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// machine measures what the threads of a team can do, all at once.
type machine struct {
	team   *rnn.Team
	limits []kernel.Limits[float32] // one a worker
	loops  int                      // of a peak
	onPeak func(worker int)
}

// Bounds of loops: a peak of some 30 µs, and of some 0.3 ms. Registers alone draw
// less power than a pass: after a millisecond the clock is another.
const leastLoops, mostLoops = 20_000, 200_000

func newMachine(team *rnn.Team) *machine {
	m := &machine{team: team, limits: make([]kernel.Limits[float32], team.Size()), loops: mostLoops}
	m.onPeak = func(w int) { m.limits[w].Peak(m.loops) }
	return m
}

// peak multiplies and adds on all threads.
func (m *machine) peak() { m.team.Run(m.onPeak) }

// flops returns the floating-point operations of a peak.
func (m *machine) flops() float64 {
	return 2 * m.limits[0].Peak(1) * float64(m.loops) * float64(m.team.Size())
}

// besidePeak times once in turns with a peak about as long, within bounds, at
// the clock that once left: after as much of the peak that is not timed, since
// its first microseconds are slower. The other of what it returns is the peak's
// seconds for a floating-point operation, the ratio what the peak does in the
// time of once.
func (m *machine) besidePeak(ctx context.Context, budget time.Duration, once func()) turns {
	pass, peak := work{once, 1, 0}, work{m.peak, 1, 1}
	m.loops = leastLoops
	m.loops = int(min(max(leastLoops*pass.seconds()/peak.seconds(), leastLoops), mostLoops))
	t := inTurns(ctx, budget, pass, peak)
	t.other /= m.flops()
	t.ratio *= m.flops()
	return t
}

// Roofs are what bounds any layer on this machine, all threads at once.
type Roofs struct {
	Kernel     string  `json:"kernel"` // the kernels in use
	Threads    int     `json:"threads"`
	PeakGFLOPS float64 `json:"peak_gflops"`
	L2GBs      float64 `json:"l2_gb_s"`     // reading what the second-level cache holds
	MemoryGBs  float64 `json:"memory_gb_s"` // reading what no cache holds
}

// Sizes of the buffers in bytes: for a thread, half of a common second-level
// cache; for all together, more than a third-level cache holds.
const (
	l2Bytes     = 512 << 10
	memoryBytes = 512 << 20
)

// MeasureRoofs takes about half a second.
func MeasureRoofs(ctx context.Context, threads int) Roofs {
	team := rnn.NewTeam(threads)
	defer team.Close()
	m := newMachine(team)
	peak := median(m.sample(ctx, m.onPeak))
	return Roofs{kernel.Name(), threads, m.flops() / peak / 1e9, m.bandwidth(ctx, l2Bytes), m.bandwidth(ctx, memoryBytes/m.team.Size())}
}

// bandwidth returns the billions of bytes a second that all threads together
// read, each from so many bytes of its own.
func (m *machine) bandwidth(ctx context.Context, bytes int) float64 {
	buffers := make([][]float32, m.team.Size())
	m.team.Run(func(w int) { buffers[w] = newBuffer(bytes) })
	took := m.sample(ctx, func(w int) { m.limits[w].Pass(buffers[w]) })
	return float64(bytes) * float64(m.team.Size()) / median(took) / 1e9
}

// sample times f on all threads again and again.
func (m *machine) sample(ctx context.Context, f func(worker int)) []float64 {
	w := work{once: func() { m.team.Run(f) }, times: 1}
	w.once()
	var took []float64
	for start := time.Now(); len(took) == 0 || time.Since(start) < 150*time.Millisecond && ctx.Err() == nil; {
		took = append(took, w.seconds())
	}
	return took
}

// newBuffer returns memory of so many bytes, each page of it written to: what
// never was is one page of zeros to some systems.
func newBuffer(bytes int) []float32 {
	const page = 4096 / 4
	x := kernel.Grow[float32](nil, bytes/4)
	for i := 0; i < len(x); i += page {
		x[i] = 1
	}
	return x
}
