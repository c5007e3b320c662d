package metrics

// Unknown is the gold index of a label that the model does not have: one seen
// only in the data it is evaluated on. Whatever was predicted there is wrong.
const Unknown = -1

// Counts counts predictions by gold and predicted label. Its memory grows with
// the labels and with the pairs that occur, not with the labels' square.
type Counts struct {
	labels    []string
	cells     map[[2]int]int // by gold and predicted
	gold      []int          // [K+1] the last is Unknown
	predicted []int          // [K]
}

// NewCounts counts predictions of the given K labels, which it keeps and does
// not change.
func NewCounts(labels []string) *Counts {
	k := len(labels)
	return &Counts{labels: labels, cells: map[[2]int]int{}, gold: make([]int, k+1), predicted: make([]int, k)}
}

// Add counts one token: gold from 0 to K-1 or [Unknown], predicted from 0 to
// K-1. Any other index panics.
func (c *Counts) Add(gold, predicted int) {
	c.cells[c.cell(gold, predicted)]++
	c.gold[c.row(gold)]++
	c.predicted[predicted]++
}

// Count returns how many tokens with this gold label were predicted so.
func (c *Counts) Count(gold, predicted int) int { return c.cells[c.cell(gold, predicted)] }

func (c *Counts) cell(gold, predicted int) [2]int {
	k := len(c.labels)
	if gold < Unknown || gold >= k || predicted < 0 || predicted >= k {
		panic("metrics: label index out of range")
	}
	return [2]int{gold, predicted}
}

func (c *Counts) row(gold int) int {
	if gold == Unknown {
		return len(c.labels)
	}
	return gold
}

// Tokens returns how many tokens were counted, those of unknown labels
// included.
func (c *Counts) Tokens() int {
	n := 0
	for _, count := range c.gold {
		n += count
	}
	return n
}

// UnknownTokens returns how many of the tokens had a label unknown to the
// model.
func (c *Counts) UnknownTokens() int { return c.gold[c.row(Unknown)] }

// Accuracy returns the share of tokens predicted right.
func (c *Counts) Accuracy() float64 {
	right := 0
	for label := range c.labels {
		right += c.Count(label, label)
	}
	return ratio(right, c.Tokens())
}

// PerLabel returns the score of every label, in the labels' order.
func (c *Counts) PerLabel() []Score {
	scores := make([]Score, len(c.labels))
	for label, name := range c.labels {
		scores[label] = score(name, c.Count(label, label), c.gold[label], c.predicted[label])
	}
	return scores
}

// Macro returns the means of the scores of the labels that some token has or
// that were predicted at least once, O among them. A label of neither kind says
// nothing about the predictions and is left out; so are labels unknown to the
// model, though predictions made for them lower the precision of the labels
// predicted.
func (c *Counts) Macro() Score {
	var used []Score
	for _, s := range c.PerLabel() {
		if s.Support > 0 || s.Predicted > 0 {
			used = append(used, s)
		}
	}
	return mean("macro", used)
}

// Micro returns the score of all labels but leftOut, [Unknown] for none, counted
// together; tokens of labels unknown to the model are among those to be found.
// With nothing left out precision, recall and F1 are all the accuracy: so leave
// out the label of what is outside of spans, if there is one.
func (c *Counts) Micro(leftOut int) Score {
	right, support, predicted := 0, c.UnknownTokens(), 0
	for label := range c.labels {
		if label != leftOut {
			right += c.Count(label, label)
			support += c.gold[label]
			predicted += c.predicted[label]
		}
	}
	return score("micro", right, support, predicted)
}
