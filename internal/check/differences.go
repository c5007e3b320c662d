package check

import (
	"math"
	"math/rand/v2"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// network returns the case's network on the given parameters, its batch begun.
func network[F rnn.Float](k *Case, params []F) (*model.Network[F], *rnn.Batch, error) {
	b, err := rnn.NewBatch(k.Lengths...)
	if err != nil {
		return nil, nil, err
	}
	net, err := model.NewNetwork(k.Config, k.Dims, params, make([]F, len(params)), nil)
	if err == nil && k.Weights != nil {
		net.Weigh(k.Weights)
	}
	return net, b, err
}

// gradients returns the case's gradients, by backpropagation in F.
func gradients[F rnn.Float](k *Case) ([]float64, error) {
	net, b, err := network(k, convert[F](k.Params))
	if err != nil {
		return nil, err
	}
	net.Begin(b, &k.forms)
	net.Step(0, b.Steps(), k.chunk)
	return convert[float64](net.Grads), nil
}

// compare returns the error of each of the case's tensors in float32 against float64.
func (k *Case) compare(got, want []float64) []TensorError {
	var rows []TensorError
	for _, t := range model.Tensors(k.Config, k.Dims) {
		to := t.Offset + t.Size()
		rows = append(rows, TensorError{Name: t.Name, Elements: t.Size(), RelErr: RelErr(got[t.Offset:to], want[t.Offset:to])})
	}
	return limited(rows, Limit32)
}

// Differences compares the gradients of every parameter, or of up to sample
// elements of each tensor if sample is not 0, with central differences of the
// loss. Where a ReLU switches within the span of a difference there is no
// derivative to compare: such elements are left out and counted.
func (k *Case) Differences(sample int, r *rand.Rand) (rows []TensorError, skipped int, err error) {
	params := append([]float64(nil), k.Params...)
	net, b, err := network(k, params)
	if err != nil {
		return nil, 0, err
	}
	d := &differ{k: k, net: net, batch: b}
	net.Begin(b, &k.forms)
	net.Step(0, b.Steps(), k.chunk)
	grads := append([]float64(nil), net.Grads...)
	d.loss()
	d.base = d.pattern(nil)
	for _, t := range net.Tensors {
		row, n := d.compare(t, grads[t.Offset:t.Offset+t.Size()], pick(t.Size(), sample, r))
		rows, skipped = append(rows, row), skipped+n
	}
	return rows, skipped, nil
}

// compare compares elements of a tensor's gradient with differences of two
// steps, and keeps the better: none is right for every scale, and a gradient
// that is wrong agrees with neither.
func (d *differ) compare(t rnn.Tensor, grad []float64, elements []int) (row TensorError, skipped int) {
	row = TensorError{Name: t.Name, RelErr: math.Inf(1), Limit: LimitDiff}
	for _, step := range d.steps() {
		var got, want []float64
		for _, i := range elements {
			if v, ok := d.difference(t.Offset+i, step); ok {
				got, want = append(got, grad[i]), append(want, v)
			}
		}
		if e := RelErr(got, want); e < row.RelErr {
			row.RelErr, row.Elements, skipped = e, len(got), len(elements)-len(got)
		}
		if row.OK() {
			break
		}
	}
	return row, skipped
}

// pick returns all of 0 … n-1, or sample of them at random.
func pick(n, sample int, r *rand.Rand) []int {
	p := r.Perm(n)
	if sample > 0 && sample < n {
		p = p[:sample]
	}
	return p
}

// differ takes central differences of a network's loss.
type differ struct {
	k     *Case
	net   *model.Network[float64]
	batch *rnn.Batch
	base  []bool // which units are above zero
	now   []bool
}

// steps returns the steps h to try. The differences are of sixth order: the
// error of the formula falls with h⁶, that of rounding grows as h shrinks; a
// few thousandths balance the two. At the kinks of ReLU a shorter step leaves
// out fewer elements.
func (d *differ) steps() []float64 {
	if d.k.Config.Cell == rnn.ReLU {
		return []float64{3e-4, 3e-3}
	}
	return []float64{3e-3, 1e-3}
}

// weights of f(+jh) − f(−jh), j = 1, 2, 3, over h.
var weights = [...]float64{3.0 / 4, -3.0 / 20, 1.0 / 60}

// difference returns ∂L/∂params[i]; not ok at a kink.
func (d *differ) difference(i int, h float64) (slope float64, ok bool) {
	at, ok := d.net.Params[i], true
	for j, w := range weights {
		for _, side := range [...]float64{1, -1} {
			d.net.Params[i] = at + side*h*float64(j+1)
			slope += side * w * d.loss()
			ok = ok && d.smooth()
		}
	}
	d.net.Params[i] = at
	return slope / h, ok
}

func (d *differ) loss() float64 {
	d.net.Begin(d.batch, &d.k.forms)
	z, _, loss := d.net.Predict(0, d.batch.Steps(), d.k.chunk)
	if d.k.Weights != nil {
		return d.k.weighted(z)
	}
	return loss
}

// weighted returns the weighted loss of predictions z [n, K].
func (k *Case) weighted(z []float64) (sum float64) {
	for i, y := range k.chunk.Labels {
		sum -= k.Weights[y] * math.Log(z[i*k.Dims.Labels+int(y)])
	}
	return sum
}

// smooth says whether the last loss had the same units switched on as the base.
func (d *differ) smooth() bool {
	if d.k.Config.Cell != rnn.ReLU {
		return true
	}
	d.now = d.pattern(d.now[:0])
	for i, on := range d.now {
		if on != d.base[i] {
			return false
		}
	}
	return true
}

// pattern appends which units of all layers are above zero.
func (d *differ) pattern(to []bool) []bool {
	for l := range d.k.Config.Layers {
		for _, v := range d.net.RNN().Output(l) {
			to = append(to, v > 0)
		}
	}
	return to
}

// Float32 compares the gradients of float32 with those of float64. As in
// Against32, each tensor's limit looks at what rounding the parameters does
// alone: where a sum nearly cancels, or a gradient explodes, that is much.
func (k *Case) Float32() ([]TensorError, error) {
	want, err := gradients[float64](k)
	if err != nil {
		return nil, err
	}
	got, err := gradients[float32](k)
	if err != nil {
		return nil, err
	}
	rows := k.compare(got, want)
	for try := range roundings {
		other := *k
		other.Params = rounded(k.Params, try)
		moved, err := gradients[float64](&other)
		if err != nil {
			return nil, err
		}
		for i, m := range k.compare(moved, want) {
			rows[i].widen(m.RelErr)
		}
	}
	return rows, nil
}
