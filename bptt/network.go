package bptt

import (
	"fmt"
	"math"
)

// Network holds the sizes and weights of equations (2) and (3). The weights are
// the caller's to fill and to change; no function here writes to them. A Network
// that nobody changes may be used by several goroutines at once.
type Network struct {
	I int // inputs, width of x_t
	H int // hidden units, width of h_t
	K int // labels, width of alpha_t and z_t

	Wxh []float64 // [H,I] row-major
	Whh []float64 // [H,H] row-major
	Bh  []float64 // [H]
	Whz []float64 // [K,H] row-major
	Bz  []float64 // [K]
}

// New returns a network of the given sizes whose weights are all zero. A size
// below 1 is kept and no weights are made; Check, and so Forward, reports it.
func New(I, H, K int) *Network {
	n := &Network{I: I, H: H, K: K}
	if n.checkSizes() != nil {
		return n
	}
	n.Wxh = make([]float64, H*I)
	n.Whh = make([]float64, H*H)
	n.Bh = make([]float64, H)
	n.Whz = make([]float64, K*H)
	n.Bz = make([]float64, K)
	return n
}

// Check reports the first thing that keeps the network from being run: a size
// below 1, a weight slice of the wrong length, a weight that is NaN or infinite.
func (n *Network) Check() error {
	if err := n.checkSizes(); err != nil {
		return err
	}
	for _, w := range []struct {
		name, shape string
		data        []float64
		want        int
	}{
		{"Wxh", "H*I", n.Wxh, n.H * n.I},
		{"Whh", "H*H", n.Whh, n.H * n.H},
		{"Bh", "H", n.Bh, n.H},
		{"Whz", "K*H", n.Whz, n.K * n.H},
		{"Bz", "K", n.Bz, n.K},
	} {
		if len(w.data) != w.want {
			return fmt.Errorf("bptt: %s has %d numbers, want %s = %d", w.name, len(w.data), w.shape, w.want)
		}
		if err := checkFinite(w.name, w.data); err != nil {
			return fmt.Errorf("bptt: %w", err)
		}
	}
	return nil
}

func (n *Network) checkSizes() error {
	if n.I < 1 || n.H < 1 || n.K < 1 {
		return fmt.Errorf("bptt: sizes I = %d, H = %d, K = %d, want each at least 1", n.I, n.H, n.K)
	}
	return nil
}

// checkFinite names the first number of v that is NaN or infinite.
func checkFinite(name string, v []float64) error {
	for i, f := range v {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("%s[%d] is %v, want a finite number", name, i, f)
		}
	}
	return nil
}
