package kernel

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRunCallsEveryWorkerOnce(t *testing.T) {
	for _, size := range []int{1, 2, 3, 8} {
		team := NewTeam(size)
		if team.Size() != size {
			t.Fatalf("Size() = %d, want %d", team.Size(), size)
		}
		calls := make([]int, size) // unguarded: Run returns after all calls have
		count := func(w int) { calls[w]++ }
		for run := 1; run <= 500; run++ {
			team.Run(count)
			for w, n := range calls {
				if n != run {
					t.Fatalf("size %d: after %d runs worker %d was called %d times", size, run, w, n)
				}
			}
		}
		team.Close()
	}
}

// Every call waits for all others to have begun. Were they one after another,
// no goroutine could go on, which synctest reports.
func TestRunCallsAllWorkersAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		team := NewTeam(4)
		defer team.Close()
		var begun sync.WaitGroup
		begun.Add(4)
		team.Run(func(int) {
			begun.Done()
			begun.Wait()
		})
	})
}

// Every part of a step reads what all parts of the step before wrote, unguarded: a
// part that is begun too early finds something else there, and the race detector
// sees it. Some steps are small, and there are more workers than cores, so that
// some parts are done by others.
func TestRunStepsRunsOneAfterAnother(t *testing.T) {
	const steps = 60
	for _, size := range []int{1, 2, 3, 8} {
		team := NewTeam(size)
		var done [2][]int // the parts' last steps of even and odd number
		for i := range done {
			done[i] = make([]int, size)
		}
		calls, early := make([]int, size), make([]int, size)
		f := func(w, step int) {
			if (w+step)%4 == 0 {
				time.Sleep(time.Microsecond) // the others would be early
			}
			for _, last := range done[(step+1)%2] {
				if last != step-1 {
					early[w]++
				}
			}
			done[step%2][w] = step
			calls[w]++
		}
		work := func(step int) int { return step / 7 % 3 * serialWork }
		for run := 1; run <= 20; run++ {
			for w := range size {
				done[1][w] = -1
			}
			team.RunSteps(steps, work, f)
			for w := range size {
				if calls[w] != run*steps || early[w] > 0 {
					t.Fatalf("size %d: after %d runs of %d steps part %d was called %d times, of which early %d", size, run, steps, w, calls[w], early[w])
				}
			}
		}
		team.Close()
	}
}

func TestSizeIsAtLeastOne(t *testing.T) {
	for _, team := range []*Team{nil, NewTeam(-3), NewTeam(0), NewTeam(1)} {
		if team.Size() != 1 || team.Workers() != 1 {
			t.Errorf("Size() = %d and Workers() = %d, want 1", team.Size(), team.Workers())
		}
		calls := 0
		team.Run(func(w int) { calls += 1 + w })
		if calls != 1 {
			t.Errorf("Run calls worker 0 %d times, want once", calls)
		}
		team.Close()
	}
}

// synctest fails where goroutines outlive the test.
func TestCloseEndsTheWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		team := NewTeam(5)
		team.Run(func(int) {})
		team.Close()
		team.Close()
		calls := 0
		team.Run(func(part int) { calls += 1 << part })
		if calls != 1<<5-1 {
			t.Errorf("after Close Run does the parts %b, want all five once", calls)
		}
		if team.Workers() != 1 || team.Size() != 5 {
			t.Errorf("after Close Workers() = %d and Size() = %d, want 1 and 5", team.Workers(), team.Size())
		}
	})
}

func TestRunAllocatesNothing(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	calls := make([]int, 3)
	f := func(w int) { calls[w]++ }
	wantNoAllocs(t, "Run", func() { team.Run(f) })
	work, step := func(int) int { return serialWork }, func(w, _ int) { calls[w]++ }
	wantNoAllocs(t, "RunSteps", func() { team.RunSteps(3, work, step) })
	var none *Team
	wantNoAllocs(t, "Run of no team", func() { none.Run(f) })
}

func TestShareIsEvenAndWhole(t *testing.T) {
	for n := range 40 {
		for size := 1; size <= 9; size++ {
			end := 0
			for w := range size {
				from, to := Share(n, w, size)
				if from != end || to-from < n/size || to-from > (n+size-1)/size {
					t.Fatalf("worker %d of %d has [%d, %d) of %d, after %d", w, size, from, to, n, end)
				}
				end = to
			}
			if end != n {
				t.Fatalf("%d workers share %d of %d", size, end, n)
			}
		}
	}
}

// refused returns what f panics with.
func refused(f func()) (message any) {
	defer func() { message = recover() }()
	f()
	return nil
}

// TestTeamAfterPanic wants a team to refuse work once the caller's part has panicked:
// nobody knows which parts were done.
func TestTeamAfterPanic(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	recovered := make(chan bool)
	if got := refused(func() {
		team.Run(func(part int) {
			if part == 0 {
				panic("zero")
			}
			<-recovered // until then the worker does not do the caller's part, too
		})
	}); got != "zero" {
		t.Errorf("the part's own panic comes as %v", got)
	}
	close(recovered)
	for _, until := range []time.Time{{}, time.Now().Add(time.Hour)} { // also one that doubts
		team.doubt.until = until
		calls := 0
		if got := refused(func() { team.Run(func(int) { calls++ }) }); got == nil || calls != 0 {
			t.Errorf("after it a Run made %d calls and panicked with %v", calls, got)
		}
		work := func(int) int { return serialWork }
		if got := refused(func() { team.RunSteps(1, work, func(int, int) { calls++ }) }); got == nil || calls != 0 {
			t.Errorf("after it RunSteps made %d calls and panicked with %v", calls, got)
		}
	}
}

// A worker that begins late does what was to be done, not what was refused meanwhile.
func TestARefusedRunChangesNothing(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	begins, goOn, did := make(chan bool), make(chan bool), make(chan string, 3)
	team.core = func() uint32 { // only the worker comes here: the caller's part panics
		close(begins)
		<-goOn
		return 0
	}
	refused(func() {
		team.Run(func(part int) {
			if part == 0 {
				<-begins
				panic("zero")
			}
			did <- "first"
		})
	})
	if refused(func() { team.Run(func(int) { did <- "second" }) }) == nil {
		t.Error("a Run after a panic was not refused")
	}
	close(goOn)
	if got := <-did; got != "first" {
		t.Errorf("the worker did its part of the %s Run", got)
	}
}

// A Run within a Run is refused, also where the caller does everything itself.
func TestARunWithinARunIsRefused(t *testing.T) {
	for _, state := range []string{"counts on all", "doubts", "is closed"} {
		team := NewTeam(2)
		switch state {
		case "doubts":
			team.doubt.until = time.Now().Add(time.Hour)
		case "is closed":
			team.Close()
		}
		var inner any
		team.Run(func(part int) {
			if part == 0 {
				inner = refused(func() { team.Run(func(int) {}) })
			}
		})
		if inner == nil {
			t.Errorf("where the team %s it was not refused", state)
		}
		calls := make([]int, 2)
		team.Run(func(part int) { calls[part]++ })
		if calls[0] != 1 || calls[1] != 1 {
			t.Errorf("where the team %s the parts were then done %v times", state, calls)
		}
		team.Close()
	}
}
