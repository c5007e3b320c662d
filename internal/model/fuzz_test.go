package model_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// FuzzRead proves that whatever the bytes, Read ends, and that a model which
// it returns is whole: written again, it reads equal.
func FuzzRead(f *testing.F) {
	f.Add(written(f, smallModel(f)))
	f.Add(written(f, newModel(f, shape{rnn.ReLU, 2, true}.config(1, 2), oddTokens, []string{"", "한"})))
	normalized, plain := normalizedModel(f)
	f.Add(written(f, normalized))
	f.Add(written(f, plain))
	for _, k := range kinds() {
		f.Add(written(f, newModel(f, k.config(1), []string{"a", "B2"}, k.labels)))
	}
	for _, h := range slices.Concat(badFrames(f), badDescriptions(f), badHeaders(f), badTensors(f), badParts(f)) {
		if len(h.file) < 10_000 {
			f.Add(h.file)
		}
	}
	f.Fuzz(readsWholeOrNot)
}

// FuzzHeader is FuzzRead with the header's length always right, so that more
// of what it tries gets as far as the JSON.
func FuzzHeader(f *testing.F) {
	whole := parse(f, written(f, smallModel(f)))
	normalized, _ := normalizedModel(f)
	f.Add(whole.header, whole.data)
	for _, m := range []*model.Model{partsModel(f), vectorModel(f), normalized} {
		whole := parse(f, written(f, m))
		f.Add(whole.header, whole.data)
	}
	f.Fuzz(func(t *testing.T, header, data []byte) { readsWholeOrNot(t, framed(header, data)) })
}

func readsWholeOrNot(t *testing.T, file []byte) {
	m, err := model.Read(bytes.NewReader(file))
	if err != nil {
		if err.Error() == "" {
			t.Error("an error that says nothing")
		}
		return
	}
	again := written(t, m)
	got := read(t, again)
	same(t, got, m)
	if !bytes.Equal(written(t, got), again) {
		t.Error("written twice, the model has other bytes")
	}
}
