package kernel

// Team is a fixed number of workers that share out work. Its goroutines live
// as long as it does, so a Run allocates nothing; they wait for the next Run
// busily for a moment, so that one which follows soon costs no waking.
type Team struct {
	size         int
	work         func(worker int) // nil ends the workers
	begun, ended meeting
}

// NewTeam starts a team of n workers, the caller of Run being the first of
// them; n < 1 counts as 1. Close it when it is no longer needed.
func NewTeam(n int) *Team {
	t := &Team{size: max(n, 1)}
	for _, m := range []*meeting{&t.begun, &t.ended} {
		m.init(t.size)
	}
	for w := 1; w < t.size; w++ {
		go t.serve(w)
	}
	return t
}

func (t *Team) serve(worker int) {
	for {
		t.begun.wait()
		if t.work == nil {
			return
		}
		t.work(worker)
		t.ended.wait()
	}
}

// Size returns the number of workers, at least 1; a nil team is one worker.
func (t *Team) Size() int {
	if t == nil {
		return 1
	}
	return t.size
}

// Run calls f once for every worker 0 … Size()-1, at the same time, and returns
// when all calls have. Calls of Run must not overlap.
func (t *Team) Run(f func(worker int)) {
	if t.Size() == 1 {
		f(0)
		return
	}
	t.work = f
	t.begun.wait()
	f(0)
	t.ended.wait()
}

// serialWork is the number of floating-point operations below which RunFor
// stays on the caller's thread: some microseconds, as sharing it out costs one or two.
const serialWork = 1_000_000

// RunFor is Run for so much work: what is small the caller does alone, one
// worker's part after the other. The parts are the same either way.
func (t *Team) RunFor(work int, f func(worker int)) {
	if t.Size() > 1 && work >= serialWork {
		t.Run(f)
		return
	}
	for w := range t.Size() {
		f(w)
	}
}

// Close ends the workers. The team must be idle.
func (t *Team) Close() {
	if t.Size() == 1 {
		return
	}
	t.work = nil
	t.begun.wait()
	t.size = 1
}

// Share returns worker w's part [from, to) of n items shared evenly by size workers.
func Share(n, w, size int) (from, to int) {
	return n * w / size, n * (w + 1) / size
}
