package explain

import (
	"errors"
	"slices"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// said are the labels whose loss is taken: L(t) = −log z_t of them. A CRF's
// loss is no sum over steps; its scores α_t alone go through softmax here.
type said struct {
	labels []int32 // one a step, or one of the whole
	given  bool
}

// labels returns a sequence's right labels, if it has them and the model knows
// them all, or what the model itself says. A language model's right label is
// the next token, of the last step its own.
func (m *Model) labels(s data.Sequence, best []int32) said {
	right := s.Labels
	if m.Config.Task == model.TaskLM && right == nil {
		right = append(slices.Clone(s.Tokens[1:]), m.Labels[best[len(best)-1]])
	}
	if len(right) != len(best) {
		return said{labels: best}
	}
	ids := map[string]int32{}
	for i, l := range m.Labels {
		ids[l] = int32(i)
	}
	var labels []int32
	for _, l := range right {
		id, ok := ids[l]
		if !ok && m.Config.Task == model.TaskLM {
			id, ok = ids[model.UnknownLabel]
		}
		if !ok {
			return said{labels: best}
		}
		labels = append(labels, id)
	}
	return said{labels, true}
}

// names returns the labels' names.
func (m *Model) names(labels []int32) (names []string) {
	for _, id := range labels {
		names = append(names, m.Labels[id])
	}
	return names
}

// losses returns the losses that a pass has: of every step, or of the whole.
func (m *Model) losses(st *stack, s data.Sequence, labels []int32) ([]source, error) {
	top, n := st.output(len(st.runs)-1), st.steps()
	h := len(top[0]) / len(st.runs[0])
	outputs := top
	if m.Config.Task == model.TaskClassify {
		whole := slices.Clone(top[n-1])
		copy(whole[h:], top[0][h:])
		outputs = [][]float64{whole}
	}
	var losses []source
	for i, out := range outputs {
		d, err := m.dAlpha(m.alpha(out), s, labels, i)
		if err != nil {
			return nil, err
		}
		dh := outerRow(d, m.whz, len(out))
		loss := at(i+1, slices.Collect(slices.Chunk(dh, h))...)
		if m.Config.Task == model.TaskClassify {
			loss.at = [2]int{n, 1}
		}
		losses = append(losses, loss)
	}
	return losses, nil
}

// alpha returns α = Whz·h + bz.
func (m *Model) alpha(h []float64) []float64 {
	alpha := slices.Clone(m.bz)
	for k := range alpha {
		alpha[k] += inner(m.whz[k*len(h):(k+1)*len(h)], h)
	}
	return alpha
}

// dAlpha returns ∂L/∂α of output i: z − y (5), or of real values, whose loss is
// the squared error, 2(α − y).
func (m *Model) dAlpha(alpha []float64, s data.Sequence, labels []int32, i int) ([]float64, error) {
	if m.Config.Output == model.Real {
		if i >= len(s.Values) || len(s.Values[i]) != len(alpha) {
			return nil, errors.New("no right values: expected a sequence that has them, since the loss of real values is their error")
		}
		for k := range alpha {
			alpha[k] = 2 * (alpha[k] - float64(s.Values[i][k]))
		}
		return alpha, nil
	}
	z := bptt.Softmax(alpha)
	others := 0.0
	for k, v := range z {
		if k != int(labels[i]) {
			others += v
		}
	}
	z[labels[i]] = -others // z − 1, every digit kept
	return z, nil
}
