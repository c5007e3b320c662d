//go:build !purego

package kernel

import (
	"runtime"
	"syscall"
	"unsafe"
)

// tellsCore says whether the processor has RDTSCP (CPUID 0x80000001, edx), and the number
// that it gives is the system's, here and now: not what an emulator may have left there.
var tellsCore = func() bool {
	_, _, _, d := cpuid(0x80000001, 0)
	return d&(1<<27) != 0 && agrees()
}()

// agrees compares the processor's number, of which Linux has the node in the bits from 12
// on, with that of getcpu(2).
func agrees() bool {
	const getcpu = 309
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for range 10 {
		before, cpu := tscAux(), uint32(0)
		if _, _, e := syscall.RawSyscall(getcpu, uintptr(unsafe.Pointer(&cpu)), 0, 0); e != 0 {
			return false
		}
		if tscAux() == before { // it was not moved meanwhile
			return before&0xfff == cpu
		}
	}
	return false
}

// thisCore returns a number of the core that the caller runs on, 0 where none is known.
// Linux has the processor keep one beside its clock.
func thisCore() uint32 {
	if !tellsCore {
		return 0
	}
	return tscAux() + 1
}
