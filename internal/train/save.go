package train

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/unroll-go/unroll/internal/model"
)

// Save writes a model to a file that is either the old one or the new one
// whole: to a temporary file beside it, synced, then renamed. The file keeps
// the permissions that it had.
func Save(m *model.Model, path string) (err error) {
	mode := os.FileMode(0o666) // less the umask
	old, statErr := os.Stat(path)
	if statErr == nil && !old.Mode().IsRegular() {
		return fmt.Errorf("%s: is there and is no regular file", path)
	}
	temporary := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), os.Getpid()))
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("%s: %w", path, err)
		}
	}()
	if err = m.Write(f); err != nil {
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
	return os.Rename(f.Name(), path)
}
