package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// sub writes a number as a subscript.
func sub(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + '₀' }, fmt.Sprint(n))
}

// path is the row r(t,k) = ∂L(t)/∂a_k as a product, D_j = diag(1 − h_j²).
func path(p pair) string {
	var b strings.Builder
	fmt.Fprintf(&b, "−(y%s − z%[1]s)W_hz D%[1]s", sub(p.t))
	for j := p.t - 1; j >= p.k; j-- {
		fmt.Fprintf(&b, " W_hh D%s", sub(j))
	}
	return b.String()
}

// formula is a term as it is meant: derivatives are rows, and a column times a
// row is a matrix in the parameter's shape.
func (d derived) formula(p pair) string {
	switch d.by {
	case "alpha":
		return fmt.Sprintf("−(y%s − z%[1]s)", sub(p.t))
	case "Whz":
		return fmt.Sprintf("(−(y%s − z%[1]s))ᵀ h%[1]sᵀ", sub(p.t))
	case "bz":
		return fmt.Sprintf("−(y%s − z%[1]s)", sub(p.t))
	case "Whh":
		return fmt.Sprintf("(%s)ᵀ h%sᵀ", path(p), sub(p.k-1))
	case "Wxh":
		return fmt.Sprintf("(%s)ᵀ x%sᵀ", path(p), sub(p.k))
	case "h0":
		return path(p) + " W_hh"
	case "x":
		return path(p) + " W_xh"
	}
	return path(p)
}

// general is the formula for every T.
var general = map[string]string{
	"alpha": "row t: −(y_t − z_t), t = 1..T",
	"Whz":   "Σ_{t=1..T} (−(y_t − z_t))ᵀ h_tᵀ",
	"bz":    "Σ_{t=1..T} −(y_t − z_t)",
	"Whh":   "Σ_{t=1..T} Σ_{k=1..t} r(t,k)ᵀ h_{k−1}ᵀ",
	"Wxh":   "Σ_{t=1..T} Σ_{k=1..t} r(t,k)ᵀ x_kᵀ",
	"bh":    "Σ_{t=1..T} Σ_{k=1..t} r(t,k)",
	"h0":    "Σ_{t=1..T} r(t,1) W_hh",
	"x":     "row k: Σ_{t=k..T} r(t,k) W_xh, k = 1..T",
}

// rowFormula is what r(t,k) stands for where a formula for every T has it.
const rowFormula = "r(t,k) = −(y_t − z_t)W_hz D_t W_hh D_{t−1} … W_hh D_k"

// meant is a gradient's right-hand side with the shapes of what is multiplied:
// of (15)-(26) and their like the terms in the paper's order, where k falls.
func (d derived) meant(n sizes) string {
	if n.T != 2 || slices.Contains(anySteps, d) {
		s := general[d.by]
		if strings.Contains(s, "r(t,") {
			s += "  " + rowFormula
		}
		return s + "  " + n.product(d)
	}
	pairs := d.pairs(n.T)
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(a.t-b.t, b.k-a.k) })
	var formulas []string
	for _, p := range pairs {
		formulas = append(formulas, d.formula(p))
	}
	return strings.ReplaceAll(strings.Join(formulas, " + "), " + −", " − ") + "  " + n.product(d)
}

// sizes are those of an example.
type sizes struct{ T, I, H, K int }

// shape returns the shape of what a gradient is by.
func (n sizes) shape(d derived) []int {
	switch d.by {
	case "Whz":
		return []int{n.K, n.H}
	case "Whh":
		return []int{n.H, n.H}
	case "Wxh":
		return []int{n.H, n.I}
	case "bz":
		return []int{n.K}
	case "bh", "h0":
		return []int{n.H}
	}
	width := n.K // of alpha
	if d.by == "x" {
		width = n.I
	}
	if d.at == 0 {
		return []int{n.T, width}
	}
	return []int{width}
}

// product says which shapes are multiplied to which.
func (n sizes) product(d derived) string {
	s := n.shape(d)
	switch d.by {
	case "Whz", "Whh", "Wxh":
		return fmt.Sprintf("[%d,1]·[1,%d] = [%[1]d,%d]", s[0], s[1])
	case "h0", "x":
		if len(s) == 1 {
			return fmt.Sprintf("[1,%d]·[%[1]d,%d] = [1,%[2]d]", n.H, s[0])
		}
	}
	return fmt.Sprintf("[%s]", strings.Trim(strings.ReplaceAll(fmt.Sprint(s), " ", ","), "[]"))
}
