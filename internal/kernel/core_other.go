//go:build purego || !amd64 || !linux

package kernel

// thisCore returns 0: here is no quick way to tell.
func thisCore() uint32 { return 0 }
