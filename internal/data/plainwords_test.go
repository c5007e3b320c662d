package data

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func wordsOf(text string, split bool) (words []string) {
	for _, w := range plainWords(text, split) {
		words = append(words, text[w.from:w.to])
	}
	return words
}

func TestPlainWords(t *testing.T) {
	for _, test := range []struct{ text, plain, split string }{
		{"", "", ""},
		{" \t\n", "", ""},
		{"To be,  or not.", "To|be|,|or|not|.", ""},
		{"don't DON’T can't", "don't|DON’T|can't", "do|n't|DO|N’T|ca|n't"},
		{"we'll she’s they'd I'm you're I've cannot", "we'll|she’s|they'd|I'm|you're|I've|cannot", "we|'ll|she|’s|they|'d|I|'m|you|'re|I|'ve|can|not"},
		{"o'clock 'tis dogs' n't", "o'clock|'|tis|dogs|'|n't", "o'clock|'|tis|dogs|'|n't"},
		{"3.14 10,000 12:30 3. a.b v1.2", "3.14|10,000|12:30|3|.|a|.|b|v1.2", ""},
		{"한국어를 씁니다.", "한국어를|씁니다|.", ""},
		{"e\u0301te\u0301 !\u0301", "e\u0301te\u0301|!\u0301", ""},
		{"👩‍👧🇰🇷🇺🇸👍🏽 ok", "👩‍👧|🇰🇷|🇺🇸|👍🏽|ok", ""},
		{"a\xffb", "a|\xff|b", ""},
	} {
		split := test.split
		if split == "" {
			split = test.plain
		}
		if got := strings.Join(wordsOf(test.text, false), "|"); got != test.plain {
			t.Errorf("%q: %s, want %s", test.text, got, test.plain)
		}
		if got := strings.Join(wordsOf(test.text, true), "|"); got != split {
			t.Errorf("%q, split: %s, want %s", test.text, got, split)
		}
	}
}

func TestRewriteText(t *testing.T) {
	const dog = `{"start":4,"end":7,"label":"DOG","text":"dog"}` + "\n"
	testRewriting(t, textFormat, upper, []rewriting{
		{"words", Options{}, "The dog\r\n\n.", `{"start":0,"end":3,"label":"THE","text":"The"}` + "\n" + dog + `{"start":10,"end":11,"label":".","text":"."}` + "\n", ""},
		{"byte order mark", Options{}, byteOrderMark + " dog", dog, ""},
		{"scores", Options{Scores: true}, "    dog", `{"start":4,"end":7,"label":"DOG","text":"dog","scores":[[0.25,0.75]]}` + "\n", ""},
		{"split", Options{Split: true}, "don't", `{"start":0,"end":2,"label":"DO","text":"do"}` + "\n" + `{"start":2,"end":5,"label":"N'T","text":"n't"}` + "\n", ""},
		{"a label of each sentence", Options{Whole: true}, `Who? "Me!" Yes 3.5 a.b`, `{"start":0,"end":4,"label":"?","text":"Who?"}` + "\n" +
			`{"start":5,"end":10,"label":"\"","text":"\"Me!\""}` + "\n" + `{"start":11,"end":22,"label":"B","text":"Yes 3.5 a.b"}` + "\n", ""},
		{"empty", Options{}, "", "", ""},
		{"broken UTF-8", Options{}, "a\nb\xff\n", `{"start":0,"end":1,"label":"A","text":"a"}` + "\n", "f:2: invalid UTF-8"},
		{"NUL", Options{}, "\x00", "", "f:1: NUL byte"},
	})
}

// TestLongTextIsCut wants a line without sentences to come in sequences of at
// most maxWords.
func TestLongTextIsCut(t *testing.T) {
	r := textFormat.Rewrite(newLineReader(strings.NewReader(strings.Repeat("a ", 2*maxWords+1)), "").r, nil, Options{})
	var got []int
	for {
		p, err := r.Next()
		if err != nil {
			break
		}
		got = append(got, len(p.Tokens))
	}
	if !slices.Equal(got, []int{maxWords, maxWords, 1}) {
		t.Errorf("sequences of %v words", got)
	}
}

// FuzzPlainWords wants words to cover all of a text but white space, in order,
// none of them empty, and runs to say where in the file they are.
func FuzzPlainWords(f *testing.F) {
	for _, seed := range []string{"don't cannot n't ’t", "3.14. 1,2:3", "👩‍👧🇰🇷e\u0301", "\xff\u200d", byteOrderMark + "a\r\n\r\nb. c", "가각\u1100\u1161\u11a8"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, split := range []bool{false, true} {
			at := 0
			for _, w := range plainWords(text, split) {
				if w.from < at || w.to <= w.from || strings.TrimFunc(text[at:w.from], unicode.IsSpace) != "" {
					t.Fatalf("%q: a word from %d to %d after %d", text, w.from, w.to, at)
				}
				at = w.to
			}
			if strings.TrimFunc(text[at:], unicode.IsSpace) != "" {
				t.Fatalf("%q: words end at %d", text, at)
			}
			if joined := strings.Join(wordsOf(text, split), ""); utf8.ValidString(text) && !utf8.ValidString(joined) {
				t.Fatalf("%q: cut within a character", text)
			}
		}
		out, err := rewritten(textFormat, text, Options{Split: true}, upper)
		if err != nil {
			return
		}
		for line := range strings.Lines(out) {
			var r Run
			if err := json.Unmarshal([]byte(line), &r); err != nil || text[r.Start:r.End] != r.Text {
				t.Fatalf("%q: run %s, %v", text, line, err)
			}
		}
	})
}
