package rnn

import "testing"

// TestApart wants the bits of one thread from workers whose gates stand apart, and
// says of which layers they do.
func TestApart(t *testing.T) {
	sameBitsOnTeams(t, []teamCase{
		{"as long", Config{Cell: LSTM, Input: 128, Hidden: 64, Layers: 2}, falling(32, 40, 0), true},
		{"ragged", Config{Cell: LSTM, Input: 96, Hidden: 53, Layers: 1, LearnH0: true}, falling(37, 90, 2), true},
		{"several tiles each", Config{Cell: LSTM, Input: 32, Hidden: 40, Layers: 1}, falling(90, 30, 0), true},
		{"of three gates", Config{Cell: GRU, Input: 128, Hidden: 96, Layers: 2, Bidirectional: true}, falling(21, 33, 1), true},
		{"without gates", Config{Cell: Tanh, Input: 160, Hidden: 70, Layers: 1}, falling(33, 64, 1), true},
		{"one long", Config{Cell: ReLU, Input: 128, Hidden: 48, Layers: 1}, append([]int{900}, falling(20, 20, 1)...), true},
		{"one", Config{Cell: LSTM, Input: 128, Hidden: 32, Layers: 1}, []int{700}, true},
		{"by units", Config{Cell: LSTM, Input: 128, Hidden: 256, Layers: 1}, falling(64, 12, 0), false},
		{"few inputs", Config{Cell: LSTM, Input: 9, Hidden: 96, Layers: 1}, falling(32, 40, 0), false},
	}, func(l *layer[float32]) bool { return l.apart.on != (l.chunk.workers == 1) })
}
