package kernel

import "unsafe"

// Grow returns a slice of length n, in the memory of s where that is enough.
// The elements are not set: what a step needs comes from buffers that grow
// once. New memory begins at a multiple of a cache line.
func Grow[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	const line = 64
	var t T
	width := max(int(unsafe.Sizeof(t)), 1)
	if line%width != 0 {
		return make([]T, n)
	}
	s = make([]T, n+line/width)
	past := int(uintptr(unsafe.Pointer(unsafe.SliceData(s))) % line / uintptr(width))
	if past > 0 {
		past = line/width - past
	}
	return s[past : past+n]
}
