package train

// ahead builds an epoch's batches in a goroutine of its own, one while another
// is trained on. They come in order, and their random numbers are drawn by the
// builder alone, so they are the same as if built one by one.
type ahead struct {
	batches [2]batch
	free    chan *batch // to be filled
	built   chan built
}

// built is a batch ready, or what is wrong with it.
type built struct {
	*batch
	err error
}

// begin starts to fill batches with what the lists name; end it.
func (a *ahead) begin(lists [][]int, fill func(b *batch, indices []int) error) {
	free, ready := make(chan *batch, len(a.batches)), make(chan built, len(a.batches))
	for i := range a.batches {
		free <- &a.batches[i]
	}
	go func() {
		defer close(ready)
		for _, indices := range lists {
			b, more := <-free
			if !more {
				return
			}
			ready <- built{b, fill(b, indices)}
		}
	}()
	a.free, a.built = free, ready
}

// end waits until no batch is being built.
func (a *ahead) end() {
	close(a.free)
	for range a.built {
	}
}
