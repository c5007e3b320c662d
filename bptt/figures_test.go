package bptt_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// example is the case of Example with a third step for what shows at T = 3 only.
func example(T int) *problem {
	n := bptt.New(1, 2, 2)
	n.Wxh = []float64{0.5, -0.3}
	n.Whh = []float64{0.1, 0.4, -0.2, 0.3}
	n.Whz = []float64{1, -1, 0.5, 2}
	return &problem{n: n, x: [][]float64{{1}, {-2}, {1}}[:T], h0: []float64{0.5, -0.5}, y: []int{0, 1, 0}[:T]}
}

// literal is what the paper prints, or a way to misread it, on the example:
// wrong values beside those by central differences.
type literal struct {
	id         string // of its row in docs/derivation.md
	got, truth []float64
}

func literals(t *testing.T) []literal {
	two, three := example(2), example(3)
	tr, tr3 := two.forward(t), three.forward(t)
	whole, second := two.numeric(t, wholeLoss), two.numeric(t, stepLoss(2))
	third := three.numeric(t, stepLoss(3))

	untransposed := mat(whole.Whh, 2).t().flat()
	total := two.whhTerms(tr, 2, 1, 2).plus(two.whhTerms(tr, 2, 1, 1)).flat()
	bothTotal := two.wxhTerms(tr, 2, 1, 2).plus(two.wxhTerms(tr, 2, 1, 1)).flat()
	const small = 1e-10 // where tanh(x) = x in every digit
	e := math.Exp(2 * small)
	return []literal{
		{"E1", []float64{-tr.Loss}, []float64{tr.Loss}},
		{"E2", two.whhTerms(tr, 2, 1, 1).flat(), second.Whh},
		{"E3", three.whhTerms(tr3, 3, 1, 2).flat(), third.Whh},
		{"E4", total, second.Whh},
		{"E5", two.whhTerms(tr, 2, 1, 2).flat(), whole.Whh},
		{"E6", two.wxhTerms(tr, 2, 1, 2).flat(), whole.Wxh},
		{"E7", three.wxhTerms(tr3, 3, 2, 3).flat(), third.Wxh},
		{"E8", bothTotal, second.Wxh},
		{"E9", []float64{(e - 1) / (e + 1)}, []float64{small}},
		{"M1", untransposed, whole.Whh},
		{"M2", two.whhTerms(tr, 2, 2, 2).flat(), second.Whh},
	}
}

// off is max|a-b| / max|b|.
func off(a, b []float64) float64 {
	diff, size := 0.0, 0.0
	for i := range b {
		diff, size = math.Max(diff, math.Abs(a[i]-b[i])), math.Max(size, math.Abs(b[i]))
	}
	return diff / size
}

// A row of the document's table: its id first, its figure last.
var figureRow = regexp.MustCompile(`(?m)^\| ([EM]\d+) \|.*\| ([^|]+) \|$`)

// By how much a literal form is off is said in docs/derivation.md and its Korean
// twin: for each of them, and as it comes out here.
func TestFiguresOfTheDocument(t *testing.T) {
	want := literals(t)
	for _, name := range []string{"../docs/derivation.md", "../docs/derivation.ko.md"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rows := figureRow.FindAllStringSubmatch(string(source), -1)
		if len(rows) != len(want) {
			t.Fatalf("%s has %d figures, want %d", name, len(rows), len(want))
		}
		for i, l := range want {
			if figure := fmt.Sprintf("%.2g", off(l.got, l.truth)); rows[i][1] != l.id || rows[i][2] != figure {
				t.Errorf("%s says %s %s, want %s %s", name, rows[i][1], rows[i][2], l.id, figure)
			}
		}
	}
}
