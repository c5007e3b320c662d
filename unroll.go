package unroll

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// Model is a trained labeller. Its methods may be called at the same time.
type Model struct {
	model *model.Model
	net   *model.Network[float32] // for streams, which only read it
	nets  sync.Pool               // of networks that label whole sequences
}

// Open reads a model from a file.
func Open(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Read reads a model, from a file embedded in the program for one:
//
//	//go:embed tagger.safetensors
//	var file []byte
//
//	m, err := unroll.Read(bytes.NewReader(file))
//
// Bytes that are no whole model give an error that says what is wrong.
func Read(r io.Reader) (*Model, error) {
	m, err := model.Read(r)
	if err != nil {
		return nil, err
	}
	return wrap(m)
}

func wrap(m *model.Model) (*Model, error) {
	net, err := m.Network(nil)
	return &Model{model: m, net: net}, err
}

// Save writes the model to a file, which is then either whole or what it was.
func (m *Model) Save(path string) error { return train.Save(m.model, path) }

// Write writes the model as Save does, to w.
func (m *Model) Write(w io.Writer) error { return m.model.Write(w) }

// Labels returns the model's labels, in the order of a stream's scores.
func (m *Model) Labels() []string { return slices.Clone(m.model.Labels) }

// Label returns the most likely label of each token of one sequence or, from a
// model that classifies, the one of the whole; none without tokens. It ends
// early, with ctx's error, when ctx does; a model that needs whole sequences
// looks at ctx only before it starts.
func (m *Model) Label(ctx context.Context, tokens []string) ([]string, error) {
	if err := m.model.CheckTokens(); err != nil {
		return nil, err
	}
	s, err := m.Stream()
	if err != nil {
		return m.labelWhole(ctx, tokens)
	}
	labels := make([]string, len(tokens))
	for t, token := range tokens {
		if t%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		labels[t] = s.Step(token)
	}
	if m.model.Config.Task == model.TaskClassify && len(labels) > 0 {
		labels = labels[len(labels)-1:]
	}
	return labels, nil
}

// labelWhole labels a sequence that must be known to its end.
func (m *Model) labelWhole(ctx context.Context, tokens []string) (labels []string, err error) {
	if len(tokens) == 0 || ctx.Err() != nil {
		return labels, ctx.Err()
	}
	err = m.withNetwork(func(net *model.Network[float32]) (err error) {
		labels, _, err = m.model.Label(net, tokens)
		return err
	})
	return labels, err
}

// LabelVectors is Label of a sequence of vectors, each as wide as those that
// the model was trained on, for a model of such. It looks at ctx only before it
// starts.
func (m *Model) LabelVectors(ctx context.Context, x [][]float32) (labels []string, err error) {
	if err := m.model.CheckVectors(); err != nil {
		return nil, err
	}
	if len(x) == 0 || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	err = m.withNetwork(func(net *model.Network[float32]) (err error) {
		labels, _, err = m.model.LabelVectors(net, x)
		return err
	})
	return labels, err
}

// withNetwork lends a network that nobody else uses.
func (m *Model) withNetwork(use func(*model.Network[float32]) error) (err error) {
	net, ok := m.nets.Get().(*model.Network[float32])
	if !ok {
		if net, err = m.model.Network(nil); err != nil {
			return err
		}
	}
	err = use(net)
	m.nets.Put(net) // but not after a panic
	return err
}

// checkEvery is the number of steps between two looks at a context.
const checkEvery = 1024

// Characters splits text into the tokens of a model of characters, as a reader
// sees them: a letter with its combining marks is one, and so is an emoji of
// several parts.
func Characters(text string) []string { return data.Characters(text) }

// Stream labels one sequence token by token, remembering what it has seen.
// A Stream is for one goroutine; a Model may have many.
type Stream struct{ labeller *model.Labeller }

// Stream returns a stream at the beginning of a sequence. A model that looks
// at a sequence from both its ends has none, and says so.
func (m *Model) Stream() (*Stream, error) {
	if err := m.model.CheckTokens(); err != nil {
		return nil, err
	}
	l, err := m.model.NewLabeller(m.net)
	if err != nil {
		return nil, err
	}
	return &Stream{l}, nil
}

// Step takes the sequence's next token and returns its most likely label or,
// from a model that classifies, that of the sequence so far. It allocates
// nothing once it has seen the longest token, and each that is not in Unicode's
// form C (NFC): these are read as if they were.
func (s *Stream) Step(token string) string { return s.labeller.Step(token) }

// Scores returns z_t of the last Step, the probability of each of the model's
// labels. The slice is the stream's own, until its next Step; nil before the first.
func (s *Stream) Scores() []float32 { return s.labeller.Scores() }

// Reset begins another sequence.
func (s *Stream) Reset() { s.labeller.Reset() }

// VectorStream is a [Stream] of vectors.
type VectorStream struct {
	labeller *model.Labeller
	width    int
}

// VectorStream returns a stream at the beginning of a sequence, as
// [Model.Stream] does, of a model of vectors.
func (m *Model) VectorStream() (*VectorStream, error) {
	if err := m.model.CheckVectors(); err != nil {
		return nil, err
	}
	l, err := m.model.NewLabeller(m.net)
	if err != nil {
		return nil, err
	}
	return &VectorStream{l, m.model.Config.Vector}, nil
}

// Step takes the sequence's next vector, which stays the caller's, and returns
// its most likely label or, from a model that classifies, that of the sequence
// so far. It allocates nothing. A vector of another width than those trained on,
// or with a number that is not finite, is an error, and no step.
func (s *VectorStream) Step(x []float32) (string, error) {
	if len(x) != s.width {
		return "", fmt.Errorf("a vector of %d numbers, expected %d", len(x), s.width)
	}
	for _, v := range x {
		if v-v != 0 {
			return "", fmt.Errorf("the number %v in a vector, expected finite ones", v)
		}
	}
	return s.labeller.StepVector(x), nil
}

// Scores returns z_t of the last Step, as [Stream.Scores].
func (s *VectorStream) Scores() []float32 { return s.labeller.Scores() }

// Reset begins another sequence.
func (s *VectorStream) Reset() { s.labeller.Reset() }
