package kernel

// Packed is a weight matrix laid out for being multiplied from the left many
// times: pack it once a training step, use it at every time step. The zero
// value is ready to be packed; packing again reuses the memory.
//
// For assembly it is B [k, n] in panels of one to four vectors of columns, the
// rows of a panel one after the other, zeros behind the last column. For the
// generic Go it is the columns of B one after the other.
type Packed[F Float] struct {
	set    *set[F]
	n, k   int
	panels int   // of about the same width, at most four vectors; of gates, one for each panel of units
	bounds []int // [panels+1] vectors before each panel
	data   []F
	own    []F // memory for data; the generic Go can do without

	w     []F // what Fill packs
	order order
	back  bool // W is [k, n]

	cut    bool     // pieces are those of data
	split  bool     // MulSplit uses them
	pieces []uint16 // see split.go: panel by panel, [chunks][tiles of columns]
}

// vectors returns how many vectors of columns there are.
func (p *Packed[F]) vectors() int { return (p.n + p.set.lanes - 1) / max(p.set.lanes, 1) }

// Panels returns how many panels there are: 1 of what the generic Go packed.
func (p *Packed[F]) Panels() int { return p.panels }

// panel returns the vectors [from, to) of a panel.
func (p *Packed[F]) panel(i int) (from, to int) { return p.bounds[i], p.bounds[i+1] }

// Walk returns the panels that hold columns [from, to) of B, which must be
// whole panels.
func (p *Packed[F]) Walk(from, to int, down bool) Walk {
	w := Walk{To: p.panels, Down: down}
	if from == 0 && to >= p.n {
		return w
	}
	for p.bounds[w.From]*p.set.lanes < from {
		w.From++
	}
	for p.bounds[w.To-1]*p.set.lanes >= to {
		w.To--
	}
	return w
}

// ShareColumns returns worker w's columns [from, to) of n, whole panels of any
// matrix packed for so many columns and, of any one that stands by gates, for so
// many units. All are the first one's where there are no panels.
func ShareColumns[F Float](n, w, size int) (from, to int) {
	lanes := active[F]().lanes
	if lanes == 0 {
		return 0, n * max(1-w, 0)
	}
	vectors := (n + lanes - 1) / lanes
	panels := (vectors + 3) / 4
	first, last := Share(panels, w, size)
	from, _ = Share(vectors, first, panels)
	to, _ = Share(vectors, last, panels)
	return from * lanes, min(to*lanes, n)
}

// divide makes so many panels.
func (p *Packed[F]) divide(panels int) {
	if p.panels = 1; p.set.lanes == 0 {
		return
	}
	p.panels, p.bounds = panels, append(p.bounds[:0], 0)
	for i := range panels {
		_, to := Share(p.vectors(), i, panels)
		p.bounds = append(p.bounds, to)
	}
}

// Pack prepares W [n, k] for C = A·Wᵀ, A [m, k], C [m, n]. The memory of w may
// be used rather than copied: it must not change before the next Pack.
func (p *Packed[F]) Pack(w []F, n, k int) {
	p.setRows(w, plain(n), k)
	p.Fill(0, 1)
}

// PackTransposed prepares W [k, n] for C = A·W, A [m, k], C [m, n]. It copies.
func (p *Packed[F]) PackTransposed(w []F, k, n int) {
	p.setTransposed(w, plain(k), n)
	p.Fill(0, 1)
}

// SetGates is Pack of the blocks of h rows of W that gates names, in that
// order, for a C whose panels hold u units of each: columns (panel, gate, unit).
// Units beyond h give zero. It takes note of them only: Fill packs.
func (p *Packed[F]) SetGates(w []F, gates []int, h, u, k int) { p.setRows(w, order{gates, h, u}, k) }

// SetGatesTransposed is PackTransposed likewise, for such an A.
func (p *Packed[F]) SetGatesTransposed(w []F, gates []int, h, u, n int) {
	p.setTransposed(w, order{gates, h, u}, n)
}

// Fill packs a part of the panels, one of so many parts: a worker's.
func (p *Packed[F]) Fill(part, parts int) {
	switch generic := p.set.lanes == 0; {
	case generic && part > 0:
	case generic && p.back:
		p.packRowsTransposed(p.w, p.order)
	case generic:
		p.packRows(p.w, p.order)
	default:
		from, to := Share(p.panels, part, parts)
		if p.back {
			p.packRowsOf(from, to)
			return
		}
		for i := from; i < to; i++ {
			p.packPanel(i)
		}
	}
}

// order says which rows of a weight matrix stand where: of every block that
// gates names u rows, then the next u; −1 is a row of zeros.
type order struct {
	gates []int
	h, u  int // rows of a block, and of a panel
}

var one = []int{0}

func plain(n int) order { return order{one, n, n} }

func (o order) size() int { return (o.h + o.u - 1) / max(o.u, 1) * o.u * len(o.gates) }

func (o order) row(j int) int {
	width := o.u * len(o.gates)
	if unit := j/width*o.u + j%o.u; unit < o.h {
		return o.gates[j%width/o.u]*o.h + unit
	}
	return -1
}

// run returns the row that stands at j, and how many of those that follow it in W, or
// of zeros, stand from there on.
func (o order) run(j int) (row, n int) {
	row, n = o.row(j), o.u-j%o.u
	if row >= 0 {
		n = min(n, o.h-row%o.h)
	}
	return row, n
}

// straight says whether the rows stand as they are.
func (o order) straight() bool { return len(o.gates) == 1 && o.gates[0] == 0 && o.h == o.u }

func (p *Packed[F]) setRows(w []F, o order, k int) {
	p.take(w, o, o.size(), k)
	panels := (p.vectors() + 3) / 4
	if p.set.lanes > 0 && o.u == p.set.lanes {
		panels = p.n / (o.u * len(o.gates))
	}
	p.divide(panels)
}

func (p *Packed[F]) setTransposed(w []F, o order, n int) {
	p.take(w, o, n, o.size())
	p.back = true
	p.divide((p.vectors() + 3) / 4)
}

// take notes what is to be packed as B [k, n], and makes room for it.
func (p *Packed[F]) take(w []F, o order, n, k int) {
	p.set, p.n, p.k = active[F](), n, k
	p.w, p.order, p.back, p.cut, p.split = w, o, false, false, false
	if p.set.lanes > 0 {
		p.own = Grow(p.own, p.vectors()*p.set.lanes*k)
		p.data = p.own
	}
}

// packPanel packs panel i.
func (p *Packed[F]) packPanel(i int) {
	from, to := p.panel(i)
	lanes := p.set.lanes
	ld, panel := (to-from)*lanes, p.data[from*lanes*p.k:to*lanes*p.k]
	group := min(8, lanes)
	for j := 0; j < ld && p.k > 0; j += group {
		p.packColumns(panel[j:], ld, p.w, p.order, from*lanes+j, group)
	}
}

// packRowsOf packs the rows of a W [k, n] into panels [from, to), some rows at a time
// into all of them.
func (p *Packed[F]) packRowsOf(from, to int) {
	lanes := p.set.lanes
	for j, n := 0, 0; j < p.k; j += n {
		row := 0
		row, n = p.order.run(j)
		for i := from; i < to; i++ {
			first, last := p.panel(i)
			vectors := last - first
			at := (first*p.k + j*vectors) * lanes
			if row < 0 {
				clear(p.data[at : at+n*vectors*lanes])
				continue
			}
			src, dst := p.w[row*p.n+first*lanes:], p.data[at:at+n*vectors*lanes]
			valid := min(p.n-first*lanes, vectors*lanes)
			_ = src[(n-1)*p.n+valid-1]
			p.set.copyPanel(&dst[0], &src[0], p.n*size[F](), n, vectors, valid-(vectors-1)*lanes)
		}
	}
}

// packColumns packs a group of columns, from column j of B on, into a panel
// whose rows are ld apart.
func (p *Packed[F]) packColumns(panel []F, ld int, w []F, o order, j, group int) {
	k, done, first := p.k, 0, o.row(j)
	if p.set.transpose8 != nil && k >= 8 && first >= 0 && o.row(j+7) == first+7 {
		_ = w[(first+8)*k-1]
		done = k / 8 * 8
		p.set.transpose8(&panel[0], &w[first*k], ld*size[F](), k*size[F](), k/8)
	}
	for c := 0; c < group && done < k; c++ {
		row := o.row(j + c)
		for i := done; i < k; i++ {
			v := F(0)
			if row >= 0 {
				v = w[row*k+i]
			}
			panel[i*ld+c] = v
		}
	}
}

// packRows packs for the generic Go.
func (p *Packed[F]) packRows(w []F, o order) {
	if o.straight() {
		p.data = w[:p.n*p.k]
		return
	}
	p.own = Grow(p.own, p.n*p.k)
	p.data = p.own
	for j := range p.n {
		dst := p.data[j*p.k : (j+1)*p.k]
		if r := o.row(j); r >= 0 {
			copy(dst, w[r*p.k:])
		} else {
			clear(dst)
		}
	}
}

// packRowsTransposed is packRows of a W [k, n].
func (p *Packed[F]) packRowsTransposed(w []F, o order) {
	p.own = Grow(p.own, p.n*p.k)
	p.data = p.own
	for i := range p.k {
		r := o.row(i)
		for j := range p.n {
			v := F(0)
			if r >= 0 {
				v = w[r*p.n+j]
			}
			p.data[j*p.k+i] = v
		}
	}
}
