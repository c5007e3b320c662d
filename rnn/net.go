package rnn

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Team is a fixed number of worker threads. Make one with [NewTeam], Close it
// at the end; nil is a team of one. A team does one thing at a time.
type Team = kernel.Team

// NewTeam starts a team of that many threads, the caller being one of them.
func NewTeam(threads int) *Team { return kernel.NewTeam(threads) }

// serialWork is the number of floating-point operations below which a phase
// stays on the caller's thread: waking the team costs some microseconds.
const serialWork = 200_000

// Net is a stack of recurrent layers over packed batches. Its parameters and
// gradients lie in two slabs, laid out as Config.Tensors says. A Net is for one
// goroutine; its streams may be used beside each other.
type Net[F Float] struct {
	config        Config
	params, grads []F
	layers        []*layer[F]
	team          *Team
	chunk         chunk
	given         bool   // h_0 was given to Begin
	passed        [2][]F // ∂L/∂x of a layer, ∂L/∂h of the one below, in turn
}

// New returns a network on slabs of c.Size() elements, which stay the caller's
// to read and to update between steps; nil slabs are made, zeroed. The bits of
// every result are the same whatever the team.
func New[F Float](c Config, params, grads []F, team *Team) (*Net[F], error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	size := c.Size()
	if params == nil {
		params = make([]F, size)
	}
	if grads == nil {
		grads = make([]F, size)
	}
	if len(params) != size || len(grads) != size {
		return nil, fmt.Errorf("slabs of %d parameters and %d gradients, expected %d each", len(params), len(grads), size)
	}
	n := &Net[F]{config: c, params: params, grads: grads, team: team}
	n.chunk.workers = team.Size()
	n.chunk.bounds = make([]int, team.Size()+1)
	for l := range c.Layers {
		var p, g views[F]
		params, grads = p.take(c, l, params), g.take(c, l, grads)
		n.layers = append(n.layers, newLayer(c, l, &n.chunk, p, g))
	}
	return n, nil
}

// Config returns the network's shape.
func (n *Net[F]) Config() Config { return n.config }

// Params returns the parameter slab; Grads the gradients that Backward adds to.
func (n *Net[F]) Params() []F { return n.params }

// Grads returns the gradient slab, to which Backward adds. The caller clears it.
func (n *Net[F]) Grads() []F { return n.grads }

// Begin starts a batch, which must stay as it is until the next Begin, with
// the parameters as they are now. h0 [Layers, B, H] are the states before the
// first step; nil means the learned ones, or zero.
func (n *Net[F]) Begin(b *Batch, h0 []F) {
	size := b.Size() * n.config.Hidden
	if h0 != nil && len(h0) != n.config.Layers*size {
		panic(fmt.Sprintf("rnn: h0 has %d elements, expected %d", len(h0), n.config.Layers*size))
	}
	n.chunk.batch, n.chunk.from, n.chunk.to = b, 0, 0
	n.given = h0 != nil
	for i, l := range n.layers {
		var state []F
		if h0 != nil {
			state = h0[i*size : (i+1)*size]
		}
		l.begin(b.Size(), state)
	}
	n.Pack()
}

// Pack takes the parameters as they are now into use, for one who changes them
// in the middle of a batch; Begin does it too.
func (n *Net[F]) Pack() {
	for _, l := range n.layers {
		l.pack()
	}
}

// Forward runs the steps [from, to) of the batch, going on from the state
// that the steps before left. x [rows, I] are the chunk's inputs, kept (not
// copied) for Backward. It returns the top layer's h [rows, H], which is the
// Net's and holds until the next Forward.
func (n *Net[F]) Forward(from, to int, x []F) []F {
	c := &n.chunk
	c.from, c.to = from, to
	c.batch.Split(c.bounds, from, to)
	for _, l := range n.layers {
		l.resize()
		clear(l.dstate)
		l.x = x[:c.size()*l.i]
		n.run(l.inputs, 2*c.size()*l.h*l.i)
		n.run(l.steps, 2*c.size()*l.h*l.h)
		x = l.out
	}
	return x
}

// Output returns layer l's h [rows, H] of the last Forward, the Net's own.
func (n *Net[F]) Output(l int) []F { return n.layers[l].out }

// State returns layer l's states [B, H] where the last Forward ended: of every
// sequence its last state so far. It is the Net's own.
func (n *Net[F]) State(l int) []F { return n.layers[l].state }

// Backward takes dh [rows, H] = ∂L/∂h of the top layer over the chunk that
// Forward ran last, adds to the gradients of the parameters and, unless dx is
// nil, sets dx [rows, I] = ∂L/∂x. No gradient flows in from later chunks: with
// more than one, this is truncated backpropagation through time.
func (n *Net[F]) Backward(dh, dx []F) {
	c := &n.chunk
	for i := len(n.layers) - 1; i >= 0; i-- {
		l := n.layers[i]
		copy(l.delta, dh)
		n.run(l.stepsBack, 2*c.size()*l.h*l.h)
		l.dx = dx
		if i > 0 {
			n.passed[i%2] = kernel.Grow(n.passed[i%2], c.size()*l.i)
			l.dx = n.passed[i%2]
		}
		n.run(l.products, 2*c.size()*l.h*(l.h+2*l.i))
		if c.from == 0 && !n.given {
			l.learnH0()
		}
		dh = l.dx
	}
}

// StateGradient returns layer l's ∂L/∂h [B, H] before the first step of the
// chunk that Backward ran last: ∂L/∂h_0 after the batch's first. It is the
// Net's own.
func (n *Net[F]) StateGradient(l int) []F { return n.layers[l].dstate }

// run does a phase of that many floating-point operations, on the team where
// there is enough of it. Either way every worker's part is the same.
func (n *Net[F]) run(phase func(worker int), work int) {
	if work < serialWork {
		for w := range n.chunk.workers {
			phase(w)
		}
		return
	}
	n.team.Run(phase)
}
