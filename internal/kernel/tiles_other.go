//go:build !purego && amd64 && !linux

package kernel

// mayUseTiles says no: how other systems hand the tile registers out is not known here.
func mayUseTiles() bool { return false }
