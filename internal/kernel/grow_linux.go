package kernel

import "syscall"

// adviseHuge asks for huge pages. That is a wish: an error changes nothing.
func adviseHuge(memory []byte) { _ = syscall.Madvise(memory, syscall.MADV_HUGEPAGE) }
