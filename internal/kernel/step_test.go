package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// cellStep makes a step of n rows and h units on random numbers, gates and
// their sums within bounds. Panels lie further apart than they must.
func cellStep(rng *rand.Rand, n, h int) *Step[float32] {
	u := Units[float32](h)
	panels := (h + u - 1) / u
	panelled := func(width int) Matrix[float32] {
		step := (n + 2) * width
		return Matrix[float32]{Data: normals[float32](rng, panels*step), Stride: width, Width: width, Panel: step}
	}
	dense := func() Matrix[float32] { return Dense(normals[float32](rng, n*h), h) }
	return &Step[float32]{
		N: n, Gates: panelled(4 * u), Prev: dense(), H: dense(), PrevC: panelled(u), C: panelled(u), TanhC: panelled(u),
		DH: dense(), DState: dense(), DCell: panelled(u), Delta: panelled(4 * u),
	}
}

// matrices lists all of a step's memory.
func matrices(s *Step[float32]) []*Matrix[float32] {
	return []*Matrix[float32]{&s.Gates, &s.Prev, &s.H, &s.PrevC, &s.C, &s.TanhC, &s.DH, &s.DState, &s.DCell, &s.Delta}
}

func clone(s *Step[float32]) *Step[float32] {
	c := *s
	for _, m := range matrices(&c) {
		m.Data = slices.Clone(m.Data)
	}
	return &c
}

// checkCells compares what a step becomes with what the specification makes
// of it, panel by panel. What they are made of is below 5 in general, gates are
// below 1, so that each of some products and sums is rounded by 1e-6 at most.
func checkCells(t *testing.T, seed uint64, n, h int) {
	t.Helper()
	const tolerance = 1e-5
	for name, f := range map[string][2]func(s *Step[float32], j, units int){
		"LSTM":     {func(s *Step[float32], _, _ int) { s.LSTM(0, h) }, (*Step[float32]).lstm},
		"LSTMBack": {func(s *Step[float32], _, _ int) { s.LSTMBack(0, h) }, (*Step[float32]).lstmBack},
		"GRU":      {func(s *Step[float32], _, _ int) { s.GRU(0, h) }, (*Step[float32]).gru},
		"GRUBack":  {func(s *Step[float32], _, _ int) { s.GRUBack(0, h) }, (*Step[float32]).gruBack},
	} {
		got := cellStep(rand.New(rand.NewPCG(seed, 1)), n, h)
		Tanh(got.Gates.Data)
		Tanh(got.TanhC.Data)
		want := clone(got)
		f[0](got, 0, 0)
		u := want.C.Width
		for j := 0; j < h; j += u {
			f[1](want, j, min(u, h-j))
		}
		for i, m := range matrices(got) {
			for k, w := range matrices(want)[i].Data {
				if padded(m, k, h) {
					continue
				}
				if d := math.Abs(float64(m.Data[k] - w)); !(d <= tolerance*max(1, math.Abs(float64(w)))) {
					t.Fatalf("%s of %d rows, %d units: element %d of matrix %d is %v, want %v", name, n, h, k, i, m.Data[k], w)
				}
			}
		}
	}
}

// padded says whether an element is of a unit beyond h, which back computes
// from no gradient and the specification not at all.
func padded(m *Matrix[float32], k, h int) bool {
	if m.Panel == 0 {
		return false
	}
	u := Units[float32](h)
	return k/m.Panel*u+k%u >= h
}

func TestCellsEqualTheSpecification(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for h := 1; h <= 70; h++ {
			checkCells(t, uint64(h), 3, h)
		}
		for n := range 9 {
			checkCells(t, uint64(n), n, 37)
		}
	})
}

// A row of a step must have the same bits whatever rows it stands among.
func TestCellsOfOneRowGiveTheSameBits(t *testing.T) {
	onEach(t, func(t *testing.T) {
		const n, h = 5, 21
		for i, f := range []func(s *Step[float32], from, to int){(*Step[float32]).LSTM, (*Step[float32]).LSTMBack, (*Step[float32]).GRU, (*Step[float32]).GRUBack} {
			whole := cellStep(source(), n, h)
			single := clone(whole)
			f(whole, 0, h)
			for r := range n {
				row := *single
				row.N = 1
				for _, m := range matrices(&row) {
					*m = m.From(r)
				}
				f(&row, 0, h)
			}
			for k, m := range matrices(single) {
				wantSame(t, m.Data, matrices(whole)[k].Data, "function %d, matrix %d", i, k)
			}
		}
	})
}

func FuzzCells(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(17))
	f.Fuzz(func(t *testing.T, seed uint64, n, h uint8) {
		onEach(t, func(t *testing.T) { checkCells(t, seed, int(n%40), 1+int(h)) })
	})
}
