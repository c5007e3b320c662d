//go:build race

package main

// million is fewer under the race detector, ten times slower, which has nothing
// more to find in the rest.
const million = 100_000
