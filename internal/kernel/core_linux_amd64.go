//go:build !purego

package kernel

// tellsCore says whether the processor has RDTSCP (CPUID 0x80000001, edx).
var tellsCore = func() bool {
	_, _, _, d := cpuid(0x80000001, 0)
	return d&(1<<27) != 0
}()

// thisCore returns a number of the core that the caller runs on, 0 where none is known.
// Linux has the processor keep one beside its clock.
func thisCore() uint32 {
	if !tellsCore {
		return 0
	}
	return tscAux() + 1
}
