package kernel

import "time"

// doubt says whether to count on the other workers. Something else may have a
// core: whoever has it is then away for milliseconds in the middle of its part,
// and all wait, or shares another one's (Team.crowded). It is better to go on alone
// for a while than to wait often. A system that has a core for itself for some hundred
// microseconds now and then is no reason to.
type doubt struct {
	until time.Time
	long  time.Duration // how long the next one lasts, at least leastDoubt
	late  time.Duration // how long others were waited for who were late, lately
}

const (
	leastDoubt = 10 * time.Millisecond
	mostDoubt  = 320 * time.Millisecond
	mostLate   = time.Millisecond
)

// How long it takes to forget, by a factor of e, while nobody is late.
const (
	forgetDoubt = 144 * time.Millisecond
	forgetLate  = 10 * time.Millisecond
)

func (d *doubt) lasts(now time.Time) bool { return now.Before(d.until) }

// learn takes how long the caller worked on a step, the mean of those of a Run so
// far, and then waited, and says whether it doubts now. The first is not looked at
// where it waited but shortly. Others are late if it waits as long as it worked, and
// longer than waking takes. If that comes to mostLate it doubts, twice as long each time.
func (d *doubt) learn(worked, waited time.Duration) bool {
	if waited <= max(worked, patience) {
		return false
	}
	if d.late += waited; d.late <= mostLate {
		return false
	}
	d.begin()
	return true
}

// begin begins to doubt.
func (d *doubt) begin() {
	d.late = 0
	d.long = min(max(d.long, leastDoubt), mostDoubt)
	d.until = time.Now().Add(d.long)
	d.long *= 2
}

// forget takes how long a Run took whose steps were shared out.
func (d *doubt) forget(ran time.Duration) {
	d.long -= d.long * min(ran, forgetDoubt) / forgetDoubt
	d.late -= d.late * min(ran, forgetLate) / forgetLate
}
