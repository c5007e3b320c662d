package model_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

func TestReadReturnsWhatWasWritten(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.String(), func(t *testing.T) {
			m := newModel(t, s.config(3, 4), oddTokens, []string{"한", "", "B-\"PER\"", "\x00"})
			first := written(t, m)
			got := read(t, first)
			same(t, got, m)
			for i, token := range oddTokens {
				if id := got.Vocab.ID(token); id != int32(i+1) {
					t.Errorf("id of %q is %d, want %d", token, id, i+1)
				}
			}
			if !bytes.Equal(written(t, m), first) {
				t.Error("written again, the model has other bytes")
			}
			if !bytes.Equal(written(t, got), first) {
				t.Error("read and written again, the model has other bytes")
			}
		})
	}
}

func TestReadKeepsTheWholeConfig(t *testing.T) {
	c := model.Config{Task: model.TaskTag, Format: "conllu", Column: "upos", Cell: rnn.LSTM, Embed: 2, Hidden: 3, Layers: 2, Bidirectional: true, LearnH0: true, Output: model.CRF}
	m := newModel(t, c, nil, []string{"X"})
	same(t, read(t, written(t, m)), m)
}

func TestReadKeepsExtremeNumbers(t *testing.T) {
	m := smallModel(t)
	p := param(t, m, "rnn.weight_hh_l0")
	p[0], p[1], p[2], p[3] = math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Copysign(0, -1)), -math.MaxFloat32
	same(t, read(t, written(t, m)), m)
}

func TestReadTakesAnyReader(t *testing.T) {
	m := smallModel(t)
	b := written(t, m)
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"a byte at a time": iotest.OneByteReader, "half at a time": iotest.HalfReader, "data with EOF": iotest.DataErrReader,
	} {
		got, err := model.Read(wrap(bytes.NewReader(b)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, got, m)
	}
}

func TestReadReturnsTheReadersError(t *testing.T) {
	broken := errors.New("broken disk")
	b := written(t, smallModel(t))
	for cut := range b {
		_, err := model.Read(io.MultiReader(bytes.NewReader(b[:cut]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Fatalf("after %d bytes: error %v, want %v", cut, err, broken)
		}
	}
}

func TestTensorsMayLieInAnyOrder(t *testing.T) {
	m := newModel(t, shape{rnn.Tanh, 2, true}.config(3, 4), oddTokens, []string{"X", "Y", "Z"})
	f := parse(t, written(t, m))
	var data []byte
	for _, name := range slices.Backward(f.inOrder()) {
		one := f.tensors[name]
		from := len(data)
		data = append(data, f.data[one.Offsets[0]:one.Offsets[1]]...)
		one.Offsets = []int{from, len(data)}
		f.tensors[name] = one
	}
	f.data = data
	same(t, read(t, f.bytes()), m)
}

func TestTheTwoBiasesAdd(t *testing.T) {
	m := newModel(t, shape{rnn.Tanh, 2, true}.config(2, 2), []string{"a"}, []string{"X"})
	f := parse(t, written(t, m))
	for i, v := range []float32{0.25, -3} {
		f.set("rnn.bias_hh_l0", i, v)
		f.set("rnn.bias_hh_l1", i, 10*v)
		param(t, m, "rnn.bias_l0")[i] += v
		param(t, m, "rnn.bias_l1")[i] += 10 * v
	}
	same(t, read(t, f.bytes()), m)
}

func TestWriteRefusesNumbersThatAreNotFinite(t *testing.T) {
	for _, p := range newModel(t, shape{rnn.Tanh, 2, true}.config(2, 3), oddTokens, []string{"X", "Y"}).Tensors() {
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			m := newModel(t, shape{rnn.Tanh, 2, true}.config(2, 3), oddTokens, []string{"X", "Y"})
			m.Params[p.Offset+p.Size()-1] = float32(v)
			var b bytes.Buffer
			err := m.Write(&b)
			if err == nil || !strings.Contains(err.Error(), p.Name+"[") {
				t.Errorf("%v in %s: error %v, want one that names it", v, p.Name, err)
			}
			if b.Len() > 0 {
				t.Errorf("%v in %s: %d bytes written, want none", v, p.Name, b.Len())
			}
		}
	}
}

// fullDisk takes so many bytes and no more.
type fullDisk struct{ left int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.left {
		n := d.left
		d.left = 0
		return n, errFull
	}
	d.left -= len(p)
	return len(p), nil
}

func TestWriteReturnsTheWritersError(t *testing.T) {
	m := newModel(t, shape{rnn.Tanh, 1, false}.config(8, 160), oddTokens, []string{"X"}) // more than one buffer of Write
	size := len(written(t, m))
	for _, space := range []int{0, 1, 8, 100, size / 2, size - 1} {
		if err := m.Write(&fullDisk{space}); !errors.Is(err, errFull) {
			t.Errorf("space for %d of %d bytes: error %v, want %v", space, size, err, errFull)
		}
	}
	if err := m.Write(&fullDisk{size}); err != nil {
		t.Errorf("space for all bytes: %v", err)
	}
}
