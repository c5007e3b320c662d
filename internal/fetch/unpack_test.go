package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is one of an archive.
type entry struct {
	name, body string
	kind       byte // tar.TypeReg unless set
	link       string
}

// pack returns a .tar.gz.
func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Linkname: e.link, Mode: 0o644, Size: int64(len(e.body))}
		if e.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.body)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []interface{ Close() error }{w, zip} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// sounds is an archive as a forge makes it, and what pins its folder.
func sounds(url string) (entries []entry, a Archive) {
	files := []entry{{name: "1_b.wav", body: "one"}, {name: "0_a.wav", body: "nought"}} // not in order
	entries = []entry{
		{name: "top-26eb9aa/", kind: tar.TypeDir},
		{name: "top-26eb9aa/README.md", body: "read me"},
		{name: "top-26eb9aa/recordings/", kind: tar.TypeDir},
	}
	for _, f := range files {
		entries = append(entries, entry{name: "top-26eb9aa/recordings/" + f.name, body: f.body})
	}
	list := fmt.Sprintf("%x  0_a.wav\n%x  1_b.wav\n", sha256.Sum256([]byte("nought")), sha256.Sum256([]byte("one")))
	return entries, Archive{Name: "recordings", URL: url, Folder: "recordings", Files: 2, Size: 9, Digest: fmt.Sprintf("%x", sha256.Sum256([]byte(list)))}
}

func TestArchive(t *testing.T) {
	var packed []byte
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
		if nth == 0 {
			w.Write(packed[:len(packed)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		w.Write(packed) // from its beginning, whatever was asked for
	})
	entries, a := sounds(s.URL)
	packed = pack(t, entries...)
	dir := t.TempDir()
	for range 2 {
		if err := s.client().Get(context.Background(), Set{Archive: &a}, dir); err != nil {
			t.Fatal(err)
		}
		wantOnly(t, dir, "recordings")
		wantOnly(t, filepath.Join(dir, "recordings"), "0_a.wav", "1_b.wav")
	}
	if len(s.ranges) != 2 {
		t.Errorf("%d requests, want 2: one that broke, one more, none the second time", len(s.ranges))
	}
	if info, err := os.Stat(filepath.Join(dir, "recordings")); err != nil || info.Mode().Perm()&0o555 != 0o555 {
		t.Errorf("%v, %v: want a folder that all may read", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "recordings", "0_a.wav"), []byte("naught"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := s.client().Get(context.Background(), Set{Archive: &a}, dir); err == nil || !strings.Contains(err.Error(), "is there and not the folder") {
		t.Errorf("error %v, want that another folder is there", err)
	}
}

// TestHostileArchives wants an error of one line, and nothing in the folder or
// beside it.
func TestHostileArchives(t *testing.T) {
	good, a := sounds("")
	in := "top-26eb9aa/recordings/"
	for _, c := range []struct {
		name    string
		entries []entry
		want    string
	}{
		{"up", []entry{{name: in + "../../../evil", body: "x"}}, "leads out"},
		{"up at once", []entry{{name: "../evil", body: "x"}}, "leads out"},
		{"absolute", []entry{{name: "/tmp/evil", body: "x"}}, "leads out"},
		{"a drive, with backslashes", []entry{{name: in + `..\..\evil`, body: "x"}}, "leads out"},
		{"a link", []entry{{name: in + "2.wav", kind: tar.TypeSymlink, link: "/etc/passwd"}}, "is a link or a device"},
		{"a hard link", []entry{{name: in + "2.wav", kind: tar.TypeLink, link: "/etc/passwd"}}, "is a link or a device"},
		{"a link, then a file through it", []entry{{name: in + "2.wav", kind: tar.TypeSymlink, link: "../../evil"}, {name: in + "2.wav", body: "x"}}, "is a link or a device"},
		{"a device", []entry{{name: in + "2.wav", kind: tar.TypeChar}}, "is a link or a device"},
		{"a pipe", []entry{{name: in + "2.wav", kind: tar.TypeFifo}}, "is a link or a device"},
		{"a folder within", []entry{{name: in + "x/2.wav", body: "x"}}, "is in a folder of its own"},
		{"one more", []entry{{name: in + "2.wav", body: "x"}}, "more than 2 files"},
		{"twice the same", good[3:4], "more than 2 files"},
		{"a bomb", []entry{{name: "top/other", body: strings.Repeat("0", 4<<20)}}, "unpacks to more than"},
		{"a bomb among the files", []entry{{name: in + "2.wav", body: strings.Repeat("0", 4<<20)}}, "more than 2 files"},
	} {
		dir := t.TempDir()
		err := fetchArchive(t, a, filepath.Join(dir, "set"), pack(t, append(append([]entry{}, good...), c.entries...)...))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want a line with %s", c.name, err, c.want)
		}
		wantOnly(t, dir, "set")
		wantOnly(t, filepath.Join(dir, "set"))
	}
}

func TestDamagedArchives(t *testing.T) {
	good, a := sounds("")
	packed := pack(t, good...)
	other := append([]entry{}, good...)
	other[3].body = "two"
	twice := append(append([]entry{}, good[:4]...), good[3])
	large := append([]entry{}, good...)
	large[3].body = strings.Repeat("0", 4<<20)
	for name, b := range map[string][]byte{
		"nothing": {}, "no archive": []byte("<html>"), "cut short": packed[:len(packed)-20], "no files": pack(t),
		"a file less": pack(t, good[:4]...), "another file": pack(t, other...), "a file twice": pack(t, twice...),
		"a file too large": pack(t, large...), "larger than it may be": make([]byte, 2<<20),
	} {
		dir := t.TempDir()
		if err := fetchArchive(t, a, dir, b); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want a line", name, err)
		}
		wantOnly(t, dir)
	}
}

// fetchArchive gets an archive of these bytes.
func fetchArchive(t *testing.T, a Archive, dir string, packed []byte) error {
	t.Helper()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { w.Write(packed) })
	a.URL = s.URL
	return s.client().Get(context.Background(), Set{Archive: &a}, dir)
}

// FuzzUnpack wants whatever bytes to leave nothing outside of the folder, and
// in it files alone.
func FuzzUnpack(f *testing.F) {
	good, a := sounds("")
	f.Add(pack(f, good...))
	f.Add(pack(f, append(good, entry{name: "../evil", body: "x"})...))
	f.Add(pack(f, entry{name: "t/recordings/l", kind: tar.TypeSymlink, link: ".."}))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, packed []byte) {
		top := t.TempDir()
		dir, file := filepath.Join(top, "a", "b"), filepath.Join(top, "packed")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, packed, 0o666); err != nil {
			t.Fatal(err)
		}
		a.unpack(file, dir)
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if path != file && path != top && path != filepath.Dir(dir) && path != dir && (filepath.Dir(path) != dir || !d.Type().IsRegular()) {
				t.Errorf("%s was made", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
