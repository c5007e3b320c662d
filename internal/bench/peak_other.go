//go:build !linux

package bench

import "runtime"

// peak returns the bytes that the Go runtime ever had from the system.
func peak() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

func forgetPeak() {}

// available returns 0: not known here.
func available() int64 { return 0 }
