// Package bptt is backpropagation through time as the paper writes it: one
// sequence, one tanh layer, a softmax at every step, float64 and plain loops.
// It is meant to be read beside the paper, and it is the reference that faster
// code is tested against. It is not meant to be fast.
//
// The paper is dohye, "Backpropagation in RNNs" (2019), after Gang Chen,
// "A Gentle Tutorial of Recurrent Neural Network with Error Backpropagation"
// (arXiv:1610.02583). docs/derivation.md in this repository, and its Korean twin,
// derive all that follows.
//
// # Use
//
// A [Network] holds the weights. [Network.Forward] runs it over one sequence and
// returns a [Trace] of all it computed. [Network.Backward] and
// [Network.DoubleSum] each turn that Trace into the same [Gradients]: the first
// in T steps by a recursion, the second by the paper's double sum, term by
// term. [Network.Terms] gives the terms themselves.
//
// # Names and shapes
//
// T steps, I inputs, H hidden units, K labels; matrices are row-major.
//
//	x_t      [I]    input of step t              Wxh [H,I]  input to hidden
//	h_t      [H]    hidden state, h_0 is given   Whh [H,H]  hidden to hidden
//	a_t      [H]    what tanh is taken of        Bh  [H]    hidden bias
//	alpha_t  [K]    what softmax is taken of     Whz [K,H]  hidden to output
//	z_t      [K]    probabilities of the labels  Bz  [K]    output bias
//	y_t      the right label of step t: an index 0..K-1 in the code, a vector
//	         of zeros with a single one in the formulas
//
// In a Trace and in Gradients the index of a step is the paper's t, 1..T; entry
// 0 is h_0 in Trace.H and unused elsewhere. Only the arguments of Forward
// count from 0, as Go slices do: x[0] is x_1.
//
// # The equations, as meant
//
// The paper derives the gradient of L(t+1); here that step is called t, so
// t = 1..T. D_t is the diagonal matrix of 1 - h_t^2, the slope of tanh at step
// t. Derivatives are row vectors, and a row times a matrix is a row.
//
//	(2)   h_t = tanh(a_t),  a_t = Whh h_{t-1} + Wxh x_t + Bh
//	(3)   z_t = softmax(alpha_t),  alpha_t = Whz h_t + Bz
//	(4)   L = sum over t of L(t),  L(t) = -y_t log z_t
//	(5)   dL/dalpha_t = -(y_t - z_t)
//	(6)   dL/dWhz = sum over t of dL/dalpha_t outer h_t
//	(7)   dL/dBz  = sum over t of dL/dalpha_t
//	(8)   r(t,t)  = dL/dalpha_t Whz D_t           the direct path, k = t
//	(9)   r(t,k)  = r(t,k+1) Whh D_k              the paths through h_k, k < t
//	(10)  dL(t)/dWhh = sum over k = 1..t of r(t,k) outer h_{k-1}
//	(11)  dL/dWhh = sum over t = 1..T, k = 1..t of r(t,k) outer h_{k-1}
//	(12)  dL(t)/dWxh = r(t,t) outer x_t, and the rest through h_{t-1}
//	(13)  dL(t)/dWxh = sum over k = 1..t of r(t,k) outer x_k
//	(14)  dL/dWxh = sum over t = 1..T, k = 1..t of r(t,k) outer x_k
//
// r(t,k) is the row dL(t)/da_k, which the paper writes as the product
// dL(t)/dz_t dz_t/dh_t dh_t/dh_k with the slope D_k of the factor dh_k/dW drawn
// in. What is left of that factor is h_{k-1} or x_k: it is the immediate
// derivative, which holds h_{k-1} constant, since what h_{k-1} owes to the
// weights is counted by the terms of smaller k.
//
// Forward computes (2), (3), (4); [Trace.DAlpha] computes (5); Backward and
// DoubleSum share (6) and (7); Terms computes (8), (9), (12); DoubleSum sums
// them by (10), (13) and then (11), (14); Backward reaches (11), (14) directly.
// Equations (15)..(26) are these for T = 2.
//
// # Reading the paper
//
// Shorthand, right once read as meant:
//   - Gradients are printed as Jacobian rows, so -(y-z) Whz (1-h^2) is a row
//     and (1-h^2) in it a diagonal matrix. Only the last factor makes an outer
//     product, and the gradient in the weight's own shape is the transpose.
//     In the list above "r outer v" is already in that shape: entry (i,j) is
//     r_i v_j.
//   - "Two layers" in the paper's example means two steps of one layer.
//
// Wrong or short as printed, each shown by numbers in this package's tests:
//   - Below (4), L(y,z) = -sum L(y_t,z_t) has one minus too many.
//   - (9) shows only the path through h_t, and (10) stops at k = t: both lack
//     the direct term k = t+1, which (11) has.
//   - (11) and (14) sum L(t+1) over t without a range. It must be 0..T-1; a sum
//     that starts at 1 loses L(1).
//   - (12) is exact only for t+1 = 2, or with the first dh/dWxh read as
//     immediate and the second as total. (13) is the general form.
//   - The last form given for tanh overflows; see [Tanh].
//
// Left out by the paper and given here, because they follow from the same
// rows: the gradients by Bh (r alone), by x_k (r Wxh) and by h_0 (r(t,1) Whh).
package bptt
