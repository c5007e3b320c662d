// Package rnn runs recurrent layers over batches of sequences of different
// lengths, forward and backward, exactly, and allocates nothing once warm.
//
// A network is a stack of layers, each of one direction or two. At every step
// t a layer computes, from its input x_t [I] and its own last state
// h_{t-1} [H], a new state h_t, and passes it on as the input of the layer
// above; of two directions, [forward h_t, backward h_t].
//
// The paper's cell, [Tanh], and the same with max(·, 0), [ReLU]:
//
//	h_t = tanh(Wxh·x_t + Whh·h_{t-1} + b)        (2)
//	δ_t = (∂L/∂h_t + Whhᵀ·δ_{t+1}) ⊙ (1 − h_t²)
//	∂L/∂Whh = Σ_t δ_t·h_{t-1}ᵀ                   (11), its double sum collapsed
//	∂L/∂Wxh = Σ_t δ_t·x_tᵀ                       (14), likewise
//	∂L/∂b   = Σ_t δ_t,   ∂L/∂x_t = Wxhᵀ·δ_t,   ∂L/∂h_0 = Whhᵀ·δ_1
//
// The long short-term memory, [LSTM], adds to h a cell state c that no matrix
// and no tanh stands in the way of. With a^i … a^o the four blocks of
// Wxh·x_t + Whh·h_{t-1} + b and σ(a) = 1/(1 + e^{−a}):
//
//	i_t = σ(a^i),  f_t = σ(a^f),  g_t = tanh(a^g),  o_t = σ(a^o)
//	c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t
//	h_t = o_t ⊙ tanh(c_t)
//	∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + ∂L/∂c_{t+1} ⊙ f_{t+1}
//	δ^i = ∂L/∂c ⊙ g ⊙ i(1 − i)       δ^f = ∂L/∂c ⊙ c_{t-1} ⊙ f(1 − f)
//	δ^g = ∂L/∂c ⊙ i ⊙ (1 − g²)       δ^o = ∂L/∂h ⊙ tanh(c) ⊙ o(1 − o)
//
// The gated recurrent unit, [GRU], in PyTorch's form:
//
//	r_t = σ(a^r),  z_t = σ(a^z)
//	n_t = tanh(Wxn·x_t + bn + r_t ⊙ (Whn·h_{t-1} + bhn))
//	h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t-1}
//	δ^n = ∂L/∂h ⊙ (1 − z) ⊙ (1 − n²)    δ^z = ∂L/∂h ⊙ (h_{t-1} − n) ⊙ z(1 − z)
//	δ^r = δ^n ⊙ (Whn·h_{t-1} + bhn) ⊙ r(1 − r)
//
// The weight gradients of both are sums of δ_t·h_{t-1}ᵀ and δ_t·x_tᵀ as above,
// but that for Whn the GRU has r ⊙ δ^n in the place of δ^n.
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
// Memory of a direction of a layer, in elements for a chunk of N rows: N·H for
// tanh and ReLU, 7·N·H for the LSTM, 5·N·H for the GRU, H rounded up to whole
// vectors, besides some blocks of 512 rows; between layers D·H·N more, D the
// number of directions; [RowBytes] says it exactly. Where that is too much,
// [Net.Parts] runs a chunk in parts and computes them again on the way back: the
// same bits, from memory for one part and the states at the borders.
//
// Work: 2·N·G·H·(I+H) floating-point operations forward and twice that backward,
// G being 1, 4 and 3; forward once more where parts are computed again.
package rnn
