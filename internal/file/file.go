// Package file writes files that are either the old ones or the new ones whole.
package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes what write writes to a temporary file beside path, syncs it and
// renames it to path. If anything fails, what was at path is still there as it
// was. The file keeps the permissions that it had. What is at path and is no
// regular file is refused; a link is replaced, not followed.
func Write(path string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}()
	mode := os.FileMode(0o666) // less the umask
	old, statErr := os.Stat(path)
	if statErr == nil && !old.Mode().IsRegular() {
		return errors.New("is there and is no regular file")
	}
	temporary := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), os.Getpid()))
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("cannot be written: %w", cause(err))
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(temporary)
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if statErr == nil {
		if err = f.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// cause leaves out the temporary file's name, which says nothing to a user.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
