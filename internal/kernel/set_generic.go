//go:build !amd64 || purego

package kernel

// available lists what this processor can run, the best first.
func available() []*kernels { return []*kernels{&generic} }

// pause does nothing, that many times.
func pause(times int) {
	for range times {
	}
}
