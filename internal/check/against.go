package check

import (
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// Against runs the case of a golden file in float64 and compares every tensor:
// h, logits, losses, and the gradients of each parameter, of x and of h_0.
func Against(g *Golden) ([]TensorError, error) {
	run, err := runGolden[float64](g)
	if err != nil {
		return nil, err
	}
	return limited(run.rows, Limit64), nil
}

// Against32 does it in float32. Where a gradient explodes, no float32 can
// follow: merely rounding the case's parameters and inputs to float32, and
// then computing in float64, moves the result by more than Limit32. Each row
// tells that effect as Rounding, and its limit is ten times that, if this is
// more than Limit32.
func Against32(g *Golden) ([]TensorError, error) {
	run, err := runGolden[float32](g)
	if err != nil {
		return nil, err
	}
	exact, err := runGolden[float64](g)
	if err != nil {
		return nil, err
	}
	moved, err := runGolden[float64](g.rounded())
	if err != nil {
		return nil, err
	}
	rows := limited(run.rows, Limit32)
	for i := range rows {
		rows[i].Rounding = RelErr(moved.values[i], exact.values[i])
		rows[i].Limit = max(Limit32, perRounding*rows[i].Rounding)
	}
	return rows, nil
}

// limited sets the limit of all rows.
func limited(rows []TensorError, limit float64) []TensorError {
	for i := range rows {
		rows[i].Limit = limit
	}
	return rows
}

func runGolden[F rnn.Float](g *Golden) (*goldenRun[F], error) {
	run := &goldenRun[F]{g: g, c: g.config()}
	if err := run.setup(); err != nil {
		return nil, err
	}
	run.run()
	return run, nil
}

// rounded returns the case with parameters and inputs rounded to float32.
func (g *Golden) rounded() *Golden {
	r := *g
	r.Params = map[string]Array{}
	for name, a := range g.Params {
		r.Params[name] = a.rounded()
	}
	r.X, r.H0 = g.X.rounded(), g.H0.rounded()
	return &r
}

func (a Array) rounded() Array {
	return Array{a.Shape, convert[float64](convert[float32](a.Data))}
}

// goldenRun is a golden case at work.
type goldenRun[F rnn.Float] struct {
	g      *Golden
	c      rnn.Config
	b      *rnn.Batch
	net    *rnn.Net[F]
	out    loss.Linear[F]
	rows   []TensorError
	values [][]float64 // what the rows compare
}

func (r *goldenRun[F]) setup() (err error) {
	if r.b, err = rnn.NewBatch(r.g.Case.Lengths...); err != nil {
		return err
	}
	params := make([]F, r.c.Size())
	for _, t := range r.c.Tensors() {
		for _, name := range torchNames(t.Name) {
			for i, v := range r.g.Params[name].Data {
				params[t.Offset+i] += F(v)
			}
		}
	}
	k, h := r.g.Case.K, r.c.Hidden
	r.out = loss.Linear[F]{H: h, K: k,
		Whz: convert[F](r.g.Params["out.weight"].Data), Bz: convert[F](r.g.Params["out.bias"].Data),
		GradWhz: make([]F, k*h), GradBz: make([]F, k)}
	r.out.Pack()
	r.net, err = rnn.New[F](r.c, params, nil, nil)
	return err
}

// run computes the case forward and backward, comparing as it goes.
func (r *goldenRun[F]) run() {
	n, k := r.b.Rows(), r.g.Case.K
	x := r.packed(r.g.X.Data, r.c.Input)
	targets := make([]int32, n)
	for t := range r.b.Steps() {
		for b := range r.b.Alive(t) {
			targets[r.b.Row(b, t)] = int32(r.g.Targets[t][b])
		}
	}
	r.net.Begin(r.b, convert[F](r.g.H0.Data))
	h := r.net.Forward(0, r.b.Steps(), x)
	alpha, dh, dx := make([]F, n*k), make([]F, n*r.c.Hidden), make([]F, n*r.c.Input)
	losses := make([]float64, n)
	r.out.Forward(alpha, h, n)
	r.compare("h", r.padded(h, r.c.Hidden), r.g.H.Data)
	r.compare("logits", r.padded(alpha, k), r.g.Logits.Data)

	loss.SoftmaxNLL(alpha, targets, losses, k)
	loss.Gradient(alpha, targets, k)
	stepLoss := make([]F, n)
	total := 0.0
	for i, l := range losses {
		stepLoss[i] = F(l)
		total += l
	}
	r.compare("step_loss", r.padded(stepLoss, 1), r.g.StepLoss.Data)
	r.compare("loss", []float64{total}, []float64{*r.g.Loss})

	r.out.BackwardInput(dh, alpha, n)
	r.out.BackwardParams(alpha, h, n, 0, k, new(kernel.Scratch[F]))
	r.net.Backward(dh, dx)
	r.compareGradients(dx)
}

func (r *goldenRun[F]) compareGradients(dx []F) {
	for _, t := range r.c.Tensors() {
		grad := r.net.Grads()[t.Offset : t.Offset+t.Size()]
		for _, name := range torchNames(t.Name) {
			r.compare("grads."+name, convert[float64](grad), r.g.Grads[name].Data)
		}
	}
	r.compare("grads.out.weight", convert[float64](r.out.GradWhz), r.g.Grads["out.weight"].Data)
	r.compare("grads.out.bias", convert[float64](r.out.GradBz), r.g.Grads["out.bias"].Data)
	r.compare("grads.x", r.padded(dx, r.c.Input), r.g.Grads["x"].Data)
	var h0 []float64
	for l := range r.c.Layers {
		h0 = append(h0, convert[float64](r.net.StateGradient(l))...)
	}
	r.compare("grads.h0", h0, r.g.Grads["h0"].Data)
}

func (r *goldenRun[F]) compare(name string, got, want []float64) {
	r.rows = append(r.rows, TensorError{Name: name, Elements: len(want), RelErr: RelErr(got, want)})
	r.values = append(r.values, got)
}

// packed turns [T, B, width] with padding into [N, width].
func (r *goldenRun[F]) packed(padded []float64, width int) []F {
	out := make([]F, 0, r.b.Rows()*width)
	for t := range r.b.Steps() {
		step := padded[t*r.b.Size()*width:]
		out = append(out, convert[F](step[:r.b.Alive(t)*width])...)
	}
	return out
}

// padded turns [N, width] into [T, B, width], zero past a sequence's end.
func (r *goldenRun[F]) padded(packed []F, width int) []float64 {
	out := make([]float64, r.b.Steps()*r.b.Size()*width)
	for t := range r.b.Steps() {
		step := packed[r.b.Row(0, t)*width:]
		copy(out[t*r.b.Size()*width:], convert[float64](step[:r.b.Alive(t)*width]))
	}
	return out
}

// convert returns the numbers as another type.
func convert[To, From rnn.Float](from []From) []To {
	to := make([]To, len(from))
	for i, v := range from {
		to[i] = To(v)
	}
	return to
}
