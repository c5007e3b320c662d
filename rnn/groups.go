package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// Two workers go back through half of the sequences each. If they shared the sums
// of the weight gradients out by units, each would fetch half of δ from the other,
// and cut all of h_{t-1} and x_t. So half of a block's rows, those of the first
// sequences, are summed by themselves, likewise the other half, and the two sums are
// added when the chunk is done: always, so that the bits are the same with one worker.

// narrowest is the most units of a layer without gates whose gradients are so summed:
// cutting is then much of the work, and both sums stay in the cache.
const narrowest = 256

// sumsByGroups says whether the weight gradients of a chunk of the steps [from, to) are
// so summed: of enough rows that to add two sums is nothing beside.
func (c *chunk) sumsByGroups(from, to int) bool {
	const rows = 1024
	return c.splits() && c.narrow && c.batch.Size() > 1 && c.batch.Range(from, to) >= rows
}

// groups are the two groups of a block's rows, about as many of each.
type groups[F Float] struct {
	rows   [2][]int32  // a group's rows of the block
	grads  [2]views[F] // its sums: for the first, where the sum of both belongs
	second []F         // memory of the other
}

// enterGroups starts the way back. A part of a chunk goes on with the second
// group's sums where the one after it ended.
func (l *layer[F]) enterGroups() {
	c, g := l.chunk, &l.groups
	if !c.grouped {
		return
	}
	size := len(l.grads.wxh) + len(l.grads.whh) + len(l.grads.b)
	g.second = kernel.Grow(g.second, size)
	if c.back != c.to {
		clear(g.second)
	}
	g.grads[0] = l.grads
	rest := g.second
	take := func(like []F) (v []F) {
		v, rest = rest[:len(like)], rest[len(like):]
		return v
	}
	g.grads[1] = views[F]{wxh: take(l.grads.wxh), whh: take(l.grads.whh), b: take(l.grads.b)}
}

// leaveGroups adds the second group's sums, after the chunk or the first of its parts.
func (l *layer[F]) leaveGroups(team *Team) {
	const work = 64 // an element takes as long as so many operations
	if c := l.chunk; c.grouped && c.of(c.from, c.to) <= 0 {
		c.run(team, work*len(l.groups.second), l.addUp)
	}
}

// addGroups adds a worker's part of the second group's sums.
func (l *layer[F]) addGroups(w int) {
	second := &l.groups.grads[1]
	for _, v := range [][2][]F{{l.grads.wxh, second.wxh}, {l.grads.whh, second.whh}, {l.grads.b, second.b}} {
		from, to := kernel.Share(len(v[0]), w, l.chunk.workers)
		kernel.AddRowsAt(v[0][from:to], v[1][from:to], 0, firstRow)
	}
}

// firstRow is the table of a single row.
var firstRow = []int32{0}

// find finds the groups' rows of the block of steps [from, to).
func (g *groups[F]) find(c *chunk, from, to int) {
	first, second := g.rows[0][:0], g.rows[1][:0]
	var border [3]int
	c.batch.Split(border[:], from, to)
	row := int32(0)
	for t := from; t < to; t++ {
		n := c.batch.Alive(t)
		for range min(n, border[1]) {
			first = append(first, row)
			row++
		}
		for range n - border[1] {
			second = append(second, row)
			row++
		}
	}
	g.rows = [2][]int32{first, second}
}

// groupGradients is weightGradients of two groups.
func (l *layer[F]) groupGradients(w int) {
	g, s, f := &l.groups, &l.scratch[w], &l.factors[w]
	x := l.x[l.chunk.row(l.from)*l.i:]
	for i, rows := range g.rows {
		from, to := l.unitsOfGroup(i, w)
		if from == to {
			continue
		}
		f.prev.PackAt(l.prev, rows, l.h)
		f.x.PackAt(x, rows, l.i)
		l.eachBlock(from, to, func(block, unit, n int, delta []F) {
			s.LeftAt(delta, l.delta.Stride, rows, n)
			bias := l.addBlock(&g.grads[i], f, s, block, unit)
			kernel.AddRowsAt(bias[:n], delta, l.delta.Stride, rows)
		})
	}
}

// unitsOfGroup returns the units [from, to) of group i that worker w sums: its
// share of the work, which is that of the first group and then that of the second.
func (l *layer[F]) unitsOfGroup(i, w int) (from, to int) {
	const together = 16 // units of a tile, so that no border falls within one
	rows, before := len(l.groups.rows[i]), 0
	if i == 1 {
		before = len(l.groups.rows[0])
	}
	if rows == 0 {
		return 0, 0
	}
	units := (l.h + together - 1) / together
	all := (len(l.groups.rows[0]) + len(l.groups.rows[1])) * units
	border := func(w int) int {
		at := all*w/l.chunk.workers - before*units
		return min(max(at+rows/2, 0)/rows*together, l.h)
	}
	return border(w), border(w + 1)
}
