package train

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/optim"
)

// newLoop returns a trainer of an SGD without momentum, whose updates are
// plain: θ − rate·g.
func newLoop(t *testing.T, o Options, event func(Event)) (*trainer, *Examples) {
	t.Helper()
	o.Optim = optim.Config{Method: optim.SGD, Rate: 0.5, Schedule: optim.Constant, Beta1: 0.9, Beta2: 0.9, Epsilon: 1e-8}
	sequences := echo(40, 1)
	m, err := fresh(sequences, o)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := Encode(m, sequences)
	if err != nil {
		t.Fatal(err)
	}
	if event == nil {
		event = func(Event) {}
	}
	tr, err := newTrainer(m, o, event)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.team.Close)
	return tr, examples
}

// TestChunkUpdates wants each chunk's update to be the mean gradient of its
// labelled steps, at the parameters that the chunk before left (so they are
// packed anew), and the loss and the norm told to be those of the mean.
func TestChunkUpdates(t *testing.T) {
	o := small()
	o.BPTT = 3
	var told []Event
	tr, examples := newLoop(t, o, func(e Event) { told = append(told, e) })
	tr.steps = tr.countSteps(examples.All)
	if err := tr.batch.fill(examples, cut(examples.All, []int{0, 1, 2, 3, 4, 5}, 6)[0], 0, nil); err != nil {
		t.Fatal(err)
	}
	twin, _ := newLoop(t, o, nil)
	twin.batch = tr.batch
	if _, _, err := tr.trainBatch(context.Background(), examples.Forms); err != nil {
		t.Fatal(err)
	}

	layout := &twin.batch.layout
	twin.net.Begin(layout, examples.Forms)
	step := 0
	for from := 0; from < layout.Steps(); from += 3 {
		to := min(from+3, layout.Steps())
		c := twin.batch.chunk(from, to)
		labels := c.Labels
		clear(twin.net.Grads)
		sum := twin.net.Step(from, to, c)
		norm := 0.0
		for i, g := range twin.net.Grads {
			g /= float32(len(labels))
			norm += float64(g) * float64(g)
			twin.model.Params[i] -= 0.5 * g
		}
		twin.net.Repack()
		e := told[step]
		if math.Abs(e.Loss-sum/float64(len(labels))) > 1e-5 || math.Abs(e.GradNorm-math.Sqrt(norm)) > 1e-4*math.Sqrt(norm) || e.Tokens != len(labels) {
			t.Errorf("step %d told %+v, want loss %v, norm %v, %d tokens", step, e, sum/float64(len(labels)), math.Sqrt(norm), len(labels))
		}
		step++
	}
	for i, v := range twin.model.Params {
		if math.Abs(float64(v-tr.model.Params[i])) > 1e-5 {
			t.Fatalf("parameter %d is %v, want %v", i, tr.model.Params[i], v)
		}
	}
	if step != len(told) || step < 3 {
		t.Errorf("%d chunks, %d told", step, len(told))
	}
}

// TestSchedule wants the rate of every update to follow the schedule: with a
// warm-up as long as the training, the first update is tiny.
func TestSchedule(t *testing.T) {
	moved := func(warmup int) float64 {
		tr, examples := newLoop(t, small(), nil)
		tr.Optim.Warmup, tr.steps = warmup, 10
		before := slices.Clone(tr.model.Params)
		if err := tr.batch.fill(examples, []int{0}, 0, nil); err != nil {
			t.Fatal(err)
		}
		if _, _, err := tr.trainBatch(context.Background(), examples.Forms); err != nil {
			t.Fatal(err)
		}
		far := 0.0
		for i, v := range before {
			far = max(far, math.Abs(float64(v-tr.model.Params[i])))
		}
		return far
	}
	if all, tenth := moved(0), moved(10); math.Abs(tenth/all-0.1) > 0.01 {
		t.Errorf("the first of ten steps of warm-up moves %v of the full rate, want a tenth", tenth/all)
	}
}

// TestEpochs wants another order of batches every epoch, the same for the same
// seed, and the steps counted before.
func TestEpochs(t *testing.T) {
	o := small()
	o.BPTT, o.Epochs = 4, 3
	tr, examples := newLoop(t, o, nil)
	first, second := tr.plan(examples.All, 1), tr.plan(examples.All, 2)
	if slices.EqualFunc(first, second, slices.Equal) {
		t.Error("two epochs have the same batches")
	}
	if !slices.EqualFunc(first, tr.plan(examples.All, 1), slices.Equal) {
		t.Error("an epoch's batches change")
	}
	steps, last := 0, Event{}
	tr.event = func(e Event) {
		if e.Kind == StepDone {
			steps++
		}
		last = e
	}
	tr.keep = func() error { return nil }
	if _, err := tr.run(context.Background(), examples, &Examples{}); err != nil {
		t.Fatal(err)
	}
	if steps != last.Steps || last.Step != steps {
		t.Errorf("%d steps done, %d of %d told", steps, last.Step, last.Steps)
	}
}

// TestEpochLoss wants the loss of an epoch to be the mean over its steps.
func TestEpochLoss(t *testing.T) {
	o := small()
	sum, n := 0.0, 0
	h := Hooks{Event: func(e Event) {
		switch e.Kind {
		case StepDone:
			sum, n = sum+e.Loss*float64(e.Tokens), n+e.Tokens
		case EpochDone:
			if math.Abs(e.Loss-sum/float64(n)) > 1e-9 {
				t.Errorf("epoch %d: loss %v, the mean of its steps is %v", e.Epoch, e.Loss, sum/float64(n))
			}
			sum, n = 0, 0
		}
	}}
	m, _ := fit(t, o, h)
	if !slices.IsSorted(m.Labels) {
		t.Errorf("labels %q are not sorted", m.Labels)
	}
}

// TestSaveChecks wants a model that is not finite not to be handed on.
func TestSaveChecks(t *testing.T) {
	tr, _ := newLoop(t, small(), nil)
	kept := false
	tr.keep = func() error { kept = true; return nil }
	tr.model.Params[0] = float32(math.NaN())
	if err := tr.save(); err == nil || kept {
		t.Errorf("a model with NaN is handed on: %v", err)
	}
}

// TestBestOfLM wants the best epoch of a language model to be the one of the
// least loss, whatever its accuracy.
func TestBestOfLM(t *testing.T) {
	tr, _ := newLoop(t, small(), nil)
	tr.result.BestDev, tr.result.BestLoss = 0.5, 1
	for _, c := range []struct {
		task      string
		dev, loss float64
		want      bool
	}{
		{model.TaskTag, 0.6, 2, true}, {model.TaskTag, 0.4, 0.5, false},
		{model.TaskLM, 0.6, 2, false}, {model.TaskLM, 0.4, 0.5, true},
	} {
		tr.Model.Task = c.task
		if got := tr.better(Event{Dev: c.dev, DevLoss: c.loss}); got != c.want {
			t.Errorf("%+v: better is %v", c, got)
		}
	}
}
