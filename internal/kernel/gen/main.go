// Command gen writes the assembly of package kernel, for AVX-512 and for AVX2
// with FMA, by means of avo. It is a module of its own, so that users of the
// kernels never download the generator.
package main

import (
	"log"
	"os"

	. "github.com/mmcloughlin/avo/build"
)

// groups are the files to write: kernel/NAME_amd64.s and its declarations.
var groups = map[string]func(){
	"tiles":       onEach(tiles),
	"pairs":       onEach(pairs),
	"pack":        onEach(packing),
	"fetch":       fetch,
	"activations": onEach(activations),
	"gates":       onEach(gates),
	"amx":         amx,
	"limits":      onEach(limits),
	"training":    onEach(training),
	"softmax":     onEach(softmax),
	"cpu":         cpu,
}

func onEach(group func(isa)) func() {
	return func() {
		group(avx512)
		group(avx2)
	}
}

func main() {
	if len(os.Args) < 2 || groups[os.Args[1]] == nil {
		log.Fatal("usage: gen tiles|pairs|pack|fetch|activations|gates|amx|limits|training|softmax|cpu -out FILE -stubs FILE -pkg kernel")
	}
	group := groups[os.Args[1]]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	ConstraintExpr("!purego")
	group()
	Generate()
}
