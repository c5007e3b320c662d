package model_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
)

// TestNamesAreUTF8 wants tokens and labels that JSON could not keep refused
// when they come, not when the model is read again.
func TestNamesAreUTF8(t *testing.T) {
	if _, err := model.NewVocab([]string{"a", "\xff"}); err == nil || !strings.Contains(err.Error(), "not UTF-8") {
		t.Errorf("token: %v", err)
	}
	if _, err := model.CountVocab(map[string]int{"\xfe": 3}, 1); err == nil {
		t.Error("counted token: no error")
	}
	c := smallModel(t).Config
	for _, labels := range [][]string{{"a", "\xff"}, {"a", "a"}} {
		if _, err := model.New(c, vocabs(t, c), labels, 1, 1); err == nil {
			t.Errorf("labels %q: no error", labels)
		}
	}
}

// TestNamesAreKeptShort wants no more of <, > and & than JSON needs.
func TestNamesAreKeptShort(t *testing.T) {
	m := newModel(t, smallModel(t).Config, []string{strings.Repeat("<&>", 1000)}, []string{"X"})
	if n := len(written(t, m)); n > 6000 {
		t.Errorf("%d bytes", n)
	}
}

func TestReadReturnsNoModelWithAnError(t *testing.T) {
	f := parse(t, written(t, smallModel(t)))
	f.set("out.bias", 0, float32(math.NaN()))
	if m, err := model.Read(bytes.NewReader(f.bytes())); m != nil || err == nil {
		t.Errorf("model %v, error %v", m, err)
	}
}

func TestReadKeepsNegativeZero(t *testing.T) {
	m := smallModel(t)
	param(t, m, "rnn.bias_l0")[1] = float32(math.Copysign(0, -1))
	same(t, read(t, written(t, m)), m)
}

func TestReadRefusesOtherThanTwoOffsets(t *testing.T) {
	for _, change := range []func([]int) []int{
		func(o []int) []int { return append(o, 99) },
		func(o []int) []int { return o[:1] },
		func([]int) []int { return nil },
	} {
		f := parse(t, written(t, smallModel(t)))
		one := f.tensors["out.bias"]
		one.Offsets = change(one.Offsets)
		f.tensors["out.bias"] = one
		if _, err := model.Read(bytes.NewReader(f.bytes())); err == nil || !strings.Contains(err.Error(), "out.bias") {
			t.Errorf("offsets %v: error %v", one.Offsets, err)
		}
	}
}

func TestReadRefusesKeysThatStandTwice(t *testing.T) {
	f := parse(t, written(t, smallModel(t)))
	h := strings.Replace(string(f.header), `"out.bias":`, `"out.bias":{"dtype":"F32","shape":[9],"data_offsets":[0,8]},"out.bias":`, 1)
	if _, err := model.Read(bytes.NewReader(framed([]byte(h), f.data))); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a tensor twice: error %v", err)
	}
	f.meta["unroll"] = strings.Replace(f.meta["unroll"], `"version":1`, `"version":2,"VERSION":1`, 1)
	if _, err := model.Read(bytes.NewReader(f.bytes())); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("two versions: error %v", err)
	}
}
