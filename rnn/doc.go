// Package rnn runs recurrent layers over batches of sequences of different
// lengths, forward and backward, exactly, and allocates nothing once warm.
//
// The network is a stack of layers; each computes at every step t, from its
// input x_t [I] and its own last state h_{t-1} [H],
//
//	a_t = Wxh·x_t + bh + Whh·h_{t-1}
//	h_t = tanh(a_t)                      (2), or max(a_t, 0) for ReLU
//
// and passes h_t on as the input of the layer above. Given ∂L/∂h_t of the top
// layer, the backward pass walks the steps down:
//
//	δ_t = (∂L/∂h_t + Whhᵀ·δ_{t+1}) ⊙ (1 − h_t²)
//	∂L/∂Whh = Σ_t δ_t·h_{t-1}ᵀ           (11), its double sum collapsed
//	∂L/∂Wxh = Σ_t δ_t·x_tᵀ               (14), likewise
//	∂L/∂bh  = Σ_t δ_t,   ∂L/∂x_t = Wxhᵀ·δ_t,   ∂L/∂h_0 = Whhᵀ·δ_1
//
// The numbers are the equations of "Backpropagation in RNNs"; package bptt is
// that text in plain loops, and what this package is tested against.
//
// A [Batch] says how sequences lie in memory. A [Net] is used in chunks of
// steps: Begin a batch, Forward over a range of steps, Backward over the same
// range. One chunk over all steps is full backpropagation through time; many
// chunks, forward and backward in turn, are the truncated kind with the state
// carried on. A [Stream] runs one sequence a step at a time.
//
// Memory: a Net keeps, for every layer, 3·N·H elements for a chunk of N rows
// (h, the states before, δ), and max(I, H)·N for the gradients between layers.
// Work: 2·N·H·(I+H) floating-point operations forward and twice that backward,
// a layer.
package rnn
