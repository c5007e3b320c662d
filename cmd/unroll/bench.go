package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/bench"
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

func benchCommand() *cobra.Command {
	var cell string
	var all, asJSON bool
	b := bench.Shape{Steps: 100, Batch: 32, Input: 128, Hidden: 128, Threads: 1, Seconds: 1}
	c := &cobra.Command{
		Use:   "bench",
		Short: "Time a recurrent layer, or all in seven shapes",
		Long: `Time one recurrent layer in float32 on random numbers: the median of a forward
pass that keeps what the backward pass needs; of a training step, forward and
then every gradient (weights, bias, x, h_0), packing of weights included; and of
one step of a stream.

In turns with these it times what the machine can do: multiply-adds in registers
alone, on all threads, the peak that the passes reach a share of (with matrix
units more than all of it; UNROLL_KERNEL=avx512 goes without); and, on one, a bare
pass over as many bytes as the layer's weights have. A streamed step reads its
weights in alternate order, so of weights that just fill a cache it may find more
there than a bare pass, which always begins at the beginning.

Memory is the peak beyond x, the weights and ∂L/∂h. ∂L/∂h and ∂L/∂x are there of
a part of the steps at a time, as in a training.

With --all it times every cell, or the one of --cell, in the seven shapes of
docs/performance.md; --seconds is then the time for each, and --json writes a
line each, after one of the machine.`,
		Example: `  unroll bench --cell rnn --steps 100 --batch 32 --input 128 --hidden 128
  unroll bench --all --threads 2`,
		Args: arguments(0, 0),
	}
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&cell, "cell", "rnn", "rnn (tanh), relu, lstm or gru")
	s.IntVar(&b.Steps, "steps", b.Steps, "T, length of the sequences")
	s.IntVar(&b.Batch, "batch", b.Batch, "B, sequences")
	s.IntVar(&b.Input, "input", b.Input, "I, width of x_t")
	s.IntVar(&b.Hidden, "hidden", b.Hidden, "H, width of h_t")
	s.BoolVar(&b.Recompute, "recompute", false, "keep the states at some borders alone, and compute the steps between again on the way back")
	s.BoolVar(&all, "all", false, "every cell, or the one of --cell, in seven shapes")
	s.IntVar(&b.Threads, "threads", b.Threads, "threads")
	s.Float64Var(&b.Seconds, "seconds", b.Seconds, "how long to measure; every pass is done some times at least")
	s.BoolVar(&asJSON, "json", false, "as one JSON object, with --all one a line")
	c.RunE = func(c *cobra.Command, _ []string) error {
		b.Cell = cellNamed(cell)
		if !all {
			return runBench(c.Context(), b, asJSON)
		}
		for _, name := range []string{"steps", "batch", "input", "hidden", "recompute"} {
			if s.Changed(name) {
				return usagef("--all brings its own shapes: it does not go with --%s", name)
			}
		}
		cells := rnn.Cells()
		if s.Changed("cell") {
			cells = []rnn.Cell{b.Cell}
		}
		return benchAll(c.Context(), bench.All(cells, b.Threads, b.Seconds), asJSON)
	}
	return c
}

func runBench(ctx context.Context, b bench.Shape, asJSON bool) error {
	if err := checkBench(b); err != nil {
		return err
	}
	t, err := b.Run(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(benchRow{Cell: b.Cell, Steps: b.Steps, Batch: b.Batch, Input: b.Input, Hidden: b.Hidden,
			benchRun: &benchRun{kernel.Name(), b.Threads, b.Recompute}, Times: t})
	}
	fmt.Printf("%s, T %d, B %d, I %d, H %d, %d thread(s), float32, kernels %s\n\n", b.Cell, b.Steps, b.Batch, b.Input, b.Hidden, b.Threads, kernel.Name())
	w := table(os.Stdout)
	fmt.Fprintln(w, "\tmedian\tGFLOP/s\tof the peak\tallocations\t")
	fmt.Fprintf(w, "forward\t%.3f ms\t%.2f\t%.1f %%\t%.0f\t\n", t.ForwardMS, t.ForwardGFLOPS, 100*t.ForwardShare, t.ForwardAllocs)
	fmt.Fprintf(w, "training step\t%.3f ms\t%.2f\t%.1f %%\t%.0f\t\n", t.StepMS, t.StepGFLOPS, 100*t.StepShare, t.StepAllocs)
	fmt.Fprintf(w, "streamed step\t%.2f µs\t%.2f\t\t%.0f\t\n", t.StreamUS, t.StreamGFLOPS, t.StreamAllocs)
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Printf("\npeak of multiply-adds: %.1f GFLOP/s; a bare pass over the weights: %.2f µs, a streamed step %.2f of them\npeak memory beyond the input, the weights and ∂L/∂h: %.1f MB\n",
		t.PeakGFLOPS, t.PassUS, t.StreamPasses, t.PeakMB)
	return err
}

func checkBench(b bench.Shape) error {
	if err := checkThreads(b.Threads); err != nil {
		return err
	}
	if err := b.Validate(); err != nil {
		return usageError{err}
	}
	return nil
}
