package explain

import (
	"fmt"
	"slices"
)

// derived is a gradient that the paper derives, or that follows from the same
// rows: of L(step), or of L for step 0, by a tensor.
type derived struct {
	eq      string // the paper's number; empty for what the paper leaves out
	step    int
	by      string // alpha, Whz, bz, Whh, Wxh, bh, h0, x
	at      int    // of alpha_t and x_t, which t; 0 for all steps, [T, ·]
	printed string
}

// of names the gradient: "dL2/dWhh".
func (d derived) of() string {
	of := "dL"
	if d.step > 0 {
		of += fmt.Sprint(d.step)
	}
	of += "/d" + d.by
	if d.at > 0 {
		of += fmt.Sprint(d.at)
	}
	return of
}

// Parts of the equations as the paper prints them.
const (
	printedR1  = "−(y₁ − z₁)W_hz(1 − h₁²)"
	printedR2  = "−(y₂ − z₂)W_hz(1 − h₂²)"
	printedR21 = printedR2 + "W_hh(1 − h₁²)"

	printedSum = "Σ_t Σ_{k=1..t+1} ∂L(t+1)/∂z_{t+1} ∂z_{t+1}/∂h_{t+1} ∂h_{t+1}/∂h_k ∂h_k/∂"
)

// twoSteps are (15)-(26), section 4, by their last lines.
var twoSteps = []derived{
	{"15", 1, "alpha", 1, "−(y₁ − z₁)"},
	{"16", 1, "Whz", 0, "−(y₁ − z₁)h₁"},
	{"17", 1, "Whh", 0, printedR1 + "h₀"},
	{"18", 1, "Wxh", 0, printedR1 + "x₁"},
	{"19", 2, "alpha", 2, "−(y₂ − z₂)"},
	{"20", 2, "Whz", 0, "−(y₂ − z₂)h₂"},
	{"21", 2, "Whh", 0, printedR2 + "h₁ " + spaced(printedR21) + "h₀"},
	{"22", 2, "Wxh", 0, printedR2 + "x₂ " + spaced(printedR21) + "x₁"},
	{"23", 0, "Whz", 0, "−(y₁ − z₁)h₁ − (y₂ − z₂)h₂"},
	{"24", 0, "bz", 0, "−(y₁ − z₁) − (y₂ − z₂)"},
	{"25", 0, "Whh", 0, printedR1 + "h₀ " + spaced(printedR2) + "h₁ " + spaced(printedR21) + "h₀"},
	{"26", 0, "Wxh", 0, printedR1 + "x₁ " + spaced(printedR2) + "x₂ " + spaced(printedR21) + "x₁"},
}

// spaced is a part that begins with a minus where it follows another.
func spaced(part string) string {
	const minus = len("−")
	return part[:minus] + " " + part[minus:]
}

// anySteps are the equations for every T.
var anySteps = []derived{
	{"5", 0, "alpha", 0, "−(y_t − z_t)"},
	{"6", 0, "Whz", 0, "Σ_t ∂L/∂z_t ∂z_t/∂W_hz"},
	{"7", 0, "bz", 0, "Σ_t ∂L/∂z_t · ∂z_t/∂b_z"},
	{"11", 0, "Whh", 0, printedSum + "W_hh"},
	{"14", 0, "Wxh", 0, printedSum + "W_xh"},
}

// gradients lists what is explained of T steps: (15)-(26) where there are two,
// the equations for every T, and what the paper leaves out.
func gradients(T int) []derived {
	all := append(slices.Clone(anySteps), derived{by: "bh"}, derived{by: "h0"})
	if T != 2 {
		return append(all, derived{by: "x"})
	}
	all = append(slices.Clone(twoSteps), all...)
	return append(all, derived{by: "x", at: 1}, derived{by: "x", at: 2})
}

// pair is a term: what the loss of step t gives through step k.
type pair struct{ t, k int }

// pairs lists the terms of a gradient.
func (d derived) pairs(T int) (all []pair) {
	from, to := 1, T
	if d.step > 0 {
		from, to = d.step, d.step
	}
	for t := from; t <= to; t++ {
		switch {
		case d.by == "alpha", d.by == "Whz", d.by == "bz":
			all = append(all, pair{t, t})
		case d.by == "h0":
			all = append(all, pair{t, 1}) // h_0 acts through h_1 alone
		case d.by == "x" && d.at > 0 && d.at <= t:
			all = append(all, pair{t, d.at})
		case d.by != "x":
			for k := 1; k <= t; k++ {
				all = append(all, pair{t, k})
			}
		}
	}
	if d.step > 0 {
		slices.Reverse(all) // as (21) and (22) go: k falls
	}
	return all
}
