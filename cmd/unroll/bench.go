package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/bench"
)

func benchCommand() *cobra.Command {
	var cell string
	var asJSON bool
	b := bench.Shape{Steps: 100, Batch: 32, Input: 128, Hidden: 128, Threads: 1, Seconds: 1}
	c := &cobra.Command{
		Use:   "bench",
		Short: "Time a recurrent layer",
		Long: `Time one recurrent layer in float32 on random numbers: the median of a forward
pass that keeps what the backward pass needs; of a training step, forward and
then every gradient (weights, bias, x, h_0), packing of weights included; and of
one step of a stream.`,
		Example: `  unroll bench --cell rnn --steps 100 --batch 32 --input 128 --hidden 128`,
		Args:    arguments(0, 0),
	}
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&cell, "cell", "rnn", "rnn (tanh), relu, lstm or gru")
	s.IntVar(&b.Steps, "steps", b.Steps, "T, length of the sequences")
	s.IntVar(&b.Batch, "batch", b.Batch, "B, sequences")
	s.IntVar(&b.Input, "input", b.Input, "I, width of x_t")
	s.IntVar(&b.Hidden, "hidden", b.Hidden, "H, width of h_t")
	s.IntVar(&b.Threads, "threads", b.Threads, "threads")
	s.Float64Var(&b.Seconds, "seconds", b.Seconds, "how long to measure")
	s.BoolVar(&asJSON, "json", false, "as one JSON object")
	c.RunE = func(c *cobra.Command, _ []string) error {
		b.Cell = cellNamed(cell)
		return runBench(c.Context(), b, asJSON)
	}
	return c
}

func runBench(ctx context.Context, b bench.Shape, asJSON bool) error {
	if err := checkThreads(b.Threads); err != nil {
		return err
	}
	if err := b.Validate(); err != nil {
		return usageError{err}
	}
	t, err := b.Run(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(t)
	}
	fmt.Printf("%s, T %d, B %d, I %d, H %d, %d thread(s), float32\n\n", b.Cell, b.Steps, b.Batch, b.Input, b.Hidden, b.Threads)
	w := table(os.Stdout)
	fmt.Fprintln(w, "\tmedian\tGFLOP/s\tallocations\t")
	fmt.Fprintf(w, "forward\t%.3f ms\t%.2f\t%.0f\t\n", t.ForwardMS, t.ForwardGFLOPS, t.ForwardAllocs)
	fmt.Fprintf(w, "training step\t%.3f ms\t%.2f\t%.0f\t\n", t.StepMS, t.StepGFLOPS, t.StepAllocs)
	fmt.Fprintf(w, "streamed step\t%.2f µs\t%.2f\t%.0f\t\n", t.StreamUS, t.StreamGFLOPS, t.StreamAllocs)
	return w.Flush()
}
