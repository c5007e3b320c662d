package rnn

import (
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/kernel"
)

// level is a layer with its one or two directions, and what joins it to the
// layers below and above. The backward direction is an ordinary layer that
// sees every sequence mirrored, from its own last step to its first.
type level[F Float] struct {
	directions []*layer[F]
	out        []F // [rows, D·H]; the layer's own h where there is one direction
	mirrored   []F // [rows, I] the input of the backward direction
	dh, dx     [2][]F
	passed     []F // [rows, I] ∂L/∂x, above the first layer
	mask       []F // [B, D·H] of dropout; empty for none
	dropped    []F // [rows that are kept, D·H] out by mask
}

// dropout says with what probability an element is dropped.
type dropout struct {
	p float64
	r *rand.Rand
}

// reflect finds the mirror of each row of the batch.
func (n *Net[F]) reflect() {
	b := n.chunk.batch
	n.mirror = kernel.Grow(n.mirror, b.Rows())
	for t := range b.Steps() {
		for s := range b.Alive(t) {
			n.mirror[b.Row(s, t)] = int32(b.Row(s, b.Lengths[s]-1-t))
		}
	}
}

func (n *Net[F]) forwardLevel(v *level[F], x []F) {
	for d, l := range v.directions {
		l.x = x
		if d == 1 {
			v.mirrored = kernel.Grow(v.mirrored, len(x))
			for r, m := range n.mirror {
				copy(v.mirrored[r*l.i:(r+1)*l.i], x[int(m)*l.i:])
			}
			l.x = v.mirrored
		}
		l.forward(n.team)
	}
	v.join(n)
}

// join sets out to [forward h_t, backward h_t].
func (v *level[F]) join(n *Net[F]) {
	forward := v.directions[0]
	if len(v.directions) == 1 {
		v.out = forward.out
		return
	}
	h, backward := forward.h, v.directions[1].out
	v.out = kernel.Grow(v.out, len(n.mirror)*2*h)
	for r, m := range n.mirror {
		copy(v.out[2*r*h:], forward.out[r*h:(r+1)*h])
		copy(v.out[(2*r+1)*h:], backward[int(m)*h:(int(m)+1)*h])
	}
}

func (n *Net[F]) backwardLevel(v *level[F], dout, dx []F) {
	rows := n.chunk.size()
	v.split(n, dout)
	for d, l := range v.directions {
		l.dx = dx
		if len(v.directions) == 2 && dx != nil {
			v.dx[d] = kernel.Grow(v.dx[d], rows*l.i)
			l.dx = v.dx[d]
		}
		l.backward(n.team)
		if n.chunk.from == 0 && !n.given {
			l.learn()
		}
	}
	if len(v.directions) == 2 && dx != nil {
		v.sum(n, dx)
	}
}

// split gives each direction its half of dout [rows, D·H].
func (v *level[F]) split(n *Net[F], dout []F) {
	if len(v.directions) == 1 {
		v.directions[0].dh = dout
		return
	}
	h := v.directions[0].h
	for d, l := range v.directions {
		v.dh[d] = kernel.Grow(v.dh[d], len(n.mirror)*h)
		l.dh = v.dh[d]
	}
	for r, m := range n.mirror {
		copy(v.dh[0][r*h:(r+1)*h], dout[2*r*h:])
		copy(v.dh[1][int(m)*h:(int(m)+1)*h], dout[(2*r+1)*h:])
	}
}

// sum adds the two directions' ∂L/∂x.
func (v *level[F]) sum(n *Net[F], dx []F) {
	i := v.directions[0].i
	for r, m := range n.mirror {
		back := v.dx[1][int(m)*i : (int(m)+1)*i]
		for j, f := range v.dx[0][r*i : (r+1)*i] {
			dx[r*i+j] = f + back[j]
		}
	}
}

// drawMask draws a mask for a batch: 0 or 1/(1−p).
func (v *level[F]) drawMask(size int, d dropout) {
	v.mask = v.mask[:0]
	if d.p == 0 {
		return
	}
	v.mask = kernel.Grow(v.mask, size)
	for i := range v.mask {
		v.mask[i] = 0
		if d.r.Float64() >= d.p {
			v.mask[i] = F(1 / (1 - d.p))
		}
	}
}

// drop returns what the layer above gets of out.
func (v *level[F]) drop(n *Net[F]) []F {
	if len(v.mask) == 0 {
		return v.out
	}
	c, width := &n.chunk, n.config.Output()
	v.dropped = kernel.Grow(v.dropped, c.kept(c.end)*width)
	rows := v.dropped[c.kept(c.from)*width : c.kept(c.to)*width]
	if c.pass != found {
		copy(rows, v.out)
		v.dropBack(n, rows)
	}
	return rows
}

// dropBack applies the mask to rows [rows, D·H], values or their gradients.
func (v *level[F]) dropBack(n *Net[F], rows []F) {
	if len(v.mask) == 0 {
		return
	}
	width := n.config.Output()
	for t := n.chunk.from; t < n.chunk.to; t++ {
		from, to := n.chunk.row(t), n.chunk.row(t+1)
		for j, m := range v.mask[:(to-from)*width] {
			rows[from*width+j] *= m
		}
	}
}
