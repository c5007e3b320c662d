// Package loss holds the outputs of a network and their gradients: what turns
// h_t into a prediction z_t, and a prediction into L and ∂L/∂h_t.
package loss
