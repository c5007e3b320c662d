package data

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestComment(t *testing.T) {
	input := "# intent = play music \n#\n#text=a = b\n#  sent_id  =\t7\n# newpar\n# empty =\n" + dogs +
		"\n# intent = second\n# inside = 1\n" + sleep + "\n\n"
	for _, test := range []struct {
		key, want string
		ok        bool
	}{
		{"intent", "play music", true},
		{" intent\t", "play music", true},
		{"text", "a = b", true},
		{"sent_id", "7", true},
		{"newpar", "", true},
		{"empty", "", true},
		{"inside", "1", true},
		{"", "", true}, // the line "#"
		{"Intent", "", false},
		{"inten", "", false},
		{"play", "", false},
	} {
		for _, file := range []string{input, byteOrderMark + input, strings.ReplaceAll(input, "\n", "\r\n")} {
			if got, ok := readAll(t, file)[0].Comment(test.key); got != test.want || ok != test.ok {
				t.Errorf("Comment(%q) = %q, %t, want %q, %t", test.key, got, ok, test.want, test.ok)
			}
		}
	}
	for _, file := range []string{dogs, "\n", byteOrderMark, "1-2" + dogs[1:]} {
		if got, ok := readAll(t, file)[0].Comment("1"); got != "" || ok {
			t.Errorf("%q: got %q, %t, want no comment", file, got, ok)
		}
	}
}

func TestSetCommentReplaces(t *testing.T) {
	words := dogs + "\n\n"
	for _, test := range []struct{ line, want string }{
		{"# k = old\n", "# k = new\n"},
		{"#k=old\n", "#k=new\n"},
		{"#\t k  =   old value \t\n", "#\t k  =   new \t\n"},
		{"# k = a = b\r\n", "# k = new\r\n"},
		{"# k =\n", "# k = new\n"},
		{"# k =  \n", "# k =  new\n"},
		{"# k\n", "# k = new\n"},
		{"# k \r\n", "# k = new \r\n"},
		{"# j = 1\n# k = old\n# k = second\n", "# j = 1\n# k = new\n# k = second\n"},
		{byteOrderMark + "# k = old\n", byteOrderMark + "# k = new\n"},
		{dogs + "\n# k = inside\n", dogs + "\n# k = new\n"},
	} {
		s := readAll(t, test.line+words)[0]
		before := s.Words()
		if err := s.SetComment("k", "new"); err != nil {
			t.Fatal(err)
		}
		if got := written(t, []*Sentence{s}); got != test.want+words {
			t.Errorf("%q: got %q, want %q", test.line, got, test.want+words)
		}
		if got, ok := s.Comment("k"); got != "new" || !ok {
			t.Errorf("%q: got back %q, %t", test.line, got, ok)
		}
		if !slices.Equal(s.Words(), before) {
			t.Errorf("%q: words %q, want %q", test.line, s.Words(), before)
		}
	}
	for line, want := range map[string]string{"# k = old\n": "# k = \n", "# k\n": "# k =\n", "": "# k =\n"} {
		s := readAll(t, line+words)[0]
		if err := s.SetComment("k", " "); err != nil || written(t, []*Sentence{s}) != want+words {
			t.Errorf("%q without value: got %q, %v, want %q", line, written(t, []*Sentence{s}), err, want+words)
		}
	}
}

func TestSetCommentInserts(t *testing.T) {
	span := word("1-2", "don't", "_")
	for _, test := range []struct{ name, ending, before, after string }{
		{"no comments", "\n", "", dogs + "\n\n"},
		{"CRLF", "\r\n", "", dogs + "\r\n" + sleep + "\r\n\r\n"},
		{"byte order mark", "\n", byteOrderMark, dogs + "\n\n"},
		{"byte order mark, CRLF", "\r\n", byteOrderMark, dogs + "\r\n\r\n"},
		{"byte order mark and comment", "\n", byteOrderMark + "# a = k\n", dogs + "\n\n"},
		{"several comments", "\n", "# a\n#k\r\n# k2 = k = 1\n", dogs + "\n# inside\n" + sleep + "\n\n"},
		{"before a range", "\n", "# a\n", span + "\n" + dogs + "\n\n"},
		{"no line end at the end", "\n", "", dogs},
		{"cut inside CRLF", "\r\n", "", dogs + "\r"},
		{"only comments", "\n", "# a\n# b\n", "\n"},
		{"only comments, CRLF", "\r\n", "# a\r\n", "\r\n"},
		{"only comments, no blank line", "\n", "# a\n# b\n", ""},
		{"a blank line", "\n", "", "\n"},
		{"a blank line, CRLF", "\r\n", byteOrderMark, "\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := readAll(t, test.before+test.after)[0]
			before := columns(s)
			if err := s.SetComment(" key ", "\tone "); err != nil {
				t.Fatal(err)
			}
			if got, want := written(t, []*Sentence{s}), test.before+"# key = one"+test.ending+test.after; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if err := s.SetComment("last", "2"); err != nil {
				t.Fatal(err)
			}
			want := test.before + "# key = one" + test.ending + "# last = 2" + test.ending + test.after
			if got := written(t, []*Sentence{s}); got != want {
				t.Errorf("twice: got %q, want %q", got, want)
			}
			if got, ok := s.Comment("key"); got != "one" || !ok {
				t.Errorf("got back %q, %t", got, ok)
			}
			for c, values := range columns(s) {
				if !slices.Equal(values, before[c]) {
					t.Errorf("column %d is %q, want %q", c, values, before[c])
				}
			}
		})
	}
}

// A file's last line has no ending, and still has none after an insertion.
func TestSetCommentLastLine(t *testing.T) {
	for input, want := range map[string]string{
		"# a":                     "# a\n# k = v",
		"# a\r":                   "# a\r\n# k = v\r",
		"# a\r\n# b":              "# a\r\n# b\r\n# k = v",
		byteOrderMark + "# a":     byteOrderMark + "# a\n# k = v",
		byteOrderMark:             byteOrderMark + "# k = v\n",
		byteOrderMark + dogs:      byteOrderMark + "# k = v\n" + dogs,
		"# a\n" + dogs + "\r\n\n": "# a\n# k = v\n" + dogs + "\r\n\n",
	} {
		s := readAll(t, input)[0]
		if err := s.SetComment("k", "v"); err != nil {
			t.Fatal(err)
		}
		if got := written(t, []*Sentence{s}); got != want {
			t.Errorf("%q: got %q, want %q", input, got, want)
		}
	}
}

func TestSetCommentErrors(t *testing.T) {
	input := "# a = 1\n" + dogs + "\n\n# a = 1\n" + dogs + "\n\n"
	for _, test := range []struct{ key, value, want string }{
		{"", "v", `f:4: comment key "", expected UTF-8 text`},
		{" \t", "v", `f:4: comment key ""`},
		{"a=b", "v", `f:4: comment key "a=b"`},
		{"a\nb", "v", `f:4: comment key "a\nb"`},
		{"\xff", "v", `f:4: comment key "\xff"`},
		{"a", "b\nc", `f:4: value "b\nc" for comment a, expected UTF-8 text without line ends`},
		{"a", "\r", `f:4: value "\r"`},
		{"a", "\x00", `f:4: value "\x00"`},
		{"new", "\xff", `f:4: value "\xff"`},
	} {
		sentences := readAll(t, input)
		err := sentences[1].SetComment(test.key, test.value)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("SetComment(%q, %q): error %v, want %q", test.key, test.value, err, test.want)
		}
		if got := written(t, sentences); got != input {
			t.Errorf("SetComment(%q, %q) failed, yet changed the file to %q", test.key, test.value, got)
		}
	}
}

// Errors count the lines of the file that was read.
func TestSetCommentKeepsLineNumbers(t *testing.T) {
	s := readAll(t, "# a\n"+dogs+"\n"+sleep+"\n\n")[0]
	for _, key := range []string{"b", "c", "a"} {
		if err := s.SetComment(key, "v"); err != nil {
			t.Fatal(err)
		}
	}
	err := s.SetColumn(ColumnUPOS, []string{"X", "a\tb"})
	if err == nil || !strings.HasPrefix(err.Error(), "f:3: ") {
		t.Errorf("error %v, want f:3", err)
	}
	if err = s.SetComment("", ""); err == nil || !strings.HasPrefix(err.Error(), "f:1: ") {
		t.Errorf("error %v, want f:1", err)
	}
}

// Whatever stands in the file, the value comes back, also from the file as it
// is written, and all lines but one stay.
func TestSetCommentProperty(t *testing.T) {
	line := rapid.SampledFrom([]string{"# a = 1", "#a", "# b=", "#", "#  b  = x ", dogs, word("1-2", "x", "_")})
	rapid.Check(t, func(t *rapid.T) {
		var input strings.Builder
		input.WriteString(rapid.SampledFrom([]string{"", byteOrderMark}).Draw(t, "mark"))
		for _, l := range rapid.SliceOfN(line, 1, 6).Draw(t, "lines") {
			input.WriteString(l + rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ending"))
		}
		file := input.String()
		if rapid.Bool().Draw(t, "cut") {
			file = strings.TrimRight(file, "\n")
		}
		key := rapid.SampledFrom([]string{"a", "b", "c d"}).Draw(t, "key")
		value := trimBlanks(rapid.StringMatching(`[^\r\n\x00]*`).Draw(t, "value"))
		s := onlySentence(t, file)
		_, had := s.Comment(key)
		before, words := slices.Clone(s.lines), s.Words()
		if err := s.SetComment(key, value); err != nil {
			t.Fatal(err)
		}
		again := onlySentence(t, strings.Join(s.lines, ""))
		for _, s := range []*Sentence{s, again} {
			if got, ok := s.Comment(key); got != value || !ok || !slices.Equal(s.Words(), words) {
				t.Fatalf("%q: got %q, %t and words %q, want %q and %q", s.lines, got, ok, s.Words(), value, words)
			}
		}
		at := s.findComment(key)
		rest := slices.Delete(slices.Clone(s.lines), at, at+1)
		if had {
			before = slices.Delete(before, at, at+1)
		}
		if got, want := bodies(rest), bodies(before); !slices.Equal(got, want) {
			t.Fatalf("the other lines are %q, want %q", got, want)
		}
	})
}

func onlySentence(t *rapid.T, file string) *Sentence {
	sentences, err := readSentences(strings.NewReader(file))
	if err != nil || len(sentences) != 1 {
		t.Fatalf("%q: %d sentences, error %v", file, len(sentences), err)
	}
	return sentences[0]
}

// bodies are lines without endings and byte order marks.
func bodies(lines []string) (all []string) {
	for _, l := range lines {
		all = append(all, strings.TrimPrefix(trimEnding(l), byteOrderMark))
	}
	return all
}
