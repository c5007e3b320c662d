package fetch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Get makes the folder dir have the files of a set. Those that are there are
// verified and left alone; a file of that name that is another one is an error.
// What was downloaded of a file before ctx ended, or a connection for good, is
// gone on with by the next Get. Of several Gets of a folder, in whatever
// processes, one downloads and the others wait.
func (c *Client) Get(ctx context.Context, s Set, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, f := range s.Files {
		if err := c.file(ctx, f, filepath.Join(dir, filepath.FromSlash(f.Name))); err != nil {
			return err
		}
	}
	if s.Archive != nil {
		return c.archive(ctx, *s.Archive, dir)
	}
	return nil
}

// file makes path be the file f.
func (c *Client) file(ctx context.Context, f File, path string) error {
	return c.unlessThere(ctx, path, func() error { return f.verify(path) }, func() error { return c.bring(ctx, f, path) })
}

// unlessThere verifies what is at path or, where nothing is, brings it while
// nobody else brings anything to its folder.
func (c *Client) unlessThere(ctx context.Context, path string, verify, bring func() error) error {
	if _, err := os.Lstat(path); err == nil {
		return verify()
	}
	free, err := c.claim(ctx, filepath.Dir(path))
	if err != nil {
		return err
	}
	defer free()
	if _, err := os.Lstat(path); err == nil { // somebody did meanwhile
		return verify()
	}
	return bring()
}

// verify says what is wrong with the file at path, if it is not f.
func (f File) verify(path string) error {
	sum, err := sumOf(path)
	if err == nil && sum != f.SHA256 {
		err = fmt.Errorf("%s: is there and not the file of this name at %s, expected another folder, or none of this name", path, f.URL)
	}
	return err
}

// bring downloads the file f to path.
func (c *Client) bring(ctx context.Context, f File, path string) error {
	part := path + ".part"
	resumed := sizeOf(part) > 0
	if err := c.download(ctx, wanted{f.Name, f.URL, part, f.Size, f.Size}); err != nil {
		return err
	}
	sum, err := sumOf(part)
	if err != nil {
		return err
	}
	if sum == f.SHA256 {
		return keep(part, path)
	}
	if err := os.Remove(part); err != nil {
		return err
	}
	if resumed { // on bytes that may have been another's
		return c.bring(ctx, f, path)
	}
	return fmt.Errorf("%s: SHA-256 %s, expected %s: the file is not the one that is known; nothing is kept of it", f.URL, sum, f.SHA256)
}

// keep gives what is whole its name.
func keep(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// sumOf returns the SHA-256 of a regular file in hexadecimal.
func sumOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("is no regular file")}
	}
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}
