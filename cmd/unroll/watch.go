package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/explain"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// watch looks at how gradients fade or grow in a model just trained, on data
// held out, and tells: as an event, or in a line where they vanish or explode.
// It costs a hundredth of the training at the most, and changes nothing.
// What keeps it from looking is told, and nothing more: the model is trained.
func (f *trainFlags) watch(m *model.Model, training []data.Sequence, c *corpus, r train.Result) {
	if f.quiet && !f.json {
		return
	}
	held := c.dev
	if len(held) == 0 {
		held = c.train
	}
	steps := 0
	for _, s := range training {
		steps += s.Steps()
	}
	flow, err := explain.Watch(m, held, steps*r.Epochs)
	switch {
	case err != nil:
		warn("how its gradients fade is not known: %v", err)
	case f.json:
		jsonFlow(os.Stdout, flow)
	case flow.Verdict == explain.Vanishing:
		warn("the gradient vanishes: %s, less than a thousandth of it is left (states followed: %d); see %s", stepsBack(flow.Fades), flow.Chains, f.explainCommand(c))
	case flow.Verdict == explain.Exploding:
		warn("the gradient explodes: %s, it has grown more than a thousandfold (states followed: %d); see %s", stepsBack(flow.Explodes), flow.Chains, f.explainCommand(c))
	}
}

func stepsBack(n int) string {
	if n == 1 {
		return "1 step back"
	}
	return fmt.Sprintf("%d steps back", n)
}

// explainCommand is the command that shows more of it.
func (f *trainFlags) explainCommand(c *corpus) string {
	on := quoted(c.example)
	if f.data != "" {
		on = fmt.Sprintf("--data %s --steps %d", f.data, f.steps)
	}
	return fmt.Sprintf("%s explain -m %s %s", commandName(), quoted(f.out), on)
}

// jsonFlow writes a flow as an event: the medians at distances 1, 2, 4, ….
func jsonFlow(w io.Writer, f explain.Flow) {
	medians := map[string]float64{}
	for d := 1; d <= len(f.Points); d *= 2 {
		medians[fmt.Sprint(d)] = f.Points[d-1].Median
	}
	line := map[string]any{"event": "flow", "verdict": f.Verdict, "chains": f.Chains, "steps": len(f.Points), "medians": medians}
	if f.Fades > 0 {
		line["fades"] = f.Fades
	}
	if f.Explodes > 0 {
		line["explodes"] = f.Explodes
	}
	json.NewEncoder(w).Encode(line)
}
