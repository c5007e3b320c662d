package kernel

import "unsafe"

// Grow returns a slice of length n, in the memory of s where that is enough.
// The elements are not set: what a step needs comes from buffers that grow
// once. New memory begins at a multiple of a cache line, and of a huge page
// where it is as large as half of one: what is walked through at every step
// then costs the processor few translations of addresses.
func Grow[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	var t T
	width := max(int(unsafe.Sizeof(t)), 1)
	align := 64
	if n*width >= hugePage/2 {
		align = hugePage
	}
	if align%width != 0 {
		return make([]T, n)
	}
	s = make([]T, n+align/width)
	past := int(uintptr(unsafe.Pointer(unsafe.SliceData(s))) % uintptr(align) / uintptr(width))
	if past > 0 {
		past = align/width - past
	}
	if s = s[past : past+n]; align == hugePage {
		adviseHuge(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), n*width))
	}
	return s
}

// hugePage is the size of one where there are any.
const hugePage = 2 << 20
