package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/unroll-go/unroll/rnn"
)

// maxHeader is the longest header that is read, the limit of safetensors itself.
const maxHeader = 100_000_000

// Read reads a model file. Whatever the bytes, it ends in a model that is
// whole or in an error that names what is wrong, and takes memory only for
// bytes that are there.
func Read(r io.Reader) (*Model, error) {
	head, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	entries, about, err := parseHeader(head)
	if err != nil {
		return nil, err
	}
	m, err := about.model()
	if err != nil {
		return nil, err
	}
	list := layout(m.Config, m.Tensors())
	total, err := check(entries, list)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(total)+1))
	if err != nil {
		return nil, err
	}
	if len(data) != total {
		return nil, fmt.Errorf("tensors take %s bytes, expected %d: the file is cut short or has more at its end", orMore(len(data), total), total)
	}
	if err := m.fill(data, entries, list); err != nil {
		return nil, err
	}
	return m, nil
}

func orMore(n, limit int) string {
	if n > limit {
		return fmt.Sprintf("more than %d", limit)
	}
	return fmt.Sprint(n)
}

// readHeader returns the JSON header.
func readHeader(r io.Reader) ([]byte, error) {
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, fmt.Errorf("not a model file: %w", short(err, "its header's length"))
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n < 2 || n > maxHeader {
		return nil, fmt.Errorf("not a model file: its header would be %d bytes, expected 2 to %d", n, maxHeader)
	}
	head, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && uint64(len(head)) < n {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("not a model file: %w", short(err, fmt.Sprintf("a header of %d bytes", n)))
	}
	return head, nil
}

// short says that the file ended before what was expected.
func short(err error, what string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file ends inside %s", what)
	}
	return err
}

// parseHeader returns the header's tensors, and what stands under "unroll".
func parseHeader(head []byte) (map[string]entry, *description, error) {
	if !utf8.Valid(head) {
		return nil, nil, errors.New("not a model file: its header is not UTF-8")
	}
	raw, err := object(head)
	if err != nil {
		return nil, nil, fmt.Errorf("not a model file: its header is no JSON object: %w", err)
	}
	var meta map[string]string
	if err := json.Unmarshal(raw["__metadata__"], &meta); err != nil || meta["unroll"] == "" {
		return nil, nil, errors.New(`not an unroll model: expected "unroll" in the header's __metadata__`)
	}
	delete(raw, "__metadata__")
	entries := make(map[string]entry, len(raw))
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		var e entry
		if err := json.Unmarshal(raw[name], &e); err != nil {
			return nil, nil, fmt.Errorf("tensor %.60q: %w", name, plain(err))
		}
		if len(e.Offsets) != 2 {
			return nil, nil, fmt.Errorf("tensor %.60q has %d data_offsets, expected 2", name, len(e.Offsets))
		}
		entries[name] = e
	}
	about, err := parseDescription([]byte(meta["unroll"]))
	return entries, about, err
}

// object returns the values of a JSON object by their keys, no key twice.
func object(text []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("it does not begin with {")
	}
	values := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string) // the decoder takes nothing else for a key
		if _, twice := values[name]; twice {
			return nil, fmt.Errorf("key %.60q stands twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		values[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows its }")
	}
	return values, nil
}

func parseDescription(text []byte) (*description, error) {
	fields, err := object(text)
	if err != nil {
		return nil, fmt.Errorf("model description: %w", err)
	}
	if v := cmp.Or(string(fields["version"]), "none"); v != strconv.Itoa(version) {
		return nil, fmt.Errorf("model format version %.20s, expected %d", v, version)
	}
	about := new(description)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(about); err != nil {
		return nil, fmt.Errorf("model description: %w", plain(err))
	}
	return about, nil
}

// plain says what JSON has in the wrong place without naming Go's types.
func plain(err error) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return fmt.Errorf("%s is of the wrong kind: a JSON %s", cmp.Or(t.Field, "the whole"), t.Value)
	}
	return err
}

// model returns the model described, its parameters not there yet.
func (d *description) model() (*Model, error) {
	var v Vocabs
	var err error
	if v.Vocab, err = NewVocab(d.Tokens); err != nil {
		return nil, err
	}
	if d.Config.Chars > 0 {
		if v.CharVocab, err = NewVocab(d.Chars); err != nil {
			return nil, fmt.Errorf("characters: %w", err)
		}
	}
	for _, values := range d.Features {
		f, err := NewVocab(values)
		if err != nil {
			return nil, fmt.Errorf("features: %w", err)
		}
		v.FeatureVocabs = append(v.FeatureVocabs, f)
	}
	m, err := newModel(d.Config, v, d.Labels)
	if err == nil && d.Config.Chars == 0 && len(d.Chars) > 0 {
		return nil, fmt.Errorf("a list of %d characters, which the configuration does not read: expected none", len(d.Chars))
	}
	return m, err
}

// check compares the header's tensors with those that the configuration asks
// for, in any order of their bytes, and returns how many bytes they take.
func check(entries map[string]entry, want []stored) (total int, err error) {
	spans := make([][2]int, 0, len(want))
	for _, t := range want {
		e, ok := entries[t.name]
		switch {
		case !ok:
			return 0, fmt.Errorf("tensor %q is missing", t.name)
		case e.Dtype != "F32":
			return 0, fmt.Errorf("tensor %q has type %.20q, expected F32", t.name, e.Dtype)
		case !slices.Equal(e.Shape, t.Shape):
			return 0, fmt.Errorf("tensor %q has shape %.60s, expected %v", t.name, fmt.Sprint(e.Shape), t.Shape)
		case e.Offsets[0] < 0 || e.Offsets[1]-e.Offsets[0] != t.Offsets[1]-t.Offsets[0]:
			return 0, fmt.Errorf("tensor %q has bytes %v, expected %d of them", t.name, e.Offsets, t.Offsets[1]-t.Offsets[0])
		}
		spans = append(spans, [2]int(e.Offsets))
	}
	if len(entries) != len(want) {
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			if !slices.ContainsFunc(want, func(t stored) bool { return t.name == name }) {
				return 0, fmt.Errorf("tensor %.60q is not one of this model's", name)
			}
		}
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, s := range spans {
		if s[0] != total {
			return 0, fmt.Errorf("tensors overlap or leave a gap at byte %d, expected the next at %d", s[0], total)
		}
		total = s[1]
	}
	return total, nil
}

// fill sets the parameters from the tensors' bytes.
func (m *Model) fill(data []byte, entries map[string]entry, list []stored) error {
	m.Params = make([]float32, size(m.Tensors()))
	if c := m.Config; c.Normalized {
		m.Norm = Norm{make([]float32, c.Vector), make([]float32, c.Vector)}
	}
	for _, second := range []bool{false, true} { // summands after what they add to
		for _, t := range list {
			bytes := data[entries[t.name].Offsets[0]:]
			for _, p := range t.pieces {
				if p.Second == second {
					m.fillPiece(bytes, p)
				}
				bytes = bytes[4*p.Size:]
			}
			for i := range m.Norm.of(t.name) {
				m.Norm.of(t.name)[i] = float(bytes, i)
			}
		}
	}
	if err := m.Norm.check(m.Config); err != nil {
		return err
	}
	return m.CheckFinite()
}

// float is float32 number i.
func float(bytes []byte, i int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(bytes[4*i:]))
}

func (m *Model) fillPiece(bytes []byte, p rnn.Piece) {
	for i := range p.Size {
		v := float(bytes, i)
		switch {
		case !p.Second:
			m.Params[p.Offset+i] = v
		case v != 0: // adding zero would lose the sign of −0
			m.Params[p.Offset+i] += v
		}
	}
}
