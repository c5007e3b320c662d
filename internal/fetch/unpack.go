package fetch

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// The bytes of an archive are not known before: they, and what they unpack to,
// may be so many times those of the files that are kept, and some more.
const (
	archiveTimes = 2
	archiveMore  = 1 << 20
)

func (a Archive) bound() int64 { return archiveTimes*a.Size + archiveMore }

// archive makes dir have the folder of the archive a.
func (c *Client) archive(ctx context.Context, a Archive, dir string) error {
	folder := filepath.Join(dir, a.Name)
	verify := func() error {
		if err := a.verify(folder); err != nil {
			return fmt.Errorf("%s: is there and not the folder of %s, expected another folder, or none of this name: %w", folder, a.URL, err)
		}
		return nil
	}
	return c.unlessThere(ctx, folder, verify, func() error { return c.bringArchive(ctx, a, dir, folder) })
}

// bringArchive downloads a and makes its folder in dir.
func (c *Client) bringArchive(ctx context.Context, a Archive, dir, folder string) error {
	part := folder + ".tar.gz.part"
	if err := c.download(ctx, wanted{a.Name, a.URL, part, 0, a.bound()}); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(dir, "."+a.Name+"-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := a.unpack(part, fresh); err != nil {
		return errors.Join(fmt.Errorf("%s: %w; nothing is kept of it", a.URL, err), os.Remove(part))
	}
	if err := os.Chmod(fresh, 0o755); err != nil { // MkdirTemp's is 0700
		return err
	}
	return errors.Join(os.Rename(fresh, folder), os.Remove(part))
}

// unpack writes the files of a into dir and verifies them. Names that lead out,
// links, and more than is expected are errors.
func (a Archive) unpack(file, dir string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	bounded := &io.LimitedReader{R: zipped, N: a.bound()}
	r := tar.NewReader(bounded)
	for n := 0; ; {
		h, err := r.Next()
		switch {
		case err == io.EOF:
			return a.verify(dir)
		case bounded.N == 0:
			return fmt.Errorf("it unpacks to more than %d bytes", a.bound())
		case err != nil:
			return err
		}
		name, err := a.place(h)
		if err != nil || name == "" {
			if err != nil {
				return err
			}
			continue
		}
		if n++; n > a.Files {
			return fmt.Errorf("more than %d files", a.Files)
		}
		if err := write(filepath.Join(dir, filepath.FromSlash(name)), r); err != nil {
			return err
		}
	}
}

// place returns the name below the folder of a of what a header announces; ""
// for what is not kept.
func (a Archive) place(h *tar.Header) (string, error) {
	clean := path.Clean(h.Name)
	if h.Name == "" || path.IsAbs(h.Name) || strings.Contains(h.Name, `\`) || !filepath.IsLocal(filepath.FromSlash(clean)) {
		return "", fmt.Errorf("the name %.60q leads out of its folder", h.Name)
	}
	_, below, _ := strings.Cut(clean, "/") // the top folder
	name, ours := strings.CutPrefix(below, a.Folder+"/")
	switch {
	case h.Typeflag == tar.TypeDir, h.Typeflag == tar.TypeXGlobalHeader, !ours:
		return "", nil
	case h.Typeflag != tar.TypeReg:
		return "", fmt.Errorf("%.60q is a link or a device, expected files", h.Name)
	case strings.Contains(name, "/"):
		return "", fmt.Errorf("%.60q is in a folder of its own, expected files", h.Name)
	}
	return name, nil
}

// write writes a file that is not there yet.
func write(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// verify says what is wrong with a folder of the files of a, if anything.
func (a Archive) verify(dir string) error {
	entries, err := os.ReadDir(dir) // in the order of names
	if err != nil {
		return err
	}
	if len(entries) != a.Files {
		return fmt.Errorf("%d files, expected %d", len(entries), a.Files)
	}
	h := sha256.New()
	for _, e := range entries {
		sum, err := sumOf(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s  %s\n", sum, e.Name())
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != a.Digest {
		return fmt.Errorf("its files' SHA-256 come to %s, expected %s", got, a.Digest)
	}
	return nil
}
