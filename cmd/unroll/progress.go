package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/unroll-go/unroll/internal/train"
)

// progress tells on standard error how a training goes: a line an epoch, and a
// bar where there is a terminal. What is written to it appears above the bar.
type progress struct {
	io.Writer
	bars *mpb.Progress
	bar  *mpb.Bar

	mu      sync.Mutex // the bar draws itself from a goroutine of its own
	last    train.Event
	started time.Time
	tokens  int // since started
}

// newProgress returns one that is silent if asked to be.
func newProgress(quiet bool) *progress {
	if quiet {
		return &progress{Writer: io.Discard}
	}
	p := &progress{Writer: os.Stderr}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		p.bars = mpb.New(mpb.WithOutput(os.Stderr), mpb.WithWidth(24), mpb.WithAutoRefresh())
		p.Writer = p.bars
	}
	return p
}

// event shows one event of the training.
func (p *progress) event(e train.Event) {
	switch e.Kind {
	case train.StepSkipped:
		fmt.Fprintf(p, "step %d skipped: loss %v, gradient norm %v (%d skipped so far)\n", e.Step, e.Loss, e.GradNorm, e.Skipped)
	case train.EpochDone:
		fmt.Fprintln(p, epochLine(e))
	case train.StepDone:
		p.count(e)
		p.step(e)
	}
}

// epochLine is what an epoch comes to.
func epochLine(e train.Event) string {
	line := fmt.Sprintf("epoch %d/%d  loss %.4f", e.Epoch, e.Epochs, e.Loss)
	if !math.IsNaN(e.Dev) {
		line += fmt.Sprintf("  dev %.2f %%", 100*e.Dev)
	}
	if !math.IsNaN(e.DevSpanF1) {
		line += fmt.Sprintf("  span F1 %.2f %%", 100*e.DevSpanF1)
	}
	if !math.IsNaN(e.DevMacroF1) {
		line += fmt.Sprintf("  macro F1 %.2f %%", 100*e.DevMacroF1)
	}
	if !math.IsNaN(e.DevLoss) {
		line += fmt.Sprintf("  dev loss %.4f", e.DevLoss)
	}
	line += fmt.Sprintf("  %s tokens/s", thousands(rate(e)))
	if e.Best {
		line += "  best so far, saved"
	}
	return line
}

// rate is how many tokens a second an epoch trained on.
func rate(e train.Event) int { return int(float64(e.Tokens) / max(e.Seconds, 1e-9)) }

func (p *progress) count(e train.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started.IsZero() {
		p.started = time.Now()
	}
	p.tokens += e.Tokens
	p.last = e
}

// step moves the bar.
func (p *progress) step(e train.Event) {
	if p.bars == nil {
		return
	}
	if p.bar == nil {
		p.bar = p.bars.AddBar(int64(e.Steps),
			mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.numbers() })),
			mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
	}
	p.bar.SetCurrent(int64(e.Step))
}

// numbers are shown before the bar.
func (p *progress) numbers() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	rate := float64(p.tokens) / time.Since(p.started).Seconds()
	return fmt.Sprintf("epoch %d/%d  loss %.3f  |g| %.2f  %.0f tokens/s ", p.last.Epoch, p.last.Epochs, p.last.Loss, p.last.GradNorm, rate)
}

// close takes the bar away.
func (p *progress) close() {
	if p.bar != nil {
		p.bar.Abort(true)
	}
	if p.bars != nil {
		p.bars.Wait()
		p.Writer = os.Stderr
	}
}

// jsonEvents writes epochs and skipped steps as JSON, one object a line.
func jsonEvents(w io.Writer) func(train.Event) {
	enc := json.NewEncoder(w)
	return func(e train.Event) {
		line := map[string]any{"epoch": e.Epoch, "epochs": e.Epochs, "step": e.Step, "steps": e.Steps, "skipped": e.Skipped}
		numbers := map[string]float64{"loss": e.Loss}
		switch e.Kind {
		case train.EpochDone:
			line["event"], line["best"] = "epoch", e.Best
			numbers["dev_accuracy"], numbers["dev_nll"] = e.Dev, e.DevLoss
			numbers["dev_span_f1"], numbers["dev_macro_f1"] = e.DevSpanF1, e.DevMacroF1
			line["tokens_per_second"] = rate(e)
		case train.StepSkipped:
			line["event"] = "skipped"
			numbers["grad_norm"] = e.GradNorm
		case train.StepDone:
			return
		}
		for name, v := range numbers {
			if v-v == 0 { // JSON has no NaN
				line[name] = v
			}
		}
		enc.Encode(line)
	}
}
