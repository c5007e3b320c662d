package explain

import (
	"math"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// TestDistances wants what the distances give to be the sums of their terms and
// bounded by them, and distance 0 to be what (10) as printed leaves out.
func TestDistances(t *testing.T) {
	e := drawn(6, sizes{7, 2, 3, 2}, 0.9)
	r := explained(t, e, None)
	wrong := explained(t, e, DirectTerm)
	tr, err := e.Net.Forward(e.X, e.H0, e.Y)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range r.Equations {
		for _, b := range q.ByDistance {
			if want := normAt(e, tr, derived{by: strings.TrimPrefix(q.Of, "dL/d")}, b.Distance); math.Abs(b.Norm-want) > 1e-13*want {
				t.Errorf("%s: distance %d gives %v, want %v", q.name(), b.Distance, b.Norm, want)
			}
		}
		if q.Eq != "11" {
			continue
		}
		missing := make([]float64, 9)
		for j := range missing {
			missing[j] = q.Total.Data[j] - wrong.Equations[i].Total.Data[j]
		}
		if got := q.ByDistance[0].Norm; math.Abs(got-length(missing)) > 1e-13*got {
			t.Errorf("distance 0 gives %v, want %v", got, length(missing))
		}
		for d, b := range q.ByDistance {
			if b.Distance != d || b.Terms != 7-d || b.Norm > float64(b.Terms)*b.Largest*(1+1e-14) || b.Largest <= 0 {
				t.Errorf("distance %d: %+v", d, b)
			}
		}
	}
}

// normAt returns the norm of what the terms at a distance, each by itself, add up to.
func normAt(e *Example, tr *bptt.Trace, d derived, distance int) float64 {
	sum := d.term(e.Net, tr, pair{1 + distance, 1})
	for k := 2; k+distance <= e.T(); k++ {
		sum = plus(sum, d.term(e.Net, tr, pair{k + distance, k}))
	}
	return length(sum)
}
