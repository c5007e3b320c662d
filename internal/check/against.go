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
// tells that effect as Rounding; its limit is three times that, if this is
// more than Limit32, but never more than Most32.
func Against32(g *Golden) ([]TensorError, error) {
	run, err := runGolden[float32](g)
	if err != nil {
		return nil, err
	}
	exact, err := runGolden[float64](g)
	if err != nil {
		return nil, err
	}
	rows := limited(run.rows, Limit32)
	for try := range roundings {
		moved, err := runGolden[float64](g.rounded(try))
		if err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].widen(RelErr(moved.values[i], exact.values[i]))
		}
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
func (g *Golden) rounded(try int) *Golden {
	r := *g
	r.Params = map[string]Array{}
	for name, a := range g.Params {
		r.Params[name] = a.rounded(try)
	}
	r.X, r.H0, r.C0 = g.X.rounded(try), g.H0.rounded(try), g.C0.rounded(try)
	return &r
}

func (a Array) rounded(try int) Array { return Array{a.Shape, rounded(a.Data, try)} }

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
	for _, t := range r.c.TorchTensors() {
		data := r.g.Params[recurrent+t.Name].Data
		for _, p := range t.Pieces {
			for i, v := range data[:p.Size] {
				params[p.Offset+i] += F(v)
			}
			data = data[p.Size:]
		}
	}
	k, h := r.g.Case.K, r.c.Output()
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
	r.net.Begin(r.b, r.states())
	h := r.net.Forward(0, r.b.Steps(), x)
	alpha, dh, dx := make([]F, n*k), make([]F, n*r.c.Output()), make([]F, n*r.c.Input)
	losses := make([]float64, n)
	r.out.Forward(alpha, h, n)
	r.compare("h", r.padded(h, r.c.Output()), r.g.H.Data)
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
	for _, t := range r.c.TorchTensors() {
		var grad []float64
		for _, p := range t.Pieces {
			grad = append(grad, convert[float64](r.net.Grads()[p.Offset:p.Offset+p.Size])...)
		}
		r.compare("grads."+recurrent+t.Name, grad, r.g.Grads[recurrent+t.Name].Data)
	}
	r.compare("grads.out.weight", convert[float64](r.out.GradWhz), r.g.Grads["out.weight"].Data)
	r.compare("grads.out.bias", convert[float64](r.out.GradBz), r.g.Grads["out.bias"].Data)
	r.compare("grads.x", r.padded(dx, r.c.Input), r.g.Grads["x"].Data)
	var h0, c0 []float64
	for l := range r.c.Layers {
		for d := range r.c.Directions() {
			dh, dc := r.net.StateGradient(l, d)
			h0, c0 = append(h0, convert[float64](dh)...), append(c0, convert[float64](dc)...)
		}
	}
	r.compare("grads.h0", h0, r.g.Grads["h0"].Data)
	if r.c.Cell == rnn.LSTM {
		r.compare("grads.c0", c0, r.g.Grads["c0"].Data)
	}
}

// states returns the states before the first step.
func (r *goldenRun[F]) states() rnn.States[F] {
	s := rnn.States[F]{H: convert[F](r.g.H0.Data)}
	if r.c.Cell == rnn.LSTM {
		s.C = convert[F](r.g.C0.Data)
	}
	return s
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
