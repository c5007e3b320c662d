package rnn

// In matrix units each of several workers takes its sequences through a block's steps
// without waiting for others, their input products and all. What it computes stands
// apart from theirs: a block's gates are those of the first worker's sequences, step by
// step, then those of the second's. If they stood step by step for all, a processor that
// fetches ahead of one worker would take lines that another is writing.

// apart is how they stand.
type apart struct {
	on     bool
	starts [][]int   // [workers][steps of the block] the row where a worker's begin
	rows   [][]int32 // [workers] rows of x that a worker multiplies
}

// goesApart says whether the layer's gates so stand in this chunk.
func (l *layer[F]) goesApart() bool {
	return l.split && l.wxh.InPieces() && l.chunk.workers > 1 && !l.byUnits
}

// enterApart finds where the gates of the block [from, to) are, whose sequences have been shared out.
func (l *layer[F]) enterApart(from, to int) {
	row := 0
	for w := range l.apart.starts {
		starts := l.apart.starts[w][:0]
		for t := from; t < to; t++ {
			starts = append(starts, row)
			_, n := l.chunk.sequences(w, t)
			row += n
		}
		l.apart.starts[w] = starts
	}
}

// runApart takes a worker's sequences through the block, stretch by stretch.
func (l *layer[F]) runApart(w int) {
	for from := l.from; from < l.to; {
		to := l.chunk.stretch(from, l.to, l.stretchRows())
		l.projectApart(w, from, to)
		l.runSteps(w, from, to)
		from = to
	}
}

// projectApart computes Wxh·x_t + b for a worker's sequences at the steps [from, to).
func (l *layer[F]) projectApart(w, from, to int) {
	c, rows := l.chunk, l.apart.rows[w][:0]
	for t := from; t < to; t++ {
		lo, n := c.sequences(w, t)
		for s := range n {
			rows = append(rows, int32(c.batch.Range(from, t)+lo+s))
		}
	}
	l.apart.rows[w] = rows
	gates := l.block.From(l.apart.starts[w][from-l.first])
	l.project(gates, l.x[c.row(from)*l.i:], rows, len(rows), 0, l.h, w)
}
