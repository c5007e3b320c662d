package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/explain"
	"github.com/unroll-go/unroll/internal/show"
)

// caseFlags are the options of explain for the paper's network.
type caseFlags struct {
	path    string
	mistake string
}

func (f *caseFlags) bind(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.path, "case", "", "a network and a sequence as JSON, - for standard input (default the built-in example)")
	s.StringVar(&f.mistake, "break", "", "put in a mistake: "+mistakes())
}

// mistakes lists what --break takes.
func mistakes() string {
	names := mistakeNames()
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func mistakeNames() (names []string) {
	for _, m := range explain.Mistakes() {
		names = append(names, string(m))
	}
	return names
}

// run explains a case. It fails where a check does, and with a mistake put in
// that no check notices.
func (f *caseFlags) run(out explainOutput) error {
	m := explain.Mistake(f.mistake)
	if m != explain.None && !slices.Contains(explain.Mistakes(), m) {
		return usagef("break %q is unknown: expected %s", f.mistake, mistakes())
	}
	r, err := f.report(m)
	if err != nil {
		return err
	}
	err = out.write(show.Page{Report: r}, r, func(s *show.Screen) error { return s.Report(os.Stdout, r) })
	if err != nil {
		return err
	}
	return verdict(r)
}

func (f *caseFlags) report(m explain.Mistake) (*explain.Report, error) {
	if f.path == "" {
		return explain.Builtin().Explain(m)
	}
	file, err := open(f.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	e, err := explain.ReadExample(file)
	if err != nil {
		return nil, pathError(f.path, err)
	}
	r, err := e.Explain(m)
	if err != nil {
		return nil, pathError(f.path, err)
	}
	return r, nil
}

// verdict is the error that a report ends with: none if all is right.
func verdict(r *explain.Report) error {
	failed := r.Failed()
	switch {
	case r.Broken != "" && r.OK():
		return fmt.Errorf("explain: --break %s changes no number of this case by enough for a check to notice it", r.Broken)
	case r.Broken != "":
		return fmt.Errorf("explain: --break %s is noticed by %d of %d checks: %s", r.Broken, len(failed), len(r.Checks), strings.Join(failed, ", "))
	case !r.OK():
		return fmt.Errorf("explain: %d of %d checks fail: %s", len(failed), len(r.Checks), strings.Join(failed, ", "))
	}
	return nil
}
