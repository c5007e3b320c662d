// Package optim moves parameters against their gradients: SGD with momentum,
// Adam and AdamW, clipping by the global norm, and learning rates that change
// over training. Parameters and gradients are one slab each.
package optim
