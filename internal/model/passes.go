package model

import "github.com/unroll-go/unroll/internal/kernel"

// Step runs steps [from, to) of the batch forward and backward, going on from
// the state that the steps before left. It adds the gradients of the chunk's
// loss, the sum of −log z (4) or of the squared errors over its outputs, to
// Grads, and returns that loss. It goes back a part of the steps at a time, so
// that outputs and gradients are only there of one part.
func (n *Network[F]) Step(from, to int, c Chunk) (sum float64) {
	n.training(true)
	borders := n.begin(from, to, c, n.recompute)
	whole := n.config.Output == CRF // which weighs the α of all steps together
	for i, q := range borders[1:] {
		n.h = n.rnn.Forward(borders[i], q, n.read(borders[i], q, n.recompute))
		if whole {
			n.at(borders[i], q, true)
			n.scores()
		}
	}
	if whole {
		n.atAll()
		n.output.step()
		sum = n.total()
	}
	for i := len(borders) - 2; i >= 0; i-- {
		n.again(borders[i], borders[i+1])
		n.at(borders[i], borders[i+1], whole)
		if whole {
			n.back()
		} else {
			n.output.step()
			sum += n.total()
		}
		n.down(borders[i], borders[i+1])
	}
	if n.words != nil {
		n.words.Finish()
	}
	return sum
}

// Predict runs steps [from, to) forward, like Step. It returns z [n, K], the
// probability of every label, or the values, and the most likely labels [n],
// both the Network's own until its next call; and the loss that Step would
// return, if the chunk has targets.
func (n *Network[F]) Predict(from, to int, c Chunk) (z []F, labels []int32, sum float64) {
	n.training(false)
	borders := n.begin(from, to, c, true)
	for i, q := range borders[1:] {
		n.h = n.rnn.Forward(borders[i], q, n.read(borders[i], q, true))
		n.at(borders[i], q, true)
		n.scores()
	}
	n.atAll()
	n.best = kernel.Grow(n.best, n.n)
	n.output.predict(c.known())
	if c.known() {
		sum = n.total()
	}
	return n.alpha, n.best, sum
}

// X reads steps [from, to) and returns x [rows, I], what the recurrent layers
// get of them; the Network's own until its next call.
func (n *Network[F]) X(from, to int, c Chunk) []F {
	n.training(false)
	n.begin(from, to, c, false)
	return n.read(from, to, false)
}

// training says whether the passes that follow are of training, see [rnn.Net.Training].
func (n *Network[F]) training(on bool) {
	n.rnn.Training(on)
	if n.words != nil {
		n.words.Training(on)
	}
}

// Counted returns how many outputs of the last chunk, which had targets, had a
// loss: an unknown label has none, nor has, with a CRF, its whole sequence, or
// one that the constraints forbid.
func (n *Network[F]) Counted() int { return n.output.counted() }

// total adds up the losses of the outputs.
func (n *Network[F]) total() (sum float64) {
	for _, l := range n.losses {
		sum += l
	}
	return sum
}

// begin starts on steps [from, to) and returns the borders of their parts.
func (n *Network[F]) begin(from, to int, c Chunk, recompute bool) []int {
	n.from, n.to, n.all = from, to, c
	if n.words != nil {
		n.words.Read(c.Tokens, c.IDs)
	}
	return n.rnn.Parts(from, to, recompute)
}

// xOf returns where x of the part [p, q) stands, alone or among all.
func (n *Network[F]) xOf(p, q int, alone bool) []F {
	rows, width := n.batch.Range(n.from, n.to), n.config.Input()
	lo, hi := n.batch.Range(n.from, p), n.batch.Range(n.from, q)
	if alone {
		rows, lo, hi = hi-lo, 0, hi-lo
	}
	n.x = kernel.Grow(n.x, rows*width)
	return n.x[lo*width : hi*width]
}

// read sets x of the part [p, q).
func (n *Network[F]) read(p, q int, alone bool) []F {
	x := n.xOf(p, q, alone)
	lo, hi := n.batch.Range(n.from, p), n.batch.Range(n.from, q)
	if n.words != nil {
		n.words.Forward(x, lo, hi)
		return x
	}
	width := n.config.Input()
	normalize(n.dims.Norm, x, n.all.X[lo*width:hi*width])
	return x
}

// again makes the part [p, q), which was run forward, the one that the layers are at.
func (n *Network[F]) again(p, q int) {
	x := n.xOf(p, q, n.recompute)
	if n.recompute {
		x = n.read(p, q, true)
	}
	n.h = n.rnn.Again(p, q, x)
}

// at makes the outputs of the part [p, q), which the layers are at, the ones
// that the phases are at. Their α stand alone or among those of all steps.
func (n *Network[F]) at(p, q int, among bool) {
	n.place(p, q, among)
	n.dh = kernel.Grow(n.dh, n.batch.Range(p, q)*n.linear.H)
	n.dout = n.dh
	if n.config.Task == TaskClassify {
		n.final, n.dfinal = kernel.Grow(n.final, n.n*n.linear.H), kernel.Grow(n.dfinal, n.n*n.linear.H)
		n.rnn.Final(n.final)
		n.h, n.dout = n.final, n.dfinal
	}
}

// atAll makes it the outputs of all steps, whose α are there.
func (n *Network[F]) atAll() {
	n.place(n.from, n.to, true)
	n.losses = kernel.Grow(n.losses, n.n)
}

// place finds the targets and the place of α of the part [p, q).
func (n *Network[F]) place(p, q int, among bool) {
	lo, hi := n.outputs(p, q)
	k := n.linear.K
	n.n, n.chunk = hi-lo, n.all.targets(lo, hi, k)
	if among {
		first, last := n.outputs(n.from, n.to)
		n.alphas = kernel.Grow(n.alphas, (last-first)*k)
		n.alpha = n.alphas[lo*k : hi*k]
		return
	}
	n.alphas = kernel.Grow(n.alphas, n.n*k)
	n.alpha = n.alphas
	n.losses = kernel.Grow(n.losses, n.n)
}

// outputWork is that of a product of the output layer.
func (n *Network[F]) outputWork() int { return 2 * n.n * n.linear.K * n.linear.H }

// scores sets alpha.
func (n *Network[F]) scores() { n.team.RunFor(n.outputWork(), n.outputRows) }

// back sets dout from ∂L/∂alpha.
func (n *Network[F]) back() { n.team.RunFor(n.outputWork(), n.inputGrads) }

// down takes ∂L/∂α and ∂L/∂h of the part [p, q) down to the parameters.
func (n *Network[F]) down(p, q int) {
	n.team.RunFor(n.outputWork(), n.outputGrads)
	if n.config.Task == TaskClassify {
		n.rnn.FinalBack(n.dh, n.dout)
	}
	if n.words == nil {
		n.rnn.Backward(n.dh, nil)
		return
	}
	n.dx = kernel.Grow(n.dx, n.batch.Range(p, q)*n.config.Input())
	n.rnn.Backward(n.dh, n.dx)
	n.words.Backward(n.dx, n.batch.Range(n.from, p), n.batch.Range(n.from, q))
}

// outputs returns which outputs of the chunk the part [p, q) has: its rows or,
// where sequences are classified, those that end in it.
func (n *Network[F]) outputs(p, q int) (lo, hi int) {
	if n.config.Task != TaskClassify {
		return n.batch.Range(n.from, p), n.batch.Range(n.from, q)
	}
	first, _ := n.batch.Ending(n.from, n.to)
	lo, hi = n.batch.Ending(p, q)
	return lo - first, hi - first
}

// targets returns those of the outputs [lo, hi), of k values each.
func (c *Chunk) targets(lo, hi, k int) (part Chunk) {
	if c.Labels != nil {
		part.Labels = c.Labels[lo:hi]
	}
	if c.Values != nil {
		part.Values = c.Values[lo*k : hi*k]
	}
	return part
}

// The phases: each does worker w's share of rows or of outputs.

func (n *Network[F]) share(items, w int) (from, to int) {
	return kernel.Share(items, w, n.team.Size())
}

func (n *Network[F]) forwardOutput(w int) { n.scoreRows(n.share(n.n, w)) }

func (n *Network[F]) backwardInput(w int) { n.backRows(n.share(n.n, w)) }

// scoreRows sets rows [from, to) of alpha, backRows those of dout.
func (n *Network[F]) scoreRows(from, to int) {
	n.linear.Forward(n.alpha[from*n.linear.K:], n.h[from*n.linear.H:to*n.linear.H], to-from)
}

func (n *Network[F]) backRows(from, to int) {
	k, h := n.linear.K, n.linear.H
	n.linear.BackwardInput(n.dout[from*h:to*h], n.alpha[from*k:to*k], to-from)
}

func (n *Network[F]) backwardOutput(w int) {
	from, to := n.share(n.linear.K, w)
	n.linear.BackwardParams(n.alpha, n.h, n.n, from, to, &n.scratch[w])
}
