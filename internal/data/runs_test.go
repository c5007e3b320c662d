package data

import (
	"bufio"
	"bytes"
	"testing"
)

// TestRunsAreBounded wants a long run cut, between two characters.
func TestRunsAreBounded(t *testing.T) {
	w := &runWriter{out: bufio.NewWriter(new(bytes.Buffer))}
	for range maxRun {
		if err := w.add("한", GoComment, nil); err != nil {
			t.Fatal(err)
		}
		if len(w.text) > maxRun+2 {
			t.Fatalf("a run of %d bytes", len(w.text))
		}
	}
	if got := w.now.Start + len(w.text); got != 3*maxRun {
		t.Errorf("runs end at byte %d, want %d", got, 3*maxRun)
	}
}
