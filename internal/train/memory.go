package train

import (
	"runtime"
	"slices"
)

// Memory is what the steps of the largest batch, or of a chunk of it, need, in
// bytes, where that is more than is left of the limit.
type Memory struct {
	Need, Left int64
	Chunk      int  // steps of a chunk, 0 if it is the whole batch
	Again      bool // so they are computed again; otherwise that cannot be, or is not to be
	Keep       bool // the latter
}

// limitMemory makes the network compute steps again if that was asked for, or
// if keeping those of the largest batch needs more memory than is left; of chunks
// it cannot.
func (t *trainer) limitMemory(examples []Example, told func(Memory)) {
	again := t.Recompute
	if !again && t.Memory > 0 {
		m := Memory{Left: t.Memory - inUse(), Keep: t.Keep}
		m.Need, m.Chunk = t.need(examples)
		if m.Need > m.Left {
			m.Again = t.BPTT == 0 && !t.Keep && t.Model.CheckRecompute() == nil
			again = m.Again
			told(m)
		}
	}
	t.net.SetRecompute(again)
}

// need returns the bytes that a batch of the longest examples keeps or, with truncated
// BPTT, a chunk of it of so many steps.
func (t *trainer) need(examples []Example) (bytes int64, chunk int) {
	lengths := make([]int, len(examples))
	for i, e := range examples {
		lengths[i] = e.steps()
	}
	slices.Sort(lengths)
	rows := 0
	for _, n := range lengths[max(len(lengths)-t.Batch, 0):] {
		if t.BPTT > 0 {
			n = min(n, t.BPTT)
			chunk = n // the longest come last
		}
		rows += n
	}
	return int64(rows) * int64(t.net.RowBytes(t.Dropout > 0)), chunk
}

// inUse returns the bytes that the program holds without its garbage.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapSys + m.HeapAlloc)
}
