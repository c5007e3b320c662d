//go:build !purego

package kernel

//go:generate go run -C gen . tiles -out ../tiles_amd64.s -stubs ../tiles_amd64.go -pkg kernel
//go:generate go run -C gen . pairs -out ../pairs_amd64.s -stubs ../pairs_amd64.go -pkg kernel
//go:generate go run -C gen . pack -out ../pack_amd64.s -stubs ../pack_amd64.go -pkg kernel
//go:generate go run -C gen . fetch -out ../fetch_amd64.s -stubs ../fetch_amd64.go -pkg kernel
//go:generate go run -C gen . activations -out ../activations_amd64.s -stubs ../activations_amd64.go -pkg kernel
//go:generate go run -C gen . gates -out ../gates_amd64.s -stubs ../gates_amd64.go -pkg kernel
//go:generate go run -C gen . amx -out ../amx_amd64.s -stubs ../amx_amd64.go -pkg kernel
//go:generate go run -C gen . limits -out ../limits_amd64.s -stubs ../limits_amd64.go -pkg kernel
//go:generate go run -C gen . training -out ../training_amd64.s -stubs ../training_amd64.go -pkg kernel
//go:generate go run -C gen . softmax -out ../softmax_amd64.s -stubs ../softmax_amd64.go -pkg kernel
//go:generate go run -C gen . cpu -out ../cpu_amd64.s -stubs ../cpu_amd64.go -pkg kernel

var avx512 = kernels{
	single: set[float32]{
		name: "avx512", lanes: 16, zeros: &zeros32[0], rows: [4]int{12, 12, 8, 6},
		tile:       [4]tileFunc[float32]{tile1F32AVX512, tile2F32AVX512, tile3F32AVX512, tile4F32AVX512},
		pair:       [4]pairFunc[float32]{pair1F32AVX512, pair2F32AVX512, pair3F32AVX512, pair4F32AVX512},
		copyPanel:  copyPanelF32AVX512,
		fetch:      fetchRows,
		transpose8: transpose8F32AVX2, addColumns: addColumnsF32AVX512,
		tanh: tanhF32AVX512, sigmoid: sigmoidF32AVX512, exp: expF32AVX512, relu: reluF32AVX512,
		tanhBack: tanhBackF32AVX512, reluBack: reluBackF32AVX512,
		lstmForward: lstmForwardF32AVX512, lstmBackward: lstmBackwardF32AVX512,
		gruForward: gruForwardF32AVX512, gruBackward: gruBackwardF32AVX512,
		peak: peakF32AVX512, pass: passF32AVX512,
		adam: adamF32AVX512, sumSquares: sumSquaresF32AVX512, expRow: expRowF32AVX512, scaleRow: scaleRowF32AVX512,
	},
	double: set[float64]{
		name: "avx512", lanes: 8, zeros: &zeros64[0], rows: [4]int{12, 12, 8, 6},
		tile:      [4]tileFunc[float64]{tile1F64AVX512, tile2F64AVX512, tile3F64AVX512, tile4F64AVX512},
		pair:      [4]pairFunc[float64]{pair1F64AVX512, pair2F64AVX512, pair3F64AVX512, pair4F64AVX512},
		copyPanel: copyPanelF64AVX512,
		fetch:     fetchRows,
		peak:      peakF64AVX512, pass: passF64AVX512,
	},
}

// amx is AVX-512 beside matrix units for float32.
var amx = func() kernels {
	k := avx512
	s := &k.single
	k.double.name, s.name = "amx", "amx"
	s.split = [4]splitFunc[float32]{split1x1AMX, split1x2AMX, split1x3AMX, split1x4AMX}
	s.splitTwo = [2]splitFunc[float32]{split2x1AMX, split2x2AMX}
	s.splitRows, s.splitPairs, s.turnPairs, s.addRowsAt = splitRowsAMX, splitPairsAMX, turnPairsAMX, addRowsAtAMX
	return k
}()

var avx2 = kernels{
	single: set[float32]{
		name: "avx2", lanes: 8, zeros: &zeros32[0], rows: [4]int{8, 6, 4, 3},
		tile:       [4]tileFunc[float32]{tile1F32AVX2, tile2F32AVX2, tile3F32AVX2, tile4F32AVX2},
		pair:       [4]pairFunc[float32]{pair1F32AVX2, pair2F32AVX2, pair3F32AVX2, pair4F32AVX2},
		copyPanel:  copyPanelF32AVX2,
		fetch:      fetchRows,
		transpose8: transpose8F32AVX2, addColumns: addColumnsF32AVX2,
		tanh: tanhF32AVX2, sigmoid: sigmoidF32AVX2, exp: expF32AVX2, relu: reluF32AVX2,
		tanhBack: tanhBackF32AVX2, reluBack: reluBackF32AVX2,
		lstmForward: lstmForwardF32AVX2, lstmBackward: lstmBackwardF32AVX2,
		gruForward: gruForwardF32AVX2, gruBackward: gruBackwardF32AVX2,
		peak: peakF32AVX2, pass: passF32AVX2,
		adam: adamF32AVX2, sumSquares: sumSquaresF32AVX2, expRow: expRowF32AVX2, scaleRow: scaleRowF32AVX2,
	},
	double: set[float64]{
		name: "avx2", lanes: 4, zeros: &zeros64[0], rows: [4]int{8, 6, 4, 3},
		tile:      [4]tileFunc[float64]{tile1F64AVX2, tile2F64AVX2, tile3F64AVX2, tile4F64AVX2},
		pair:      [4]pairFunc[float64]{pair1F64AVX2, pair2F64AVX2, pair3F64AVX2, pair4F64AVX2},
		copyPanel: copyPanelF64AVX2,
		fetch:     fetchRows,
		peak:      peakF64AVX2, pass: passF64AVX2,
	},
}

// available lists what this processor can run, the best first.
func available() []*kernels {
	var all []*kernels
	if hasAVX512() && hasAMX() {
		all = append(all, &amx)
	}
	if hasAVX512() {
		all = append(all, &avx512)
	}
	if hasAVX2() {
		all = append(all, &avx2)
	}
	return append(all, &generic)
}

// Bits of CPUID and XCR0 (Intel's Software Developer's Manual, volume 2).
const (
	leaf1FMA    = 1 << 12 // ecx
	leaf1XSave  = 1 << 27
	leaf7AVX2   = 1 << 5 // ebx
	leaf7BMI2   = 1 << 8
	leaf7AVX512 = 1<<16 | 1<<17 | 1<<30 | 1<<31 // F, DQ, BW, VL
	leaf7AMX    = 1<<22 | 1<<24                 // edx: products of bfloat16, tiles
	keepsYMM    = 1<<1 | 1<<2
	keepsZMM    = keepsYMM | 1<<5 | 1<<6 | 1<<7
	keepsTiles  = 1<<17 | 1<<18
)

// hasAVX2 says whether processor and system have AVX2, FMA and BMI2.
func hasAVX2() bool {
	if highest, _, _, _ := cpuid(0, 0); highest < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	_, b, _, _ := cpuid(7, 0)
	return c&leaf1FMA != 0 && c&leaf1XSave != 0 && b&leaf7AVX2 != 0 && b&leaf7BMI2 != 0 && xgetbv()&keepsYMM == keepsYMM
}

func hasAVX512() bool {
	if !hasAVX2() {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&leaf7AVX512 == leaf7AVX512 && xgetbv()&keepsZMM == keepsZMM
}

// hasAMX says whether processor and system have matrix units for bfloat16; the
// system must be asked.
func hasAMX() bool {
	_, _, _, d := cpuid(7, 0)
	return d&leaf7AMX == leaf7AMX && xgetbv()&keepsTiles == keepsTiles && mayUseTiles()
}
