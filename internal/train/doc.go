// Package train fits a model to labelled sequences: the vocabulary and labels
// of the data, batches, the loop over steps and epochs, the score on held-out
// data after each, the best model kept. It knows neither files' formats nor
// the terminal; what happens is told as events. Training is a fixed number of
// steps, and the same seed gives the same bits whatever the threads.
package train
