package model_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
)

// hostile is a file that is no model, and what its error must say.
type hostile struct {
	name string
	file []byte
	want string
}

// maxMemory is what reading a hostile file of some kilobytes may allocate in all.
const maxMemory = 8 << 20

// rejects fails unless Read returns an error that says want, and takes little memory.
func rejects(t *testing.T, file []byte, want string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := model.Read(bytes.NewReader(file))
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one that says %s", err, want)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > maxMemory {
		t.Errorf("%d bytes allocated, want at most %d", n, maxMemory)
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	for group, files := range map[string][]hostile{
		"frame": badFrames(t), "description": badDescriptions(t), "header": badHeaders(t), "tensors": badTensors(t), "parts": badParts(t),
	} {
		for _, h := range files {
			t.Run(group+"/"+h.name, func(t *testing.T) { rejects(t, h.file, h.want) })
		}
	}
}

func TestReadNamesFilesCutShort(t *testing.T) {
	b := written(t, smallModel(t))
	head := 8 + int(binary.LittleEndian.Uint64(b))
	for cut := range b {
		want := "ends inside"
		if cut >= head {
			want = "cut short"
		}
		rejects(t, b[:cut], want)
	}
}

func TestReadNamesNumbersThatAreNotFinite(t *testing.T) {
	whole := written(t, smallModel(t))
	for name := range parse(t, whole).tensors {
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			f := parse(t, whole)
			f.set(name, 1, float32(v))
			in := strings.NewReplacer("_ih_l", "_l", "_hh_l", "_l") // biases, of which the model has one
			if !strings.Contains(name, "bias") {
				in = strings.NewReplacer()
			}
			rejects(t, f.bytes(), in.Replace(name)+"[1]")
		}
	}
	f := parse(t, whole) // each finite, their sum not
	f.set("rnn.bias_ih_l0", 2, math.MaxFloat32)
	f.set("rnn.bias_hh_l0", 2, math.MaxFloat32)
	rejects(t, f.bytes(), "rnn.bias_l0[2]")
}

// badFrames are wrong before or behind the JSON, or in its being JSON.
func badFrames(t testing.TB) []hostile {
	b := written(t, smallModel(t))
	f := parse(t, b)
	length := func(n uint64) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, n), b[8:]...)
	}
	text := func(s string) []byte { return framed([]byte(s), f.data) }
	return []hostile{
		{"empty", nil, "ends inside"},
		{"a trailing byte", append(slices.Clone(b), 0), "more at its end"},
		{"two files", slices.Concat(b, b), "more at its end"},
		{"no data", framed(f.header, nil), "cut short"},
		{"length 0", length(0), "header would be 0 bytes"},
		{"length 1", length(1), "header would be 1 bytes"},
		{"length 2", length(2), "JSON"},
		{"length 1 more than the file", length(uint64(len(b) - 7)), "ends inside a header"},
		{"length 50 MB", length(50_000_000), "ends inside a header of 50000000 bytes"},
		{"length 2^60", length(1 << 60), "header would be 1152921504606846976 bytes"},
		{"length 2^63", length(1 << 63), "header would be 9223372036854775808 bytes"},
		{"length 2^64-1", length(math.MaxUint64), "header would be 18446744073709551615 bytes"},
		{"spaces", text("      "), "JSON"},
		{"text", text("model"), "JSON"},
		{"array", text("[]"), "JSON object"},
		{"string", text(`"unroll"`), "JSON object"},
		{"nesting", text(strings.Repeat("[", 100_000)), "JSON"},
		{"open", text(`{"__metadata__":{`), "JSON"},
		{"more behind it", text(string(f.header) + "{}"), "JSON"},
		{"NUL padding", text(string(f.header) + "\x00"), "JSON"},
		{"not UTF-8", bytes.Replace(b, []byte(`"format":"pt"`), []byte("\"format\":\"p\xff\""), 1), "UTF-8"},
		{"null", text("null"), "does not begin with {"},
		{"empty object", text("{}"), "__metadata__"},
	}
}

// badHeaders have a header that is JSON but says something wrong.
func badHeaders(t testing.TB) []hostile {
	f := parse(t, written(t, smallModel(t)))
	edit := func(name, old, new, want string) hostile {
		if bytes.Count(f.header, []byte(old)) != 1 {
			t.Fatalf("%s: header has not one %s: %s", name, old, f.header)
		}
		return hostile{name, framed(bytes.Replace(f.header, []byte(old), []byte(new), 1), f.data), want}
	}
	return []hostile{
		edit("no metadata", `"__metadata__":`, `"metadata":`, "__metadata__"),
		edit("metadata null", `"__metadata__":`, `"__metadata__":null,"x":`, "__metadata__"),
		edit("metadata a list", `"__metadata__":`, `"__metadata__":[],"x":`, "__metadata__"),
		edit("no unroll", `"unroll":`, `"unrolled":`, `"unroll"`),
		edit("unroll a number", `"unroll":`, `"unroll":1,"x":`, `"unroll"`),
		edit("unroll empty", `"unroll":`, `"unroll":"","x":`, `"unroll"`),
		edit("tensor null", `"out.bias":`, `"out.bias":null,"x":`, `tensor "out.bias"`),
		edit("tensor a number", `"out.bias":`, `"out.bias":7,"x":`, `tensor "out.bias"`),
		edit("dtype a number", `"out.bias":{"dtype":"F32"`, `"out.bias":{"dtype":32`, `tensor "out.bias"`),
		edit("shape a number", `"shape":[2],`, `"shape":2,`, `tensor "out.bias"`),
		edit("shape a fraction", `"shape":[2],`, `"shape":[2.5],`, `tensor "out.bias"`),
		edit("shape 2^70", `"shape":[2],`, `"shape":[1180591620717411303424],`, `tensor "out.bias"`),
		edit("no shape", `"shape":[2],`, ``, `tensor "out.bias"`),
		edit("no dtype", `"out.bias":{"dtype":"F32",`, `"out.bias":{`, `tensor "out.bias"`),
		edit("no offsets", `"shape":[2],"data_offsets"`, `"shape":[2],"x"`, `tensor "out.bias"`),
		edit("offsets a string", `"shape":[2],"data_offsets":`, `"shape":[2],"data_offsets":"0","x":`, `tensor "out.bias"`),
		edit("one offset", `"shape":[2],"data_offsets":`, `"shape":[2],"data_offsets":[7],"x":`, `tensor "out.bias"`),
	}
}
