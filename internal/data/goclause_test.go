package data

import (
	"strings"
	"testing"
)

func TestWithClauses(t *testing.T) {
	train := []Sequence{{Name: "a/strings/x.go:1"}, {Name: "a/strings/x.go:9"}, {Name: "a/strings/y.go:2"}, {Name: "root.go:1"}, {Name: "fmt/z.go:3"}}
	all := WithClauses(train)
	if len(all) != len(train)+3 {
		t.Fatalf("%d sequences, want the 5 and a clause for each file in a directory", len(all))
	}
	for i, want := range []string{"package strings", "package strings", "package fmt"} {
		s := all[len(train)+i]
		if got := strings.Join(s.Tokens, ""); got != want {
			t.Errorf("clause %q, want %q", got, want)
		}
		labels := strings.Join(s.Labels, " ")
		if !strings.HasPrefix(labels, strings.Repeat(GoKeyword+" ", 7)+GoSpace+" "+GoIdentifier) {
			t.Errorf("labels %s", labels)
		}
	}
}
