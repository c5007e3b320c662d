package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/unroll-go/unroll/internal/fetch"
)

func dataCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "data",
		Short: "Get public data sets",
		Long: `Get public data sets by name: what there is, and one of them.

Every file is downloaded over HTTPS from one commit or release of its makers',
and verified by its SHA-256. The sets have licences of their own.`,
		Example: `  unroll data list
  unroll data get tinyshakespeare`,
		Args: arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(dataListCommand(), dataGetCommand())
	return c
}

func dataListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the data sets that have a name",
		Example: "  unroll data list",
		Args:    arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			for _, s := range fetch.Sets {
				if _, err := fmt.Printf("%s: %s\n  %s, %s, %s\n", s.Name, s.About, inMegabytes(s.Size()), s.Licence, s.Source); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// inMegabytes says how large something is.
func inMegabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func dataGetCommand() *cobra.Command {
	var to string
	var quiet bool
	c := &cobra.Command{
		Use:   "get NAME",
		Short: "Download a data set",
		Long: `Download a data set into a folder, verify it, and say how to train on it. What is
there already is verified and left alone; what was broken off is gone on with,
and another that downloads to the same folder is waited for.
The folder is printed first: unroll/NAME in the user's cache unless --to names
another.`,
		Example: `  unroll data get ud-english-ewt
  unroll data get wnut17 --to data`,
		Args:              arguments(1, 1),
		ValidArgsFunction: completeSets,
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&to, "to", "", "the folder (default unroll/NAME in the user's cache)")
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		set, ok := fetch.Find(args[0])
		if !ok {
			return usagef("no data set is named %.40q: expected one of %s", args[0], strings.Join(setNames(), ", "))
		}
		dir, err := setFolder(set.Name, to)
		if err != nil {
			return err
		}
		return getSet(ctx, os.Stdout, &fetch.Client{}, set, dir, quiet)
	}
	return c
}

// getSet downloads a set into a folder and says what to do with it.
func getSet(ctx context.Context, w io.Writer, client *fetch.Client, set fetch.Set, dir string, quiet bool) error {
	if !quiet {
		shown := &downloads{w: os.Stderr, live: term.IsTerminal(int(os.Stderr.Fd()))}
		client.Progress = shown.tell
		client.Waits = func() { fmt.Fprintf(os.Stderr, "unroll: waiting for another that downloads to %s\n", dir) }
		defer shown.end()
	}
	if err := client.Get(ctx, set, dir); err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted; what came is kept, and the same command goes on with it")
		}
		return err
	}
	return showSet(w, set, dir)
}

// setFolder returns where a set's files are to be.
func setFolder(name, to string) (string, error) {
	if to != "" {
		return to, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep it in (%w): say one with --to DIR", err)
	}
	return filepath.Join(cache, "unroll", name), nil
}

// showSet prints a set's folder, its files, and how to train on them.
func showSet(w io.Writer, s fetch.Set, dir string) error {
	fmt.Fprintln(w, dir)
	t := table(w)
	for _, f := range s.Files {
		fmt.Fprintf(t, "%s\t%s bytes\t\n", f.Name, thousands(int(f.Size)))
	}
	if a := s.Archive; a != nil {
		fmt.Fprintf(t, "%s\t%s files\t\n", a.Name+string(filepath.Separator), thousands(a.Files))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "Licence: %s. Source: %s\n", s.Licence, s.Source)
	if s.Note != "" {
		fmt.Fprintf(w, "Note: %s.\n", s.Note)
	}
	if s.Train == "" {
		return nil
	}
	var words []string
	for word := range strings.FieldsSeq(s.Train) {
		if name, ok := strings.CutPrefix(word, "DIR/"); ok {
			word = quoted(filepath.Join(dir, name))
		}
		words = append(words, word)
	}
	_, err := fmt.Fprintf(w, "\nNext:\n  %s %s\n", commandName(), strings.Join(words, " "))
	return err
}

func setNames() (names []string) {
	for _, s := range fetch.Sets {
		names = append(names, s.Name)
	}
	return names
}

// downloads tells of files as they come: a line each, on a terminal one that
// moves.
type downloads struct {
	w    io.Writer
	live bool
	name string // of the file that is coming
	line string // that is there
	last int    // percent that it says
}

func (d *downloads) tell(name string, done, size int64) {
	if name != d.name {
		d.end()
		d.name, d.last = name, -1
		if !d.live {
			fmt.Fprintf(d.w, "%s %s\n", name, sizeSaid(size))
		}
	}
	percent := int(100 * done / max(size, done, 1))
	if size == 0 {
		percent = int(done >> 20) // unknown before: a line a mebibyte
	}
	if !d.live || percent == d.last {
		return
	}
	d.last = percent
	line := fmt.Sprintf("%s %s of %s", name, inMegabytes(done), sizeSaid(size))
	fmt.Fprintf(d.w, "\r%s%s", line, strings.Repeat(" ", max(len(d.line)-len(line), 0)))
	d.line = line
}

// sizeSaid says a size that may not be known.
func sizeSaid(n int64) string {
	if n == 0 {
		return "an archive"
	}
	return inMegabytes(n)
}

// end ends the line that is there.
func (d *downloads) end() {
	if d.line != "" {
		fmt.Fprintln(d.w)
	}
	d.line = ""
}
