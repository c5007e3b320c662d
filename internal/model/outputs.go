package model

import (
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// softmax is the output that labels each row of α by itself.
type softmax[F rnn.Float] struct {
	net  *Network[F]
	rows func(worker int) // bound once
}

func newSoftmax[F rnn.Float](n *Network[F]) *softmax[F] {
	s := &softmax[F]{net: n}
	s.rows = s.stepRows
	return s
}

func (s *softmax[F]) pack() {}

func (s *softmax[F]) step() {
	s.net.team.RunFor(20*len(s.net.alpha), s.rows)
}

func (s *softmax[F]) stepRows(w int) {
	n := s.net
	from, to := n.share(n.n, w)
	alpha, labels := n.alpha[from*n.linear.K:to*n.linear.K], n.chunk.Labels[from:to]
	loss.SoftmaxNLL(alpha, labels, n.losses[from:to], n.linear.K)
	loss.Gradient(alpha, labels, n.linear.K)
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
	loss.SquaredError(n.alpha, n.chunk.Values, n.losses, n.linear.K)
	loss.SquaredErrorGradient(n.alpha, n.chunk.Values, n.linear.K)
}

func (o real[F]) predict(known bool) {
	n := o.net
	clear(n.best)
	if known {
		loss.SquaredError(n.alpha, n.chunk.Values, n.losses, n.linear.K)
	}
}
