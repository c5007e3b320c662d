package rnn

import (
	"testing"
	"unsafe"
)

// The δ that are fetched ahead are those of the same gate that come next.
func TestFollowingIsWhatComesNext(t *testing.T) {
	for _, cell := range Cells() {
		for _, hidden := range []int{5, 16, 40, 200} {
			_, l := runOnce[float32](t, Config{Cell: cell, Input: 3, Hidden: hidden, Layers: 1}, []int{4, 2}, nil)
			for _, units := range [][2]int{{0, hidden}, {1, hidden}, {0, hidden - 1}, {2, hidden / 2}} {
				from, to := units[0], max(units[0], units[1])
				ahead := make([]uintptr, l.layout.blocks) // where each gate's next δ are said to be
				l.eachBlock(from, to, func(block, unit, n int, delta []float32) {
					at := uintptr(unsafe.Pointer(&delta[0]))
					if ahead[block] != 0 && ahead[block] != at {
						t.Errorf("%s, H %d: δ of unit %d, gate %d are not where it was said", cell, hidden, unit, block)
					}
					ahead[block] = 0
					if next := l.following(block, unit, n, to); next != 0 {
						ahead[block] = at + uintptr(4*next)
					} else if unit+n < to {
						t.Errorf("%s, H %d: nothing is said to follow unit %d", cell, hidden, unit+n-1)
					}
				})
				for block, at := range ahead {
					if at != 0 {
						t.Errorf("%s, H %d, gate %d: more δ were to follow", cell, hidden, block)
					}
				}
			}
		}
	}
}
