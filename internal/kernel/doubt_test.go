package kernel

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestDoubtGrowsAndFades(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d doubt
		wait := func(worked, waited time.Duration) {
			time.Sleep(waited)
			d.learn(worked, waited)
		}
		doubts := func(want time.Duration) {
			t.Helper()
			now := time.Now()
			if want > 0 && !d.lasts(now.Add(want-1)) || d.lasts(now.Add(want)) {
				t.Fatalf("doubts for %v, want %v", d.until.Sub(now), want)
			}
		}
		wait(2*time.Millisecond, 1900*time.Microsecond) // no longer than it worked
		wait(time.Microsecond, patience)
		for range 3 { // late, but rarely
			wait(time.Microsecond, mostLate)
			d.forget(forgetLate)
		}
		doubts(0)
		wait(time.Microsecond, mostLate/2)
		wait(time.Microsecond, mostLate/2+1)
		doubts(leastDoubt)
		time.Sleep(leastDoubt)
		wait(time.Microsecond, time.Second)
		doubts(2 * leastDoubt)
		for range 10 {
			wait(0, time.Second)
		}
		doubts(mostDoubt)
		for range 1000 {
			d.forget(2 * time.Millisecond)
		}
		wait(0, time.Second)
		doubts(leastDoubt)
	})
}

// A late worker makes the caller do both parts for a while, one after the other.
func TestRunGoesOnAloneWhenAWorkerWasLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		team := NewTeam(2)
		defer team.Close()
		team.core = nowhere // those that sleep may be on one
		beside := func() bool {
			var other atomic.Bool
			var saw bool
			team.Run(func(part int) {
				if part == 1 {
					other.Store(true)
					return
				}
				time.Sleep(time.Microsecond) // until all others wait
				saw = other.Load()
			})
			return saw
		}
		workers := func(when string, want int) {
			t.Helper()
			if got := team.Workers(); got != want {
				t.Errorf("%s: Workers() = %d, want %d", when, got, want)
			}
		}
		workers("at first", 2)
		if !beside() {
			t.Error("at first: part 1 waited for part 0")
		}
		late := func(part int) { time.Sleep(time.Microsecond + time.Duration(part)*time.Second) }
		team.Run(late)
		workers("after part 1 was late", 1)
		if beside() {
			t.Error("after part 1 was late: it was not left to the caller")
		}
		time.Sleep(mostDoubt)
		workers("later", 2)
		if !beside() {
			t.Error("later: part 1 waited for part 0")
		}
	})
}

// besideSteps runs so many steps of a team of two, and says in which the worker had begun
// its part before the caller's ended. In each, the worker's part calls worker, and the
// caller's, at its end, caller.
func besideSteps(team *Team, steps int, worker, caller func(step int)) []bool {
	begun, beside := make([]atomic.Bool, steps), make([]bool, steps)
	team.RunSteps(steps, func(int) int { return serialWork }, func(part, step int) {
		if part == 1 {
			begun[step].Store(true)
			worker(step)
			return
		}
		time.Sleep(time.Microsecond) // until all others wait
		beside[step] = begun[step].Load()
		caller(step)
	})
	return beside
}

func nothing(int) {}

// A worker that is late in a step leaves the steps after the next one to the caller,
// and is there again in a later run.
func TestRunStepsGoOnAloneWhenAWorkerWasLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		team := NewTeam(2)
		defer team.Close()
		team.core = nowhere // those that sleep may be on one
		const steps, late = 6, 2
		all := slices.Repeat([]bool{true}, steps)
		if beside := besideSteps(team, steps, nothing, nothing); !slices.Equal(beside, all) {
			t.Errorf("nobody late: part 1 beside part 0 in steps %v, want all", beside)
		}
		beside := besideSteps(team, steps, func(step int) {
			if step == late {
				time.Sleep(time.Second)
			}
		}, nothing)
		beside[late+1] = false // may have begun before the caller knew
		if want := []bool{true, true, true, false, false, false}; !slices.Equal(beside, want) {
			t.Errorf("part 1 late in step %d: beside part 0 in steps %v, want %v", late, beside, want)
		}
		time.Sleep(mostDoubt)
		if beside := besideSteps(team, steps, nothing, nothing); !slices.Equal(beside, all) {
			t.Errorf("later: part 1 beside part 0 in steps %v, want all", beside)
		}
	})
}

// askCores makes a team's workers be where said, in turn: the other worker asks first if
// the caller's part waits for that, then the caller.
func askCores(team *Team, of ...uint32) (asked *atomic.Int32) {
	asked = new(atomic.Int32)
	team.core = func() uint32 { return of[min(int(asked.Add(1)), len(of))-1] }
	return asked
}

// A worker on the caller's core is not counted on for a while.
func TestWorkersOnOneCoreAreNotCountedOn(t *testing.T) {
	for _, c := range []struct {
		cores [2]uint32 // of the parts 1 and 0
		want  int
	}{{[2]uint32{3, 3}, 1}, {[2]uint32{3, 4}, 2}, {[2]uint32{0, 0}, 2}} {
		synctest.Test(t, func(t *testing.T) {
			team := NewTeam(2)
			defer team.Close()
			asked := askCores(team, c.cores[:]...)
			team.Run(func(part int) {
				for part == 0 && asked.Load() == 0 {
					time.Sleep(time.Microsecond)
				}
			})
			if got := team.Workers(); got != c.want {
				t.Errorf("on cores %v: Workers() = %d, want %d", c.cores, got, c.want)
			}
			time.Sleep(leastDoubt)
			if got := team.Workers(); got != 2 {
				t.Errorf("on cores %v, later: Workers() = %d, want 2", c.cores, got)
			}
		})
	}
}

// Once a worker is on the caller's core, the caller goes on alone.
func TestRunStepsGoOnAloneWhenAWorkerIsOnTheCallersCore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		team := NewTeam(2)
		defer team.Close()
		const steps, shared = 7, 2
		var where atomic.Uint32 // of both; at first nobody knows
		team.core = where.Load
		beside := besideSteps(team, steps, nothing, func(step int) {
			if step == shared {
				where.Store(3)
			}
		})
		// The worker may have come to the next step before that, and to the one after it
		// before the caller knew.
		beside[shared+1], beside[shared+2] = false, false
		if want := []bool{true, true, true, false, false, false, false}; !slices.Equal(beside, want) {
			t.Errorf("on one core from step %d on: beside part 0 in steps %v, want %v", shared, beside, want)
		}
	})
}

// Where a worker was in an earlier Run says nothing.
func TestWhereAWorkerWasIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		team := NewTeam(2)
		defer team.Close()
		asked := askCores(team, 3, 4)
		team.Run(func(part int) {
			for part == 0 && asked.Load() == 0 {
				time.Sleep(time.Microsecond)
			}
		})
		comes := make(chan bool)
		asked = new(atomic.Int32)
		team.core = func() uint32 {
			if asked.Add(1) == 1 {
				<-comes // the worker, which begins nothing before the Run is over
			}
			return 3
		}
		team.Run(func(part int) {
			for part == 0 && asked.Load() == 0 {
				time.Sleep(time.Microsecond)
			}
		})
		if got := team.Workers(); got != 2 {
			t.Errorf("the caller came to where the worker had been: Workers() = %d, want 2", got)
		}
		close(comes)
	})
}

// Of more workers than there are cores some must share one: that says nothing.
func TestMoreWorkersThanCoresAreCountedOn(t *testing.T) {
	team := NewTeam(runtime.NumCPU() + 1)
	defer team.Close()
	if got := team.core(); got != 0 {
		t.Errorf("the caller is on core %d, want none", got)
	}
	team = NewTeam(1)
	if got, want := team.core() == 0, thisCore() == 0; got != want {
		t.Errorf("on a core that is not known: %v, want %v", got, want)
	}
}
