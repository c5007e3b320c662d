package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"unroll": main, "waitfor": waitFor})
}

// TestScript runs the command as a user does; testdata/*.txtar are the scripts.
func TestScript(t *testing.T) {
	golden, err := filepath.Abs("../../internal/check/testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GOLDEN", golden)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"fails": fails},
	})
}

// waitFor waits until a file exists.
func waitFor() {
	for range 1000 {
		if isFile(os.Args[1]) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	os.Exit(1)
}

// fails STATUS TEXT unroll ARGS... wants a command to exit with STATUS, to print nothing on
// standard output, and exactly one line, with TEXT in it, on standard error.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fails STATUS TEXT COMMAND ARGS...")
	}
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	var stdout, stderr strings.Builder
	c := exec.Command(args[2], args[3:]...) // found on the test's own PATH, whatever the script's is
	c.Dir, c.Env = ts.Getenv("WORK"), append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	c.Stdout, c.Stderr = &stdout, &stderr
	c.Run()
	switch {
	case c.ProcessState == nil:
		ts.Fatalf("%v did not run", args[2:])
	case c.ProcessState.ExitCode() != status:
		ts.Fatalf("%v: exit status %d, want %d; it said %q", args[2:], c.ProcessState.ExitCode(), status, stderr.String())
	case !strings.Contains(stderr.String(), args[1]):
		ts.Fatalf("%v: it said %q, want %q in it", args[2:], stderr.String(), args[1])
	case strings.Count(stderr.String(), "\n") != 1 || stdout.Len() > 0:
		ts.Fatalf("%v: want one line on standard error and none on standard output, got %q and %q", args[2:], stderr.String(), stdout.String())
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
