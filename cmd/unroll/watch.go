package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/explain"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/show"
	"github.com/unroll-go/unroll/internal/train"
)

// watch looks at how gradients fade or grow in a model just trained, on data
// held out, and tells: as an event, or in a line where they vanish or explode.
// It costs a hundredth of the training at the most, and changes nothing.
func (f *trainFlags) watch(m *model.Model, training []data.Sequence, c *corpus, r train.Result) error {
	if f.quiet && !f.json {
		return nil
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
	if err != nil {
		return err
	}
	if f.json {
		return jsonFlow(os.Stdout, flow)
	}
	if flow.Verdict != explain.Neither {
		warn("%s (%d state(s) followed; more with %s explain -m %s)", strings.TrimSuffix(show.English.FlowVerdict(flow), "."), flow.Chains, commandName(), quoted(f.out))
	}
	return nil
}

// jsonFlow writes a flow as an event: the medians at distances 1, 2, 4, ….
func jsonFlow(w io.Writer, f explain.Flow) error {
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
	return json.NewEncoder(w).Encode(line)
}
