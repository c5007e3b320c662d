package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"fails": fails, "differs": differs, "covers": covers, "begins-anew": beginsAnew, "wrong": wrong},
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

// differs FLAG... wants the training of flags.txtar with these flags added to
// make another file than without.
func differs(ts *testscript.TestScript, neg bool, args []string) {
	base := strings.Fields("train --train a.conllu --min-count 1 --hidden 6 --embed 4 --epochs 2 --batch 1 --threads 1 --cell tanh --bidirectional=false --chars 0 --features none --word-dropout 0 -q -o other")
	ts.Check(ts.Exec("unroll", append(base, args...)...))
	if (ts.ReadFile("other") == ts.ReadFile("base")) != neg {
		ts.Fatalf("%v changes nothing", args)
	}
}

// covers MODEL FILE wants the runs that label writes to be the file, end to
// end, with a row of scores for each character.
func covers(ts *testscript.TestScript, _ bool, args []string) {
	want := ts.ReadFile(args[1])
	ts.Check(ts.Exec("unroll", "label", "-m", args[0], "--scores", args[1]))
	at := 0
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var r run
		ts.Check(json.Unmarshal([]byte(line), &r))
		if r.Start != at || r.End > len(want) || r.Text != want[r.Start:r.End] || len(r.Scores) != utf8.RuneCountInString(r.Text) {
			ts.Fatalf("run %+v, at byte %d of %d", r, at, len(want))
		}
		at = r.End
	}
	if at != len(want) {
		ts.Fatalf("runs end at byte %d of %d", at, len(want))
	}
}

// wrong OLD NEW TEXT wants unroll explain to refuse three.json with OLD replaced
// by NEW, in one line that names the file and has TEXT in it.
func wrong(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.ReadFile("three.json")
	if !strings.Contains(file, args[0]) {
		ts.Fatalf("three.json has no %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs("wrong.json"), []byte(strings.Replace(file, args[0], args[1], 1)), 0o666))
	fails(ts, false, []string{"1", "unroll: wrong.json: ", "unroll", "explain", "--case", "wrong.json"})
	fails(ts, false, []string{"1", args[2], "unroll", "explain", "--case", "wrong.json"})
}

// beginsAnew MODEL FILE wants the two equal declarations of a file, an empty
// line between them, to get equal scores.
func beginsAnew(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("unroll", "label", "-m", args[0], "--scores", args[1]))
	var rows [][]float32
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var r run
		ts.Check(json.Unmarshal([]byte(line), &r))
		rows = append(rows, r.Scores...)
	}
	n := len(rows) / 2
	for i := range n - 1 {
		if !slices.Equal(rows[i], rows[n+1+i]) {
			ts.Fatalf("character %d has scores %v, in the second declaration %v", i, rows[i], rows[n+1+i])
		}
	}
}
