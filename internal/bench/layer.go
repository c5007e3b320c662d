package bench

import (
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// layer is a layer with everything that its passes need.
type layer struct {
	batch     *rnn.Batch
	net       *rnn.Net[float32]
	run       *rnn.Stream[float32]
	x, dh, dx []float32
	start     rnn.States[float32]
	recompute bool
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
	net.Training(true)
	for i, v := range normal(len(net.Params()), r) { // rnn.Init takes long for a large H
		net.Params()[i] = v / float32(math.Sqrt(float64(s.Hidden)))
	}
	rows := s.Steps * s.Batch
	l := &layer{batch: batch, net: net, x: normal(rows*s.Input, r), recompute: s.Recompute}
	l.start.H = make([]float32, s.Batch*s.Hidden)
	if s.Cell == rnn.LSTM {
		l.start.C = make([]float32, s.Batch*s.Hidden)
	}
	rows = l.longestPart()
	l.dh, l.dx = normal(rows*s.Hidden, r), make([]float32, rows*s.Input)
	l.run, err = net.NewStream()
	return l, err
}

// normal draws numbers into memory as training has it.
func normal(n int, r *rand.Rand) []float32 {
	x := kernel.Grow[float32](nil, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// forward goes over all parts. The weights stand laid out, as in an evaluation of
// many batches, and as oneDNN's do; a training step, after which they change, lays
// them out each time.
func (l *layer) forward() {
	l.net.Start(l.batch, l.start)
	l.forwardInParts()
}

func (l *layer) step() {
	clear(l.net.Grads())
	l.stepInParts()
}

func (l *layer) stream() { l.run.Step(l.x[:l.net.Config().Input]) }
