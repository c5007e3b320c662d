package input

import (
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/seq"
	"github.com/unroll-go/unroll/rnn"
)

// MaxChars is how many characters of a token are read at most: the first half
// and the last half of them, where a token has more.
const MaxChars = 64

// Chars reads tokens by their characters: a bidirectional recurrent layer runs
// over each distinct token of a chunk once, and its final outputs are what the
// token's characters come to (Ling et al. 2015).
type Chars[F rnn.Float] struct {
	Embedding Embedding[F]
	Net       *rnn.Net[F] // bidirectional

	place    []int32 // [M] a form's number among the distinct ones; −1 between the chunks
	found    []int32 // the chunk's distinct forms as they come
	distinct []int32 // and longest first
	counts   [MaxChars + 1]int
	lengths  []int
	rows     []int32 // [rows] number of the row's form among the distinct ones
	layout   rnn.Batch
	ids      []int32 // [characters]
	x, dx    []F     // [characters, E]
	final    []F     // [distinct, 2H]
	dfinal   []F     // [distinct, 2H] the sum of its rows' gradients
	dout     []F     // [characters, 2H]
}

// Width returns 2H, the width of what a token's characters come to.
func (c *Chars[F]) Width() int { return c.Net.Config().Output() }

// read runs over the distinct tokens of a chunk.
func (c *Chars[F]) read(forms *Forms, tokens []int32) {
	c.find(forms, tokens)
	c.sort(forms)
	c.rows = kernel.Grow(c.rows, len(tokens))
	for r, t := range tokens {
		c.rows[r] = c.place[t]
	}
	for _, t := range c.distinct {
		c.place[t] = -1
	}
	n := c.layout.Rows()
	c.x = kernel.Grow(c.x, n*c.Embedding.E)
	c.Embedding.Forward(c.x, c.Embedding.E, c.ids)
	c.Net.Start(&c.layout, rnn.States[F]{})
	c.Net.Forward(0, c.layout.Steps(), c.x)
	c.final = kernel.Grow(c.final, len(c.distinct)*c.Width())
	c.Net.Final(c.final)
	c.dfinal = kernel.Grow(c.dfinal, len(c.final))
	clear(c.dfinal)
}

// find lists the distinct tokens as they come.
func (c *Chars[F]) find(forms *Forms, tokens []int32) {
	for len(c.place) < forms.Len() {
		c.place = append(c.place, -1)
	}
	c.found = c.found[:0]
	clear(c.counts[:])
	for _, t := range tokens {
		if c.place[t] < 0 {
			c.place[t] = 0
			c.found = append(c.found, t)
			c.counts[len(forms.chars(t))]++
		}
	}
}

// sort orders the distinct tokens longest first, and packs their characters.
func (c *Chars[F]) sort(forms *Forms) {
	at := 0
	for n := MaxChars; n > 0; n-- {
		c.counts[n], at = at, at+c.counts[n]
	}
	c.distinct = kernel.Grow(c.distinct, len(c.found))
	c.lengths = kernel.Grow(c.lengths, len(c.found))
	for _, t := range c.found {
		n := len(forms.chars(t))
		to := c.counts[n]
		c.counts[n]++
		c.distinct[to], c.lengths[to], c.place[t] = t, n, int32(to)
	}
	if err := c.layout.Reset(c.lengths); err != nil {
		panic("input: " + err.Error()) // a form without characters
	}
	c.ids = kernel.Grow(c.ids, c.layout.Rows())
	for b, t := range c.distinct {
		seq.Scatter(&c.layout, c.ids, forms.chars(t), b, 1)
	}
}

// put copies what the tokens of rows [from, to) come to into x, whose first
// row is from's.
func (c *Chars[F]) put(x []F, width, from, to int) {
	w := c.Width()
	for r, d := range c.rows[from:to] {
		copy(x[r*width:r*width+w], c.final[int(d)*w:])
	}
}

// add adds up the gradients of rows [from, to), token by token; dx begins at
// the first of their columns.
func (c *Chars[F]) add(dx []F, width, from, to int) {
	w := c.Width()
	for r, d := range c.rows[from:to] {
		sum := c.dfinal[int(d)*w : (int(d)+1)*w]
		for j, v := range dx[r*width : r*width+w] {
			sum[j] += v
		}
	}
}

// back adds to the gradients what those of all tokens come to.
func (c *Chars[F]) back() {
	c.dout = kernel.Grow(c.dout, c.layout.Rows()*c.Width())
	c.Net.FinalBack(c.dout, c.dfinal)
	c.dx = kernel.Grow(c.dx, len(c.x))
	c.Net.Backward(c.dout, c.dx)
	c.Embedding.Backward(c.dx, c.Embedding.E, c.ids, 0, c.Embedding.E)
}
