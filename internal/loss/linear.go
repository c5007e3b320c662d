package loss

import "github.com/unroll-go/unroll/internal/kernel"

// Linear is the layer before the softmax, α_t = Whz·h_t + bz. Its parameters
// and gradients are views of the model's slabs.
type Linear[F kernel.Float] struct {
	H, K             int
	Whz, Bz          []F // [K, H], [K]
	GradWhz, GradBz  []F
	forward, reverse kernel.Packed[F]
}

// PackForward lays the weights out for Forward alone.
func (l *Linear[F]) PackForward() { l.forward.Pack(l.Whz, l.K, l.H) }

// Pack lays the weights out for one training step.
func (l *Linear[F]) Pack() {
	l.PackForward()
	l.reverse.PackTransposed(l.Whz, l.K, l.H)
}

// Forward sets alpha [rows, K] from h [rows, H].
func (l *Linear[F]) Forward(alpha, h []F, rows int) {
	to, bias, from := kernel.Dense(alpha, l.K), kernel.Dense(l.Bz, l.K), kernel.Dense(h, l.H)
	bias.Stride = 0
	kernel.MulMatrix(&to, &bias, &from, rows, &l.forward)
}

// BackwardInput sets dh [rows, H] = ∂L/∂h from dalpha [rows, K].
func (l *Linear[F]) BackwardInput(dh, dalpha []F, rows int) {
	kernel.Mul(dh, dalpha, rows, &l.reverse, false)
}

// BackwardParams adds rows [from, to) of ∂L/∂Whz and elements [from, to) of ∂L/∂bz.
func (l *Linear[F]) BackwardParams(dalpha, h []F, rows, from, to int, s *kernel.Scratch[F]) {
	kernel.AddOuter(l.GradWhz, dalpha, h, rows, l.K, l.H, from, to, s) // (6)
	kernel.AddColumns(l.GradBz, dalpha, rows, l.K, from, to)           // (7)
}
