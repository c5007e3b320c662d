package model_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// badDescriptions are whole files whose JSON under "unroll" is wrong.
func badDescriptions(t testing.TB) []hostile {
	whole := written(t, smallModel(t))
	edit := func(name, old, new, want string) hostile {
		f := parse(t, whole)
		about := f.meta["unroll"]
		if strings.Count(about, old) != 1 {
			t.Fatalf("%s: description has not one %s: %s", name, old, about)
		}
		f.meta["unroll"] = strings.Replace(about, old, new, 1)
		return hostile{name, f.bytes(), want}
	}
	return []hostile{
		edit("not JSON", `{"version"`, `version`, "description"),
		edit("array", `{"version":1`, `[{"version":1}]`, "description"),
		edit("cut short", `["X","Y"]}`, `["X",`, "description"),
		edit("more behind it", `["X","Y"]}`, `["X","Y"]}{}`, "description"),
		edit("version 2", `"version":1`, `"version":2`, "version 2"),
		edit("version 0", `"version":1`, `"version":0`, "version 0"),
		edit("version missing", `"version":1,`, ``, "version"),
		edit("version text", `"version":1`, `"version":"1"`, "ersion"),
		edit("version 2^70", `"version":1`, `"version":1180591620717411303424`, "ersion"),
		edit("unknown field", `"version":1`, `"version":1,"gates":4`, `"gates"`),
		edit("unknown field of the config", `"cell"`, `"gates":4,"cell"`, `"gates"`),
		edit("unknown task", `"tag"`, `"parse"`, `task "parse"`),
		edit("no task", `"task":"tag",`, ``, `task ""`),
		edit("unknown cell", `"tanh"`, `"lstn"`, `cell "lstn"`),
		edit("cell a number", `"tanh"`, `5`, "cell"),
		edit("hidden 0", `"hidden":3`, `"hidden":0`, "hidden 0"),
		edit("hidden negative", `"hidden":3`, `"hidden":-3`, "hidden -3"),
		edit("hidden 2^40", `"hidden":3`, `"hidden":1099511627776`, "hidden 1099511627776"),
		edit("hidden 2^63-1", `"hidden":3`, `"hidden":9223372036854775807`, "hidden 9223372036854775807"),
		edit("hidden 2^70", `"hidden":3`, `"hidden":1180591620717411303424`, "hidden"),
		edit("hidden a fraction", `"hidden":3`, `"hidden":3.5`, "hidden"),
		edit("hidden and layers together", `"hidden":3,"layers":1`, `"hidden":2000,"layers":1000`, "parameters"),
		edit("embed 0", `"embed":2`, `"embed":0`, "embed 0"),
		edit("embed negative", `"embed":2`, `"embed":-2`, "embed -2"),
		edit("embed 2^40", `"embed":2`, `"embed":1099511627776`, "1099511627776"),
		edit("embed times tokens", `"embed":2,"hidden":3`, `"embed":1073741824,"hidden":1`, "1073741824"),
		edit("layers 0", `"layers":1`, `"layers":0`, "layers 0"),
		edit("layers negative", `"layers":1`, `"layers":-1`, "layers -1"),
		edit("layers 2^40", `"layers":1`, `"layers":1099511627776`, "1099511627776 layers"),
		edit("layers 10^9 with hidden 1", `"hidden":3,"layers":1`, `"hidden":1,"layers":1000000000`, "1000000000 layers"),
		edit("layers 1000 with hidden 1", `"hidden":3,"layers":1`, `"hidden":1,"layers":1000`, "tensor"),
		edit("h_0 learned but not there", `"layers":1`, `"layers":1,"learn_h0":true`, `tensor "rnn.h0_l0" is missing`),
		edit("token twice", `["a","b"]`, `["a","a"]`, `token "a"`),
		edit("token a number", `["a","b"]`, `["a",2]`, "vocabulary"),
		edit("vocabulary text", `["a","b"]`, `"ab"`, "vocabulary"),
		edit("token too many", `["a","b"]`, `["a","b","c"]`, `tensor "embed.weight" has shape [3 2], expected [4 2]`),
		edit("label twice", `["X","Y"]`, `["X","X"]`, `label "X"`),
		edit("no labels", `["X","Y"]`, `[]`, "no labels"),
		edit("labels null", `["X","Y"]`, `null`, "no labels"),
		edit("labels missing", `,"labels":["X","Y"]`, ``, "no labels"),
		edit("label too many", `["X","Y"]`, `["X","Y","Z"]`, `tensor "out.weight" has shape [2 3], expected [3 3]`),
	}
}

// badTensors are whole files whose tensors are not the model's.
func badTensors(t testing.TB) []hostile {
	whole := written(t, smallModel(t))
	edit := func(name, of, want string, change func(f *file, one *tensor)) hostile {
		f := parse(t, whole)
		one, ok := f.tensors[of]
		if !ok {
			t.Fatalf("%s: no tensor %s", name, of)
		}
		delete(f.tensors, of)
		change(f, &one)
		if one.Dtype != "" {
			f.tensors[of] = one
		}
		return hostile{name, f.bytes(), want}
	}
	shape := func(name string, dims ...int) hostile {
		return edit("shape "+name, "rnn.weight_ih_l0", `tensor "rnn.weight_ih_l0" has shape`,
			func(_ *file, one *tensor) { one.Shape = dims })
	}
	// The last tensor, 8 bytes long, is moved.
	last := func(name, want string, move func(from, to int) []int) hostile {
		return edit("offsets "+name, "out.bias", want,
			func(_ *file, one *tensor) { one.Offsets = move(one.Offsets[0], one.Offsets[1]) })
	}
	const bytes, place = `tensor "out.bias" has bytes`, "overlap or leave a gap"
	all := []hostile{
		shape("turned", 2, 3), shape("flat", 6), shape("with 1 too many", 3, 2, 1), shape("empty"),
		shape("with 2^40", 1<<40, 2), shape("that overflows", 1<<32, 1<<32), shape("negative", -3, -2), shape("zero", 0, 2),
		last("overlapping", place, func(from, to int) []int { return []int{from - 4, to - 4} }),
		last("within another", place, func(from, to int) []int { return []int{0, 8} }),
		last("after a gap", place, func(from, to int) []int { return []int{from + 4, to + 4} }),
		last("beyond the end", place, func(from, to int) []int { return []int{1 << 40, 1<<40 + 8} }),
		last("negative", bytes, func(from, to int) []int { return []int{-8, 0} }),
		last("reversed", bytes, func(from, to int) []int { return []int{to, from} }),
		last("too long", bytes, func(from, to int) []int { return []int{from, to + 4} }),
		last("too short", bytes, func(from, to int) []int { return []int{from, to - 4} }),
		last("wrapping around", place, func(from, to int) []int { return []int{math.MaxInt - 3, math.MinInt + 4} }),
		edit("extra", "out.bias", `tensor "h0" is not`, func(f *file, one *tensor) { f.tensors["h0"] = *one }),
		edit("that begin at 8", "out.bias", place, func(f *file, one *tensor) {
			f.tensors["out.bias"] = *one
			f.data = append(f.data, make([]byte, 8)...)
			for _, other := range f.tensors {
				other.Offsets[0], other.Offsets[1] = other.Offsets[0]+8, other.Offsets[1]+8
			}
		}),
	}
	big := parse(t, whole)
	enlarge(big, 15000)
	all = append(all, hostile{"0.9 GB that are not there", big.bytes(), "cut short"})
	for name := range parse(t, whole).tensors {
		all = append(all,
			edit("missing "+name, name, `tensor "`+name+`" is missing`, func(_ *file, one *tensor) { one.Dtype = "" }),
			edit("F64 "+name, name, `tensor "`+name+`" has type "F64"`, func(_ *file, one *tensor) { one.Dtype = "F64" }))
	}
	return all
}

// enlarge makes the header of the small model one of that many hidden units,
// whole but for its data.
func enlarge(f *file, hidden int) {
	f.meta["unroll"] = strings.Replace(f.meta["unroll"], `"hidden":3`, `"hidden":`+strconv.Itoa(hidden), 1)
	end := 0
	for _, name := range f.inOrder() {
		one := f.tensors[name]
		size := 4
		for i, d := range one.Shape {
			if d == 3 && name != "embed.weight" {
				one.Shape[i] = hidden
			}
			size *= one.Shape[i]
		}
		one.Offsets = []int{end, end + size}
		f.tensors[name] = one
		end += size
	}
}
