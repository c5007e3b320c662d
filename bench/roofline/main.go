// Command roofline draws what `unroll bench --all --json` writes, read from
// standard input, as an SVG on standard output: each layer's forward pass under
// the roofs that the processor and its memory put over it. It is a module of
// its own, so that users of unroll never download what it draws with.
//
//	unroll bench --all --json | go run -C bench/roofline . > docs/roofline.svg
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// machine is the first line.
type machine struct {
	Kernel    string  `json:"kernel"`
	Threads   int     `json:"threads"`
	L2GBs     float64 `json:"l2_gb_s"`
	MemoryGBs float64 `json:"memory_gb_s"`
}

// row is each line after it.
type row struct {
	Cell      string  `json:"cell"`
	Shape     string  `json:"shape"`
	Peak      float64 `json:"peak_gflops"`
	Share     float64 `json:"fwd_share"`
	Intensity float64 `json:"fwd_flop_per_byte"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("roofline: ")
	if err := run(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(in io.Reader, out io.Writer) error {
	m, rows, err := read(in)
	if err != nil {
		return err
	}
	p, err := picture(m, rows, peak(rows))
	if err != nil {
		return err
	}
	c := vgsvg.New(9*vg.Inch, 6*vg.Inch)
	p.Draw(draw.Crop(draw.New(c), 4, -20, 4, -4))
	var svg bytes.Buffer
	if _, err := c.WriteTo(&svg); err != nil {
		return err
	}
	// Where the font that was measured is missing, one as wide.
	_, err = out.Write(bytes.ReplaceAll(svg.Bytes(), []byte("font-family:Liberation Sans"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif")))
	return err
}

func read(in io.Reader) (m machine, rows []row, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		if n == 1 {
			err = json.Unmarshal(lines.Bytes(), &m)
		} else {
			var r row
			err = json.Unmarshal(lines.Bytes(), &r)
			rows = append(rows, r)
		}
		if err != nil {
			return m, nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return m, nil, err
	}
	bad := func(r row) bool { return !(r.Peak > 0 && r.Share > 0 && r.Intensity > 0) }
	if !(m.L2GBs > 0 && m.MemoryGBs > 0) || len(rows) == 0 || slices.ContainsFunc(rows, bad) {
		return m, nil, errors.New("expected the lines of unroll bench --all --json")
	}
	return m, rows, nil
}

// peak is the median over the rows, each of which measured it beside itself. A
// dot is its row's share of it, so that a clock that drifts moves no dot.
func peak(rows []row) float64 {
	var all []float64
	for _, r := range rows {
		all = append(all, r.Peak)
	}
	slices.Sort(all)
	return all[len(all)/2]
}
