package fetch

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// claimName is the file, in a folder, that is locked by who downloads into it.
const claimName = ".unroll-get"

// patience is how long is waited before it is told.
const patience = time.Second

// claim waits until nobody else downloads into a folder, and keeps others from
// it until free is called. The lock is the system's, so that none is left behind
// by a process that was killed.
func (c *Client) claim(ctx context.Context, dir string) (free func(), err error) {
	path := filepath.Join(dir, claimName)
	for ctx.Err() == nil {
		f, err := c.lock(ctx, path)
		if err != nil {
			return nil, err
		}
		locked, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, err
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(locked, there) {
			return func() { release(f, path) }, nil
		}
		f.Close() // who had it has removed it
	}
	return nil, ctx.Err()
}

// release removes a file that is locked, while it still is: behind that another
// may have it. Where what is open cannot be removed, it can only while nobody has.
func release(f *lockedfile.File, path string) {
	err := os.Remove(path)
	f.Close()
	if err != nil {
		os.Remove(path)
	}
}

// lock returns a file when nobody else has it locked.
func (c *Client) lock(ctx context.Context, path string) (*lockedfile.File, error) {
	type result struct {
		f   *lockedfile.File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		done <- result{f, err}
	}()
	long := time.NewTimer(patience)
	defer long.Stop()
	for {
		select {
		case r := <-done:
			return r.f, r.err
		case <-long.C:
			if c.Waits != nil {
				c.Waits()
			}
		case <-ctx.Done():
			go func() {
				if r := <-done; r.err == nil {
					r.f.Close()
				}
			}()
			return nil, ctx.Err()
		}
	}
}
