package model

import (
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/seq"
	"github.com/unroll-go/unroll/rnn"
)

// crf runs a network's conditional random field over the sequences of a batch,
// which are shared out to the team; what they add to its gradients is summed
// in the order of the sequences afterwards.
type crf[F rnn.Float] struct {
	net   *Network[F]
	field loss.CRF[F]

	chains []chain[F] // one a worker
	pairs  []float64  // [B, K, K]
	ends   []float64  // [B, 2, K]
	train  bool
	known  bool // there are targets

	sequences func(worker int) // bound once
}

// chain is what one worker works with.
type chain[F rnn.Float] struct {
	loss.Chain
	alpha []F     // [T, K] of one sequence
	y     []int32 // [T]

	counted int // labels of its sequences that have a loss
}

func newCRF[F rnn.Float](n *Network[F]) *crf[F] {
	c := &crf[F]{net: n, chains: make([]chain[F], n.team.Size())}
	c.field = loss.CRF[F]{K: n.linear.K, Forbidden: n.dims.Forbidden,
		Trans: n.view("crf.transitions"), Start: n.view("crf.start"), End: n.view("crf.end"),
		GradTrans: n.grad("crf.transitions"), GradStart: n.grad("crf.start"), GradEnd: n.grad("crf.end")}
	c.sequences = c.run
	return c
}

func (c *crf[F]) pack() { c.field.Pack() }

func (c *crf[F]) step() {
	c.train, c.known = true, true
	b, k := c.net.batch.Size(), c.field.K
	c.pairs, c.ends = kernel.Grow(c.pairs, b*k*k), kernel.Grow(c.ends, b*2*k)
	c.net.team.Run(c.sequences)
	for s := range b {
		add(c.field.GradTrans, c.pairs[s*k*k:])
		add(c.field.GradStart, c.ends[s*2*k:])
		add(c.field.GradEnd, c.ends[(s*2+1)*k:])
	}
}

func add[F rnn.Float](grad []F, v []float64) {
	for i := range grad {
		grad[i] += F(v[i])
	}
}

func (c *crf[F]) predict(known bool) {
	c.train, c.known = false, known
	c.net.team.Run(c.sequences)
}

func (c *crf[F]) counted() (n int) {
	for i := range c.chains {
		n += c.chains[i].counted
	}
	return n
}

func (c *crf[F]) run(w int) {
	c.chains[w].counted = 0
	from, to := kernel.Share(c.net.batch.Size(), w, len(c.chains))
	for b := from; b < to; b++ {
		c.sequence(b, &c.chains[w])
	}
}

// sequence does sequence b. One with an unknown label, or with labels that the
// constraints forbid, has no loss and no gradient.
func (c *crf[F]) sequence(b int, w *chain[F]) {
	n, k := c.net, c.field.K
	layout, steps := n.batch, n.batch.Lengths[b]
	w.alpha, w.y = kernel.Grow(w.alpha, steps*k), kernel.Grow(w.y, steps)
	seq.Gather(layout, w.alpha, n.alpha, b, k)
	for t := range steps {
		n.losses[layout.Row(b, t)] = 0
	}
	if !c.train {
		c.field.Decode(&w.Chain, w.alpha, w.y)
		seq.Scatter(layout, n.best, w.y, b, 1)
	}
	known := c.known
	if known {
		seq.Gather(layout, w.y, n.chunk.Labels, b, 1)
		known = !slices.Contains(w.y, loss.NoLabel) && c.field.Allows(w.y)
	}
	if known {
		w.counted += steps
	}
	switch {
	case c.train && known:
		n.losses[b] = c.field.NLL(&w.Chain, w.alpha, w.y)
		copy(c.pairs[b*k*k:(b+1)*k*k], w.Pairs)
		copy(c.ends[b*2*k:(b+1)*2*k], w.Ends)
	case c.train:
		clear(w.alpha)
		clear(c.pairs[b*k*k : (b+1)*k*k])
		clear(c.ends[b*2*k : (b+1)*2*k])
	case known:
		n.losses[b] = c.field.Loss(&w.Chain, w.alpha, w.y)
	default:
		c.field.Marginals(&w.Chain, w.alpha)
	}
	seq.Scatter(layout, n.alpha, w.alpha, b, k)
}
