package check

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// smoothCase is a small case whose gradients neither vanish nor explode.
func smoothCase(t *testing.T) *Case {
	t.Helper()
	c := model.Config{Task: model.TaskTag, Output: model.Softmax, Cell: rnn.Tanh, Embed: 3, Hidden: 4, Layers: 1}
	k, err := NewCase(c, model.Dims{Tokens: 3, Labels: 3}, []int{4, 2}, nil, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// scaled returns numbers that are off by so much of each.
func scaled(v []float64, off float64) []float64 {
	out := slices.Clone(v)
	for i := range out {
		out[i] *= 1 + off
	}
	return out
}

// TestLimit32 wants float32's gradients refused from 1e-5 on where rounding
// does little, from three times the effect of rounding
// where it does more, and from 1e-4 on however much it does.
func TestLimit32(t *testing.T) {
	k := smoothCase(t)
	rows, err := k.Float32()
	if err != nil {
		t.Fatal(err)
	}
	right, err := gradients[float64](k)
	if err != nil {
		t.Fatal(err)
	}
	for off, want := range map[float64]bool{5e-6: true, 2e-5: false} {
		for i, r := range k.compare(scaled(right, off), right) {
			rows[i].RelErr = r.RelErr
			if r.OK() != want || rows[i].OK() != want {
				t.Errorf("%+v off by %v: OK is %v, with rounding %v", rows[i], off, r.OK(), rows[i].OK())
			}
		}
	}
	for off, want := range map[float64]bool{5.9e-5: true, 6.1e-5: false} {
		e := TensorError{RelErr: off, Limit: Limit32}
		for _, rounding := range []float64{6e-6, 2e-5, 2e-5, 1e-6} {
			e.widen(rounding)
		}
		if e.OK() != want {
			t.Errorf("off by %v where rounding does 2e-5: OK is %v", off, e.OK())
		}
	}
	for off, want := range map[float64]bool{9e-5: true, 1.1e-4: false} {
		e := TensorError{RelErr: off, Limit: Limit32}
		e.widen(1e-2)
		if e.OK() != want {
			t.Errorf("off by %v where rounding does 1e-2: OK is %v", off, e.OK())
		}
	}
}

// TestLimitDiff wants a gradient refused that is 2e-7 off the differences.
func TestLimitDiff(t *testing.T) {
	k := smoothCase(t)
	net, b, err := network(k, slices.Clone(k.Params))
	if err != nil {
		t.Fatal(err)
	}
	net.Begin(b, &k.forms)
	net.Step(0, b.Steps(), k.chunk)
	grads := slices.Clone(net.Grads)
	d := &differ{k: k, net: net, batch: b}
	for off, want := range map[float64]bool{5e-8: true, 2e-7: false} {
		wrong := scaled(grads, off)
		for _, v := range net.Tensors {
			all := make([]int, v.Size())
			for i := range all {
				all[i] = i
			}
			if row, _ := d.compare(v, wrong[v.Offset:v.Offset+v.Size()], all); row.OK() != want {
				t.Errorf("%s off by %v: OK is %v, %+v", v.Name, off, row.OK(), row)
			}
		}
	}
}

// TestLimit64 wants a golden case refused that has one tensor off by 2e-10.
func TestLimit64(t *testing.T) {
	for off, want := range map[float64]bool{5e-11: true, 2e-10: false} {
		for _, name := range []string{"rnn.weight_ih_l1", "out.weight", "x", "h0"} {
			g := readGolden(t, "testdata/tanh-deep.json")
			a := g.Grads[name]
			a.Data = scaled(a.Data, off)
			g.Grads[name] = a
			rows, err := Against(g)
			if err != nil {
				t.Fatal(err)
			}
			if w := Worst(rows); w.OK() != want {
				t.Errorf("%s off by %v: OK is %v, %+v", name, off, w.OK(), w)
			}
		}
	}
}
