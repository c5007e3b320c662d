//go:build !purego

package kernel

import (
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// A thread that is bound to one core after the other finds itself there.
func TestThisCoreIsWhereTheThreadRuns(t *testing.T) {
	if !tellsCore {
		t.Skip("the processor does not tell")
	}
	const getAffinity, setAffinity = syscall.SYS_SCHED_GETAFFINITY, syscall.SYS_SCHED_SETAFFINITY
	type cores [16]uint64
	call := func(trap uintptr, c *cores) bool {
		_, _, e := syscall.RawSyscall(trap, 0, unsafe.Sizeof(*c), uintptr(unsafe.Pointer(c)))
		return e == 0
	}
	runtime.LockOSThread()
	var all cores
	if !call(getAffinity, &all) {
		t.Skip("the system does not say which cores there are")
	}
	defer func() {
		if call(setAffinity, &all) { // or the thread ends with the test
			runtime.UnlockOSThread()
		}
	}()
	for core := range 64 * len(all) {
		var one cores
		if one[core/64] = all[core/64] & (1 << (core % 64)); one[core/64] == 0 || !call(setAffinity, &one) {
			continue
		}
		if got := (thisCore() - 1) & 0xfff; got != uint32(core) {
			t.Errorf("on core %d it finds itself on %d", core, got)
		}
	}
}
