package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// encoding/json takes a key in whatever case, the last of two that are the same,
// and passes over what it does not know. In a case all three are mistakes: what
// was meant would be left out without a word.

// key is one of a JSON text.
type key struct {
	at       int    // its byte
	in, name string // the path of its object, "params", empty for the whole; and itself
	twice    bool   // it is there twice
}

func (k key) path() string { return join(k.in, k.name) }

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// known lists the keys of a golden file's objects, by their paths; those of
// params and grads, tensors by name, are the network's (Golden.validateNames).
var known = map[string][]string{
	"":     keysOf(reflect.TypeFor[Golden]()),
	"case": keysOf(reflect.TypeOf(Golden{}.Case)),
}

var arrayKeys = keysOf(reflect.TypeFor[Array]())

// keysOf lists the keys that a struct is decoded from.
func keysOf(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		names = append(names, t.Field(i).Tag.Get("json"))
	}
	return names
}

// checkKeys checks the keys of a golden file's text, an object that has been
// decoded.
func checkKeys(text []byte) error {
	for k := range keys(text) {
		names, ok := known[k.in]
		switch {
		case k.twice:
			return fmt.Errorf("the key %.60q is there twice, expected once", k.path())
		case k.in == "params" || k.in == "grads":
		case !ok && !slices.Contains(arrayKeys, k.name):
			return k.unknown(arrayKeys)
		case ok && !slices.Contains(names, k.name):
			return k.unknown(names)
		}
	}
	return nil
}

// checkSizes wants the numbers in a golden file's text that say how large all is.
func checkSizes(text []byte) error {
	var sizes struct {
		Case map[string]json.RawMessage `json:"case"`
	}
	json.Unmarshal(text, &sizes) // it has been read before
	for _, name := range []string{"T", "B", "I", "H", "K", "layers", "lengths"} {
		if v, ok := sizes.Case[name]; !ok || string(v) == "null" {
			return fmt.Errorf("case.%s is missing", name)
		}
	}
	return nil
}

// unknown says what was expected: a name that differs in upper and lower case
// alone, or any of the known ones.
func (k key) unknown(names []string) error {
	expected := "one of " + strings.Join(names, ", ")
	for _, n := range names {
		if strings.EqualFold(n, k.name) {
			expected = join(k.in, n)
		}
	}
	return fmt.Errorf("the key %.60q is not known, expected %s", k.path(), expected)
}

// pathAt returns the path of what stands at a byte of a JSON text that is
// well-formed up to there.
func pathAt(text []byte, at int64) string {
	path := "the whole"
	for k := range keys(text[:min(at, int64(len(text)))]) {
		path = k.path()
	}
	return path
}

// keys walks through the keys of a JSON text, or of its beginning.
func keys(text []byte) iter.Seq[key] {
	type object struct {
		path string
		seen map[string]bool
	}
	return func(yield func(key) bool) {
		var open []object
		path := "" // of the last key
		for i := 0; i < len(text); i++ {
			switch text[i] {
			case '{':
				open = append(open, object{path, map[string]bool{}})
			case '}':
				open = open[:len(open)-1]
			case '"':
				end := i + stringLength(text[i:])
				if !bytes.HasPrefix(bytes.TrimLeft(text[end:], " \t\r\n"), []byte(":")) {
					i = end - 1
					continue
				}
				o := open[len(open)-1]
				k := key{at: i, in: o.path}
				json.Unmarshal(text[i:end], &k.name) // it has been read before
				k.twice = o.seen[k.name]
				if !yield(k) {
					return
				}
				o.seen[k.name], path, i = true, k.path(), end-1
			}
		}
	}
}

// stringLength returns how long the JSON string is that text begins with, at
// most all of it.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
