package explain

import (
	"math"
	"slices"

	"github.com/unroll-go/unroll/bptt"
)

// CaseFlow returns how a gradient fades or grows in a sequence that the paper's
// network ran over: all pairs, in is the sequence's influence.
func CaseFlow(name string, n *bptt.Network, tr *bptt.Trace, in Influence) Flow {
	r := caseRun(n, tr)
	p := newPairs(r)
	for k := range r.steps() {
		norms := []float64{1}
		for t := k + 1; t <= r.steps(); t++ {
			norms = append(norms, in.DHdH[t-1][k])
		}
		p.add(r, k, norms)
	}
	return p.flow(name)
}

// pairs are ‖∂s_t/∂s_k‖₂ of many k and t, by their distance.
type pairs struct {
	cell   string
	sigma  float64
	slope  float64
	chains int
	norms  [][]float64 // [distance − 1]
	bounds []float64   // the largest at a distance
}

// newPairs returns none, of the layer that r is a pass of.
func newPairs(r *run) *pairs { return &pairs{cell: string(r.cell), sigma: r.sigma()} }

// add adds the norms of t = k, k+1, … of a pass.
func (p *pairs) add(r *run, k int, norms []float64) {
	p.chains++
	last := k + len(norms) - 1
	for len(p.norms) < last-k {
		p.norms, p.bounds = append(p.norms, nil), append(p.bounds, 0)
	}
	for i, v := range norms[1:] {
		p.norms[i] = append(p.norms[i], v)
	}
	if p.sigma == 0 {
		return
	}
	for i, v := range r.bounds(p.sigma, k, last)[1:] {
		p.bounds[i] = max(p.bounds[i], v)
		p.slope = max(p.slope, r.steepest(k+1+i))
	}
}

// flow puts them together.
func (p *pairs) flow(name string) Flow {
	f := Flow{Name: name, Cell: p.cell, Chains: p.chains, SigmaMax: p.sigma, Slope: p.slope, Verdict: Neither}
	for i, norms := range p.norms {
		slices.Sort(norms)
		f.Points = append(f.Points, Point{Distance: i + 1, Pairs: len(norms),
			Low: quantile(norms, 0.1), Median: quantile(norms, 0.5), High: quantile(norms, 0.9), Bound: p.bounds[i]})
	}
	f.judge()
	return f
}

// enough is what share of the pairs at distance 1 a distance has at least that
// counts for the verdict: at the longest there is one pair alone.
const enough = 1.0 / 8

// judge sets where the median fades or explodes, and the verdict.
func (f *Flow) judge() {
	for _, p := range f.Points {
		if float64(p.Pairs) < enough*float64(f.Points[0].Pairs) {
			break
		}
		if p.Median < Faded && f.Fades == 0 {
			f.Fades = p.Distance
		}
		switch {
		case f.Verdict != Neither:
		case p.Median < Faded:
			f.Verdict = Vanishing
		case p.Median > 1/Faded:
			f.Verdict, f.Explodes = Exploding, p.Distance
		}
	}
}

// quantile returns the value that a share q of sorted values is below, between
// two of them by the line that joins them.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return finite(sorted[i] + (at-math.Floor(at))*(sorted[i+1]-sorted[i]))
}
