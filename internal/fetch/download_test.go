package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestDownload wants a file however the server behaves, with these requests.
func TestDownload(t *testing.T) {
	middle := fmt.Sprintf("bytes=%d-", len(content)/2)
	for _, c := range []struct {
		name   string
		handle func(w http.ResponseWriter, r *http.Request, nth int)
		part   []byte // what an earlier run left
		ranges []string
	}{
		{"at once", func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }, nil, []string{""}},
		{"without a length", func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.(http.Flusher).Flush()
			w.Write(content)
		}, nil, []string{""}},
		{"broken halfway", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth == 0 {
				half(w, r)
			}
			whole(w, r)
		}, nil, []string{"", middle}},
		{"broken ten times", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth < 10 {
				half(w, r)
			}
			whole(w, r)
		}, nil, nil},
		{"broken, and no ranges", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth == 0 {
				half(w, r)
			}
			w.Write(content)
		}, nil, []string{"", middle}},
		{"ended too early", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth == 0 {
				w.Write(content[:len(content)/2])
				return
			}
			whole(w, r)
		}, nil, []string{"", middle}},
		{"overloaded twice", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth < 2 {
				http.Error(w, "later", []int{http.StatusServiceUnavailable, http.StatusTooManyRequests}[nth])
				return
			}
			whole(w, r)
		}, nil, []string{"", "", ""}},
		{"sent on", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth == 0 {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
				return
			}
			whole(w, r)
		}, nil, []string{"", ""}},
		{"left by an earlier run", func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }, content[:len(content)/2], []string{middle}},
		{"all left by an earlier run", func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }, content, nil},
		{"another's left", func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }, bytes.Repeat([]byte("x"), len(content)/2), []string{middle, ""}},
		{"more left than there is", func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }, append(bytes.Clone(content), 'x'), []string{""}},
		{"ranges refused", func(w http.ResponseWriter, r *http.Request, nth int) {
			if r.Header.Get("Range") != "" {
				http.Error(w, "no", http.StatusRequestedRangeNotSatisfiable)
				return
			}
			whole(w, r)
		}, content[:100], []string{"bytes=100-", ""}},
		{"stalled", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth > 0 {
				whole(w, r)
				return
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			w.Write(content[:len(content)/2])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, nil, []string{"", middle}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, dir := serve(t, c.handle), t.TempDir()
			if c.part != nil {
				if err := os.WriteFile(filepath.Join(dir, "data.txt.part"), c.part, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			client, last := s.client(), int64(0)
			if c.name == "stalled" {
				client.Stall = time.Second
			}
			client.Progress = func(name string, done, size int64) {
				if last = done; name != "data.txt" || size != int64(len(content)) {
					t.Errorf("told of %s, %d bytes", name, size)
				}
			}
			if err := client.Get(context.Background(), Set{Files: []File{s.file()}}, dir); err != nil {
				t.Fatal(err)
			}
			wantOnly(t, dir, "data.txt")
			if c.ranges != nil && strings.Join(s.ranges, ",") != strings.Join(c.ranges, ",") {
				t.Errorf("asked for %q, want %q", s.ranges, c.ranges)
			}
			if len(s.ranges) > 0 && last != int64(len(content)) {
				t.Errorf("told of %d bytes in the end, want %d", last, len(content))
			}
			asked := len(s.ranges)
			if err := client.Get(context.Background(), Set{Files: []File{s.file()}}, dir); err != nil || len(s.ranges) != asked {
				t.Errorf("a second time: %v, %d requests, want none", err, len(s.ranges)-asked)
			}
		})
	}
}

// TestDownloadFails wants one line that says what is wrong, and no file of the
// name; what may be gone on with is kept.
func TestDownloadFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		handle func(w http.ResponseWriter, r *http.Request, nth int)
		change func(f *File)
		want   string
		asked  int
		left   []string
	}{
		{"not there", func(w http.ResponseWriter, r *http.Request, _ int) { http.NotFound(w, r) }, nil, "/data.txt: 404 Not Found", 1, nil},
		{"another file", func(w http.ResponseWriter, r *http.Request, _ int) {
			w.Write(bytes.Repeat([]byte("x"), len(content)))
		}, nil, "expected " + fmt.Sprintf("%x", sha256.Sum256(content)), 1, nil},
		{"more than expected", func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }, func(f *File) { f.Size = 100 }, "more than the 100 bytes expected", 1, nil},
		{"without end", func(w http.ResponseWriter, r *http.Request, _ int) {
			for {
				if _, err := w.Write(content); err != nil {
					return
				}
			}
		}, nil, fmt.Sprintf("more than the %d bytes expected", len(content)), 1, nil},
		{"always broken", func(w http.ResponseWriter, r *http.Request, nth int) { panic(http.ErrAbortHandler) }, nil, "given up after 4 tries", 4, nil},
		{"always overloaded", func(w http.ResponseWriter, r *http.Request, _ int) { http.Error(w, "", http.StatusBadGateway) }, nil, "502 Bad Gateway", 4, nil},
		{"broken halfway, then always", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth == 0 {
				half(w, r)
			}
			panic(http.ErrAbortHandler)
		}, nil, "given up after 4 tries", 4, []string{"data.txt.part"}},
		{"other bytes than asked for", func(w http.ResponseWriter, r *http.Request, nth int) {
			if nth == 0 {
				half(w, r)
			}
			w.Header().Set("Content-Range", "bytes 3-9/10")
			w.WriteHeader(http.StatusPartialContent)
		}, nil, `bytes "bytes 3-9/10" came`, 2, []string{"data.txt.part"}},
		{"sent on to what is not secure", func(w http.ResponseWriter, r *http.Request, _ int) {
			http.Redirect(w, r, "http://localhost/data.txt", http.StatusFound)
		}, nil, "sent on to http://localhost/data.txt: expected https", 1, nil},
		{"sent round", func(w http.ResponseWriter, r *http.Request, _ int) {
			http.Redirect(w, r, "/data.txt", http.StatusFound)
		}, nil, "sent on", 5, nil},
		{"not secure", nil, func(f *File) { f.URL = "http://localhost/data.txt" }, "expected https", 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, dir := serve(t, c.handle), t.TempDir()
			f := s.file()
			if c.change != nil {
				c.change(&f)
			}
			err := s.client().Get(context.Background(), Set{Files: []File{f}}, dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want a line with %s", err, c.want)
			}
			if len(s.ranges) != c.asked {
				t.Errorf("%d requests, want %d", len(s.ranges), c.asked)
			}
			wantOnly(t, dir, c.left...)
		})
	}
}

func TestCertificateOfNobody(t *testing.T) {
	s, dir := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }), t.TempDir()
	s.Config.ErrorLog = quiet
	client := &Client{Pause: time.Millisecond} // which does not know the test's certificate
	if err := client.Get(context.Background(), Set{Files: []File{s.file()}}, dir); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("error %v, want one of the certificate", err)
	}
	wantOnly(t, dir)
}

// TestInterrupted wants what came to be kept, and the next Get to go on with it.
func TestInterrupted(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request, nth int) {
		if nth > 0 {
			whole(w, r)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		w.Write(content[:len(content)/2])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(context.Background())
	dir, client := t.TempDir(), s.client()
	client.Progress = func(_ string, done, _ int64) {
		if done == int64(len(content)/2) {
			cancel()
		}
	}
	if err := client.Get(ctx, Set{Files: []File{s.file()}}, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	wantOnly(t, dir, "data.txt.part")
	if err := s.client().Get(context.Background(), Set{Files: []File{s.file()}}, dir); err != nil {
		t.Error(err)
	}
	wantOnly(t, dir, "data.txt")
	if want := fmt.Sprintf("bytes=%d-", len(content)/2); s.ranges[1] != want {
		t.Errorf("asked for %q, want %q", s.ranges[1], want)
	}
}

func TestWhatIsThere(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) })
	set := Set{Files: []File{s.file()}}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "data.txt"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := s.client().Get(context.Background(), set, dir); err == nil || !strings.Contains(err.Error(), "is there and not the file") {
		t.Errorf("error %v, want that another file is there", err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "data.txt")); err != nil || string(b) != "mine" {
		t.Errorf("%q, %v: what was there is changed", b, err)
	}
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data.txt"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := s.client().Get(context.Background(), set, dir); err == nil || !strings.Contains(err.Error(), "is no regular file") {
		t.Errorf("error %v, want that it is no file", err)
	}
	if err := s.client().Get(context.Background(), set, filepath.Join(dir, "data.txt", "new", "folders")); err != nil {
		t.Error(err)
	}
	if len(s.ranges) != 1 {
		t.Errorf("%d requests, want the last one's alone", len(s.ranges))
	}
}

func TestDiskFull(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("no /dev/full")
	}
	s, dir := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { whole(w, r) }), t.TempDir()
	if err := os.Symlink("/dev/full", filepath.Join(dir, "data.txt.part")); err != nil {
		t.Fatal(err)
	}
	err := s.client().Get(context.Background(), Set{Files: []File{s.file()}}, dir)
	if err == nil || !strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("error %v, want that the disk is full", err)
	}
	if len(s.ranges) != 1 {
		t.Errorf("%d requests, want no second try", len(s.ranges))
	}
}
