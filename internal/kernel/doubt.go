package kernel

import "time"

// doubt says whether to count on the other workers. Something else may have a
// core: whoever has it is then away for milliseconds in the middle of its part,
// and all wait. It is better to go on alone for a while than to wait often.
type doubt struct {
	until time.Time
	long  time.Duration // how long the next one lasts, at least leastDoubt
}

const (
	leastDoubt = 10 * time.Millisecond
	mostDoubt  = 320 * time.Millisecond
)

func (d *doubt) lasts(now time.Time) bool { return now.Before(d.until) }

// learn takes how long the caller worked on a step, the mean of those of a Run so
// far, and then waited, and says whether it doubts now. The first is not looked at
// where it waited but shortly. Who waits as long as it worked, and longer than waking
// takes, doubts: twice as long each time, less after every time that nobody was late.
func (d *doubt) learn(worked, waited time.Duration) bool {
	if waited <= max(worked, patience) {
		d.long -= d.long / 1024
		return false
	}
	d.long = min(max(d.long, leastDoubt), mostDoubt)
	d.until = time.Now().Add(d.long)
	d.long *= 2
	return true
}
