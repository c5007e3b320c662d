package kernel

import "unsafe"

// Fetch has x come into the cache, without waiting for it.
func Fetch[F Float](x []F) {
	if s := active[F](); s.fetch != nil && len(x) > 0 {
		s.fetch((*byte)(unsafe.Pointer(&x[0])), 0, 1, len(x)*size[F]())
	}
}

// fetch does so with the columns of C [n, k] that one of so many panels is about, unless
// they are so many that the first would be gone when they are added to.
func (r *Right[F]) fetch(c []F, n, panel, panels int) {
	const most = 128 // rows, of up to 256 bytes
	if n > most {
		return
	}
	lanes, bytes := r.set.lanes, size[F]()
	from, to := Share((r.k+lanes-1)/lanes, panel, panels)
	from, to = from*lanes, min(to*lanes, r.k)
	r.set.fetch((*byte)(unsafe.Pointer(&c[from])), r.k*bytes, n, (to-from)*bytes)
}
