package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/unroll-go/unroll/internal/fetch"
)

// TestDataGet wants a set from a local server in its folder, and the command to
// train on it; a second time without asking the server; and one line where the
// server has another file.
func TestDataGet(t *testing.T) {
	content, asked := []byte("to be or not to be"), 0
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}))
	defer s.Close()
	set := fetch.Set{Name: "play", Licence: "MIT", Source: "https://example.org", Train: "train --train DIR/input.txt -o lm.safetensors", Note: "it is short",
		Files: []fetch.File{{Name: "input.txt", URL: s.URL, Size: int64(len(content)), SHA256: fmt.Sprintf("%x", sha256.Sum256(content))}}}
	dir := filepath.Join(t.TempDir(), "a folder", "play")
	client := func() *fetch.Client { return &fetch.Client{HTTP: s.Client(), Pause: time.Millisecond} }
	for range 2 {
		var out bytes.Buffer
		if err := getSet(context.Background(), &out, client(), set, dir, true); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "input.txt")
		for _, want := range []string{dir + "\n", "input.txt  18 bytes\n", "Licence: MIT. Source: https://example.org\n", "Note: it is short.\n", " train --train '" + path + "' -o lm.safetensors\n"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("want %q in %q", want, out.String())
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%q, %v", got, err)
		}
	}
	if asked != 1 {
		t.Errorf("%d requests, want one", asked)
	}
	set.Files[0].SHA256 = strings.Repeat("0", 64)
	err := getSet(context.Background(), &bytes.Buffer{}, client(), set, t.TempDir(), true)
	if err == nil || !strings.Contains(err.Error(), "SHA-256") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want a line about the hash", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := getSet(ctx, &bytes.Buffer{}, client(), set, t.TempDir(), true); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("error %v, want that it was interrupted", err)
	}
}

// TestSetFolder wants sets below the user's cache, or where they are asked for.
func TestSetFolder(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := setFolder("x", ""); err != nil || got != filepath.Join(cache, "unroll", "x") {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := setFolder("x", "here"); err != nil || got != "here" {
		t.Errorf("%q, %v", got, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := setFolder("x", ""); err == nil || !strings.Contains(err.Error(), "--to") {
		t.Errorf("error %v without a home, want one that says --to", err)
	}
}

// TestDownloads wants a line a file, and on a terminal one that moves.
func TestDownloads(t *testing.T) {
	for live, want := range map[bool]string{
		false: "a 2.0 MB\nb an archive\n",
		true:  "\ra 0.0 MB of 2.0 MB\ra 1.0 MB of 2.0 MB\ra 2.0 MB of 2.0 MB\n\rb 0.1 MB of an archive\rb 2.1 MB of an archive\n",
	} {
		var out bytes.Buffer
		d := &downloads{w: &out, live: live}
		for _, done := range []int64{10, 10_000, 1_000_000, 1_000_001, 2_000_000} {
			d.tell("a", done, 2_000_000)
		}
		for _, done := range []int64{100_000, 900_000, 2_100_000} {
			d.tell("b", done, 0)
		}
		d.end()
		if out.String() != want {
			t.Errorf("on a terminal %t: %q, want %q", live, out.String(), want)
		}
	}
}
