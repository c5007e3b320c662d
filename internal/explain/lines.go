package explain

import "strings"

// lineOf says where bptt computes the gradient by a tensor; a test holds it to
// the sources. (15)-(26) are instances of (5), (6), (7), (11) and (14).
var lineOf = map[string]string{
	"alpha": "bptt/gradients.go:43", // (5)
	"Whz":   "bptt/gradients.go:51", // (6)
	"bz":    "bptt/gradients.go:52", // (7)
	"Whh":   "bptt/recursion.go:26", // (11)
	"Wxh":   "bptt/recursion.go:27", // (14)
	"bh":    "bptt/recursion.go:28",
	"x":     "bptt/recursion.go:29",
	"h0":    "bptt/recursion.go:31",
}

// Recursive says whether the total is computed by the recursion over the steps;
// otherwise it is (5) or a plain sum over t.
func (q *Equation) Recursive() bool { return strings.HasPrefix(q.Lines, "bptt/recursion.go") }
