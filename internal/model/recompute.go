package model

import (
	"errors"
	"unsafe"

	"github.com/unroll-go/unroll/rnn"
)

// CheckRecompute says why steps of the network cannot be computed again, if
// they cannot.
func (c Config) CheckRecompute() error {
	if c.Bidirectional {
		return errors.New("recompute of two directions, which need all steps of a sequence at once: expected one direction")
	}
	return nil
}

// SetRecompute makes the Steps that follow keep the states at some borders
// alone and compute the steps between them again on the way back: the same
// bits from less memory, by a third more work.
func (n *Network[F]) SetRecompute(on bool) { n.recompute = on }

// RowBytes returns how many bytes Step keeps of a row, one step of one
// sequence, unless it recomputes: x and what the layers keep (rnn.RowBytes). Not
// counted is what does not grow with the rows; what is the caller's; what
// recomputing does not save: for characters and features the numbers of a row's,
// 4 bytes each, for a CRF α and a loss, and for each thread 24 bytes for every label
// and step of its longest sequence; and of two directions α and gradients, which take all
// steps at once.
func (n *Network[F]) RowBytes(dropout bool) int {
	var f F
	return rnn.RowBytes[F](n.rnn.Config(), dropout) + int(unsafe.Sizeof(f))*n.config.Input()
}
