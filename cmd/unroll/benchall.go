package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/unroll-go/unroll/internal/bench"
	"github.com/unroll-go/unroll/rnn"
)

// benchRow is what bench writes of a cell in a shape, as JSON.
type benchRow struct {
	Cell   rnn.Cell `json:"cell"`
	Shape  string   `json:"shape,omitempty"` // its name, with --all
	Steps  int      `json:"steps"`
	Batch  int      `json:"batch"`
	Input  int      `json:"input"`
	Hidden int      `json:"hidden"`
	*benchRun
	bench.Times
}

// benchRun is what is the same of all shapes with --all, which says it once.
type benchRun struct {
	Kernel    string `json:"kernel"`
	Threads   int    `json:"threads"`
	Recompute bool   `json:"recompute"`
}

// benchAll times the machine, then every shape, each written once it is known.
func benchAll(ctx context.Context, all []bench.Named, asJSON bool) error {
	if err := checkBench(all[0].Shape); err != nil {
		return err
	}
	show, machine := printRow, printRoofs
	if asJSON {
		encode := json.NewEncoder(os.Stdout)
		show = func(r benchRow) error { return encode.Encode(r) }
		machine = func(r bench.Roofs) error { return encode.Encode(r) }
	}
	if err := machine(bench.MeasureRoofs(ctx, all[0].Threads)); err != nil {
		return err
	}
	for _, s := range all {
		t, err := s.Run(ctx)
		if err != nil {
			return err
		}
		if err := show(benchRow{Cell: s.Cell, Shape: s.Name, Steps: s.Steps, Batch: s.Batch, Input: s.Input, Hidden: s.Hidden, Times: t}); err != nil {
			return err
		}
	}
	return nil
}

func printRoofs(r bench.Roofs) error {
	fmt.Printf("%s, %d thread(s), float32: peak of multiply-adds %.1f GFLOP/s, second-level cache %.0f GB/s, memory %.0f GB/s\n\n",
		r.Kernel, r.Threads, r.PeakGFLOPS, r.L2GBs, r.MemoryGBs)
	fmt.Printf("%31s%-27s%-27s%s\n", "", "  forward", "  training step", "  streamed step")
	_, err := fmt.Printf("%-5s%-7s%4s%4s%5s%5s %9s%9s%9s%9s%9s%9s%9s%9s\n", "cell", "shape", "T", "B", "I", "H",
		"ms", "GFLOP/s", "of peak", "ms", "GFLOP/s", "of peak", "µs", "passes")
	return err
}

func printRow(r benchRow) error {
	_, err := fmt.Printf("%-5s%-7s%4d%4d%5d%5d %9.3f%9.1f%7.1f %%%9.3f%9.1f%7.1f %%%9.2f%9.2f\n",
		r.Cell, r.Shape, r.Steps, r.Batch, r.Input, r.Hidden,
		r.ForwardMS, r.ForwardGFLOPS, 100*r.ForwardShare, r.StepMS, r.StepGFLOPS, 100*r.StepShare, r.StreamUS, r.StreamPasses)
	return err
}
