// Package bench times recurrent layers, and beside them what the machine can do.
package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/unroll-go/unroll/rnn"
)

// Shape is what is timed: one layer on B sequences of T steps.
type Shape struct {
	Cell                        rnn.Cell
	Steps, Batch, Input, Hidden int
	Threads                     int
	Recompute                   bool    // keep the states at some borders alone, and compute the steps between again
	Seconds                     float64 // how long to measure
}

// maxElements bounds what a shape may ask for, in elements of its largest matrix.
const maxElements = 1 << 29

// maxWeights bounds a layer, in elements of its weights.
const maxWeights = 1 << 27

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
	if n := float64(s.gates()) * float64(s.Hidden) * (float64(s.Input) + float64(s.Hidden)); n > maxWeights {
		return fmt.Errorf("input %d, hidden %d: %.0f weights, expected at most %d", s.Input, s.Hidden, n, maxWeights)
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
// count as two floating-point operations; activations are not counted. Shares
// and ratios are medians over turns in which both sides were timed, so that a
// machine whose clock drifts changes them little.
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
	PeakMB        float64 `json:"peak_mb"` // the most memory beyond x, the weights and ∂L/∂h of a part

	PeakGFLOPS   float64 `json:"peak_gflops"` // of multiply-adds in registers, on all threads at once
	ForwardShare float64 `json:"fwd_share"`   // of that peak
	StepShare    float64 `json:"step_share"`
	PassUS       float64 `json:"pass_us"`           // a bare pass over as many bytes as the weights have
	StreamPasses float64 `json:"stream_passes"`     // a streamed step in such passes
	Intensity    float64 `json:"fwd_flop_per_byte"` // see Shape.bytes
}

// Run measures until Seconds have passed or ctx ends, every work three times and
// in one turn at least. It refuses what the system has no memory for.
func (s Shape) Run(ctx context.Context) (Times, error) {
	if err := s.fits(available()); err != nil {
		return Times{}, err
	}
	team := rnn.NewTeam(s.Threads)
	defer team.Close()
	l, err := newLayer(s, team)
	if err != nil {
		return Times{}, err
	}
	m := newMachine(team)
	weights := newBuffer(4 * s.weights())
	// A streamed step is too short for the clock, and a service has its weights
	// in the cache from the step before: so many together, after two untimed.
	const streamed = 32
	budget := time.Duration(s.Seconds * float64(time.Second))
	forgetPeak()
	input := peak()
	fwd := m.besidePeak(ctx, budget*3/10, l.forward)
	step := m.besidePeak(ctx, budget*6/10, l.step)
	stream := inTurns(ctx, budget/10, work{once: l.stream, times: streamed, before: 2},
		work{once: func() { m.limits[0].Pass(weights) }, times: streamed, before: 2})

	pass := s.flops()
	return Times{
		ForwardMS: fwd.seconds * 1e3, StepMS: step.seconds * 1e3, StreamUS: stream.seconds * 1e6,
		ForwardGFLOPS: pass / fwd.seconds / 1e9, StepGFLOPS: 3 * pass / step.seconds / 1e9,
		StreamGFLOPS:  2 * float64(s.weights()) / stream.seconds / 1e9,
		ForwardAllocs: fwd.allocs, StepAllocs: step.allocs, StreamAllocs: stream.allocs,
		PeakMB:       float64(peak()-input) / 1e6,
		PeakGFLOPS:   2 / (fwd.other + step.other) / 1e9,
		ForwardShare: pass / fwd.ratio, StepShare: 3 * pass / step.ratio,
		PassUS: stream.other * 1e6, StreamPasses: stream.ratio,
		Intensity: pass / s.bytes(),
	}, ctx.Err()
}

// weights returns the elements of the layer's weights, G·H·(I+H).
func (s Shape) weights() int { return s.gates() * s.Hidden * (s.Input + s.Hidden) }

func (s Shape) gates() int {
	switch s.Cell {
	case rnn.LSTM:
		return 4
	case rnn.GRU:
		return 3
	}
	return 1
}

// flops returns the floating-point operations of a forward pass, 2·T·B·G·H·(I+H).
func (s Shape) flops() float64 {
	return 2 * float64(s.Steps) * float64(s.Batch) * float64(s.weights())
}

// bytes returns what a forward pass has to move if only what one time step
// works on stays near: W_hh at every step, W_xh once, x, and the elements that
// are kept for the way back (package rnn's doc has their number).
func (s Shape) bytes() float64 {
	kept := map[rnn.Cell]int{rnn.LSTM: 7, rnn.GRU: 5}[s.Cell]
	recurrent := s.gates() * s.Hidden * s.Hidden
	perStep := recurrent + s.Batch*(s.Input+max(kept, 1)*s.Hidden)
	return 4 * (float64(s.Steps)*float64(perStep) + float64(s.weights()-recurrent))
}
