package optim

import "github.com/unroll-go/unroll/internal/kernel"

// Table is a part of the slab of which a step has gradients for a few rows
// only, such as the vectors of a vocabulary.
//
// A row without gradients moves nevertheless, by what its moments remember.
// These movements are made up for in one go, when the row is used again: of a
// row that has missed the updates s+1 … t, with the moments m and v of update
// s, they are
//
//	θ −= Σ_k c_k·ρ^{k−s} · m/(√v + ε_k), k = s+1 … t
//	c_k = η_k·√(1−β2^k)/(1−β1^k), ρ = β1/√β2, ε_k = ε/(√β2^{k−s}·√(1−β2^k)) of Adam's
//	θ −= Σ_k η_k·μ^{k−s} · m of SGD's
//
// whose sums are the same for all rows last used at s. Adam's ε_k, which hardly
// differ, are taken to be their mean with the weights c_k·ρ^{k−s}. So the
// parameters are those of an optimizer without tables but for rounding, where
// √v is not as small as ε itself.
type Table struct {
	From, Rows, Width int // the first element, and the shape
}

// table is a Table at work.
type table struct {
	Table
	used  []int32 // the rows that have gradients
	since []int32 // [Rows] the last update that a row has seen, counted from when all were up to date
}

// leastBeta2 is from where on ε_k hardly differ. With less, and so for rows
// that would have to be brought up to date all the time, there are no tables.
const leastBeta2 = 0.99

// addTables splits the slab into tables and what is dense, and returns how many
// rows tables have.
func (o *Optimizer) addTables(tables []Table) (rows int) {
	from, width := 0, 0
	if o.Method != SGD && o.Beta2 < leastBeta2 {
		tables = nil
	}
	for _, t := range tables {
		o.addDense(from, t.From)
		from = t.From + t.Rows*t.Width
		o.tables = append(o.tables, table{Table: t, since: make([]int32, t.Rows)})
		rows, width = rows+t.Rows, max(width, t.Width)
	}
	o.addDense(from, len(o.params))
	if len(o.tables) > 0 {
		o.missed.init(o.Config, width)
	}
	return rows
}

func (o *Optimizer) addDense(from, to int) {
	for ; from < to; from += normBlock {
		o.dense = append(o.dense, part{from, min(from+normBlock, to)})
	}
}

// Begin begins a step: it clears the gradients, and brings the rows of each
// table up to date that the step will read, each named once. No others may be
// read, or given gradients. The lists must stay until the next Begin.
func (o *Optimizer) Begin(used ...[]int32) {
	for i := range o.tables {
		o.tables[i].used = used[i]
	}
	o.team.RunFor(10*o.active(), o.starter)
}

func (o *Optimizer) start(w int) {
	o.share(w, func(i int, p part) { clear(o.grads[p.from:p.to]) })
	o.catchUp(w, func(t *table) int { return len(t.used) }, func(t *table, i int) int { return int(t.used[i]) })
}

// Settle brings all rows up to date.
func (o *Optimizer) Settle() {
	if o.missed.updates == 0 {
		return
	}
	o.team.RunFor(10*len(o.params), o.settler)
	for i := range o.tables {
		clear(o.tables[i].since)
	}
	o.missed.updates = 0
}

func (o *Optimizer) settle(w int) {
	o.catchUp(w, func(t *table) int { return t.Rows }, func(_ *table, i int) int { return i })
}

// catchUp brings worker w's share of so many rows of each table up to date.
func (o *Optimizer) catchUp(w int, n func(*table) int, row func(*table, int) int) {
	for i := range o.tables {
		t := &o.tables[i]
		from, to := kernel.Share(n(t), w, o.team.Size())
		for j := from; j < to; j++ {
			r := row(t, j)
			if gap := o.missed.updates - int(t.since[r]); gap > 0 {
				o.moveRow(w, t.From+r*t.Width, t.Width, int(t.since[r]))
				t.since[r] = int32(o.missed.updates)
			}
		}
	}
}

// rows returns how many rows are in use, active how many elements are.
func (o *Optimizer) rows() (n int) {
	for i := range o.tables {
		n += len(o.tables[i].used)
	}
	return n
}

func (o *Optimizer) active() (n int) {
	n = len(o.dense) * normBlock
	for i := range o.tables {
		n += len(o.tables[i].used) * o.tables[i].Width
	}
	return n
}

// share calls do for worker w's share of the parts in use: those that are
// dense, then the rows of each table; i counts them.
func (o *Optimizer) share(w int, do func(i int, p part)) {
	from, to := kernel.Share(len(o.dense), w, o.team.Size())
	for i := from; i < to; i++ {
		do(i, o.dense[i])
	}
	before := len(o.dense)
	for i := range o.tables {
		t := &o.tables[i]
		from, to := kernel.Share(len(t.used), w, o.team.Size())
		for j := from; j < to; j++ {
			at := t.From + int(t.used[j])*t.Width
			do(before+j, part{at, at + t.Width})
		}
		before += len(t.used)
	}
}
