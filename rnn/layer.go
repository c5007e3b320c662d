package rnn

import (
	"unsafe"

	"github.com/unroll-go/unroll/internal/kernel"
)

// layer is one direction of a recurrent layer at work on a chunk of steps. Its
// loops over time are here; what one step computes is the cell's, how its
// memory lies is in memory.go. Every phase is a function of a worker's number:
// rows, sequences or output tiles are shared out, a sum never is.
type layer[F Float] struct {
	kind    Cell
	cell    cell[F]
	i, h, g int // I, H, and the number of gates G
	layout  gateLayout
	params  views[F]
	grads   views[F]

	wxh, whh                    kernel.Packed[F] // for y = x·Wᵀ
	wxhT, whhT                  kernel.Packed[F] // for dx = δ·W, once backward needs them
	b, bhn                      []F              // the biases as rows of the panels
	packedBack, packedInputBack bool             // whether whhT and wxhT are laid out since the parameters changed
	split                       bool             // whether the products of this batch are done in matrix units

	chunk         *chunk
	x, dx         []F // [rows, I] of the chunk; dx may be nil
	dh            []F // [rows, H] of the chunk, from above
	out           []F // [rows, H] h_t of the chunk
	state, cstate []F // [B, H] h and c after the chunk's forward pass
	dstate, dcell []F // [B, H] ∂L/∂h and ∂L/∂c before the chunk, once backward
	border        borderStates[F]
	memory[F]
	scratch []kernel.Scratch[F]
	factors []factors[F]
	groups  groups[F]
	apart   apart
	at      []step[F] // the step that each worker is at

	from, to int  // the steps that the phases below are at
	byUnits  bool // how workers share the steps forward
	inTurn   bool // the caller does all parts of the products, the first one first

	laid    [2]*kernel.Packed[F] // what fill and cut are about: weights of the state and of the input, or nil
	packers int                  // how many workers do it

	inputs, steps, through, stepsBack, products, addUp, fill, cut func(worker int) // the phases, bound once
	stepUnits, stepUnitsBack                                      func(worker, i int)
	stepWork, stepWorkBack                                        func(i int) int
}

// factors are what δ is multiplied by for the gradients of Whh and Wxh: a
// worker's own copies, which it makes in less time than it would fetch another's.
type factors[F Float] struct{ prev, x kernel.Right[F] }

func newLayer[F Float](c Config, l int, ch *chunk, params views[F]) *layer[F] {
	ly := &layer[F]{kind: c.Cell, cell: newCell[F](c.Cell), i: c.inputOf(l), h: c.Hidden, g: c.Cell.gates(),
		layout: layoutOf(c.Cell), chunk: ch, params: params}
	ly.scratch = make([]kernel.Scratch[F], ch.workers)
	ly.factors = make([]factors[F], ch.workers)
	ly.at = make([]step[F], ch.workers)
	ly.apart.starts, ly.apart.rows = make([][]int, ch.workers), make([][]int32, ch.workers)
	for w := range ly.at {
		ly.at[w].Worker = w
	}
	ly.inputs, ly.steps, ly.through = ly.forwardInputs, ly.forwardSteps, ly.runApart
	ly.stepsBack, ly.products, ly.addUp = ly.backwardSteps, ly.backwardProducts, ly.addGroups
	ly.stepUnits, ly.stepUnitsBack = ly.forwardUnits, ly.backwardUnits
	ly.stepWork, ly.stepWorkBack = ly.forwardWork, ly.backwardWork
	ly.fill, ly.cut = ly.fillWeights, ly.cutWeights
	return ly
}

// begin sets the states of b sequences to the given ones [B, H], or to the
// learned initial states, or to zero.
func (l *layer[F]) begin(b int, h0, c0 []F) {
	l.state = initial(l.state, b, l.h, h0, l.params.h0)
	l.dstate = kernel.Grow(l.dstate, b*l.h)
	if l.kind == LSTM {
		l.cstate = initial(l.cstate, b, l.h, c0, l.params.c0)
		l.dcell = kernel.Grow(l.dcell, b*l.h)
	}
}

func initial[F Float](state []F, b, h int, given, learned []F) []F {
	state = kernel.Grow(state, b*h)
	switch {
	case given != nil:
		copy(state, given)
	case len(learned) > 0:
		for s := range b {
			copy(state[s*h:], learned)
		}
	default:
		clear(state)
	}
	return state
}

// forward does what the chunk's pass says: runs it from the state that the
// steps before left, or from the one kept at its border, or only finds it.
func (l *layer[F]) forward(team *Team) {
	c := l.chunk
	l.resize(l.h, l.kind, c)
	l.out = l.hs[(c.entered()+c.kept(c.from))*l.h : (c.entered()+c.kept(c.to))*l.h]
	if l.split = c.splits(); l.split {
		l.cutFor(team, &l.whh, &l.wxh)
	}
	l.byUnits = l.forwardByUnits(c.batch.Size())
	l.apart.on = l.goesApart()
	switch c.pass {
	case first:
		l.keepState()
		l.enter(l.state, l.cstate)
		l.recur(team)
		l.leave()
	case again:
		l.enter(l.keptState())
		l.recur(team)
	}
}

// recur runs the chunk: the input products of a stretch of steps at once, then
// the recurrence through it, while they are in the cache.
func (l *layer[F]) recur(team *Team) {
	c := l.chunk
	for b := range len(c.blocks) - 1 {
		l.from, l.to = c.blocks[b], c.blocks[b+1]
		c.shareOut(l.from, l.to)
		l.enterBlock(l.from, l.to)
		if l.apart.on {
			l.share(team, 2*c.batch.Range(l.from, l.to)*l.g*l.h*(l.i+l.h), l.through)
			continue
		}
		for from := c.blocks[b]; from < c.blocks[b+1]; from = l.to {
			l.from, l.to = from, c.stretch(from, c.blocks[b+1], l.stretchRows())
			c.shareOut(l.from, l.to)
			work := 2 * c.batch.Range(l.from, l.to) * l.g * l.h
			l.share(team, work*l.i, l.inputs)
			if l.byUnits {
				l.meet(team)
				continue
			}
			l.share(team, work*l.h, l.steps)
		}
	}
}

// stretchRows returns how many rows make a stretch; a block's if Wxh in pieces is
// so large that to read it for fewer would push Whh out of the cache.
func (l *layer[F]) stretchRows() int {
	const large = 1 << 20
	var f F
	if l.split && 6*l.width*l.i > large {
		return blockRows
	}
	return max(stretchRows, stretchBytes/(l.width*int(unsafe.Sizeof(f))))
}

// share runs a phase of the recurrence, or what leads up to it; where one worker
// has all sequences it stays there, since to hand the sums on costs more than it gains.
func (l *layer[F]) share(team *Team, work int, phase func(worker int)) {
	if l.chunk.alone(l.from) {
		work = 0
	}
	l.chunk.run(team, work, phase)
}

// backward walks back down the chunk block by block: the recurrence, and then
// the products that sum over the block's rows.
func (l *layer[F]) backward(team *Team) {
	c := l.chunk
	l.packBack(team)
	l.enterBack()
	l.enterGroups()
	byUnits := l.backwardByUnits(c.batch.Size())
	for b := len(c.blocks) - 2; b >= 0; b-- {
		l.from, l.to = c.blocks[b], c.blocks[b+1]
		c.shareOut(l.from, l.to)
		l.enterBlock(l.from, l.to)
		rows := c.batch.Range(l.from, l.to)
		l.resizeBack(rows)
		work := 2 * rows * l.g * l.h
		if byUnits {
			l.meetBack(team)
		} else {
			l.share(team, work*l.h, l.stepsBack)
		}
		if c.grouped {
			l.groups.find(c, l.from, l.to)
		}
		work *= l.h + 2*l.i
		if c.alone(l.from) {
			work /= awayCost
		}
		l.inTurn = c.workers == 1 || !team.Shares(work)
		c.run(team, work, l.products)
	}
	l.leaveBack()
	l.leaveGroups(team)
}

// awayCost is how many times as much work must be there to be shared out where
// one worker has all that it is done on in its cache, and the others have nothing.
const awayCost = 8

// forwardSteps runs a worker's sequences through the stretch.
func (l *layer[F]) forwardSteps(w int) { l.runSteps(w, l.from, l.to) }

// runSteps runs a worker's sequences through the steps [from, to).
func (l *layer[F]) runSteps(w, from, to int) {
	s := &l.at[w]
	for t := from; t < to; t++ {
		lo, n := l.chunk.sequences(w, t)
		if n == 0 {
			break
		}
		l.view(s, t, lo, n)
		s.From, s.To = 0, l.h
		l.cell.forward(l, s)
	}
}

// backwardSteps walks a worker's sequences back down the block's steps.
func (l *layer[F]) backwardSteps(w int) {
	c, s := l.chunk, &l.at[w]
	for t := l.to - 1; t >= l.from; t-- {
		lo, n := c.sequences(w, t)
		if n == 0 {
			continue
		}
		l.fetchBack(t-1, lo, n)
		l.viewBack(s, t, lo, n)
		s.From, s.To = 0, l.h
		l.cell.backward(l, s)
		l.stateBack(s)
		if !l.whole {
			copy(l.prev[(c.batch.Range(l.from, t)+lo)*l.h:], s.Prev.Data[:n*l.h])
		}
	}
}

// fetchBack fetches ∂L/∂h and, of a cell without gates, h of n sequences of step t, few of
// a long chunk, for the way back through it: steps are gone through down, memory up,
// which no processor foresees.
func (l *layer[F]) fetchBack(t, lo, n int) {
	const few, near = 2 << 10, 256 << 10 // elements that come while one step is gone through, and that are in a cache
	c := l.chunk
	if t < c.from || n*l.h > few || c.kept(c.end)*l.h <= near {
		return
	}
	row := c.row(t) + lo
	kernel.Fetch(l.dh[row*l.h : (row+n)*l.h])
	if l.layout.blocks == 1 {
		kernel.Fetch(l.out[row*l.h : (row+n)*l.h])
	}
}

// learn adds the gradients of all sequences' initial states to those of the
// learned ones.
func (l *layer[F]) learn() {
	b := l.chunk.batch.Size()
	if len(l.grads.h0) > 0 {
		kernel.AddColumns(l.grads.h0, l.dstate, b, l.h, 0, l.h)
	}
	if len(l.grads.c0) > 0 {
		kernel.AddColumns(l.grads.c0, l.dcell, b, l.h, 0, l.h)
	}
}
