package data

import (
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"To be,  or\nnot", []string{"To", " be", ",", " ", " or", "\n", "not"}},
		{"   a", []string{" ", " ", " a"}},
		{"a ", []string{"a", " "}},
		{"a \n b\n\n", []string{"a", " ", "\n", " b", "\n", "\n"}},
		{"\ta \tb", []string{"\t", "a", " \t", "b"}},
		{"a\r\n", []string{"a", "\r", "\n"}},
		{"a\u00a0b", []string{"a", "\u00a0", "b"}},
		{"x_1 = 3.14;", []string{"x_1", " =", " 3", ".", "14", ";"}},
		{"...", []string{".", ".", "."}},
		{"don't", []string{"don't"}},
		{"rock'n'roll we’ll", []string{"rock'n'roll", " we’ll"}},
		{"'tis 'a' dogs' a''b", []string{"'", "tis", " '", "a", "'", " dogs", "'", " a", "'", "'", "b"}},
		{"1990's _'a a'_ a'1", []string{"1990", "'", "s", " _", "'", "a", " a", "'", "_", " a", "'", "1"}},
		{"²½", []string{"²", "½"}},
		{"٣٤", []string{"٣٤"}},
		{"cafe\u0301's 1", []string{"cafe\u0301's", " 1"}},
		{"1\u0301'a", []string{"1\u0301", "'", "a"}},
		{"!\u0301\u0302a", []string{"!\u0301\u0302", "a"}},
		{"\u0301a \u0301", []string{"\u0301a", " \u0301"}},
		{"\n\u0301", []string{"\n", "\u0301"}},
		{"❤\ufe0f👍🏽", []string{"❤\ufe0f", "👍", "🏽"}},
		{"👩\u200d👧 👩", []string{"👩\u200d", "👧", " 👩"}},
		{"می\u200cخواهم", []string{"می\u200cخواهم"}},
		{"a\xffb \xff\xfe", []string{"a", "\xff", "b", " \xff", "\xfe"}},
		{"\xea\xb0 ", []string{"\xea", "\xb0", " "}},
		{"\ufffd", []string{"\ufffd"}},
		{"제일 가까운 ‘카페’, 어디?", []string{"제일", " 가까운", " ‘", "카페", "’", ",", " 어디", "?"}},
		{"‘카페’가", []string{"‘", "카페’가"}}, // an apostrophe between letters, here too
		{"\u1112\u1161\u11ab ㅋㅋ", []string{"\u1112\u1161\u11ab", " ㅋㅋ"}},
		{"東京 2024年", []string{"東京", " 2024年"}},
	} {
		if got := Words(test.text); !slices.Equal(got, test.want) {
			t.Errorf("Words(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// A Korean text without punctuation has one token for what its spaces part, as
// strings.Fields has it.
func TestWordsKorean(t *testing.T) {
	text := "나랏말싸미 듕귁에 달아 문자와로 서르 사맛디 아니할쎄 이런 전차로 어린 백성이 니르고저 홇배 이셔도"
	got := Words(text)
	if strings.Join(got, "") != text {
		t.Errorf("joined %q, want %q", strings.Join(got, ""), text)
	}
	for i := range got {
		got[i] = strings.TrimPrefix(got[i], " ")
	}
	if want := strings.Fields(text); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzWords wants the tokens joined to be the text, none empty, and each to be
// a token by itself.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{
		"", "To be,  or\nnot", "don't 'tis’", "한국어 문장 하나.", "\xff \xe2\x80", " \u0301\n\u0301\t", "👩\u200d👧❤\ufe0f", "a\r\n  \r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := Words(text)
		if joined := strings.Join(tokens, ""); joined != text {
			t.Fatalf("joined %q, want %q", joined, text)
		}
		for _, token := range tokens {
			if token == "" {
				t.Fatalf("an empty token in %q", tokens)
			}
			if again := Words(token); len(again) != 1 {
				t.Fatalf("token %q of %q is %q by itself", token, text, again)
			}
		}
	})
}
