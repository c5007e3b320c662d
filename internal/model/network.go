package model

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// Network is a model at work: tokens to vectors, recurrent layers, softmax at
// every step. It is generic so that the same code trains in float32 and is
// proved in float64. It allocates nothing once it has seen its largest batch.
type Network[F rnn.Float] struct {
	Params, Grads []F // the slabs, laid out as Model.Tensors says
	Tensors       []rnn.Tensor

	embed input.Embedding[F]
	rnn   *rnn.Net[F]
	out   loss.Linear[F]
	crf   *crf[F] // nil for softmax

	team    *rnn.Team
	batch   *rnn.Batch
	ids     []int32 // of the chunk
	targets []int32
	h       []F     // [rows, H] of the chunk, the top layer's
	x, dx   []F     // [rows, E]
	alpha   []F     // [rows, K]: α, then z or ∂L/∂α
	dh      []F     // [rows, H]
	best    []int32 // [rows] the labels of Predict
	losses  []float64
	scratch []kernel.Scratch[F]

	embedRows, outputRows, lossRows, outputGrads, embedGrads func(worker int) // phases, bound once
}

// NewNetwork returns the network of c for v tokens and k labels on the slabs
// params and grads, which stay the caller's. Without grads, nil, it cannot
// Step. The team may be nil.
func NewNetwork[F rnn.Float](c Config, v, k int, params, grads []F, team *rnn.Team) (*Network[F], error) {
	if err := c.validate(v, k); err != nil {
		return nil, err
	}
	n := &Network[F]{Params: params, Grads: grads, Tensors: Tensors(c, v, k), team: team}
	if len(params) != size(n.Tensors) || (grads != nil && len(grads) != len(params)) {
		return nil, fmt.Errorf("slabs of %d parameters and %d gradients, expected %d", len(params), len(grads), size(n.Tensors))
	}
	n.embed = input.Embedding[F]{V: v, E: c.Embed, Weights: n.view(params, "embed.weight"), Grad: n.view(n.Grads, "embed.weight")}
	n.out = loss.Linear[F]{H: c.Recurrent().Output(), K: k,
		Whz: n.view(params, "out.weight"), Bz: n.view(params, "out.bias"),
		GradWhz: n.view(n.Grads, "out.weight"), GradBz: n.view(n.Grads, "out.bias")}
	from := len(n.embed.Weights)
	to := from + c.Recurrent().Size()
	if grads != nil {
		grads = grads[from:to]
	}
	var err error
	n.rnn, err = rnn.New(c.Recurrent(), params[from:to], grads, team)
	if c.Output == CRF {
		n.crf = newCRF(n, k)
	}
	n.scratch = make([]kernel.Scratch[F], team.Size())
	n.embedRows, n.outputRows, n.lossRows = n.forwardEmbed, n.forwardOutput, n.forwardLoss
	n.outputGrads, n.embedGrads = n.backwardOutput, n.backwardEmbed
	return n, err
}

// Network returns a network on the model's parameters that cannot train.
func (m *Model) Network(team *rnn.Team) (*Network[float32], error) {
	return NewNetwork(m.Config, m.Vocab.Size(), len(m.Labels), m.Params, nil, team)
}

// view returns the named tensor's part of a slab; nil of nil.
func (n *Network[F]) view(slab []F, name string) []F {
	if slab == nil {
		return nil
	}
	for _, t := range n.Tensors {
		if t.Name == name {
			return slab[t.Offset : t.Offset+t.Size()]
		}
	}
	panic("model: no tensor " + name)
}

// RNN returns the recurrent layers.
func (n *Network[F]) RNN() *rnn.Net[F] { return n.rnn }

// Begin starts a batch with the parameters as they are now. The batch must
// stay as it is until the next Begin.
func (n *Network[F]) Begin(b *rnn.Batch) {
	n.batch = b
	n.rnn.Begin(b, rnn.States[F]{})
	n.out.Pack()
}

// Repack takes changed parameters into use in the middle of a batch, the
// states going on as they are.
func (n *Network[F]) Repack() {
	n.rnn.Pack()
	n.out.Pack()
}

// Step runs steps [from, to) of the batch forward and backward, going on from
// the state that the steps before left. ids and targets are the chunk's rows,
// targets being labels or loss.NoLabel. It adds the gradients of the chunk's
// loss, the sum of −log z over its rows (4), to Grads, and returns that loss.
func (n *Network[F]) Step(from, to int, ids, targets []int32) float64 {
	n.forward(from, to, ids)
	n.targets = targets
	if n.crf != nil {
		n.crf.step(targets)
	}
	work := 2 * len(ids) * n.out.K * n.out.H
	n.team.RunFor(work, n.lossRows)
	n.team.RunFor(work, n.outputGrads)
	n.rnn.Backward(n.dh, n.dx)
	n.team.RunFor(len(ids)*n.embed.E, n.embedGrads)
	return n.total()
}

// Predict runs steps [from, to) forward, like Step. It returns z [rows, K], the
// probability of every label at every step, and the most likely labels [rows],
// both the Network's own until its next call; and the loss that Step would
// return, unless targets is nil.
func (n *Network[F]) Predict(from, to int, ids, targets []int32) (z []F, labels []int32, sum float64) {
	n.forward(from, to, ids)
	n.best = kernel.Grow(n.best, len(ids))
	switch {
	case n.crf != nil:
		n.crf.predict(targets)
	case targets != nil:
		loss.SoftmaxNLL(n.alpha, targets, n.losses, n.out.K)
	default:
		loss.Softmax(n.alpha, n.alpha, n.out.K)
	}
	if n.crf == nil {
		for r := range n.best {
			n.best[r] = int32(loss.Best(n.alpha[r*n.out.K : (r+1)*n.out.K]))
		}
	}
	if targets != nil {
		sum = n.total()
	}
	return n.alpha, n.best, sum
}

// total adds up the losses of the chunk's rows.
func (n *Network[F]) total() (sum float64) {
	for _, l := range n.losses {
		sum += l
	}
	return sum
}

func (n *Network[F]) forward(from, to int, ids []int32) {
	rows := len(ids)
	n.ids = ids
	n.x, n.dx = kernel.Grow(n.x, rows*n.embed.E), kernel.Grow(n.dx, rows*n.embed.E)
	n.alpha, n.dh = kernel.Grow(n.alpha, rows*n.out.K), kernel.Grow(n.dh, rows*n.out.H)
	n.losses = kernel.Grow(n.losses, rows)
	n.team.RunFor(rows*n.embed.E, n.embedRows)
	n.h = n.rnn.Forward(from, to, n.x)
	n.team.RunFor(2*rows*n.out.K*n.out.H, n.outputRows)
}

// The phases: each does worker w's share of rows, of outputs, or of columns.

func (n *Network[F]) share(items, w int) (from, to int) {
	return kernel.Share(items, w, n.team.Size())
}

func (n *Network[F]) forwardEmbed(w int) {
	from, to := n.share(len(n.ids), w)
	n.embed.Forward(n.x[from*n.embed.E:], n.ids[from:to])
}

func (n *Network[F]) forwardOutput(w int) {
	from, to := n.share(len(n.ids), w)
	n.out.Forward(n.alpha[from*n.out.K:], n.h[from*n.out.H:to*n.out.H], to-from)
}

func (n *Network[F]) forwardLoss(w int) {
	from, to := n.share(len(n.ids), w)
	alpha := n.alpha[from*n.out.K : to*n.out.K]
	if n.crf == nil {
		loss.SoftmaxNLL(alpha, n.targets[from:to], n.losses[from:to], n.out.K)
		loss.Gradient(alpha, n.targets[from:to], n.out.K)
	}
	n.out.BackwardInput(n.dh[from*n.out.H:to*n.out.H], alpha, to-from)
}

func (n *Network[F]) backwardOutput(w int) {
	from, to := n.share(n.out.K, w)
	n.out.BackwardParams(n.alpha, n.h, len(n.ids), from, to, &n.scratch[w])
}

func (n *Network[F]) backwardEmbed(w int) {
	from, to := n.share(n.embed.E, w)
	n.embed.Backward(n.dx, n.ids, from, to)
}
