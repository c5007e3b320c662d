package bench

// input returns the steps [from, to) of x.
func (l *layer) input(from, to int) []float32 {
	i := l.net.Config().Input
	return l.x[l.batch.Off[from]*i : l.batch.Off[to]*i]
}

// longestPart returns the most rows that a part has.
func (l *layer) longestPart() (rows int) {
	l.net.Begin(l.batch, l.start)
	borders := l.net.Parts(0, l.batch.Steps(), l.recompute)
	for i, to := range borders[1:] {
		rows = max(rows, l.batch.Range(borders[i], to))
	}
	return rows
}

// forwardInParts keeps everything or, recomputing, the states at the borders alone.
func (l *layer) forwardInParts() (borders []int) {
	borders = l.net.Parts(0, l.batch.Steps(), l.recompute)
	for i, to := range borders[1:] {
		l.net.Forward(borders[i], to, l.input(borders[i], to))
	}
	return borders
}

// stepInParts goes back a part at a time, as a training does; all parts are given
// the same ∂L/∂h.
func (l *layer) stepInParts() {
	l.net.Begin(l.batch, l.start)
	borders, c := l.forwardInParts(), l.net.Config()
	for i := len(borders) - 2; i >= 0; i-- {
		from, to := borders[i], borders[i+1]
		rows := l.batch.Range(from, to)
		l.net.Again(from, to, l.input(from, to))
		l.net.Backward(l.dh[:rows*c.Hidden], l.dx[:rows*c.Input])
	}
}
