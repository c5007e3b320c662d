package explain

// Report is a case explained: the paper's network on one sequence. Its JSON is
// what "unroll explain --json" writes.
type Report struct {
	Case      Case               `json:"case"`
	Broken    string             `json:"broken,omitempty"` // the mistake that was put in, by --break
	Equations []Equation         `json:"equations"`
	Influence Influence          `json:"influence"`
	DoubleSum map[string]float64 `json:"double_sum_vs_recursion"` // relative error, by the gradient's name: "Whh", "Wxh"
	Checks    []Check            `json:"checks"`
	LeftOut   []LeftOut          `json:"left_out,omitempty"`
	Flow      Flow               `json:"flow"`
	Verdict   Verdict            `json:"verdict"`
}

// Case is a tanh network of one layer and the sequence it runs on; steps count
// from 1, as in the paper.
type Case struct {
	Name   string            `json:"name"`
	T      int               `json:"T"`
	I      int               `json:"I"`
	H      int               `json:"H"`
	K      int               `json:"K"`
	Y      []int             `json:"y"`      // [T] right labels, 0..K-1
	Values map[string]Tensor `json:"values"` // "Wxh", "Whh", "Bh", "Whz", "Bz"; "h0"; "x1", "h1", "alpha1", "z1", "x2", …
	Losses []float64         `json:"losses"` // [T] L(t)
	Loss   float64           `json:"loss"`   // their sum (4)
}

// Tensor is numbers with their shape, row-major.
type Tensor struct {
	Shape []int     `json:"shape"`
	Data  []float64 `json:"data"`
}

// Equation is one gradient that the paper derives, or that follows from the same
// rows and that it leaves out. Of two steps there are (15)-(26); of any number
// (5), (6), (7), (11), (14), and those by b_h, h_0 and x.
type Equation struct {
	Eq              string       `json:"eq"`                      // the paper's number: "21"; empty where it has none
	Of              string       `json:"of"`                      // "dL2/dWhh"; "dL/dalpha" and "dL/dx" are those of all steps, [T, ·]
	Printed         string       `json:"printed"`                 // the right-hand side as the paper prints it; empty where it does not
	Meant           string       `json:"meant"`                   // the same as it is meant, with shapes
	Terms           []Term       `json:"terms"`                   // what is added up, each computed by itself; none of more than four steps
	ByDistance      []ByDistance `json:"by_distance,omitempty"`   // of (11) and (14) with more steps
	Total           Tensor       `json:"total"`                   // by the recursion, not by adding the terms
	SumRelErr       float64      `json:"sum_rel_err"`             // of the terms' sum against the total, of the largest number in either; 0 without terms
	Numeric         *Tensor      `json:"numeric,omitempty"`       // by central differences, if of all elements
	NumericElements int          `json:"numeric_elements"`        // how many elements there are differences of
	NumericRelErr   float64      `json:"numeric_rel_err"`         // of the total against them
	NumericDoubt    float64      `json:"numeric_doubt,omitempty"` // how far apart differences of different steps are, where they do not agree with the total
	Rounding        float64      `json:"rounding"`                // what a unit in the last place of every h_t and z_t does to the total; where it is much, NumericRelErr may be more
	Lines           string       `json:"lines"`                   // where bptt computes it: "bptt/recursion.go:27"
}

// Term is what the loss of step t gives through step k.
type Term struct {
	T     int       `json:"t"`
	K     int       `json:"k"`
	Meant string    `json:"meant"` // its formula
	Shape []int     `json:"shape"`
	Data  []float64 `json:"data"`
}

// Check is one way in which the gradients are held to something independent.
type Check struct {
	Name       string  `json:"name"` // "terms", "differences", "double-sum", "golden"
	Of         string  `json:"of"`   // where the error is largest: "(21) dL2/dWhh"
	RelErr     float64 `json:"rel_err"`
	Limit      float64 `json:"limit"`
	OK         bool    `json:"ok"`                    // it passes
	CannotTell bool    `json:"cannot_tell,omitempty"` // it neither passes nor fails: differences are worth too little here
}

// LeftOut is something that a report would have, and does not.
type LeftOut struct {
	What string `json:"what"` // "golden", "double-sum", "differences", "terms", "values", "influence"
	Why  string `json:"why"`
}

// Influence says who influenced whom in one sequence of T steps. Row t, column
// k; zero where k > t and nothing flows back that far. Column 0 is the state
// before a direction's first step, which of a backward one is the sequence's
// last. A model that classifies has one loss and so one row of DLdH and DLdX.
// Numbers beyond float64 are its largest.
type Influence struct {
	DLdH [][]float64 `json:"dL_dh"`           // [T][T+1] ‖∂L(t)/∂h_k‖, k = 0..T
	DHdH [][]float64 `json:"dh_dh"`           // [T][T+1] ‖∂h_t/∂h_k‖₂, of (h, c) for the LSTM
	DLdX [][]float64 `json:"dL_dx,omitempty"` // [T][T] ‖∂L(t)/∂x_k‖, k = 1..T
}

// Flow is how the influence of a state on a later one depends on how much later.
type Flow struct {
	Name     string  `json:"name"`                // of the model or case
	Cell     string  `json:"cell"`                // tanh, relu, lstm, gru
	Chains   int     `json:"chains"`              // the states k from which the pairs were followed on
	Points   []Point `json:"points"`              // by distance, from 1
	SigmaMax float64 `json:"sigma_max,omitempty"` // σ_max(W_hh), the largest singular value; tanh and ReLU
	Slope    float64 `json:"slope,omitempty"`     // the largest 1 − h² seen
	Fades    int     `json:"fades,omitempty"`     // the first distance at which the median is below Faded; 0 for none
	Explodes int     `json:"explodes,omitempty"`  // the first at which it is above 1/Faded, if that comes before
	Verdict  Verdict `json:"verdict"`
}

// Point is ‖∂h_t/∂h_k‖₂ over all pairs seen at a distance t − k.
type Point struct {
	Distance int     `json:"distance"`
	Pairs    int     `json:"pairs"`
	Low      float64 `json:"low"` // a tenth of the pairs are below
	Median   float64 `json:"median"`
	High     float64 `json:"high"`            // a tenth of the pairs are above
	Bound    float64 `json:"bound,omitempty"` // no pair can be above: the product of σ_max and the largest slopes
}

// Faded is the norm below which an influence counts as lost.
const Faded = 1e-3

// Verdict says in a word what becomes of a gradient: the first distance at which
// the median of ‖∂h_t/∂h_k‖ is below [Faded] or above 1/Faded decides. A distance
// counts if it has an eighth of the pairs that distance 1 has.
type Verdict string

// The verdicts.
const (
	Vanishing Verdict = "vanishing"
	Exploding Verdict = "exploding"
	Neither   Verdict = "neither"
)
