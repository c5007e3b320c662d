package explain

import (
	"runtime"
	"sync"

	"github.com/unroll-go/unroll/bptt"
)

// CaseInfluence returns who influenced whom in a sequence that the paper's
// network ran over.
func CaseInfluence(n *bptt.Network, tr *bptt.Trace) Influence {
	r := caseRun(n, tr)
	losses := make([]source, tr.T())
	for t := range losses {
		losses[t] = at(t+1, outerRow(tr.DAlpha(t+1), n.Whz, n.H)) // (5), (8)
	}
	all, dx := (&stack{runs: [][]*run{{r}}}).influence(losses)
	in := all[0][0]
	in.DHdH, in.DLdX = r.table(), dx
	return in
}

// outerRow returns the row r·W, r [K] and W [K, H].
func outerRow(r, w []float64, h int) []float64 {
	out := make([]float64, h)
	for k, v := range r {
		addScaled(out, v, w[k*h:])
	}
	return out
}

// table returns ‖∂s_t/∂s_k‖₂ [T][T+1], row and column being the pass's own
// steps: the columns are shared out to goroutines.
func (r *run) table() [][]float64 {
	T := r.steps()
	m := rows(T, T+1)
	var states []int
	for k := range T + 1 {
		states = append(states, k)
	}
	share(states, func(next <-chan int) {
		c, jacobian := &chain{}, make([]float64, r.state()*r.state())
		for k := range next {
			for i, v := range r.follow(c, jacobian, k, T) {
				if t := k + i; t > 0 {
					m[t-1][k] = v
				}
			}
		}
	})
	return m
}

// mostWorkers bounds what is worked on at once, and so the memory.
const mostWorkers = 8

// share hands items out to a goroutine a processor, which work on until there
// is none left. What becomes of an item must not depend on who has it.
func share(items []int, work func(next <-chan int)) {
	next := make(chan int, len(items))
	for _, i := range items {
		next <- i
	}
	close(next)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items), mostWorkers) {
		wait.Go(func() { work(next) })
	}
	wait.Wait()
}

// source is a loss as the top layer meets it: of each direction the place of
// the state that it is made of, and ∂L/∂h there.
type source struct {
	at [2]int
	dh [2][]float64
}

// at is the loss of the step at a place, dh [D·H] for all directions.
func at(place int, dh ...[]float64) source {
	s := source{}
	for d, v := range dh {
		s.at[d], s.dh[d] = place, v
	}
	return s
}

// blockLosses is how many losses go back at once, so that memory is bounded.
const blockLosses = 32

// influence returns of every layer and direction ‖∂L/∂h_k‖ of the losses, the
// rest of Influence still empty, and ‖∂L/∂x_k‖.
func (s *stack) influence(losses []source) (all [][]Influence, dx [][]float64) {
	T := s.steps()
	for _, directions := range s.runs {
		in := make([]Influence, len(directions))
		for d := range in {
			in[d].DLdH = rows(len(losses), T+1)
		}
		all = append(all, in)
	}
	dx = rows(len(losses), T)
	var starts []int
	for from := 0; from < len(losses); from += blockLosses {
		starts = append(starts, from)
	}
	share(starts, func(next <-chan int) {
		for from := range next {
			s.back(losses, from, min(from+blockLosses, len(losses)), all, dx)
		}
	})
	return all, dx
}

// placed puts a direction's table in the order of the sequence.
func (s *stack) placed(d int, m [][]float64) [][]float64 {
	if d == 0 {
		return m
	}
	T := len(m)
	p := rows(T, T+1)
	for t := 1; t <= T; t++ {
		row := p[s.position(d, t)-1]
		row[0] = m[t-1][0]
		for k := 1; k <= T; k++ {
			row[s.position(d, k)] = m[t-1][k]
		}
	}
	return p
}
