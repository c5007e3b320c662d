package model

import (
	"fmt"
	"strings"

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

	team      *rnn.Team
	batch     *rnn.Batch
	recompute bool

	from, to int     // the steps that Step or Predict is at
	all      Chunk   // and theirs
	chunk    Chunk   // the targets of the outputs that the phases are at: of a part of the steps, or of all
	n        int     // those outputs: rows, or sequences that end
	h        []F     // [n, H] the top layer's
	x        []F     // [rows, I] of all steps; of a part where that is all that is kept
	dx       []F     // [rows, I] of a part
	alphas   []F     // [outputs, K] of a part, or of all
	alpha    []F     // [n, K] of them: α, then z or ∂L/∂α
	dout     []F     // [n, H] ∂L/∂h of the outputs
	dh       []F     // [rows, H] the same of a part's steps; dout itself but at sequences' ends
	final    []F     // [n, H] h at sequences' ends
	dfinal   []F     // [n, H]
	best     []int32 // [n] the labels of Predict
	losses   []float64
	scratch  []kernel.Scratch[F]

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
	step()              // sets the losses, ∂L/∂alpha and ∂L/∂h from h; a CRF, the losses and ∂L/∂alpha from alpha
	predict(known bool) // turns alpha into z and sets the best labels; and the losses, if the targets are known
	counted() int       // how many of the chunk's outputs have a loss
}

// NewNetwork returns the network of c for data of d on the slabs params and
// grads, which stay the caller's. Without grads, nil, it cannot Step. The team
// may be nil.
func NewNetwork[F rnn.Float](c Config, d Dims, params, grads []F, team *rnn.Team) (*Network[F], error) {
	if err := c.validate(d); err != nil {
		return nil, err
	}
	if err := d.Norm.check(c); err != nil {
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

// Weigh makes Step multiply the loss of each output by the weight of its label,
// weights [K]; Predict's stays as it is. The output must be softmax.
func (n *Network[F]) Weigh(weights []float64) {
	w := make([]F, len(weights))
	for i, v := range weights {
		w[i] = F(v)
	}
	n.output.(*softmax[F]).weights = w
}

// view and grad return the parameters and the gradients of the tensors whose
// names begin with prefix.
func (n *Network[F]) view(prefix string) []F { return group(n.Params, n.Tensors, prefix) }
func (n *Network[F]) grad(prefix string) []F { return group(n.Grads, n.Tensors, prefix) }

// RNN returns the recurrent layers.
func (n *Network[F]) RNN() *rnn.Net[F] { return n.rnn }

// Tables lists the tensors of which a chunk reads a few rows only: the vectors
// of tokens and of features.
func (n *Network[F]) Tables() (tables []rnn.Tensor) {
	for _, t := range n.Tensors {
		if t.Name == "embed.weight" || strings.HasPrefix(t.Name, "features.") {
			tables = append(tables, t)
		}
	}
	return tables
}

// Touched returns which rows of each of Tables a chunk of the batch reads, each
// once; they alone have gradients then. The lists are the Network's own until
// its next call.
func (n *Network[F]) Touched(c Chunk) [][]int32 {
	if n.words == nil {
		return nil
	}
	return n.words.Touched(c.Tokens, c.IDs)
}

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
