package bench

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
)

// peak returns the most bytes that the process has had in memory since
// forgetPeak: VmHWM of /proc/self/status, 0 where there is none.
func peak() int64 { return lineOf("/proc/self/status", "VmHWM:") }

// available returns how many bytes the system could give, 0 if it does not say.
func available() int64 { return lineOf("/proc/meminfo", "MemAvailable:") }

// lineOf returns the bytes of a line of kilobytes, 0 if there is none.
func lineOf(file, name string) (n int64) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	if _, line, ok := bytes.Cut(text, []byte(name)); ok {
		fmt.Sscanf(string(line), "%d kB", &n)
	}
	return n << 10
}

// forgetPeak makes what is in memory now the peak, as far as the system lets it.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}
