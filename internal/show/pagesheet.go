package show

import (
	"strings"

	"github.com/unroll-go/unroll/internal/explain"
)

// sheet is a page being written in a language: what of the reports it shows.
// What is empty is left out.
type sheet struct {
	Lang
	Report *explain.Report // of a case; nil of models
	Name   string
	Input  string   // what a model's influences are of
	Tokens []string // [T] that it read
	Labels []string // [T] or one, that the losses are of
	Given  bool     // they are the right ones; otherwise the model's own
	Loss   string   // what the losses are, in words
	Parts  []part
	Flows  []explain.Flow // side by side
}

// part is the influences in one layer's one direction; of a case, in its only one.
type part struct {
	Layer     int    // from 1; 0 for the only one
	Direction string // explain.Forward or Backward
	*explain.Influence
}

func newSheet(p Page, l Lang) *sheet {
	s := &sheet{Lang: l, Report: p.Report}
	if r := p.Report; r != nil {
		s.Name = r.Case.Name
		if s.Name == explain.BuiltinName {
			s.Name = s.say("The paper’s worked example", "논문의 예제")
		}
		s.Parts = []part{{Influence: &r.Influence}}
		s.addFlow(r.Flow)
		return s
	}
	var names []string
	for _, m := range p.Models {
		names = append(names, m.Model)
		if len(p.Models) > 1 {
			s.addFlow(m.Flow)
		}
	}
	s.Name = strings.Join(names, ", ")
	if len(p.Models) == 1 {
		s.addModel(p.Models[0])
	}
	return s
}

// addModel adds all layers of a model.
func (s *sheet) addModel(m *explain.ModelReport) {
	s.Input, s.Tokens, s.Labels, s.Given = m.Input, m.Tokens, m.Labels, m.Given
	s.Loss = s.lossOf(m)
	for _, layer := range m.Layers {
		if layer.Influence != nil {
			s.Parts = append(s.Parts, part{layer.Layer, layer.Direction, layer.Influence})
		}
		if len(m.Layers) > 1 {
			layer.Flow.Name = s.partName(layer.Layer, layer.Direction)
		}
		s.addFlow(layer.Flow)
	}
}

func (s *sheet) addFlow(f explain.Flow) {
	if len(f.Points) > 0 {
		s.Flows = append(s.Flows, f)
	}
}
