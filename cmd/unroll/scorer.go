package main

import (
	"context"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
	"github.com/unroll-go/unroll/rnn"
)

// scorer is a model ready to be evaluated.
type scorer struct {
	model *model.Model
	net   *model.Network[float32]
	team  *rnn.Team
}

func newScorer(m *model.Model, threads int) (*scorer, error) {
	s := &scorer{model: m, team: rnn.NewTeam(threads)}
	var err error
	s.net, err = m.Network(s.team)
	return s, err
}

func (s *scorer) close() { s.team.Close() }

// evaluate labels sequences and compares.
func (s *scorer) evaluate(ctx context.Context, sequences []data.Sequence) (*train.Evaluation, error) {
	examples, err := train.Encode(s.model, sequences)
	if err != nil {
		return nil, err
	}
	return train.Evaluate(ctx, s.model, s.net, examples)
}
