package model

import (
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// softmax is the output that labels each row of α by itself.
type softmax[F rnn.Float] struct {
	net     *Network[F]
	weights []F              // [K] of the labels in Step's loss; nil for none
	rows    func(worker int) // bound once
}

func newSoftmax[F rnn.Float](n *Network[F]) *softmax[F] {
	s := &softmax[F]{net: n}
	s.rows = s.stepRows
	return s
}

func (s *softmax[F]) pack() {}

// step does a block of rows at a time: α, z − y and ∂L/∂h while the block is in
// the cache. With a large vocabulary α is the largest matrix of a training.
func (s *softmax[F]) step() {
	s.net.team.RunFor(2*s.net.outputWork()+20*len(s.net.alpha), s.rows)
}

// A block takes so many bytes of α, but so many rows that the weights, which
// every block reads, cost little.
const (
	blockBytes = 512 << 10
	blockRows  = 48
)

func (s *softmax[F]) stepRows(w int) {
	n, k := s.net, s.net.linear.K
	block := max(blockBytes/(4*k), blockRows)
	from, end := n.share(n.n, w)
	for ; from < end; from += block {
		to := min(from+block, end)
		n.scoreRows(from, to)
		loss.NLLGradient(n.alpha[from*k:to*k], n.chunk.Labels[from:to], n.losses[from:to], k)
		if s.weights != nil {
			loss.Weigh(n.alpha[from*k:to*k], n.chunk.Labels[from:to], n.losses[from:to], s.weights, k)
		}
		n.backRows(from, to)
	}
}

func (s *softmax[F]) predict(known bool) {
	n := s.net
	if known {
		loss.SoftmaxNLL(n.alpha, n.chunk.Labels, n.losses, n.linear.K)
	} else {
		loss.Softmax(n.alpha, n.alpha, n.linear.K)
	}
	for r := range n.best {
		n.best[r] = int32(loss.Best(n.alpha[r*n.linear.K : (r+1)*n.linear.K]))
	}
}

func (s *softmax[F]) counted() (n int) {
	for _, y := range s.net.chunk.Labels {
		if y != loss.NoLabel {
			n++
		}
	}
	return n
}

// real is the output whose α are themselves what is said.
type real[F rnn.Float] struct{ net *Network[F] }

func (real[F]) pack() {}

func (o real[F]) counted() int { return o.net.n }

func (o real[F]) step() {
	n := o.net
	n.scores()
	loss.SquaredError(n.alpha, n.chunk.Values, n.losses, n.linear.K)
	loss.SquaredErrorGradient(n.alpha, n.chunk.Values, n.linear.K)
	n.back()
}

func (o real[F]) predict(known bool) {
	n := o.net
	clear(n.best)
	if known {
		loss.SquaredError(n.alpha, n.chunk.Values, n.losses, n.linear.K)
	}
}
