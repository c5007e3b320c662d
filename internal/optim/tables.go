package optim

import (
	"math"

	"github.com/unroll-go/unroll/internal/kernel"
)

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

// moveRow makes up for the updates since one.
func (o *Optimizer) moveRow(w, from, width, since int) {
	k := &o.missed
	params, m, none, gap := o.params[from:from+width], o.m[from:from+width], k.zeros[:width], k.updates-since
	if o.Method == SGD {
		if o.Momentum > 0 {
			sgd(params, none, m, 0, float32(k.decay1[gap]), float32(k.weight[since]/k.decay1[gap]))
		}
		return
	}
	// An update of Adam's without gradients, which decays m and v before they are used.
	s := &o.late[w]
	*s = kernel.AdamStep[float32]{Beta1: float32(k.decay1[gap]), Beta2: float32(k.decay2[gap]),
		Root: float32(1 / math.Sqrt(k.decay2[gap])), Epsilon: float32(o.Epsilon), Keep: float32(k.keep[since])}
	if w := k.weight[since]; w > 0 {
		s.Rate, s.Epsilon = float32(w/k.decay1[gap]), float32(k.epsilon[since]/w)
	}
	s.Update(params, none, m, o.v[from:from+width])
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

// missed is what rows have missed since all were up to date.
type missed struct {
	updates int // since then; most of them at most
	most    int

	// of a row last updated s updates after then, for s below updates
	weight  []float64 // Σ of the weights that m/(√v + ε) has moved by, or m
	epsilon []float64 // the same, each times its ε_k
	keep    []float64 // what AdamW's decay has left

	// after so many missed updates, from 0 to most
	decay1, decay2 []float64 // β1^n or μ^n, and β2^n

	zeros []float32 // no gradients, of the widest row
}

// mostMissed is after how many updates all rows are brought up to date;
// leastDecay what a moment may decay to before that.
const (
	mostMissed = 256
	leastDecay = 1e-20
)

func (k *missed) init(c Config, width int) {
	k.zeros = make([]float32, width)
	beta := c.Beta1
	if c.Method == SGD {
		beta = c.Momentum
	}
	decay1, decay2 := 1.0, 1.0
	for n := 0; n <= mostMissed && (n <= 1 || decay1 >= leastDecay || beta == 0); n++ {
		k.decay1, k.decay2 = append(k.decay1, decay1), append(k.decay2, decay2)
		decay1, decay2 = decay1*beta, decay2*c.Beta2
	}
	k.most = len(k.decay1) - 1
	k.weight, k.epsilon, k.keep = make([]float64, k.most), make([]float64, k.most), make([]float64, k.most)
}

// noteUpdate notes the update that was just made, of all that is dense and of
// the rows in use, which were up to date.
func (o *Optimizer) noteUpdate() {
	if len(o.tables) == 0 {
		return
	}
	k := &o.missed
	meanBias, root := o.biases()
	k.weight[k.updates], k.epsilon[k.updates], k.keep[k.updates] = 0, 0, 1
	k.updates++
	keep := o.keep(o.rate)
	for s := range k.updates {
		n := k.updates - s
		w, epsilon := o.rate*k.decay1[n], 0.0
		if o.Method != SGD {
			each := math.Sqrt(k.decay2[n]) * root
			w /= meanBias * each
			epsilon = o.Epsilon / each
		}
		k.weight[s] = keep*k.weight[s] + w
		k.epsilon[s] = keep*k.epsilon[s] + w*epsilon
		k.keep[s] *= keep
	}
	for i := range o.tables {
		t := &o.tables[i]
		for _, r := range t.used {
			t.since[r] = int32(k.updates)
		}
	}
	if k.updates == k.most {
		o.Settle()
	}
}
