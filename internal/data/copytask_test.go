package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestCopy wants the symbols, the delimiter and the blanks where they belong,
// and the labels to be what was seen steps+10 tokens before.
func TestCopy(t *testing.T) {
	for _, steps := range []int{1, 2, 100} {
		r := rand.New(rand.NewPCG(1, uint64(steps)))
		for i, s := range Copy(steps, 3, r) {
			symbols := strings.Join(s.Tokens[:10], "")
			wantTokens := symbols + strings.Repeat("_", steps-1) + ":" + strings.Repeat("_", 10)
			wantLabels := strings.Repeat("_", steps+10) + symbols
			if got := strings.Join(s.Tokens, ""); got != wantTokens || len(s.Tokens) != steps+20 {
				t.Errorf("steps %d: %d tokens %q, want %d, %q", steps, len(s.Tokens), got, steps+20, wantTokens)
			}
			if got := strings.Join(s.Labels, ""); got != wantLabels || len(s.Labels) != steps+20 {
				t.Errorf("steps %d: %d labels %q, want %d, %q", steps, len(s.Labels), got, steps+20, wantLabels)
			}
			if strings.Trim(symbols, "12345678") != "" {
				t.Errorf("steps %d: symbols %q, want 1 to 8", steps, symbols)
			}
			if want := fmt.Sprintf("copy %d", i+1); s.Name != want {
				t.Errorf("steps %d: name %q, want %q", steps, s.Name, want)
			}
		}
	}
}

// TestCopyUniform counts 80,000 symbols: each of the eight comes 10,000 times,
// with a standard deviation of √(80000·1/8·7/8) = 94; five of them are allowed.
func TestCopyUniform(t *testing.T) {
	counts := map[string]int{}
	for _, s := range Copy(1, 8000, rand.New(rand.NewPCG(1, 2))) {
		for _, symbol := range s.Tokens[:10] {
			counts[symbol]++
		}
	}
	for _, symbol := range copySymbols {
		if n := counts[symbol]; n < 10000-470 || n > 10000+470 {
			t.Errorf("symbol %s: %d times, want 10000 ± 470", symbol, n)
		}
	}
}

func TestCopySameSeed(t *testing.T) {
	draw := func(seed uint64) []Sequence { return Copy(5, 4, rand.New(rand.NewPCG(seed, 1))) }
	if !slices.EqualFunc(draw(1), draw(1), equalSequences) {
		t.Error("one seed, two results")
	}
	if slices.EqualFunc(draw(1), draw(2), equalSequences) {
		t.Error("two seeds, one result")
	}
}

// Two allocations a sequence are its tokens and labels, and two its name: none
// a token.
func TestCopyShares(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	if n := testing.AllocsPerRun(10, func() { Copy(1000, 10, r) }); n > 41 {
		t.Errorf("%v allocations for 10 sequences, want at most 41", n)
	}
}

// The figures are 10·2.0794415/(steps+20), by hand.
func TestCopyBaseline(t *testing.T) {
	for steps, want := range map[int]float64{1: 0.99021, 100: 0.17329, 500: 0.039989, 1000: 0.020387} {
		if got := CopyBaseline(steps); math.Abs(got/want-1) > 1e-4 {
			t.Errorf("CopyBaseline(%d) = %v, want %v", steps, got, want)
		}
	}
}
