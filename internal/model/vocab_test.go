package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
)

func TestVocabNumbersTokensFromOne(t *testing.T) {
	v, err := model.NewVocab(oddTokens)
	if err != nil {
		t.Fatal(err)
	}
	for i, token := range oddTokens {
		if id := v.ID(token); id != int32(i+1) {
			t.Errorf("id of %q is %d, want %d", token, id, i+1)
		}
	}
	for _, token := range []string{"The", "the ", "\x00\x00", "한"} {
		if id := v.ID(token); id != model.Unknown {
			t.Errorf("id of %q is %d, want Unknown", token, id)
		}
	}
	if model.Unknown != 0 || v.Size() != len(oddTokens)+1 || !slices.Equal(v.Tokens(), oddTokens) {
		t.Errorf("Unknown %d, size %d, tokens %q", model.Unknown, v.Size(), v.Tokens())
	}
}

func TestEmptyVocabKnowsNothing(t *testing.T) {
	v, err := model.NewVocab(nil)
	if err != nil || v.Size() != 1 || v.ID("") != model.Unknown {
		t.Errorf("error %v, size %d, id of the empty token %d", err, v.Size(), v.ID(""))
	}
}

func TestNewVocabRefusesDuplicates(t *testing.T) {
	_, err := model.NewVocab([]string{"a", "b\n", "c", "b\n"})
	if err == nil || !strings.Contains(err.Error(), `"b\n"`) {
		t.Errorf("error %v, want one that names the token", err)
	}
}

func TestCountVocabOrdersByCountThenText(t *testing.T) {
	counts := map[string]int{"rare": 1, "b": 2, "": 2, "a": 2, "한": 2, "often": 9, "never": 0}
	for _, test := range []struct {
		min  int
		want []string
	}{
		{0, []string{"often", "", "a", "b", "한", "rare", "never"}},
		{1, []string{"often", "", "a", "b", "한", "rare"}},
		{2, []string{"often", "", "a", "b", "한"}},
		{3, []string{"often"}},
		{9, []string{"often"}},
		{10, nil},
	} {
		v, err := model.CountVocab(counts, test.min)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Tokens(); !slices.Equal(got, test.want) {
			t.Errorf("at least %d times: %q, want %q", test.min, got, test.want)
		}
	}
}

func TestEncodeAppends(t *testing.T) {
	v, err := model.NewVocab([]string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	got := v.Encode([]int32{7}, []string{"b", "?", "a", "b"})
	if want := []int32{7, 2, model.Unknown, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
