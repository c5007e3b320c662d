package bench

import (
	"runtime"
	"testing"
)

// A system with these files has memory free.
func TestAvailable(t *testing.T) {
	if runtime.GOOS == "linux" && available() < 1<<20 {
		t.Errorf("%d bytes available", available())
	}
}

// TestPeak wants memory that was used and given back to have been seen.
func TestPeak(t *testing.T) {
	const size = 64 << 20
	forgetPeak()
	before := peak()
	if before == 0 {
		t.Skip("the system does not say how much memory a process has had")
	}
	used := make([]byte, size)
	for i := range used {
		used[i] = byte(i)
	}
	runtime.KeepAlive(used)
	used = nil
	runtime.GC()
	if grew := peak() - before; grew < size*9/10 || grew > size*3/2 {
		t.Errorf("64 MB were used, the peak grew by %d bytes", grew)
	}
}
