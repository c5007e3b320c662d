package model_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// file is a safetensors file taken apart by its specification alone.
type file struct {
	header  []byte // as the file has it
	meta    map[string]string
	tensors map[string]tensor
	data    []byte
}

type tensor struct {
	Dtype   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets []int  `json:"data_offsets"`
}

func parse(t testing.TB, b []byte) *file {
	t.Helper()
	n := binary.LittleEndian.Uint64(b)
	f := &file{header: b[8 : 8+n], tensors: map[string]tensor{}, data: slices.Clone(b[8+n:])}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(f.header, &raw); err != nil {
		t.Fatal(err)
	}
	for name, text := range raw {
		var err error
		if name == "__metadata__" {
			err = json.Unmarshal(text, &f.meta)
		} else {
			var one tensor
			err = json.Unmarshal(text, &one)
			f.tensors[name] = one
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// bytes puts the file together again, changed or not.
func (f *file) bytes() []byte {
	h := map[string]any{"__metadata__": f.meta}
	for name, one := range f.tensors {
		h[name] = one
	}
	head, err := json.Marshal(h)
	if err != nil {
		panic(err)
	}
	return framed(head, f.data)
}

// framed puts the header's length before it and the data behind it.
func framed(header, data []byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return slices.Concat(b, header, data)
}

func (f *file) values(name string) []float32 {
	at := f.tensors[name].Offsets
	values := make([]float32, (at[1]-at[0])/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(f.data[at[0]+4*i:]))
	}
	return values
}

func (f *file) set(name string, i int, v float32) {
	binary.LittleEndian.PutUint32(f.data[f.tensors[name].Offsets[0]+4*i:], math.Float32bits(v))
}

// inOrder lists the tensors in the order of their bytes.
func (f *file) inOrder() []string {
	return slices.SortedFunc(maps.Keys(f.tensors), func(a, b string) int {
		return f.tensors[a].Offsets[0] - f.tensors[b].Offsets[0]
	})
}

func TestFileIsSafetensorsWithPyTorchNames(t *testing.T) {
	const E, H, K = 3, 5, 2
	for _, s := range shapes() {
		t.Run(s.String(), func(t *testing.T) {
			m := newModel(t, s.config(E, H), oddTokens, []string{"X", "Y"})
			f := parse(t, written(t, m))

			want := map[string][]int{"embed.weight": {len(oddTokens) + 1, E}, "out.weight": {K, H}, "out.bias": {K}}
			from := map[string]string{"embed.weight": "embed.weight", "out.weight": "out.weight", "out.bias": "out.bias"}
			for l := range s.layers {
				name := func(kind string) string { return fmt.Sprintf("rnn.%s_l%d", kind, l) }
				g := max(1, map[rnn.Cell]int{rnn.LSTM: 4, rnn.GRU: 3}[s.cell])
				want[name("weight_ih")] = []int{g * H, map[bool]int{true: E, false: H}[l == 0]}
				want[name("weight_hh")] = []int{g * H, H}
				want[name("bias_ih")], want[name("bias_hh")] = []int{g * H}, []int{g * H}
				from[name("weight_ih")], from[name("weight_hh")] = name("weight_ih"), name("weight_hh")
				from[name("bias_ih")] = name("bias")
				if s.learn {
					want[name("h0")], from[name("h0")] = []int{H}, name("h0")
				}
				if s.learn && s.cell == rnn.LSTM {
					want[name("c0")], from[name("c0")] = []int{H}, name("c0")
				}
				second := f.values(name("bias_hh"))
				if s.cell == rnn.GRU { // the n gate needs both
					sameBits(t, name("bias_hh"), second[2*H:], param(t, m, name("bias_hn")))
					second = second[:2*H]
				}
				for _, v := range second {
					if v != 0 {
						t.Errorf("%s has %v, want 0", name("bias_hh"), v)
					}
				}
			}
			got := map[string][]int{}
			for name, one := range f.tensors {
				got[name] = one.Shape
			}
			if !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("tensors %v, want %v", got, want)
			}
			for name, slab := range from {
				sameBits(t, name, f.values(name), param(t, m, slab))
			}
		})
	}
}

func TestFileIsAlignedAndContiguous(t *testing.T) {
	for tokens := range len(oddTokens) { // headers of many lengths
		m := newModel(t, shape{rnn.ReLU, 2, true}.config(1, 3), oddTokens[:tokens], []string{"X"})
		f := parse(t, written(t, m))
		if len(f.header)%8 != 0 || f.header[0] != '{' {
			t.Errorf("header of %d bytes begins with %q, want a multiple of 8 and {", len(f.header), f.header[0])
		}
		end := 0
		for _, name := range f.inOrder() {
			one := f.tensors[name]
			size := 4
			for _, d := range one.Shape {
				size *= d
			}
			if one.Dtype != "F32" || !slices.Equal(one.Offsets, []int{end, end + size}) {
				t.Errorf("%s is %s at %v, want F32 at [%d %d]", name, one.Dtype, one.Offsets, end, end+size)
			}
			end += size
		}
		if end != len(f.data) {
			t.Errorf("tensors end at %d of %d bytes", end, len(f.data))
		}
	}
}
