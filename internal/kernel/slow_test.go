package kernel

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Each worker in turn takes a second, which passes at once once all others
// wait: Run must be among those that do.
func TestRunReturnsAfterTheSlowestWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 4
		team := NewTeam(size)
		defer team.Close()
		for slow := range size {
			var done atomic.Int32
			team.Run(func(w int) {
				if w == slow {
					time.Sleep(time.Second)
				}
				done.Add(1)
			})
			if n := done.Load(); n != size {
				t.Errorf("worker %d is slow: %d of %d workers were done when Run returned", slow, n, size)
			}
		}
	})
}
