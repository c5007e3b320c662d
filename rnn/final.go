package rnn

// Final sets to [n, D·H] to the final outputs of the n sequences, as
// Batch.Ending gives them, whose last step was in the chunk that Forward ran
// last: the forward direction's h there beside the backward direction's at the
// first step, which is its last.
func (n *Net[F]) Final(to []F) {
	out, width, h := n.levels[len(n.levels)-1].out, n.config.Output(), n.config.Hidden
	n.finals(func(i, last, first int) {
		copy(to[i*width:i*width+h], out[last*width:])
		if n.config.Bidirectional {
			copy(to[i*width+h:(i+1)*width], out[first*width+h:])
		}
	})
}

// FinalBack sets dout [rows, D·H], for Backward, to what dfinal [n, D·H], the
// gradient of what Final gave, comes to: zero but at the final outputs.
func (n *Net[F]) FinalBack(dout, dfinal []F) {
	width, h := n.config.Output(), n.config.Hidden
	clear(dout[:n.chunk.size()*width])
	n.finals(func(i, last, first int) {
		copy(dout[last*width:], dfinal[i*width:i*width+h])
		if n.config.Bidirectional {
			copy(dout[first*width+h:], dfinal[i*width+h:(i+1)*width])
		}
	})
}

// finals calls f for every sequence that ends in the chunk, with its number
// among them and its last and first rows there.
func (n *Net[F]) finals(f func(i, last, first int)) {
	c := &n.chunk
	lo, hi := c.batch.Ending(c.from, c.to)
	for b := lo; b < hi; b++ {
		f(b-lo, c.batch.Range(c.from, c.batch.Lengths[b]-1)+b, b)
	}
}
