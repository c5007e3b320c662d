package explain

// ModelReport is a trained model explained: who influenced whom in one input,
// and how gradients fade or grow over data. Influence, Flow and Verdict are
// those of the top layer's forward direction, the first of Layers.
type ModelReport struct {
	Model     string        `json:"model"`            // its file
	Tokens    []string      `json:"tokens,omitempty"` // [T] of the input; none of vectors
	Steps     int           `json:"steps,omitempty"`  // T
	Labels    []string      `json:"labels,omitempty"` // [T], or one of the whole: whose loss L(t) is; none of real values
	Given     bool          `json:"given,omitempty"`  // they are the right ones; otherwise the model's own
	Output    string        `json:"output"`           // softmax, crf or real: what L(t) is made of, see Losses
	Influence *Influence    `json:"influence,omitempty"`
	Layers    []LayerReport `json:"layers"`
	Flow      Flow          `json:"flow"`
	Verdict   Verdict       `json:"verdict"`
}

// LayerReport is one direction of a recurrent layer. DLdX is only with the first.
type LayerReport struct {
	Layer     int        `json:"layer"`     // from 1, the lowest
	Direction string     `json:"direction"` // forward or backward
	Influence *Influence `json:"influence,omitempty"`
	Flow      Flow       `json:"flow"`
}

// The directions of a layer.
const (
	Forward  = "forward"
	Backward = "backward"
)
