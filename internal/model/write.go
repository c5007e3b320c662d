package model

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/unroll-go/unroll/rnn"
)

// A model file is safetensors: the length of a JSON header as a little-endian
// uint64, the header, and the tensors' bytes. Tensors bear PyTorch's names;
// what makes them a model is JSON under "unroll" in the header's metadata.

// version is the version of that JSON; a change that old programs would
// misread raises it.
const version = 1

// description is what stands under "unroll".
type description struct {
	Version  int        `json:"version"`
	Config   Config     `json:"config"`
	Tokens   []string   `json:"vocabulary"`
	Chars    []string   `json:"characters,omitempty"`
	Features [][]string `json:"features,omitempty"` // the values of each of the configuration's
	Labels   []string   `json:"labels"`
}

// entry describes one tensor in the header.
type entry struct {
	Dtype   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets []int  `json:"data_offsets"` // from and to, in bytes from the end of the header
}

// stored is a tensor as the file has it, made of pieces of the slab.
type stored struct {
	entry
	name   string
	pieces []rnn.Piece // none of what is no parameter
}

// layout lists the file's tensors in the order of their bytes: the model's,
// the recurrent layers' as PyTorch has them.
func layout(c Config, tensors []rnn.Tensor) []stored {
	var list []stored
	end := 0
	add := func(name string, shape []int, base int, pieces ...rnn.Piece) {
		from := end
		for i := range pieces {
			pieces[i].Offset += base
			end += 4 * pieces[i].Size
		}
		list = append(list, stored{entry{"F32", shape, []int{from, end}}, name, pieces})
	}
	layers := map[string]rnn.Config{recurrent: c.Recurrent(), charLayer: c.CharLayer()}
	for i, t := range tensors {
		prefix := layerPrefix(t.Name)
		switch {
		case prefix == "":
			add(t.Name, t.Shape, t.Offset, rnn.Piece{Size: t.Size()})
		case i == 0 || layerPrefix(tensors[i-1].Name) != prefix: // the first stands for all
			for _, p := range layers[prefix].TorchTensors() {
				add(prefix+p.Name, p.Shape, t.Offset, p.Pieces...)
			}
		}
	}
	if c.Normalized {
		for _, name := range []string{meanName, stdName} {
			list = append(list, stored{entry{"F32", []int{c.Vector}, []int{end, end + 4*c.Vector}}, name, nil})
			end += 4 * c.Vector
		}
	}
	return list
}

// layerPrefix returns how the name of a recurrent layer's tensor begins; of
// others, nothing.
func layerPrefix(name string) string {
	for _, p := range []string{recurrent, charLayer} {
		if strings.HasPrefix(name, p) {
			return p
		}
	}
	return ""
}

// Write writes the model's file. The same model gives the same bytes. A
// parameter that is not finite is an error, before anything is written.
func (m *Model) Write(w io.Writer) error {
	if err := m.CheckFinite(); err != nil {
		return err
	}
	if err := m.Norm.check(m.Config); err != nil {
		return err
	}
	list := layout(m.Config, m.Tensors())
	head, err := m.header(list)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 1<<16)
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(head))))
	b.Write(head)
	for _, t := range list {
		for _, p := range t.pieces {
			m.writePiece(b, p)
		}
		for _, v := range m.Norm.of(t.name) {
			writeFloat(b, v)
		}
	}
	return b.Flush()
}

// writePiece writes a piece of the slab, or zeros in place of a second summand.
func (m *Model) writePiece(b *bufio.Writer, p rnn.Piece) {
	for _, v := range m.Params[p.Offset : p.Offset+p.Size] {
		if p.Second {
			v = 0
		}
		writeFloat(b, v)
	}
}

func writeFloat(b *bufio.Writer, v float32) {
	var word [4]byte
	binary.LittleEndian.PutUint32(word[:], math.Float32bits(v))
	b.Write(word[:])
}

func (m *Model) description() description {
	d := description{Version: version, Config: m.Config, Tokens: m.Vocab.Tokens(), Labels: m.Labels}
	if m.CharVocab != nil {
		d.Chars = m.CharVocab.Tokens()
	}
	for _, f := range m.FeatureVocabs {
		d.Features = append(d.Features, f.Tokens())
	}
	return d
}

// header returns the file's JSON header, padded so that the tensors are aligned.
func (m *Model) header(list []stored) ([]byte, error) {
	about, err := encode(m.description())
	if err != nil {
		return nil, err
	}
	h := map[string]any{"__metadata__": map[string]string{"format": "pt", "unroll": string(about)}}
	for _, t := range list {
		h[t.name] = t.entry
	}
	head, err := encode(h)
	if err != nil {
		return nil, err
	}
	for len(head)%8 != 0 {
		head = append(head, ' ')
	}
	if len(head) > maxHeader {
		return nil, fmt.Errorf("the vocabulary makes a header of %d bytes, expected at most %d", len(head), maxHeader)
	}
	return head, nil
}

// encode returns v as JSON, with <, > and & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// CheckFinite says which parameter is NaN or infinite, if one is.
func (m *Model) CheckFinite() error {
	for _, t := range m.Tensors() {
		for i, v := range m.Params[t.Offset : t.Offset+t.Size()] {
			if v-v != 0 {
				return fmt.Errorf("parameter %s[%d] is %v, expected a finite number", t.Name, i, v)
			}
		}
	}
	return nil
}
