// Command unroll trains recurrent networks that label sequences, and uses
// them: train, eval, label, generate, explain, gradcheck, info, bench, data.
//
// Results go to standard output, progress and logs to standard error. The exit
// status is 0 when done, 1 when something failed, 2 for wrong usage; every
// error is one line.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/kernel"
)

func main() { os.Exit(execute()) }

func execute() int {
	err := checkKernel(os.Getenv("UNROLL_KERNEL"))
	if err == nil {
		err = executed(command())
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "unroll:", oneLine(err.Error()))
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}

// executed runs a command; help that cannot be written is an error, too.
func executed(c *cobra.Command) error {
	out := &output{to: os.Stdout}
	c.SetOut(out)
	return cmp.Or(c.Execute(), out.err)
}

// output keeps the error of a write for those who do not look at it.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if _, err := o.to.Write(p); o.err == nil {
		o.err = err
	}
	return len(p), nil
}

// checkKernel refuses a name of kernels that would count for nothing.
func checkKernel(name string) error {
	if names := kernel.Names(); name != "" && !slices.Contains(names, name) {
		return usagef("UNROLL_KERNEL=%s: this processor runs %s", name, strings.Join(names, ", "))
	}
	return nil
}

// oneLine keeps an error on its line, whatever is quoted in it.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

// usageError is a command line that makes no sense.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, a ...any) error { return usageError{fmt.Errorf(format, a...)} }

// flagNumber is what strconv says of a number that is none, which names Go's
// functions.
var flagNumber = regexp.MustCompile(`: strconv\.\w+: parsing "[^"]*"`)

// command returns the whole command line.
func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "unroll",
		Short: "Train recurrent networks that label sequences, and use them",
		Long: `unroll trains recurrent networks that label sequences, evaluates them, labels
with them, and proves their gradients.

Results go to standard output, progress to standard error. The exit status is 0
when done, 1 when something failed, 2 for wrong usage.`,
		Example: `  unroll train                     learn to tell Go's comments from its code
  unroll label -m model.safetensors main.go`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          arguments(0, 0),
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%s; see %s --help", flagNumber.ReplaceAllString(err.Error(), ""), c.CommandPath())
	})
	root.AddCommand(trainCommand(), evalCommand(), labelCommand(), generateCommand(), explainCommand(), gradcheckCommand(), infoCommand(), benchCommand(), dataCommand())
	root.SetHelpCommand(helpCommand(root))
	completionCommand(root)
	complete(root)
	return root
}

// helpCommand is cobra's, but that an unknown command is wrong usage.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Help about a command",
		Example: "  unroll help train",
		RunE: func(_ *cobra.Command, args []string) error {
			c, left, err := root.Find(args)
			if err != nil || len(left) > 0 {
				return usagef("unknown command %q; see unroll --help", strings.Join(args, " "))
			}
			return c.Help()
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			if c, _, err := root.Find(args); err == nil {
				for _, below := range c.Commands() {
					if below.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(below.Name(), below.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// version is that of the module, as the go command stamps it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// arguments checks the number of arguments; most below 0 is any number.
func arguments(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef("%s: expected %s; see %s --help", c.CommandPath(), strings.TrimSpace(c.Use[len(c.Name()):]), c.CommandPath())
		case most >= 0 && len(args) > most && c.HasSubCommands():
			return usagef("unknown command %q; see %s --help", args[0], c.CommandPath())
		case most >= 0 && len(args) > most:
			return usagef("%s: unexpected argument %q; see %s --help", c.CommandPath(), args[most], c.CommandPath())
		}
		return nil
	}
}
