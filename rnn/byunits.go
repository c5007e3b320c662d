package rnn

import (
	"unsafe"

	"github.com/unroll-go/unroll/internal/kernel"
)

// A step of the recurrence is shared out by sequences, and then every worker
// reads all of Whh; or by units: a worker computes some units of all sequences.
// Then it reads only their weights, and the gates that it computes only it needs
// again; but the workers meet after every step, since the next one needs all of
// h_t or, on the way back, of δ_t, which they fetch from each other.

// forwardByUnits says whether that is worth it for steps of so many sequences.
// What is fetched, of h_t H numbers a sequence, is little beside its product
// with G·H columns, or beside weights that no second-level cache holds.
func (l *layer[F]) forwardByUnits(sequences int) bool {
	columns := 384
	if l.whh.InPieces() { // products take half the time
		columns = 768
	}
	return l.evenly(sequences) && (l.g*l.h >= columns || l.outgrows(sequences))
}

// backwardByUnits is the same for the way back, where G times as much is fetched.
func (l *layer[F]) backwardByUnits(sequences int) bool {
	return l.evenly(sequences) && l.outgrows(sequences)
}

// outgrows says whether Whh is too large for the second-level cache and
// sequences so few that to fetch it again at every step takes long.
func (l *layer[F]) outgrows(sequences int) bool {
	const few, large = 32, 5 << 18
	var f F
	bytes := int(unsafe.Sizeof(f))
	if l.whh.InPieces() {
		bytes = 6
	}
	return sequences <= few && bytes*l.g*l.h*l.h >= large
}

// evenly says whether every worker has work worth a meeting: some units, and none
// over a sixteenth more than the mean.
func (l *layer[F]) evenly(sequences int) bool {
	const worth = 1 << 20 // floating-point operations
	workers, whole := l.chunk.workers, l.layout.blocks > 1 && l.panels == 1
	if workers == 1 || whole || 2*sequences*l.g*l.h*l.h < worth*workers {
		return false
	}
	for w := range workers {
		from, to := l.unitsOf(w)
		if from == to || 16*(to-from)*workers > 17*l.h {
			return false
		}
	}
	return true
}

// unitsOf returns a worker's units [from, to).
func (l *layer[F]) unitsOf(w int) (from, to int) {
	return kernel.ShareColumns[F](l.h, w, l.chunk.workers)
}

// meet goes through the steps of the stretch by units, a meeting after each.
func (l *layer[F]) meet(team *Team) {
	team.RunSteps(l.to-l.from, l.stepWork, l.stepUnits)
}

// meetBack walks back down the steps of the block likewise. When all of δ_{t+1} is
// there, a worker multiplies it with its columns of Whh, on its way to its δ_t.
func (l *layer[F]) meetBack(team *Team) {
	team.RunSteps(l.to-l.from+1, l.stepWorkBack, l.stepUnitsBack)
}

// forwardWork is how many floating-point operations the i-th step of the stretch has.
func (l *layer[F]) forwardWork(i int) int { return l.workAt(l.from + i) }

// backwardWork is the same for the i-th step on the way back through the block.
func (l *layer[F]) backwardWork(i int) int { return l.workAt(max(l.to-1-i, l.from)) }

func (l *layer[F]) workAt(t int) int { return 2 * l.chunk.batch.Alive(t) * l.g * l.h * l.h }

// forwardUnits runs a worker's units through the i-th step of the stretch.
func (l *layer[F]) forwardUnits(w, i int) {
	s, t := &l.at[w], l.from+i
	l.view(s, t, 0, l.chunk.batch.Alive(t))
	s.From, s.To = l.unitsOf(w)
	l.cell.forward(l, s)
}

// backwardUnits ends the way back through step t+1 of a worker's units and begins
// that through step t, the i-th from the end of the block.
func (l *layer[F]) backwardUnits(w, i int) {
	s, batch, t := &l.at[w], l.chunk.batch, l.to-1-i
	s.From, s.To = l.unitsOf(w)
	if i > 0 {
		l.viewBack(s, t+1, 0, batch.Alive(t+1))
		l.stateBack(s)
	}
	if t < l.from {
		return
	}
	l.viewBack(s, t, 0, batch.Alive(t))
	l.cell.backward(l, s)
	if from, to := kernel.Share(s.N, w, l.chunk.workers); !l.whole {
		copy(l.prev[(batch.Range(l.from, t)+from)*l.h:], s.Prev.Data[from*l.h:to*l.h])
	}
}
