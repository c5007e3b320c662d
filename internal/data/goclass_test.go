package data

import (
	"go/scanner"
	"go/token"
	"strings"
	"testing"
	"unicode/utf8"
)

// letters draw the classes, in the order of GoClasses.
const letters = "csnkoi_"

// picture draws a letter for every character's class.
func picture(labels []string) string {
	var b strings.Builder
	for _, label := range labels {
		for i, class := range GoClasses {
			if class == label {
				b.WriteByte(letters[i])
			}
		}
	}
	return b.String()
}

func classify(src string) Sequence { return goSequence(src, goClasses([]byte(src))) }

func TestGoClasses(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"empty", "", ""},
		{"operators and a written semicolon",
			"a[i] += b.c(x, y); return",
			"ioio_oo_ioioio_ioo_kkkkkk"},
		{"inserted semicolon",
			"x\n}\n",
			"i_o_"},
		{"inserted semicolon before a comment",
			"x // c\ny",
			"i_cccc_i"},
		{"inserted semicolon at the end",
			"x",
			"i"},
		{"line comment with CRLF",
			"x//a\r\ny\r\n",
			"iccc__i__"},
		{"line comment with a CR inside",
			"//a\rb\r\nx",
			"ccccc__i"},
		{"line comment at the end",
			"//a\r",
			"ccc_"},
		{"block comment with CRLF",
			"/*a\r\n\r\n*/x",
			"ccccccccci"},
		{"block comment that is not nested",
			"/* /* */ */",
			"cccccccc_oo"},
		{"block comment with a line comment's look",
			"/*//*/x",
			"cccccci"},
		{"line comment with a block comment's look",
			"// /*\nx*/",
			"ccccc_ioo"},
		{"shortest comments",
			"/**/x//",
			"ccccicc"},
		{"raw string with CRLF",
			"`a\r\n\r`+x",
			"ssssssoi"},
		{"raw string with quotes and comments",
			"`\"//`x",
			"sssssi"},
		{"string with escapes and comments",
			`"a\"//" x`,
			"sssssss_i"},
		{"rune literals",
			`'"' '\'' '한' 'a'`,
			"sss_ssss_sss_sss"},
		{"numbers",
			"1 0x1F 1.5e+3 .5 2i 1_000 0b1 0x1p-2",
			"n_nnnn_nnnnnn_nn_nn_nnnnn_nnn_nnnnnn"},
		{"sign is an operator",
			"-1",
			"on"},
		{"generics",
			"func F[T ~int | any](x T) {}",
			"kkkk_ioi_oiii_o_iiiooi_io_oo"},
		{"non-ASCII identifier",
			"한글 := é + 1",
			"ii_oo_i_o_n"},
		{"byte order mark",
			"\ufeffpackage p",
			"_kkkkkkk_i"},
		{"keywords and predeclared names",
			"if nil",
			"kk_iii"},
		{"line directive",
			"//line x.go:7\ny",
			"ccccccccccccc_i"},
		{"not Go: open comment", "x/*a", "iccc"},
		{"not Go: open raw string", "x`a\r", "isss"},
		{"not Go: open string", "\"a\nx", "ss_i"},
		{"not Go: invalid UTF-8 and unknown characters", "a\xff\xc3 # \x00b", "i______i"},
		{"not Go: invalid UTF-8 in a string", "\"\xff\"x", "sssi"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := picture(classify(test.src).Labels)
			if got != test.want {
				t.Errorf("%q:\n got %s\nwant %s", test.src, got, test.want)
			}
		})
	}
}

func TestGoClassesCRLF(t *testing.T) {
	unix := "package p\n\n// F does.\nfunc F() string {\n\t/* a\n\t   b */\n\treturn `x\n\ty` // end\n}\n"
	windows := strings.ReplaceAll(unix, "\n", "\r\n")
	want := picture(classify(unix).Labels)
	got := picture(classify(windows).Labels)
	at := strings.Builder{}
	for i, c := range []byte(windows) {
		if c != '\r' {
			at.WriteByte(got[i])
		}
	}
	if at.String() != want {
		t.Errorf("without the CRs\n got %s\nwant %s", at.String(), want)
	}
}

func FuzzGoSource(f *testing.F) {
	for _, seed := range []string{
		"", "package p\r\n\r\nvar x = `a\r\n`\r\n", "\ufeffpackage p; func 한글[T any]() {}", "/* /* */ */ //\r",
		"'\"' 1i .5 \"\\\"\" `", "\xff\"\xff", "package p\n//line a:1\nvar (a = 1; b = 2) // c\nfunc f()",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s := classify(string(src))
		if n := utf8.RuneCount(src); len(s.Tokens) != n || len(s.Labels) != n {
			t.Fatalf("%d characters, %d tokens, %d labels", n, len(s.Tokens), len(s.Labels))
		}
		if strings.Join(s.Tokens, "") != string(src) {
			t.Fatal("the characters are not the text")
		}
		checkOrder(t, src)
		declarations, err := Declarations("f", src)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatalf("error of several lines: %q", err)
		}
		for _, d := range declarations {
			if text := strings.Join(d.Tokens, ""); len(d.Labels) != len(d.Tokens) || !strings.Contains(string(src), text) {
				t.Fatalf("declaration %q with %d labels", text, len(d.Labels))
			}
		}
	})
}

// checkOrder checks that no token reaches into the next.
func checkOrder(t *testing.T, src []byte) {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, scanner.ScanComments)
	end := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if classOf(tok, lit) == classSpace {
			continue
		}
		from := file.Offset(pos)
		if from < end {
			t.Fatalf("%v at byte %d, but the token before it ends at %d", tok, from, end)
		}
		end = from + extent(src[from:], tok, lit)
	}
}
