package rnn

import "unsafe"

// RowBytes returns how many bytes a network of that shape keeps of a row, one
// step of one sequence, from Forward for Backward; dropout says whether there
// is any. What does not grow with the rows is not counted, nor is what is the
// caller's: x, and gradients. With H' for H rounded up to whole vectors, D for
// the directions and I for the width of a layer's input it is, in elements and
// for each layer and direction,
//
//	H          tanh, ReLU: h
//	H + 4·H'   GRU: h, gates
//	H + 6·H'   LSTM: h, gates, c, tanh c
//
// for dropout D·H more for each layer but the last. Two directions run all
// steps at once, and so keep for each layer besides what joins and parts them,
// 2·H + I of values and 2·H + 2·I of gradients, above the first layer 2·H more,
// and an index of 4 bytes a row.
func RowBytes[F Float](c Config, dropout bool) int {
	var f F
	var m memory[F]
	m.units(c.Hidden, layoutOf(c.Cell))
	padded := m.panels * m.u
	direction := c.Hidden
	switch c.Cell {
	case GRU:
		direction += m.width
	case LSTM:
		direction += m.width + 2*padded
	}
	elements, bytes := c.Layers*c.Directions()*direction, 0
	if dropout {
		elements += (c.Layers - 1) * c.Output()
	}
	if c.Bidirectional {
		bytes = 4
		for l := range c.Layers {
			elements += 2*c.Output() + 3*c.inputOf(l)
		}
		elements += (c.Layers - 1) * c.Output()
	}
	return elements*int(unsafe.Sizeof(f)) + bytes
}
