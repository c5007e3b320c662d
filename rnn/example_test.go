package rnn_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/unroll-go/unroll/rnn"
)

// Two sequences, of three steps and of one, through one layer and back.
func Example() {
	config := rnn.Config{Cell: rnn.Tanh, Input: 2, Hidden: 4, Layers: 1}
	net, err := rnn.New[float32](config, nil, nil, nil)
	if err != nil {
		panic(err)
	}
	rnn.Init(config, net.Params(), rand.New(rand.NewPCG(1, 0)))

	batch, err := rnn.NewBatch(3, 1) // longest first
	if err != nil {
		panic(err)
	}
	// Rows in the order of time: both sequences at step 0, then the first alone.
	x := []float32{1, 0, 0, 1, 1, 1, 0, 0}
	net.Begin(batch, rnn.States[float32]{})
	h := net.Forward(0, batch.Steps(), x)
	fmt.Println(batch.Rows(), "rows of h,", len(h), "numbers")

	dh := make([]float32, len(h)) // ∂L/∂h of L = Σ h
	for i := range dh {
		dh[i] = 1
	}
	dx := make([]float32, len(x))
	net.Backward(dh, dx)
	for _, t := range config.Tensors() {
		fmt.Println(t.Name, t.Shape)
	}
	// Output:
	// 4 rows of h, 16 numbers
	// weight_ih_l0 [4 2]
	// weight_hh_l0 [4 4]
	// bias_l0 [4]
}

// A stream takes one step at a time and remembers.
func ExampleStream() {
	config := rnn.Config{Cell: rnn.ReLU, Input: 1, Hidden: 1, Layers: 1}
	net, err := rnn.New(config, []float32{1, 1, 0}, nil, nil) // h_t = max(x_t + h_{t-1}, 0)
	if err != nil {
		panic(err)
	}
	s, err := net.NewStream()
	if err != nil {
		panic(err)
	}
	for _, x := range []float32{1, 2, 3} {
		fmt.Println(s.Step([]float32{x})[0])
	}
	// Output:
	// 1
	// 3
	// 6
}

// A sequence too long to keep every step of: the steps between some borders
// are computed again on the way back. The loss is Σ h²/2, whose ∂L/∂h is h.
func ExampleNet_Parts() {
	const steps = 100_000
	net, err := rnn.New[float32](rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: 8, Layers: 1}, nil, nil, nil)
	if err != nil {
		panic(err)
	}
	rnn.Init(net.Config(), net.Params(), rand.New(rand.NewPCG(1, 1)))
	batch, err := rnn.NewBatch(steps)
	if err != nil {
		panic(err)
	}
	x := make([]float32, steps)
	x[0] = 1

	net.Begin(batch, rnn.States[float32]{})
	borders := net.Parts(0, steps, true)
	for i, to := range borders[1:] {
		net.Forward(borders[i], to, x[borders[i]:to])
	}
	for i := len(borders) - 2; i >= 0; i-- {
		from, to := borders[i], borders[i+1]
		h := net.Again(from, to, x[from:to])
		net.Backward(h, nil)
	}
	fmt.Println(len(borders)-1, "parts,", len(net.Grads()), "gradients")
	// Output: 42 parts, 80 gradients
}
