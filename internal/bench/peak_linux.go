package bench

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
)

// peak returns the most bytes that the process has had in memory since
// forgetPeak: VmHWM of /proc/self/status, 0 where there is none.
func peak() (n int64) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	if _, line, ok := bytes.Cut(status, []byte("VmHWM:")); ok {
		fmt.Sscanf(string(line), "%d kB", &n)
	}
	return n << 10
}

// forgetPeak makes what is in memory now the peak, as far as the system lets it.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}
