package fetch

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// content is what the test's servers serve.
var content = bytes.Repeat([]byte("the bytes of a data set\n"), 20_000)

// server serves with TLS, and writes down the Range of every request.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	ranges []string
}

func serve(t *testing.T, handle func(w http.ResponseWriter, r *http.Request, nth int)) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		nth := len(s.ranges)
		s.ranges = append(s.ranges, r.Header.Get("Range"))
		s.mu.Unlock()
		handle(w, r, nth)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) client() *Client {
	return &Client{HTTP: s.Client(), Pause: time.Millisecond, Stall: 5 * time.Second}
}

// whole serves the content, ranges of it as well.
func whole(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// half serves the first half of what was asked for, then breaks the connection.
func half(w http.ResponseWriter, r *http.Request) {
	from := 0
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	w.Header().Set("Content-Length", fmt.Sprint(len(content)-from))
	if from > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		w.WriteHeader(http.StatusPartialContent)
	}
	w.Write(content[from : from+(len(content)-from)/2])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func (s *server) file() File {
	return File{Name: "data.txt", URL: s.URL + "/data.txt", Size: int64(len(content)), SHA256: fmt.Sprintf("%x", sha256.Sum256(content))}
}

// wantOnly wants a folder to have these files alone, "data.txt" being the content.
func wantOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder has %v, want %v", got, names)
	}
	for _, n := range names {
		if b, err := os.ReadFile(filepath.Join(dir, n)); n == "data.txt" && (err != nil || !bytes.Equal(b, content)) {
			t.Errorf("%s: %d bytes, %v, want those served", n, len(b), err)
		}
	}
}

// quiet takes the servers' words about what the tests do to them.
var quiet = log.New(io.Discard, "", 0)
