package model

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// Network is a model at work: what reads tokens, recurrent layers, an output
// at every step or at sequences' ends. It is generic so that the same code
// trains in float32 and is proved in float64. It allocates nothing once it has
// seen its largest batch.
type Network[F rnn.Float] struct {
	Params, Grads []F // the slabs, laid out as Model.Tensors says
	Tensors       []rnn.Tensor

	config Config
	dims   Dims
	words  *input.Words[F] // nil with vectors
	rnn    *rnn.Net[F]
	linear loss.Linear[F]
	output output[F]

	team    *rnn.Team
	batch   *rnn.Batch
	chunk   Chunk
	n       int     // outputs of the chunk: its rows, or its sequences that end
	h       []F     // [n, H] the top layer's
	x, dx   []F     // [rows, I] of the chunk
	alpha   []F     // [n, K]: α, then z or ∂L/∂α
	dout    []F     // [n, H] ∂L/∂h of the outputs
	dh      []F     // [rows, H] the same of all steps; dout itself but at sequences' ends
	final   []F     // [n, H] h at sequences' ends
	dfinal  []F     // [n, H]
	best    []int32 // [n] the labels of Predict
	losses  []float64
	scratch []kernel.Scratch[F]

	outputRows, inputGrads, outputGrads func(worker int) // phases, bound once
}

// Chunk is what a network reads in a chunk of steps, and what it should say:
// at every row or, where it classifies, of each sequence that ends there.
type Chunk struct {
	Tokens []int32   // [rows] numbers of Begin's forms; only needed for characters and features
	IDs    []int32   // [rows] the tokens' numbers in the vocabulary
	X      []float32 // [rows, I] vectors in place of tokens
	Labels []int32   // [n] labels or loss.NoLabel; nil where none are known
	Values []float32 // [n, K] real values in place of labels
}

// known says whether there are targets.
func (c *Chunk) known() bool { return c.Labels != nil || c.Values != nil }

// output is what stands behind α.
type output[F rnn.Float] interface {
	pack()              // takes the parameters as they are now into use
	step()              // turns the network's alpha into ∂L/∂alpha and sets its losses
	predict(known bool) // turns it into z and sets the best labels; and the losses, if the targets are known
	counted() int       // how many of the chunk's outputs have a loss
}

// NewNetwork returns the network of c for data of d on the slabs params and
// grads, which stay the caller's. Without grads, nil, it cannot Step. The team
// may be nil.
func NewNetwork[F rnn.Float](c Config, d Dims, params, grads []F, team *rnn.Team) (*Network[F], error) {
	if err := c.validate(d); err != nil {
		return nil, err
	}
	n := &Network[F]{Params: params, Grads: grads, Tensors: Tensors(c, d), config: c, dims: d, team: team}
	if len(params) != size(n.Tensors) || (grads != nil && len(grads) != len(params)) {
		return nil, fmt.Errorf("slabs of %d parameters and %d gradients, expected %d", len(params), len(grads), size(n.Tensors))
	}
	var err error
	if n.rnn, err = n.layers(c.Recurrent(), recurrent); err != nil {
		return nil, err
	}
	if c.Vector == 0 {
		if n.words, err = n.newWords(d); err != nil {
			return nil, err
		}
	}
	n.linear = loss.Linear[F]{H: c.Recurrent().Output(), K: d.Labels,
		Whz: n.view("out.weight"), Bz: n.view("out.bias"),
		GradWhz: n.grad("out.weight"), GradBz: n.grad("out.bias")}
	n.output = n.newOutput()
	n.scratch = make([]kernel.Scratch[F], team.Size())
	n.outputRows, n.inputGrads, n.outputGrads = n.forwardOutput, n.backwardInput, n.backwardOutput
	return n, nil
}

// layers returns the recurrent layers whose tensors' names begin with prefix.
func (n *Network[F]) layers(c rnn.Config, prefix string) (*rnn.Net[F], error) {
	return rnn.New(c, n.view(prefix), n.grad(prefix), n.team)
}

// newWords returns what reads tokens.
func (n *Network[F]) newWords(d Dims) (*input.Words[F], error) {
	c := n.config
	embedding := func(name string, v, e int) input.Embedding[F] {
		return input.Embedding[F]{V: v, E: e, Weights: n.view(name), Grad: n.grad(name)}
	}
	w := &input.Words[F]{Embedding: embedding("embed.weight", d.Tokens, c.Embed), Team: n.team}
	if c.Chars > 0 {
		net, err := n.layers(c.CharLayer(), charLayer)
		if err != nil {
			return nil, err
		}
		w.Chars = &input.Chars[F]{Embedding: embedding("chars.embed.weight", d.Chars, c.Chars), Net: net}
	}
	for i, f := range c.Features {
		w.Features = append(w.Features, embedding("features."+string(f)+".weight", d.Features[i], c.FeatureEmbed))
	}
	w.Bind()
	return w, nil
}

func (n *Network[F]) newOutput() output[F] {
	switch n.config.Output {
	case CRF:
		return newCRF(n)
	case Real:
		return real[F]{n}
	}
	return newSoftmax(n)
}

// Network returns a network on the model's parameters that cannot train.
func (m *Model) Network(team *rnn.Team) (*Network[float32], error) {
	return NewNetwork(m.Config, m.Dims(), m.Params, nil, team)
}

// view and grad return the parameters and the gradients of the tensors whose
// names begin with prefix.
func (n *Network[F]) view(prefix string) []F { return group(n.Params, n.Tensors, prefix) }
func (n *Network[F]) grad(prefix string) []F { return group(n.Grads, n.Tensors, prefix) }

// RNN returns the recurrent layers.
func (n *Network[F]) RNN() *rnn.Net[F] { return n.rnn }

// Begin starts a batch with the parameters as they are now. The batch and the
// forms that its tokens are numbers of must stay as they are until the next Begin.
func (n *Network[F]) Begin(b *rnn.Batch, forms *input.Forms) {
	n.batch = b
	if n.words != nil {
		n.words.Begin(forms)
	}
	n.Repack()
	n.rnn.Start(b, rnn.States[F]{})
}

// Repack takes changed parameters into use in the middle of a batch, the
// states going on as they are.
func (n *Network[F]) Repack() {
	if n.words != nil {
		n.words.Pack()
	}
	n.rnn.Pack()
	n.linear.Pack()
	n.output.pack()
}

// Step runs steps [from, to) of the batch forward and backward, going on from
// the state that the steps before left. It adds the gradients of the chunk's
// loss, the sum of −log z (4) or of the squared errors over its outputs, to
// Grads, and returns that loss.
func (n *Network[F]) Step(from, to int, c Chunk) float64 {
	n.forward(from, to, c)
	n.output.step()
	work := 2 * n.n * n.linear.K * n.linear.H
	n.team.RunFor(work, n.inputGrads)
	n.team.RunFor(work, n.outputGrads)
	if n.config.Task == TaskClassify {
		n.rnn.FinalBack(n.dh, n.dout)
	}
	n.rnn.Backward(n.dh, n.dx)
	if n.words != nil {
		n.words.Backward(n.dx)
	}
	return n.total()
}

// Predict runs steps [from, to) forward, like Step. It returns z [n, K], the
// probability of every label, or the values, and the most likely labels [n],
// both the Network's own until its next call; and the loss that Step would
// return, if the chunk has targets.
func (n *Network[F]) Predict(from, to int, c Chunk) (z []F, labels []int32, sum float64) {
	n.forward(from, to, c)
	n.best = kernel.Grow(n.best, n.n)
	n.output.predict(c.known())
	if c.known() {
		sum = n.total()
	}
	return n.alpha, n.best, sum
}

// Counted returns how many outputs of the last chunk, which had targets, had a
// loss: an unknown label has none, nor has, with a CRF, its whole sequence, or
// one that the constraints forbid.
func (n *Network[F]) Counted() int { return n.output.counted() }

// total adds up the losses of the chunk.
func (n *Network[F]) total() (sum float64) {
	for _, l := range n.losses {
		sum += l
	}
	return sum
}

func (n *Network[F]) forward(from, to int, c Chunk) {
	rows := n.batch.Range(from, to)
	n.chunk, n.n = c, rows
	n.x = kernel.Grow(n.x, rows*n.config.Input())
	n.dh = kernel.Grow(n.dh, rows*n.linear.H)
	if n.words != nil {
		n.dx = kernel.Grow(n.dx, len(n.x))
		n.words.Forward(n.x, c.Tokens, c.IDs)
	} else {
		for i, v := range c.X[:len(n.x)] {
			n.x[i] = F(v)
		}
	}
	n.h = n.rnn.Forward(from, to, n.x)
	n.dout = n.dh
	if n.config.Task == TaskClassify {
		n.ends(from, to)
	}
	n.alpha = kernel.Grow(n.alpha, n.n*n.linear.K)
	n.losses = kernel.Grow(n.losses, n.n)
	n.team.RunFor(2*n.n*n.linear.K*n.linear.H, n.outputRows)
}

// ends makes h the final outputs of the sequences that end in [from, to).
func (n *Network[F]) ends(from, to int) {
	lo, hi := n.batch.Ending(from, to)
	n.n = hi - lo
	n.final, n.dfinal = kernel.Grow(n.final, n.n*n.linear.H), kernel.Grow(n.dfinal, n.n*n.linear.H)
	n.rnn.Final(n.final)
	n.h, n.dout = n.final, n.dfinal
}

// The phases: each does worker w's share of rows or of outputs.

func (n *Network[F]) share(items, w int) (from, to int) {
	return kernel.Share(items, w, n.team.Size())
}

func (n *Network[F]) forwardOutput(w int) {
	from, to := n.share(n.n, w)
	n.linear.Forward(n.alpha[from*n.linear.K:], n.h[from*n.linear.H:to*n.linear.H], to-from)
}

func (n *Network[F]) backwardInput(w int) {
	from, to := n.share(n.n, w)
	k, h := n.linear.K, n.linear.H
	n.linear.BackwardInput(n.dout[from*h:to*h], n.alpha[from*k:to*k], to-from)
}

func (n *Network[F]) backwardOutput(w int) {
	from, to := n.share(n.linear.K, w)
	n.linear.BackwardParams(n.alpha, n.h, n.n, from, to, &n.scratch[w])
}
