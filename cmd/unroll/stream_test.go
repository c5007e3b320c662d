package main

import (
	"bufio"
	"io"
	"os/exec"
	"testing"
	"time"
)

// TestLabelAnswersBeforeTheEnd writes a little to label's input, of each format,
// and wants the answer before it writes on.
func TestLabelAnswersBeforeTheEnd(t *testing.T) {
	dir := t.TempDir()
	trained(t, dir)
	write(t, dir, "a.go", "package a\n\nvar b = 1\n")
	if out, err := unrollIn(dir, "train", "--train", "a.go", "-o", "of-go", "--hidden", "4", "--epochs", "1", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, test := range []struct {
		name, model, format string
		write               string
		lines               int // to answer to the first
	}{
		{"conllu", "of-good.conllu", "conllu", "# c\n1\ta\t_\t_\t_\t_\t_\t_\t_\t_\n\n", 3},
		{"columns", "of-good.conllu", "columns", "a\nb\n\n", 3},
		{"jsonl", "of-good.conllu", "jsonl", `{"tokens":["a"]}` + "\n", 1},
		{"jsonl of vectors", "of-good.csv", "jsonl", `{"x":[[1]]}` + "\n", 1},
		{"csv", "of-good.csv", "csv", "v\n1\n2\n", 3},
		{"text", "of-good.conllu", "text", "a b\n", 2},
		{"go", "of-go", "go", "var a\n", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := unrollIn(dir, "label", "-m", test.model, "--format", test.format)
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			stuck := time.AfterFunc(time.Minute, func() { c.Process.Kill() })
			defer stuck.Stop()
			answer := bufio.NewReader(out)
			for again := range 2 {
				lines := test.lines
				if again > 0 && test.format == "csv" { // its header comes once
					test.write, lines = "1\n", 1
				}
				io.WriteString(in, test.write)
				for range lines {
					if line, err := answer.ReadString('\n'); err != nil {
						t.Fatalf("answer %q, %v", line, err)
					}
				}
			}
			c.Process.Kill()
			c.Wait()
		})
	}
}

// unrollIn is the command in a folder.
func unrollIn(dir string, args ...string) *exec.Cmd {
	c := exec.Command("unroll", args...)
	c.Dir = dir
	return c
}
