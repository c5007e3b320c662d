package fetch

import (
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
	Pause    time.Duration                       // before the second try, doubled before each further one; a second unless set
	Stall    time.Duration                       // without a byte before a try is given up; half a minute unless set
}

// tries is how many in a row may fail without bringing a byte.
const tries = 4

// transient is an error that another try may not have.
type transient struct{ error }

func (t transient) Unwrap() error { return t.error }

// download brings the bytes at url into the file part, going on from those that
// are there. They are size bytes or, where bound is larger, at most that many.
func (c *Client) download(ctx context.Context, url, part, name string, size, bound int64) error {
	for failed := 0; ; {
		before := sizeOf(part)
		err := c.try(ctx, url, part, name, size, bound)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.As(err, new(transient)):
			return err
		case sizeOf(part) > before:
			failed = 0
		}
		if failed++; failed == tries {
			kept := ""
			if sizeOf(part) > 0 {
				kept = "; what came is kept, and gone on with next time"
			}
			return fmt.Errorf("%w (given up after %d tries%s)", err, tries, kept)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(c.pause() << (failed - 1)):
		}
	}
}

func (c *Client) pause() time.Duration {
	if c.Pause == 0 {
		return time.Second
	}
	return c.Pause
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// try asks once for what is missing of part.
func (c *Client) try(ctx context.Context, url, part, name string, size, bound int64) error {
	from := sizeOf(part)
	if size > 0 && from == size {
		return nil
	}
	if from >= max(size, bound) { // of another file, or grown
		from = 0
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := c.Stall
	if stall == 0 {
		stall = 30 * time.Second
	}
	late := time.AfterFunc(stall, func() { cancel(transient{fmt.Errorf("%s: no byte came for %v", url, stall)}) })
	defer late.Stop()
	response, err := c.ask(ctx, url, from)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if from, err = begin(response, url, from); err != nil {
		if response.StatusCode == http.StatusRequestedRangeNotSatisfiable {
			os.Remove(part)
		}
		return err
	}
	how := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if from == 0 {
		how |= os.O_TRUNC
	}
	out, err := os.OpenFile(part, how, 0o666)
	if err != nil {
		return err
	}
	defer out.Close()
	alive := func(done int64) error {
		late.Reset(stall)
		if c.Progress != nil {
			c.Progress(name, done, size)
		}
		if done > max(size, bound) {
			return fmt.Errorf("%s: %w the %d bytes expected", url, errMore, max(size, bound))
		}
		return nil
	}
	got, err := pour(out, response.Body, from, alive)
	switch {
	case err != nil && context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case errors.Is(err, errMore): // so it is another file
		return errors.Join(err, os.Remove(part))
	case errors.As(err, new(transient)):
		return fmt.Errorf("%s: %w", url, err)
	case err != nil:
		return err
	case size > 0 && got < size:
		return transient{fmt.Errorf("%s: it ended after %d of %d bytes", url, got, size)}
	}
	return out.Close()
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

// errMore is a file that is longer than the one that is known.
var errMore = errors.New("more than")

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

// pour copies from in to out, and tells after each piece how many bytes out has
// then, at first already. What goes wrong with in is transient.
func pour(out io.Writer, in io.Reader, already int64, tell func(done int64) error) (int64, error) {
	buffer := make([]byte, 64<<10)
	for {
		n, readErr := in.Read(buffer)
		if n > 0 {
			already += int64(n)
			if err := tell(already); err != nil {
				return already, err
			}
			if _, err := out.Write(buffer[:n]); err != nil {
				return already, err
			}
		}
		if readErr == io.EOF {
			return already, nil
		}
		if readErr != nil {
			return already, transient{readErr}
		}
	}
}
