// Package bench times recurrent layers.
package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/unroll-go/unroll/rnn"
)

// Shape is what is timed: one layer on B sequences of T steps.
type Shape struct {
	Cell                        rnn.Cell
	Steps, Batch, Input, Hidden int
	Threads                     int
	Seconds                     float64 // how long to measure
}

// maxElements bounds what a shape may ask for, in elements of its largest matrix.
const maxElements = 1 << 29

// Validate says what is wrong with s, if anything.
func (s Shape) Validate() error {
	if s.Steps < 1 || s.Batch < 1 {
		return fmt.Errorf("steps %d, batch %d: expected at least 1 each", s.Steps, s.Batch)
	}
	if !(s.Seconds > 0 && s.Seconds <= 3600) {
		return fmt.Errorf("%v seconds: expected more than 0, up to 3600", s.Seconds)
	}
	if err := s.config().Validate(); err != nil {
		return err
	}
	if float64(s.Steps)*float64(s.Batch)*float64(max(s.Input, s.Hidden)) > maxElements {
		return fmt.Errorf("steps %d × batch %d × width %d: expected at most %d elements", s.Steps, s.Batch, max(s.Input, s.Hidden), maxElements)
	}
	return nil
}

func (s Shape) config() rnn.Config {
	return rnn.Config{Cell: s.Cell, Input: s.Input, Hidden: s.Hidden, Layers: 1}
}

// Times are medians, and allocations a run. A multiplication and an addition
// count as two floating-point operations; activations are not counted.
type Times struct {
	ForwardMS     float64 `json:"fwd_ms"`
	StepMS        float64 `json:"step_ms"`
	StreamUS      float64 `json:"stream_us"`
	ForwardGFLOPS float64 `json:"fwd_gflops"`
	StepGFLOPS    float64 `json:"step_gflops"`
	StreamGFLOPS  float64 `json:"stream_gflops"`
	ForwardAllocs float64 `json:"fwd_allocs"`
	StepAllocs    float64 `json:"step_allocs"`
	StreamAllocs  float64 `json:"stream_allocs"`
}

// Run measures until Seconds have passed or ctx ends.
func (s Shape) Run(ctx context.Context) (Times, error) {
	team := rnn.NewTeam(s.Threads)
	defer team.Close()
	l, err := newLayer(s, team)
	if err != nil {
		return Times{}, err
	}
	budget := time.Duration(s.Seconds * float64(time.Second))
	var t Times
	fwd, allocs := median(ctx, budget*3/10, 1, l.forward)
	t.ForwardMS, t.ForwardAllocs = fwd*1e3, allocs
	step, allocs := median(ctx, budget*6/10, 1, l.step)
	t.StepMS, t.StepAllocs = step*1e3, allocs
	const streamed = 64 // steps timed together: one is too short for the clock
	stream, allocs := median(ctx, budget/10, streamed, l.stream)
	t.StreamUS, t.StreamAllocs = stream*1e6, allocs

	gates := map[rnn.Cell]float64{rnn.LSTM: 4, rnn.GRU: 3}[s.Cell]
	row := 2 * max(gates, 1) * float64(s.Hidden) * float64(s.Input+s.Hidden)
	pass := row * float64(s.Steps*s.Batch) / 1e9
	t.ForwardGFLOPS, t.StepGFLOPS, t.StreamGFLOPS = pass/fwd, 3*pass/step, row/1e9/stream
	return t, ctx.Err()
}

// layer is a layer with everything that its passes need.
type layer struct {
	batch     *rnn.Batch
	net       *rnn.Net[float32]
	run       *rnn.Stream[float32]
	x, dh, dx []float32
	start     rnn.States[float32]
}

func newLayer(s Shape, team *rnn.Team) (*layer, error) {
	r := rand.New(rand.NewPCG(1, 1))
	lengths := make([]int, s.Batch)
	for i := range lengths {
		lengths[i] = s.Steps
	}
	batch, err := rnn.NewBatch(lengths...)
	if err != nil {
		return nil, err
	}
	net, err := rnn.New[float32](s.config(), nil, nil, team)
	if err != nil {
		return nil, err
	}
	rnn.Init(s.config(), net.Params(), r)
	rows := s.Steps * s.Batch
	l := &layer{batch: batch, net: net, x: normal(rows*s.Input, r),
		dh: normal(rows*s.Hidden, r), dx: make([]float32, rows*s.Input)}
	l.start.H = make([]float32, s.Batch*s.Hidden)
	if s.Cell == rnn.LSTM {
		l.start.C = make([]float32, s.Batch*s.Hidden)
	}
	l.run, err = net.NewStream()
	return l, err
}

func normal(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func (l *layer) forward() {
	l.net.Begin(l.batch, l.start)
	l.net.Forward(0, l.batch.Steps(), l.x)
}

func (l *layer) step() {
	clear(l.net.Grads())
	l.forward()
	l.net.Backward(l.dh, l.dx)
}

func (l *layer) stream() { l.run.Step(l.x[:l.net.Config().Input]) }

// median times f, times calls together, and returns the median seconds and the
// allocations of one call.
func median(ctx context.Context, budget time.Duration, times int, f func()) (seconds, allocs float64) {
	for range 3 {
		f()
	}
	took := make([]float64, 0, 1<<16)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for len(took) == 0 || (time.Since(start) < budget && len(took) < cap(took) && ctx.Err() == nil) {
		t := time.Now()
		for range times {
			f()
		}
		took = append(took, time.Since(t).Seconds()/float64(times))
	}
	runtime.ReadMemStats(&after)
	slices.Sort(took)
	// The clock and ctx do not allocate; a stray allocation of the runtime's is
	// rounded away.
	return took[len(took)/2], float64((after.Mallocs - before.Mallocs) / uint64(len(took)*times))
}
