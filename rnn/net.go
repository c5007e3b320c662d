package rnn

import (
	"fmt"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Team is a fixed number of worker threads. Make one with [NewTeam], Close it
// at the end; nil is a team of one. A team does one thing at a time.
type Team = kernel.Team

// NewTeam starts a team of that many threads, the caller being one of them.
func NewTeam(threads int) *Team { return kernel.NewTeam(threads) }

// States are the states of B sequences, [Layers·D, B, H]: the forward
// direction of a layer, then the backward one, whose first step is a
// sequence's last. C is the LSTM's alone. Nil stands for the learned states,
// or zero.
type States[F Float] struct{ H, C []F }

// Net is a stack of recurrent layers over packed batches. Its parameters and
// gradients lie in two slabs, laid out as Config.Tensors says. A Net is for one
// goroutine; its streams may be used beside each other.
type Net[F Float] struct {
	config        Config
	params, grads []F
	levels        []*level[F]
	team          *Team
	chunk         chunk
	mirror        []int32 // [N] row of the same sequence at the mirrored step
	given         bool    // states were given to Begin
	dropout       dropout
}

// New returns a network on slabs of c.Size() elements, which stay the caller's
// to read and to update between steps. Nil params are made, zeroed; nil grads
// are made by the first Backward. The bits of every result are the same whatever the team.
func New[F Float](c Config, params, grads []F, team *Team) (*Net[F], error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	size := c.Size()
	if params == nil {
		params = make([]F, size)
	}
	if len(params) != size || (grads != nil && len(grads) != size) {
		return nil, fmt.Errorf("slabs of %d parameters and %d gradients, expected %d each", len(params), len(grads), size)
	}
	n := &Net[F]{config: c, params: params, team: team}
	n.chunk.workers = team.Size()
	n.chunk.bounds = make([]int, team.Size()+1)
	n.chunk.fast = kernel.Splits[F]()
	n.chunk.narrow = c.Cell.gates() == 1 && c.Hidden <= narrowest
	for l := range c.Layers {
		n.chunk.widest = max(n.chunk.widest, c.inputOf(l)+c.Hidden)
		v := &level[F]{}
		for range c.Directions() {
			var p views[F]
			params = p.take(c, l, params)
			v.directions = append(v.directions, newLayer(c, l, &n.chunk, p))
		}
		n.levels = append(n.levels, v)
	}
	if grads != nil {
		n.useGrads(grads)
	}
	return n, nil
}

// useGrads makes the slab the one that Backward adds to.
func (n *Net[F]) useGrads(grads []F) {
	n.grads = grads
	for i, v := range n.levels {
		for _, l := range v.directions {
			grads = l.grads.take(n.config, i, grads)
		}
	}
}

// Config returns the network's shape.
func (n *Net[F]) Config() Config { return n.config }

// Params returns the parameter slab.
func (n *Net[F]) Params() []F { return n.params }

// Grads returns the gradient slab, to which Backward adds; nil before the
// first if none was given. The caller clears it.
func (n *Net[F]) Grads() []F { return n.grads }

// SetDropout makes the batches that Begin after it drop each element of what a
// layer passes to the one above with probability p, by one mask for all steps
// of a sequence (Gal and Ghahramani 2016), the rest scaled by 1/(1−p). 0, as
// at first, drops none. The random numbers come from r.
func (n *Net[F]) SetDropout(p float64, r *rand.Rand) { n.dropout = dropout{p, r} }

// Training says whether the passes from the next Parts or Forward on are of
// training; it must not change between these and the Backward that follows.
// Otherwise, as at first, a sequence gets the same bits in whatever batch and in
// a stream. In training, batches of 256 rows and more use matrix units where the
// processor has them; these add up in another order.
func (n *Net[F]) Training(on bool) { n.chunk.training = on }

// Begin starts a batch, which must stay as it is until the next Begin, with
// the parameters as they are now, from the given states.
func (n *Net[F]) Begin(b *Batch, s States[F]) {
	n.Pack()
	n.Start(b, s)
}

// Start is Begin with the parameters as they were at the last Begin or Pack.
func (n *Net[F]) Start(b *Batch, s States[F]) {
	size := b.Size() * n.config.Hidden
	for _, v := range [][]F{s.H, s.C} {
		if want := n.config.Layers * n.config.Directions() * size; v != nil && len(v) != want {
			panic(fmt.Sprintf("rnn: states of %d elements, expected %d", len(v), want))
		}
	}
	n.chunk.start(b)
	n.given = s.H != nil || s.C != nil
	i := 0
	for _, v := range n.levels {
		for _, l := range v.directions {
			l.begin(b.Size(), part(s.H, i, size), part(s.C, i, size))
			i++
		}
		v.drawMask(b.Size()*n.config.Output(), n.dropout)
	}
	if n.config.Bidirectional {
		n.reflect()
	}
}

// workers returns how many workers the steps [from, to) are shared out to: one if no
// phase of a block is worth more.
func (n *Net[F]) workers(from, to int) int {
	b, work := n.chunk.batch, 0
	if from == to {
		return 1
	}
	rows := min(b.Range(from, to), max(groupedRows, b.Alive(from))) // of a block
	for l := range n.config.Layers {
		h, i := n.config.Hidden, n.config.inputOf(l)
		layer := 2 * n.config.Cell.gates() * h
		atOnce := rows * layer * (h + 2*i)
		if b.Size() == 1 {
			atOnce /= awayCost
		}
		work = max(work, atOnce, b.Alive(from)*layer*h)
	}
	if !n.team.Shares(work) {
		return 1
	}
	return workersOf(n.team)
}

// workersOf says how many of a team to count on now; in most tests all, whatever else runs.
var workersOf = (*Team).Workers

// part returns the i-th part of that size; nil of nil.
func part[F Float](v []F, i, size int) []F {
	if v == nil {
		return nil
	}
	return v[i*size : (i+1)*size]
}

// Pack takes the parameters as they are now into use, for one who changes them
// in the middle of a batch; Begin does it too.
func (n *Net[F]) Pack() {
	for _, v := range n.levels {
		for _, l := range v.directions {
			l.pack(n.team)
		}
	}
}

// Forward runs the steps [from, to) of the batch, going on from the state
// that the steps before left; a bidirectional network takes all steps at once.
// x [rows, I] are the chunk's inputs, kept (not copied) for Backward. It
// returns the top layer's output [rows, D·H], which is the Net's and holds
// until the next Forward.
func (n *Net[F]) Forward(from, to int, x []F) []F {
	c := &n.chunk
	if n.config.Bidirectional && (from != 0 || to != c.batch.Steps()) {
		panic("rnn: a bidirectional network runs all steps at once")
	}
	if c.of(from, to) < 0 {
		c.shareAmong(n.workers(from, to))
	}
	c.begin(from, to)
	return n.run(x)
}

// run goes up the layers with the chunk's inputs, and does at each what the
// chunk's pass says.
func (n *Net[F]) run(x []F) []F {
	if rows := n.chunk.size(); len(x) != rows*n.config.Input {
		panic(fmt.Sprintf("rnn: x of %d elements for %d rows of %d", len(x), rows, n.config.Input))
	}
	for i, v := range n.levels {
		n.forwardLevel(v, x)
		x = v.out
		if i+1 < len(n.levels) {
			x = v.drop(n)
		}
	}
	return x
}

// Output returns layer l's output [rows, D·H] of the last Forward, the Net's own.
func (n *Net[F]) Output(l int) []F { return n.levels[l].out }

// State returns layer l's h [B, H] and, of the LSTM, c where the last Forward
// ended, d being the direction: of every sequence its last state so far. They
// are the Net's own.
func (n *Net[F]) State(l, d int) (h, c []F) {
	ly := n.levels[l].directions[d]
	return ly.state, ly.cstate
}

// Backward takes dout [rows, D·H] = ∂L/∂h of the top layer over the chunk that
// Forward ran last, adds to the gradients of the parameters and, unless dx is
// nil, sets dx [rows, I] = ∂L/∂x. No gradient flows in from later chunks, but
// for the parts of one chunk ([Net.Parts]): with more than one, this is
// truncated backpropagation through time.
func (n *Net[F]) Backward(dout, dx []F) {
	rows := n.chunk.size()
	if len(dout) != rows*n.config.Output() || (dx != nil && len(dx) != rows*n.config.Input) {
		panic(fmt.Sprintf("rnn: gradients of %d and %d elements for %d rows", len(dout), len(dx), rows))
	}
	if n.grads == nil {
		n.useGrads(make([]F, len(n.params)))
	}
	for i := len(n.levels) - 1; i >= 0; i-- {
		v := n.levels[i]
		into := dx
		if i > 0 {
			v.passed = kernel.Grow(v.passed, n.chunk.size()*n.config.Output())
			into = v.passed
		}
		n.backwardLevel(v, dout, into)
		if i > 0 {
			n.levels[i-1].dropBack(n, into)
		}
		dout = into
	}
	n.chunk.back = n.chunk.from
}

// StateGradient returns layer l's ∂L/∂h [B, H] and, of the LSTM, ∂L/∂c before
// the first step of the chunk that Backward ran last: ∂L/∂h_0 after the
// batch's first. They are the Net's own.
func (n *Net[F]) StateGradient(l, d int) (dh, dc []F) {
	ly := n.levels[l].directions[d]
	return ly.dstate, ly.dcell
}
