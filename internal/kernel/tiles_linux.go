//go:build !purego && amd64

package kernel

import "syscall"

// mayUseTiles asks Linux for the tile registers, which a process gets on
// demand: arch_prctl(ARCH_REQ_XCOMP_PERM, XTILEDATA).
func mayUseTiles() bool {
	const request, tileData = 0x1023, 18
	_, _, failed := syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, request, tileData, 0)
	return failed == 0
}
