package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// randomScorer is a model of random parameters with its Go classes.
func randomScorer(t *testing.T, c model.Config) *scorer {
	t.Helper()
	c.Task, c.Format, c.Embed, c.Hidden, c.Layers = model.TaskTag, "go", 3, 4, 1
	v, err := model.NewVocab(strings.Split("abcfu (){}\n\"", ""))
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.New(c, model.Vocabs{Vocab: v}, data.GoClasses, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for i := range m.Params {
		m.Params[i] = float32(r.NormFloat64())
	}
	s, err := newScorer(m, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

var goModels = []model.Config{
	{Cell: rnn.Tanh, Output: model.Softmax},
	{Cell: rnn.LSTM, Output: model.Softmax, Bidirectional: true},
	{Cell: rnn.GRU, Output: model.CRF},
}

// runs labels a text.
func runs(t *testing.T, s *scorer, text string, prompt bool) (all []run) {
	t.Helper()
	var b bytes.Buffer
	var in io.Reader = strings.NewReader(text)
	if prompt {
		in = iotest.OneByteReader(in)
	}
	f := &inputFile{Reader: bufio.NewReader(in)}
	if prompt {
		f.Reader = bufio.NewReaderSize(in, 16)
	}
	if err := newLabelling(s, source{format: data.FormatNamed(formatGo)}, true).run(f, &b); err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(&b); d.More(); {
		var r run
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// TestRunsCoverTheInput wants each run to start where the one before ended, the
// last to end with the input, the texts to be the input (a byte that is not
// UTF-8 becomes U+FFFD) and a row of probabilities a character.
func TestRunsCoverTheInput(t *testing.T) {
	for _, c := range goModels {
		s := randomScorer(t, c)
		for _, text := range []string{
			"", "a", "func f() {}\n", "\"한글\" é 🎉\n\n\xff\xfea\xed\xa0\x80 \xe2\x82", "\x00\n\n\n}\n",
			strings.Repeat("a bc", data.MaxDeclaration/4+1),
		} {
			for _, prompt := range []bool{false, true} {
				end, joined := 0, ""
				for _, r := range runs(t, s, text, prompt) {
					if r.Start != end || r.End <= r.Start || r.End > len(text) {
						t.Fatalf("%+v: a run from %d to %d after %d", c, r.Start, r.End, end)
					}
					part := text[r.Start:r.End]
					end, joined = r.End, joined+part
					if r.Text != string([]rune(part)) {
						t.Fatalf("%+v: text %q from %d to %d, want %q", c, r.Text, r.Start, r.End, part)
					}
					checkRows(t, r, len([]rune(part)))
				}
				if joined != text {
					t.Fatalf("%+v: runs cover %d of %d bytes", c, end, len(text))
				}
			}
		}
	}
}

// checkRows wants n rows, each a probability for every class.
func checkRows(t *testing.T, r run, n int) {
	t.Helper()
	if len(r.Scores) != n {
		t.Fatalf("%d rows of scores for %d characters", len(r.Scores), n)
	}
	for _, row := range r.Scores {
		sum := 0.0
		for _, z := range row {
			sum += float64(z)
		}
		if len(row) != len(data.GoClasses) || math.Abs(sum-1) > 1e-5 {
			t.Fatalf("scores %v add up to %v", row, sum)
		}
	}
}

// TestDeclarationsBeginAnew wants the second of two equal declarations to get
// the labels and scores of the first, whatever stood before.
func TestDeclarationsBeginAnew(t *testing.T) {
	for _, c := range goModels {
		s := randomScorer(t, c)
		declaration := "func a(b) {\n\tc\n}\n\n"
		var got [2][]string
		for _, r := range runs(t, s, declaration+declaration, false) {
			for i, row := range r.Scores {
				d := 0
				if r.Start+i >= len(declaration) {
					d = 1
				}
				got[d] = append(got[d], fmt.Sprint(r.Label, row))
			}
		}
		if len(got[0]) != len(declaration) || !slices.Equal(got[0], got[1]) {
			t.Errorf("%+v: the same declaration gets %v and %v", c, got[0], got[1])
		}
	}
}

// TestScoresAreOfTheirCharacter wants each row to be that of the model for the
// whole text, in Go text and in the last column of CoNLL-U.
func TestScoresAreOfTheirCharacter(t *testing.T) {
	text := "func(a)"
	for _, c := range goModels {
		s := randomScorer(t, c)
		labels, z, err := s.model.Label(s.net, data.Characters(text))
		if err != nil {
			t.Fatal(err)
		}
		var words, want strings.Builder
		for i, character := range data.Characters(text) {
			row := z[i*len(data.GoClasses):][:len(data.GoClasses)]
			fmt.Fprintf(&words, "%d\t%s\t_\t_\t_\t_\t_\t_\t_\t_\n", i+1, character)
			fmt.Fprintf(&want, "%d\t%s\t_\t%s\t_\t_\t_\t_\t_\t%s\n", i+1, character, labels[i], "Scores="+joined(row))
		}
		rows := slices.Clone(z)
		for _, r := range runs(t, s, text, false) {
			for i, got := range r.Scores {
				row := rows[(r.Start+i)*len(got):][:len(got)]
				for j, v := range got {
					if math.Abs(float64(v-row[j])) > 1e-6 || r.Label != labels[r.Start+i] {
						t.Fatalf("%+v: character %d is %s, %v, want %s, %v", c, r.Start+i, r.Label, got, labels[r.Start+i], row)
					}
				}
			}
		}
		var b bytes.Buffer
		from := source{format: data.FormatNamed("conllu"), options: data.Options{Column: "upos"}}
		f := &inputFile{Reader: bufio.NewReader(strings.NewReader(words.String()))}
		if err := newLabelling(s, from, true).run(f, &b); err != nil || b.String() != want.String() {
			t.Errorf("%+v: %v, %s, want %s", c, err, b.String(), want.String())
		}
	}
}

func joined(z []float32) string {
	text := make([]string, len(z))
	for i, v := range z {
		text[i] = fmt.Sprintf("%.6g", v)
	}
	return strings.Join(text, ",")
}

// run is a run of characters as label writes it.
type run struct {
	Start, End  int
	Label, Text string
	Scores      [][]float32
}
