package data

import (
	"slices"
	"strings"
	"testing"
)

// source has every kind of declaration; line numbers matter.
const source = `// Package p is not a declaration.
package p

import "fmt"

// T is
// documented.
type T[K comparable] struct{ k K }

// Free comment.

const (
	A = iota // first
	B
)

var x, y = 1, 2; var 한글 = "é"

/* F too. */
func F(t *T[int]) { fmt.Println('x') } // after
func assembly() int
`

func TestDeclarations(t *testing.T) {
	type declaration struct{ name, text, classes string }
	want := []declaration{
		{"f.go:4", `import "fmt"`, "kkkkkk_sssss"},
		{"f.go:6", "// T is\n// documented.\ntype T[K comparable] struct{ k K }",
			"ccccccc_cccccccccccccc_kkkk_ioi_iiiiiiiiiio_kkkkkko_i_i_o"},
		{"f.go:12", "const (\n\tA = iota // first\n\tB\n)", "kkkkk_o__i_o_iiii_cccccccc__i_o"},
		{"f.go:17", "var x, y = 1, 2", "kkk_io_i_o_no_n"},
		{"f.go:17", `var 한글 = "é"`, "kkk_ii_o_sss"},
		{"f.go:19", "/* F too. */\nfunc F(t *T[int]) { fmt.Println('x') }",
			"cccccccccccc_kkkk_ioi_oioiiioo_o_iiioiiiiiiiossso_o"},
		{"f.go:21", "func assembly() int", "kkkk_iiiiiiiioo_iii"},
	}
	for _, mark := range []string{"", byteOrderMark} {
		sequences, err := Declarations("f.go", []byte(mark+source))
		if err != nil {
			t.Fatal(err)
		}
		var got []declaration
		for _, s := range sequences {
			got = append(got, declaration{s.Name, strings.Join(s.Tokens, ""), picture(s.Labels)})
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%q\nwant\n%q", got, want)
		}
	}
}

// The syntax tree's positions leave out the CRs of literals and comments.
func TestDeclarationsCRLF(t *testing.T) {
	unix := "package p\n\n/* a\n b */\nvar s = `1\n2\n3`\n\n// c\n// d\nfunc f() {}\n"
	for _, ending := range []string{"\n", "\r\n", "\r\r\n"} {
		sequences, err := Declarations("f.go", []byte(strings.ReplaceAll(unix, "\n", ending)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range sequences {
			got = append(got, s.Name, strings.ReplaceAll(strings.Join(s.Tokens, ""), ending, "\n"))
		}
		want := []string{"f.go:3", "/* a\n b */\nvar s = `1\n2\n3`", "f.go:9", "// c\n// d\nfunc f() {}"}
		if !slices.Equal(got, want) {
			t.Errorf("line ending %q: got %q, want %q", ending, got, want)
		}
	}
}

func TestDeclarationsCut(t *testing.T) {
	long := "package p\nvar s = `" + strings.Repeat("한", MaxDeclaration) + "`\nvar t = 1\n"
	sequences, cut, err := declarations("f.go", []byte(long))
	if err != nil || cut != 1 || len(sequences) != 2 {
		t.Fatalf("%d declarations, %d cut, error %v", len(sequences), cut, err)
	}
	s := sequences[0]
	if len(s.Tokens) != MaxDeclaration || len(s.Labels) != MaxDeclaration || s.Tokens[MaxDeclaration-1] != "한" {
		t.Errorf("%d tokens and %d labels, the last token %q", len(s.Tokens), len(s.Labels), s.Tokens[len(s.Tokens)-1])
	}
}

func TestDeclarationsErrors(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"empty", "", "f.go:1:1: expected 'package'"},
		{"first of many", "package p\n\nfunc {\nvar = \n", "f.go:3:6: expected"},
		{"line comment's claim", "package p\n//line other.go:700\nfunc {", "f.go:3:6: expected"},
		{"long literal", "package p\nfunc `a\nb\x1b" + strings.Repeat("c", 1000) + "` {}", "f.go:2:6: expected"},
		{"invalid UTF-8", "package p\nvar x = \"\xff\"", "f.go:2:10: illegal UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Declarations("f.go", []byte(test.src))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Fatalf("error %v, want %q", err, test.want)
			}
			if message := err.Error(); len(message) > 300 || strings.ContainsAny(message, "\n\x1b") {
				t.Errorf("error %q, want one short line", message)
			}
		})
	}
}

func TestCharacters(t *testing.T) {
	for text, want := range map[string][]string{
		"":              {},
		"aé한😀":          {"a", "é", "한", "😀"},
		"\xff\xed\x95z": {"\xff", "\xed", "\x95", "z"},
	} {
		if got := Characters(text); !slices.Equal(got, want) {
			t.Errorf("Characters(%q) = %q, want %q", text, got, want)
		}
	}
	text := strings.Repeat("a한", 500)
	if n := testing.AllocsPerRun(10, func() { Characters(text) }); n > 1 {
		t.Errorf("%v allocations, want 1", n)
	}
}

func BenchmarkDeclarations(b *testing.B) {
	src := []byte("package p\n" + strings.Repeat("\n// F adds.\nfunc F(a, b int) int { return a + b*0x10 }\n", 1000))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Declarations("f.go", src); err != nil {
			b.Fatal(err)
		}
	}
}
