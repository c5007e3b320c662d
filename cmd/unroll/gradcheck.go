package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/check"
	"github.com/unroll-go/unroll/rnn"
)

// gradcheckFlags are the options of gradcheck.
type gradcheckFlags struct {
	against []string
	model   string
	cell    string
	cases   int
	seed    uint64
	float32 bool
	json    bool
}

func gradcheckCommand() *cobra.Command {
	var f gradcheckFlags
	c := &cobra.Command{
		Use:   "gradcheck",
		Short: "Prove the gradients",
		Long: `Prove the gradients of backpropagation through time.

Alone it draws networks of random shapes: up to three layers of one direction or
two; words, characters, features or vectors to read; softmax, with weights of the
labels or without, CRF or real values to say, at every step or of a sequence. It compares the gradient of every
parameter with central differences of the loss. With -m it
takes a model's parameters, some of each tensor. With --against it computes the
case of a golden file, written by another program, and compares every tensor.

The error of a tensor is max|a − b| / max(max|b|, 1e-8); it must be below 1e-10
against a golden file and 1e-7 against differences. With --float32 the gradients
are float32's, compared with float64's or with the golden file, and must be
below 1e-5; where merely rounding the case's numbers to float32 does much, below
three times that effect, which is shown, but never above 1e-4: where gradients
explode, float32 fails. The exit status is 1 when an error is too large.`,
		Example: `  unroll gradcheck
  unroll gradcheck --cell relu --float32
  unroll gradcheck -m model.safetensors`,
		Args: arguments(0, 0),
	}
	s := c.Flags()
	s.SortFlags = false
	s.StringArrayVar(&f.against, "against", nil, "a golden file (may be repeated)")
	s.StringVarP(&f.model, "model", "m", "", "a model's file")
	s.StringVar(&f.cell, "cell", "", "tanh (also rnn), relu, lstm or gru (default each of them)")
	s.IntVar(&f.cases, "cases", 20, "random networks for each cell")
	s.Uint64Var(&f.seed, "seed", 1, "of the random networks and batches")
	s.BoolVar(&f.float32, "float32", false, "check the gradients of float32")
	s.BoolVar(&f.json, "json", false, "the errors of all tensors as one JSON object")
	c.RunE = func(*cobra.Command, []string) error { return f.run() }
	return c
}

// proof is one case that was checked.
type proof struct {
	Name    string              `json:"name"`
	Worst   check.TensorError   `json:"worst"`
	Tensors []check.TensorError `json:"tensors"`
	Skipped int                 `json:"skipped_at_kinks,omitempty"` // elements where a ReLU switches
	OK      bool                `json:"ok"`
}

func (f *gradcheckFlags) run() error {
	if err := f.validate(); err != nil {
		return err
	}
	proofs, err := f.proofs()
	if err != nil {
		return err
	}
	failed := 0
	for _, p := range proofs {
		if !p.OK {
			failed++
		}
	}
	if f.json {
		err = json.NewEncoder(os.Stdout).Encode(map[string]any{"ok": failed == 0, "cases": proofs})
	} else {
		err = f.print(proofs)
	}
	if err == nil && failed > 0 {
		err = fmt.Errorf("gradcheck: %d of %d cases failed", failed, len(proofs))
	}
	return err
}

func (f *gradcheckFlags) validate() error {
	f.cell = string(cellNamed(f.cell))
	switch {
	case len(f.against) > 0 && (f.model != "" || f.cell != ""):
		return usagef("--against brings its own network: it does not go with -m or --cell")
	case f.model != "" && f.cell != "":
		return usagef("-m brings its own cell: it does not go with --cell")
	case f.cell != "" && (rnn.Config{Cell: rnn.Cell(f.cell), Input: 1, Hidden: 1, Layers: 1}).Validate() != nil:
		return usagef("cell %q is unknown: expected tanh, relu, lstm or gru", f.cell)
	case f.cases < 1:
		return usagef("%d cases: expected at least 1", f.cases)
	}
	return nil
}

func (f *gradcheckFlags) proofs() ([]proof, error) {
	switch {
	case len(f.against) > 0:
		return f.goldenProofs()
	case f.model != "":
		return f.modelProof()
	}
	cells := rnn.Cells()
	if f.cell != "" {
		cells = []rnn.Cell{rnn.Cell(f.cell)}
	}
	var proofs []proof
	for _, cell := range cells {
		for i := range f.cases {
			r := rand.New(rand.NewPCG(f.seed, uint64(i)))
			k, err := check.RandomCase(cell, r)
			if err != nil {
				return nil, err
			}
			p, err := f.prove(describe(k), k, 0, r)
			if err != nil {
				return nil, err
			}
			proofs = append(proofs, p)
		}
	}
	return proofs, nil
}

// describe names a random case by its cell, directions, input, output and sizes.
func describe(k *check.Case) string {
	c := k.Config
	read := "words"
	switch {
	case c.Vector > 0:
		read = "vectors"
	case len(c.Features) > 0:
		read = "features"
	case c.Chars > 0:
		read = "chars"
	}
	said := string(c.Output)
	switch {
	case c.Constraints != "":
		said += "-" + string(c.Constraints)
	case k.Weights != nil:
		said = "weighted"
	}
	return fmt.Sprintf("%-4s %d way(s) %-8s %-8s %-8s  L %d I %d H %d K %d T %v", c.Cell, c.Recurrent().Directions(), read, c.Task, said, c.Layers, c.Input(), c.Hidden, k.Dims.Labels, k.Lengths)
}

// prove checks a case by differences, or float32 against float64.
func (f *gradcheckFlags) prove(name string, k *check.Case, sample int, r *rand.Rand) (proof, error) {
	if f.float32 {
		rows, err := k.Float32()
		return newProof(name, rows), err
	}
	rows, skipped, err := k.Differences(sample, r)
	p := newProof(name, rows)
	p.Skipped = skipped
	return p, err
}

func newProof(name string, rows []check.TensorError) proof {
	p := proof{Name: name, Worst: check.Worst(rows), Tensors: rows, OK: true}
	for _, row := range rows {
		p.OK = p.OK && row.OK()
	}
	return p
}

// modelSample is how many elements of each tensor of a model are checked.
const modelSample = 20

func (f *gradcheckFlags) modelProof() ([]proof, error) {
	m, err := loadModel(f.model)
	if err != nil {
		return nil, err
	}
	params := make([]float64, len(m.Params))
	for i, v := range m.Params {
		params[i] = float64(v)
	}
	r := rand.New(rand.NewPCG(f.seed, 0))
	k, err := check.NewCase(m.Config, m.Dims(), []int{20, 12, 5}, params, r)
	if err != nil {
		return nil, err
	}
	p, err := f.prove(f.model, k, modelSample, r)
	return []proof{p}, err
}

func (f *gradcheckFlags) goldenProofs() ([]proof, error) {
	var proofs []proof
	for _, path := range f.against {
		file, err := open(path)
		if err != nil {
			return nil, err
		}
		g, err := check.ReadGolden(file)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		run := check.Against
		if f.float32 {
			run = check.Against32
		}
		rows, err := run(g)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		proofs = append(proofs, newProof(path, rows))
	}
	return proofs, nil
}

func (f *gradcheckFlags) print(proofs []proof) error {
	checked, skipped := 0, 0
	worst := proofs[0]
	for _, p := range proofs {
		if err := f.printProof(p); err != nil {
			return err
		}
		for _, row := range p.Tensors {
			checked += row.Elements
		}
		skipped += p.Skipped
		if p.Worst.RelErr > worst.Worst.RelErr {
			worst = p
		}
	}
	if skipped > 0 {
		fmt.Printf("%s numbers left out: a ReLU switches there, and the loss has no derivative\n", thousands(skipped))
	}
	_, err := fmt.Printf("%d cases, %s numbers; worst relative error %.2g, %s of %s\n",
		len(proofs), thousands(checked), worst.Worst.RelErr, worst.Worst.Name, worst.Name)
	return err
}

// printProof prints a random case as one line, another with all its tensors.
func (f *gradcheckFlags) printProof(p proof) error {
	mark := "ok  "
	if !p.OK {
		mark = "FAIL"
	}
	if len(f.against) == 0 && f.model == "" {
		_, err := fmt.Printf("%s  %8.2g  %-26s %s\n", mark, p.Worst.RelErr, p.Worst.Name, p.Name)
		return err
	}
	fmt.Printf("%s  %s\n", mark, p.Name)
	t := table(os.Stdout)
	fmt.Fprint(t, "tensor\tnumbers\trelative error\tlimit\t")
	if f.rounded() {
		fmt.Fprint(t, "rounding alone\t")
	}
	fmt.Fprintln(t)
	for _, row := range p.Tensors {
		fmt.Fprintf(t, "%s\t%d\t%.2g\t%.2g\t", row.Name, row.Elements, row.RelErr, row.Limit)
		if f.rounded() {
			fmt.Fprintf(t, "%.2g\t", row.Rounding)
		}
		switch {
		case !row.OK() && f.rounded() && row.Rounding >= row.Limit:
			fmt.Fprint(t, "too large: rounding alone is\t")
		case !row.OK():
			fmt.Fprint(t, "too large\t")
		case f.rounded() && row.Limit > check.Limit32:
			fmt.Fprint(t, "limit raised\t")
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// rounded says whether the limits look at what rounding to float32 does alone.
func (f *gradcheckFlags) rounded() bool { return f.float32 && len(f.against) > 0 }
