package train

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
)

// TestRecompute wants the same file whether steps are kept, computed again
// because that was asked for, or because memory is short; and to be told of the latter alone.
func TestRecompute(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			o := k.options()
			o.Model.Layers, o.Dropout, o.Epochs, o.Batch = 2, 0.2, 2, 3
			o.Optim.Rate = 1e-3
			var training []data.Sequence
			for seed := range uint64(6) {
				training = append(training, join(k.make(300+50*int(seed), seed), o.Model.Task))
			}
			var told []Memory
			fit := func(change func(*Options)) []byte {
				changed := o
				told = nil
				change(&changed)
				m, _, err := Fit(context.Background(), training, k.make(8, 9), changed, Hooks{Memory: func(m Memory) { told = append(told, m) }})
				if err != nil {
					t.Fatal(err)
				}
				return bytesOf(t, m)
			}
			want := fit(func(*Options) {})
			if o.Model.Bidirectional {
				if got := fit(func(o *Options) { o.Memory = 1 }); !bytes.Equal(got, want) || len(told) != 1 || told[0].Again {
					t.Errorf("told %+v, want of memory that is short once", told)
				}
				return
			}
			if got := fit(func(o *Options) { o.Recompute = true }); !bytes.Equal(got, want) || told != nil {
				t.Errorf("recompute makes the same file: %v; told %+v, want nothing", bytes.Equal(got, want), told)
			}
			got := fit(func(o *Options) { o.Memory = 1 })
			if !bytes.Equal(got, want) || len(told) != 1 || !told[0].Again || told[0].Left >= told[0].Need {
				t.Errorf("without memory the same file: %v; told %+v, want it once", bytes.Equal(got, want), told)
			}
			if got := fit(func(o *Options) { o.Memory = 1 << 40 }); !bytes.Equal(got, want) || told != nil {
				t.Errorf("with much memory the same file: %v; told %+v, want nothing", bytes.Equal(got, want), told)
			}
		})
	}
}

// TestNeed wants the bytes of the longest sequences that a batch can have.
func TestNeed(t *testing.T) {
	k := kinds()[slices.IndexFunc(kinds(), func(k kind) bool { return k.name == "word-drop" })]
	o := k.options()
	o.Batch, o.Model.Hidden = 2, 16
	m, _ := k.fresh(t, o, 4)
	tr, err := newTrainer(m, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.team.Close()
	examples := make([]Example, 4)
	for i, n := range []int{3, 50, 2, 40} {
		examples[i].Tokens = make([]int32, n)
	}
	if got, chunk := tr.need(examples); got != 90*4*(16+8) || chunk != 0 { // h and x, of 4 bytes each
		t.Errorf("%d bytes of chunks of %d, want %d and 0", got, chunk, 90*4*(16+8))
	}
	for _, c := range []struct{ bptt, rows, chunk int }{{45, 85, 45}, {7, 14, 7}, {60, 90, 50}} {
		tr.BPTT = c.bptt
		if got, chunk := tr.need(examples); got != int64(c.rows*4*(16+8)) || chunk != c.chunk {
			t.Errorf("bptt %d: %d bytes of chunks of %d, want %d and %d", c.bptt, got, chunk, c.rows*4*(16+8), c.chunk)
		}
	}
}

// TestMemoryOfChunks wants to be told that a chunk needs more memory than is left, once.
func TestMemoryOfChunks(t *testing.T) {
	k := kinds()[slices.IndexFunc(kinds(), func(k kind) bool { return k.name == "word-drop" })]
	o := k.options()
	o.Epochs, o.BPTT, o.Memory = 1, 7, 1
	training := []data.Sequence{join(k.make(100, 1), o.Model.Task)}
	fit := func(o Options) (told []Memory) {
		if _, _, err := Fit(context.Background(), training, k.make(8, 9), o, Hooks{Memory: func(m Memory) { told = append(told, m) }}); err != nil {
			t.Fatal(err)
		}
		return told
	}
	if told := fit(o); len(told) != 1 || told[0].Again || told[0].Chunk != 7 || told[0].Need <= 0 {
		t.Errorf("told %+v, want of chunks of 7 steps once", told)
	}
	o.BPTT, o.Keep = 0, true
	if told := fit(o); len(told) != 1 || told[0].Again || !told[0].Keep || told[0].Chunk != 0 {
		t.Errorf("told %+v, want once that steps are kept", told)
	}
}
