package kernel

import (
	"fmt"
	"testing"
)

// Every benchmark runs on every implementation that this processor can run.
// Their names end in the implementation's: -bench 'Mul/.*/avx512'.

// bothB runs a benchmark of both element types.
func bothB(b *testing.B, f32, f64 func(*testing.B)) {
	b.Run("float32", f32)
	b.Run("float64", f64)
}

func reportGFLOPS(b *testing.B, flops float64) {
	b.ReportMetric(flops*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}

func reportElement(b *testing.B, elements int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(elements), "ns/element")
}

// benchmarkRows are the rows of the products: from one sequence to a chunk's.
var benchmarkRows = []int{1, 2, 4, 8, 16, 32, 128}

const benchmarkN, benchmarkK = 256, 256

func benchmarkProduct[F Float](b *testing.B, m int, once func(c, a []F)) {
	b.Run(fmt.Sprintf("%dx%dx%d", m, benchmarkN, benchmarkK), func(b *testing.B) {
		onEachB(b, func(b *testing.B) {
			c, a := make([]F, max(m, benchmarkK)*benchmarkN), normals[F](source(), m*max(benchmarkN, benchmarkK))
			once(c, a) // grows scratch memory
			b.ReportAllocs()
			for b.Loop() {
				once(c, a)
			}
			reportGFLOPS(b, 2*float64(m)*benchmarkN*benchmarkK)
		})
	})
}

// BenchmarkMulNT is y = x·Wᵀ, forward.
func BenchmarkMulNT(b *testing.B) { bothB(b, benchmarkMulNT[float32], benchmarkMulNT[float64]) }

func benchmarkMulNT[F Float](b *testing.B) {
	benchmarkMul(b, func(p *Packed[F], w []F) { p.Pack(w, benchmarkN, benchmarkK) })
}

// BenchmarkMulNN is dx = dy·W, backward.
func BenchmarkMulNN(b *testing.B) { bothB(b, benchmarkMulNN[float32], benchmarkMulNN[float64]) }

func benchmarkMulNN[F Float](b *testing.B) {
	benchmarkMul(b, func(p *Packed[F], w []F) { p.PackTransposed(w, benchmarkK, benchmarkN) })
}

func benchmarkMul[F Float](b *testing.B, pack func(*Packed[F], []F)) {
	w := normals[F](source(), benchmarkN*benchmarkK)
	for _, m := range benchmarkRows {
		var packed Packed[F]
		var by *set[F]
		benchmarkProduct(b, m, func(c, a []F) {
			if by != active[F]() { // once an implementation
				by = active[F]()
				pack(&packed, w)
			}
			Mul(c[:m*benchmarkN], a[:m*benchmarkK], m, &packed, false)
		})
	}
}

// BenchmarkMulTN is dW += dyᵀ·x, the packing of x included.
func BenchmarkMulTN(b *testing.B) { bothB(b, benchmarkMulTN[float32], benchmarkMulTN[float64]) }

func benchmarkMulTN[F Float](b *testing.B) {
	x := normals[F](source(), 128*benchmarkK)
	for _, m := range benchmarkRows {
		var s Scratch[F]
		benchmarkProduct(b, m, func(c, a []F) {
			AddOuter(c, a, x, m, benchmarkN, benchmarkK, 0, benchmarkN, &s)
		})
	}
}

// BenchmarkPack lays out W [256, 256] for each order, and an LSTM's four gates.
func BenchmarkPack(b *testing.B) { bothB(b, benchmarkPack[float32], benchmarkPack[float64]) }

func benchmarkPack[F Float](b *testing.B) {
	const h, k = 64, 256
	gates := []int{0, 1, 2, 3}
	w := normals[F](source(), 4*h*k)
	for _, c := range []struct {
		name string
		pack func(*Packed[F])
	}{
		{"NT", func(p *Packed[F]) { p.Pack(w, 4*h, k) }},
		{"NN", func(p *Packed[F]) { p.PackTransposed(w, 4*h, k) }},
		{"gates-NT", func(p *Packed[F]) { p.SetGates(w, gates, h, Units[F](h), k); p.Fill(0, 1) }},
		{"gates-NN", func(p *Packed[F]) { p.SetGatesTransposed(w, gates, h, Units[F](h), k); p.Fill(0, 1) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			onEachB(b, func(b *testing.B) {
				var p Packed[F]
				for b.Loop() {
					c.pack(&p)
				}
				reportElement(b, len(w))
			})
		})
	}
}

// BenchmarkActivations includes the copy of 1024 elements to work on.
func BenchmarkActivations(b *testing.B) {
	bothB(b, benchmarkActivations[float32], benchmarkActivations[float64])
}

func benchmarkActivations[F Float](b *testing.B) {
	from, dh, dstate := normals[F](source(), 1024), normals[F](source(), 1024), normals[F](source(), 1024)
	for _, a := range []struct {
		name  string
		apply func([]F)
	}{
		{"tanh", Tanh[F]}, {"sigmoid", Sigmoid[F]}, {"exp", Exp[F]}, {"relu", ReLU[F]},
		{"tanh-back", func(x []F) { TanhBack(x, x, dh, dstate) }},
		{"relu-back", func(x []F) { ReLUBack(x, x, dh, dstate) }},
	} {
		b.Run(a.name, func(b *testing.B) {
			onEachB(b, func(b *testing.B) {
				x := make([]F, len(from))
				b.ReportAllocs()
				for b.Loop() {
					copy(x, from)
					a.apply(x)
				}
				reportElement(b, len(x))
			})
		})
	}
}

// BenchmarkCells is the arithmetic of cells with gates, 16 rows, products apart.
func BenchmarkCells(b *testing.B) {
	for _, c := range []struct {
		name  string
		apply func(s *Step[float32], from, to int)
	}{
		{"lstm", (*Step[float32]).LSTM}, {"lstm-back", (*Step[float32]).LSTMBack},
		{"gru", (*Step[float32]).GRU}, {"gru-back", (*Step[float32]).GRUBack},
	} {
		for _, h := range []int{64, 256} {
			b.Run(fmt.Sprintf("%s/%d", c.name, h), func(b *testing.B) {
				onEachB(b, func(b *testing.B) {
					s := cellStep(source(), 16, h)
					s.GRU(0, h) // gates between 0 and 1, as a way back finds them
					for b.Loop() {
						c.apply(s, 0, h)
					}
					reportElement(b, 16*h)
				})
			})
		}
	}
}

// BenchmarkPeak is multiply-adds in registers.
func BenchmarkPeak(b *testing.B) { bothB(b, benchmarkPeak[float32], benchmarkPeak[float64]) }

func benchmarkPeak[F Float](b *testing.B) {
	onEachB(b, func(b *testing.B) {
		var l Limits[F]
		n := 0.0
		for b.Loop() {
			n = l.Peak(1000)
		}
		reportGFLOPS(b, 2*n)
	})
}

// BenchmarkPass reads what fits a first-level cache, a second-level one, just
// fills that, and is in memory.
func BenchmarkPass(b *testing.B) {
	for _, kb := range []int{16, 512, 2048, 512 << 10} {
		b.Run(fmt.Sprintf("%dKB", kb), func(b *testing.B) {
			x := Grow[float32](nil, kb*256)
			for i := range x {
				x[i] = 1 // memory that was never written to may be one page
			}
			onEachB(b, func(b *testing.B) {
				var l Limits[float32]
				for b.Loop() {
					l.Pass(x)
				}
				b.ReportMetric(float64(4*len(x))*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GB/s")
			})
		})
	}
}

func BenchmarkAdam(b *testing.B) {
	var x [4][]float32
	for i := range x {
		x[i] = make([]float32, 1<<12)
	}
	s := &AdamStep[float32]{Scale: 1, Beta1: 0.9, Beta2: 0.999, Gain1: 0.1, Gain2: 0.001, Rate: 1e-3, Root: 1, Epsilon: 1e-8, Keep: 1}
	onEachB(b, func(b *testing.B) {
		for b.Loop() {
			s.Update(x[0], x[1], x[2], x[3])
		}
		reportElement(b, len(x[0]))
	})
}

// BenchmarkSoftmaxRow is what training does to a row of scores.
func BenchmarkSoftmaxRow(b *testing.B) {
	for _, k := range []int{17, 10_000} {
		b.Run(fmt.Sprint(k), func(b *testing.B) {
			from, x := normals[float32](source(), k), make([]float32, k)
			onEachB(b, func(b *testing.B) {
				for b.Loop() {
					copy(x, from)
					_, sum := ExpRow(x)
					ScaleRow(x, float32(1/sum))
				}
				reportElement(b, k)
			})
		})
	}
}
