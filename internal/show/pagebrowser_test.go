package show

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is a real one, which notes what a page asks for and complains of.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu    sync.Mutex
	noted []string
}

// startBrowser starts one for the test, or skips it where there is none.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no chromium on this machine")
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		closing, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := chromedp.Cancel(closing); err != nil {
			t.Error(err)
		}
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 4*time.Minute) // it takes seconds, on a machine that has time
	t.Cleanup(cancel)                                        // before the browser is closed
	b := &browser{t: t, ctx: short}
	if err := chromedp.Listen(short, b.note); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.noted = append(b.noted, "asked for "+e.Request.URL)
	case *log.EventEntryAdded:
		b.noted = append(b.noted, "log: "+e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.noted = append(b.noted, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.noted = append(b.noted, "thrown: "+e.ExceptionDetails.Text)
	}
}

// open opens a file, and forgets what was noted before.
func (b *browser) open(file string) {
	b.t.Helper()
	b.mu.Lock()
	b.noted = nil
	b.mu.Unlock()
	b.do(chromedp.Navigate(fileURL(file)))
}

func fileURL(file string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// show shows the page in a theme and a width; nothing moves.
func (b *browser) show(theme string, width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

func evaluate[T any](b *browser, js string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func (b *browser) inspect() []string {
	b.t.Helper()
	js, err := os.ReadFile("testdata/inspect.js")
	if err != nil {
		b.t.Fatal(err)
	}
	return evaluate[[]string](b, string(js))
}

// TestBrowser opens pages in Chromium: both languages, both themes, on a
// telephone and on a screen.
func TestBrowser(t *testing.T) {
	b := startBrowser(t)
	t.Run("faults are seen", b.testFaults)
	for name, p := range map[string]Page{"case": Page{Report: newExample(t, "worked", 2, 0.9)}, "long": Page{Report: newExample(t, "long", 40, 0.75)}, "model": hostilePage(t), "models": sideBySide(t)} {
		for _, l := range []Lang{English, Korean} {
			t.Run(name+"-"+string(l), func(t *testing.T) {
				b.t = t
				file := writePage(t, p, l)
				b.open(file)
				for _, theme := range []string{"light", "dark"} {
					for _, width := range []int64{380, 1400} {
						b.show(theme, width)
						for _, wrong := range b.inspect() {
							t.Errorf("%s, %d wide: %s", theme, width, wrong)
						}
					}
				}
				if got := evaluate[string](b, "document.documentElement.lang"); got != string(l) {
					t.Errorf("lang is %q, want %q", got, l)
				}
				if l == English {
					b.testKeys(t)
				}
				b.mu.Lock()
				defer b.mu.Unlock()
				if want := []string{"asked for " + fileURL(file)}; !slices.Equal(b.noted, want) {
					t.Errorf("the browser noted %q, want %q", b.noted, want)
				}
			})
		}
	}
	t.Run("paths light up", func(t *testing.T) {
		b.t = t
		b.testPaths(t)
	})
}

func writePage(t *testing.T, p Page, l Lang) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := p.Write(f, l); err != nil {
		t.Fatal(err)
	}
	return file
}

// testFaults holds the inspection to a page with every fault that it is to find.
func (b *browser) testFaults(t *testing.T) {
	b.t = t
	file, err := filepath.Abs("testdata/faults.html")
	if err != nil {
		t.Fatal(err)
	}
	b.open(file)
	b.show("light", 380)
	found := strings.Join(b.inspect(), "\n")
	b.mu.Lock()
	defer b.mu.Unlock()
	found += strings.Join(b.noted, "\n")
	for _, want := range []string{"contrast 2.3", "scrolls sideways", "picture without a name", "formula without a size", "asked for http://127.0.0.1:9/x.png", "console: error", "thrown: Uncaught"} {
		if !strings.Contains(found, want) {
			t.Errorf("no %q in:\n%s", want, found)
		}
	}
}

// testKeys goes through the page with the Tab key, which must reach every
// figure of numbers and every term; arrow keys tell the numbers.
func (b *browser) testKeys(t *testing.T) {
	const stops = "[...document.querySelectorAll('.probe svg, .term')].filter(e => e.checkVisibility())"
	want, figures := evaluate[int](b, stops+".length"), evaluate[int](b, "document.querySelectorAll('.probe svg').length")
	reached, told := map[int]bool{}, 0
	for range 3*want + 20 {
		b.do(chromedp.KeyEvent("\t"))
		at := evaluate[int](b, stops+".indexOf(document.activeElement)")
		if at < 0 || reached[at] {
			continue
		}
		reached[at] = true
		if evaluate[bool](b, "document.activeElement.matches('svg')") {
			b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowRight))
			if evaluate[bool](b, "document.activeElement.closest('figure').querySelector('output').textContent === document.activeElement.querySelector('.on title')?.textContent") {
				told++
			}
		}
		if len(reached) == want {
			break
		}
	}
	if len(reached) != want || told != figures || figures == 0 {
		t.Errorf("the Tab key reached %d of %d figures and terms; the arrow keys told numbers in %d of %d", len(reached), want, told, figures)
	}
}

// testPaths lights the paths of (25) one by one.
func (b *browser) testPaths(t *testing.T) {
	b.open(writePage(t, Page{Report: newExample(t, "worked", 2, 0.9)}, English))
	b.show("light", 1400)
	const card = "[...document.querySelectorAll('.eq')].find(e => e.textContent.startsWith('(25)'))"
	b.do(chromedp.KeyEvent("\t"))
	opacities := func() string {
		return evaluate[string](b, card+".querySelectorAll('.way').values().map(w => getComputedStyle(w).opacity).toArray().join(' ')")
	}
	if got := opacities(); got != "1 1 1" {
		t.Errorf("the paths of (25) have opacities %s, want all lit", got)
	}
	for n, want := range []string{"1 0.08 0.08", "0.08 1 0.08", "0.08 0.08 1"} {
		b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("%s.querySelector('.term.t%d').focus()", card, n)))
		if got := opacities(); got != want {
			t.Errorf("at term %d the paths of (25) have opacities %s, want %s", n+1, got, want)
		}
	}
}
