package fetch

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestTwoAtOnce wants several Gets of one folder to have its files, downloaded
// once, and nothing else to be left; also where a process was killed that had
// claimed it.
func TestTwoAtOnce(t *testing.T) {
	var packed []byte
	s := serve(t, func(w http.ResponseWriter, r *http.Request, nth int) {
		if r.URL.Path != "/data.txt" {
			w.Write(packed)
			return
		}
		for at := 0; at < len(content); at += len(content) / 10 {
			w.Write(content[at : at+len(content)/10])
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	})
	entries, a := sounds(s.URL)
	packed = pack(t, entries...)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, claimName), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := s.client().Get(context.Background(), Set{Files: []File{s.file()}, Archive: &a}, dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantOnly(t, dir, "data.txt", "recordings")
	if len(s.ranges) != 2 {
		t.Errorf("%d requests, want one of the file and one of the archive", len(s.ranges))
	}
}

// TestWaitingIsTold wants one that waits to say so, and to end with its context.
func TestWaitingIsTold(t *testing.T) {
	s, dir := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }), t.TempDir()
	free, err := s.client().claim(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	client := s.client()
	client.Waits = cancel
	if err := client.Get(ctx, Set{Files: []File{s.file()}}, dir); !errors.Is(err, context.Canceled) || len(s.ranges) > 0 {
		t.Errorf("error %v after %d requests, want the context's and none", err, len(s.ranges))
	}
	free()
	if err := s.client().Get(context.Background(), Set{Files: []File{s.file()}}, dir); err != nil {
		t.Error(err)
	}
	wantOnly(t, dir, "data.txt")
}

// TestWhatIsThereNeedsNoClaim wants files that are there to be verified while
// somebody downloads beside them, as in a folder that is not to be written to.
func TestWhatIsThereNeedsNoClaim(t *testing.T) {
	s, dir := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }), t.TempDir()
	if err := s.client().Get(context.Background(), Set{Files: []File{s.file()}}, dir); err != nil {
		t.Fatal(err)
	}
	free, err := s.client().claim(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer free()
	ctx, cancel := context.WithCancel(context.Background())
	client := s.client()
	client.Waits = cancel
	if err := client.Get(ctx, Set{Files: []File{s.file()}}, dir); err != nil {
		t.Error(err)
	}
}
