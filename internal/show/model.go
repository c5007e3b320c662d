package show

import (
	"fmt"
	"io"
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// Model writes a model's report: who influenced whom in its input, if that is
// there, and how its gradients fade or grow, of the top layer's forward
// direction.
func (s *Screen) Model(w io.Writer, r *explain.ModelReport) error {
	var b strings.Builder
	top := r.Layers[0]
	s.wrap(&b, 0, fmt.Sprintf(s.say("%s: %s, layer %d, %s", "%s: %s, %d층, %s"), harmless(r.Model), top.Flow.Cell, top.Layer, s.direction(top.Direction)))
	if n := r.LeftOut; n > 0 {
		s.wrap(&b, 0, fmt.Sprintf(s.say("(%d more with --json: the other layers and directions)", "(다른 층과 방향 %d개는 --json으로 볼 수 있다)"), n))
	}
	if r.Influence != nil {
		if r.Input != "" {
			s.wrap(&b, 0, s.say("Input: ", "입력: ")+harmless(r.Input))
		}
		s.wrap(&b, 0, s.lossOf(r))
		s.influence(&b, r.Tokens, r.Labels, r.Influence)
	}
	s.flows(&b, []explain.Flow{r.Flow})
	_, err := io.WriteString(w, b.String())
	return err
}

func (l Lang) direction(d string) string {
	if d == explain.Backward {
		return l.say("backward", "역방향")
	}
	return l.say("forward", "정방향")
}

// lossOf says what L(t) is.
func (l Lang) lossOf(r *explain.ModelReport) string {
	if r.Output == "real" {
		return l.say("L is the squared error.", "L은 제곱 오차다.")
	}
	text := l.say("L(t) = −log z_t of the model's own label.", "L(t) = −log z_t, 모델이 붙인 라벨의 것.")
	if r.Given {
		text = l.say("L(t) = −log z_t of the right label.", "L(t) = −log z_t, 정답 라벨의 것.")
	}
	if r.Output == "crf" {
		text += l.say(" The CRF's loss is no sum over steps: z_t is the softmax of the step's own scores α_t.",
			" CRF의 손실은 시점별 합이 아니므로 z_t는 그 시점의 점수 α_t만의 softmax다.")
	}
	return text
}
