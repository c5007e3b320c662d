package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// Client gets data sets. The zero value downloads as usual and tells nobody.
type Client struct {
	HTTP     *http.Client                        // nil for one that goes through HTTPS_PROXY
	Progress func(name string, done, size int64) // told of a file's bytes as they come; may be nil. size is 0 where it is not known before
	Waits    func()                              // told when another Get of the folder is waited for; may be nil
	Pause    time.Duration                       // before the second try, doubled before each further one; a second unless set
	Stall    time.Duration                       // without a byte before a try is given up; half a minute unless set
}

// tries is how many in a row may fail without bringing a byte.
const tries = 4

// transient is an error that another try may not have.
type transient struct{ error }

func (t transient) Unwrap() error { return t.error }

// wanted is a file to come.
type wanted struct {
	name, url string
	part      string // where its bytes are put
	size      int64  // 0 where it is not known before
	bound     int64  // at most so many bytes
}

// download brings the bytes of a file, going on from those that are there.
func (c *Client) download(ctx context.Context, f wanted) error {
	for failed := 0; ; {
		before := sizeOf(f.part)
		err := c.try(ctx, f)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.As(err, new(transient)):
			return err
		case sizeOf(f.part) > before:
			failed = 0
		}
		if failed++; failed == tries {
			kept := ""
			if sizeOf(f.part) > 0 {
				kept = "; what came is kept, and gone on with next time"
			}
			return fmt.Errorf("%w (given up after %d tries%s)", err, tries, kept)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(cmp.Or(c.Pause, time.Second) << (failed - 1)):
		}
	}
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// try asks once for what is missing of a file.
func (c *Client) try(ctx context.Context, f wanted) error {
	from := sizeOf(f.part)
	switch {
	case f.size > 0 && from == f.size:
		return nil
	case from >= f.bound: // of another file, or grown
		from = 0
	}
	stall := cmp.Or(c.Stall, 30*time.Second)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(stall, func() { cancel(transient{fmt.Errorf("%s: no byte came for %v", f.url, stall)}) })
	defer late.Stop()
	response, err := c.ask(ctx, f.url, from)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if from, err = begin(response, f.url, from); err != nil {
		if response.StatusCode == http.StatusRequestedRangeNotSatisfiable {
			os.Remove(f.part)
		}
		return err
	}
	err = f.take(response.Body, from, func(done int64) {
		late.Reset(stall)
		if c.Progress != nil {
			c.Progress(f.name, done, f.size)
		}
	})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// take puts what comes behind the bytes of the part before the one numbered
// from, and tells how many it has after each piece. What goes wrong with what
// comes is transient.
func (f wanted) take(in io.Reader, from int64, tell func(done int64)) error {
	how := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if from == 0 {
		how |= os.O_TRUNC
	}
	out, err := os.OpenFile(f.part, how, 0o666)
	if err != nil {
		return err
	}
	defer out.Close()
	buffer := make([]byte, 64<<10)
	for done := from; ; {
		n, readErr := in.Read(buffer)
		done += int64(n)
		if n > 0 {
			tell(done)
		}
		if done > f.bound { // so it is another file
			return errors.Join(fmt.Errorf("%s: more than the %d bytes expected", f.url, f.bound), out.Close(), os.Remove(f.part))
		}
		if _, err := out.Write(buffer[:n]); err != nil {
			return err
		}
		switch {
		case readErr == io.EOF && done < f.size:
			return transient{fmt.Errorf("%s: it ended after %d of %d bytes", f.url, done, f.size)}
		case readErr == io.EOF:
			return out.Close()
		case readErr != nil:
			return transient{fmt.Errorf("%s: %w", f.url, readErr)}
		}
	}
}

// ask requests the bytes at url, from the one numbered from on.
func (c *Client) ask(ctx context.Context, url string, from int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if request.URL.Scheme != "https" {
		return nil, fmt.Errorf("%s: expected https", url)
	}
	if from > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(to *http.Request, via []*http.Request) error {
		if to.URL.Scheme != "https" || len(via) >= 5 {
			return fmt.Errorf("%w to %s: expected https, and at most 5 times", errSentOn, to.URL)
		}
		return nil
	}
	response, err := client.Do(request)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, cause
	}
	if err == nil {
		return response, nil
	}
	if inner := errors.Unwrap(err); inner != nil { // of an url.Error, which names the URL once more
		err = inner
	}
	if !errors.Is(err, errSentOn) {
		err = transient{err}
	}
	return nil, fmt.Errorf("%s: %w", url, err)
}

// errSentOn is an answer that names another place that is none to ask.
var errSentOn = errors.New("sent on")

// begin returns the number of the first byte that a response brings, asked for
// those from a number on.
func begin(r *http.Response, url string, from int64) (int64, error) {
	err := fmt.Errorf("%s: %s", url, r.Status)
	switch {
	case r.StatusCode == http.StatusOK:
		return 0, nil
	case r.StatusCode == http.StatusPartialContent:
		if from > 0 && strings.HasPrefix(r.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", from)) {
			return from, nil
		}
		return 0, fmt.Errorf("%s: bytes %q came, not those from %d on", url, r.Header.Get("Content-Range"), from)
	case r.StatusCode >= 500, r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestedRangeNotSatisfiable && from > 0:
		return 0, transient{err}
	}
	return 0, err
}
