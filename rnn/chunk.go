package rnn

// chunk is what all layers share while they work on steps [from, to) of a batch.
type chunk struct {
	batch       *Batch
	single      bool // it has, or had when it is the caller's again, one sequence alone
	from, to    int
	origin, end int // the layers' memory is of the steps [origin, end)
	back        int // the step that the last Backward came down to, −1 before the first
	parts
	blocks   []int // the chunk's steps in blocks: [blocks[i], blocks[i+1])
	bounds   []int // worker w has sequences [bounds[w], bounds[w+1]) of the steps it is at
	workers  int   // that the chunk is shared out to: all of the team or, if it is small or they are not counted on, one
	training bool
	fast     bool // there are matrix units for the element type
	widest   int  // the most elements, I + H, of a layer's input and state
	narrow   bool // the layers have no gates and at most narrowest units
	grouped  bool // the chunk's weight gradients are summed over two groups of sequences apart
}

// fastRows is how many rows a batch has at least that is trained on in matrix
// units: with fewer, cutting numbers into pieces costs what is gained.
const fastRows = 256

// splits says whether the batch's products are done in matrix units, where
// there are any: its rows decide, never those of a chunk or of a worker.
func (c *chunk) splits() bool {
	return c.fast && c.training && c.batch.Off[c.batch.Steps()] >= fastRows
}

// How many rows are worked on together, at least one step: the input products
// of a stretch are computed before the recurrence goes through it, at least
// stretchRows and so many that their sums come to stretchBytes; and the products
// of the weight gradients sum over a block. Either is to fit the second-level cache.
const (
	stretchRows  = 96
	stretchBytes = 256 << 10
	blockRows    = 480
	groupedRows  = 512
)

// start makes b the batch.
func (c *chunk) start(b *Batch) {
	c.batch, c.single, c.back = b, b.Size() == 1, -1
	c.from, c.to, c.origin, c.end = 0, 0, 0, 0
	c.parts.reset()
}

// begin makes steps [from, to) the chunk.
func (c *chunk) begin(from, to int) {
	c.from, c.to = from, to
	c.origin, c.end = from, to
	if c.of(from, to) < 0 {
		c.grouped = c.sumsByGroups(from, to)
	} else if !c.recompute {
		c.origin, c.end = c.whole()
	}
	c.blocks = append(c.blocks[:0], from)
	for from < to {
		from = c.stretch(from, to, c.blockRows())
		c.blocks = append(c.blocks, from)
	}
}

// shareOut shares the sequences out to the workers for the steps [from, to).
func (c *chunk) shareOut(from, to int) { c.batch.Split(c.bounds, from, to) }

// run runs a phase of so much work for every worker.
func (c *chunk) run(team *Team, work int, phase func(worker int)) {
	if c.workers == 1 {
		phase(0)
		return
	}
	team.RunFor(work, phase)
}

// shareAmong makes the workers of the chunk so many. It is asked before the first pass
// over a chunk, all of its parts: where what it keeps stands depends on it.
func (c *chunk) shareAmong(workers int) { c.workers, c.bounds = workers, c.bounds[:workers+1] }

// sequences returns the sequences [lo, lo+n) that worker w has at step t.
func (c *chunk) sequences(w, t int) (lo, n int) {
	lo = c.bounds[w]
	return lo, max(min(c.bounds[w+1], c.batch.Alive(t))-lo, 0)
}

// blockRows returns the rows of a block: in matrix units so few that the pieces
// of x_t and h_{t-1}, six bytes an element, fit the second-level cache; of two
// groups, whose pieces are there one after the other, twice as many, in whole chunks.
func (c *chunk) blockRows() int {
	const pieces, chunk = 1 << 20, 32
	switch {
	case !c.splits():
		return blockRows
	case c.grouped:
		return min(max(pieces/6/c.widest/chunk, 3)*2*chunk, groupedRows)
	}
	return min(max(pieces/6/c.widest/chunk*chunk, 3*chunk), blockRows)
}

// stretch returns where a stretch of about so many rows ends that starts at
// step from: at to at the latest.
func (c *chunk) stretch(from, to, rows int) int {
	end := from + 1
	for end < to && c.batch.Range(from, end+1) <= rows {
		end++
	}
	return end
}

// alone says whether one worker has all sequences of step t.
func (c *chunk) alone(t int) bool {
	n := c.batch.Alive(t)
	for w := range c.workers {
		if min(c.bounds[w+1], n)-c.bounds[w] == n {
			return true
		}
	}
	return false
}

// row returns the first row of step t, counted from the chunk's first.
func (c *chunk) row(t int) int { return c.batch.Off[t] - c.batch.Off[c.from] }

// kept returns the same counted from the first that the layers keep.
func (c *chunk) kept(t int) int { return c.batch.Off[t] - c.batch.Off[c.origin] }

// alive returns the number of sequences that the chunk has.
func (c *chunk) alive() int { return c.aliveAt(c.from, c.to) }

// entered returns the number of those that the layers' memory begins with.
func (c *chunk) entered() int { return c.aliveAt(c.origin, c.end) }

func (c *chunk) aliveAt(from, to int) int {
	if from == to {
		return 0
	}
	return c.batch.Alive(from)
}

// before returns where the states before step t stand among those kept, and
// how many sequences have one there.
func (c *chunk) before(t int) (row, alive int) {
	if t == c.origin {
		return 0, c.entered()
	}
	return c.entered() + c.kept(t-1), c.batch.Alive(t - 1)
}

func (c *chunk) size() int { return c.row(c.to) }
