package input

import (
	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// Words makes x_t of tokens: the token's own vector, what its characters come
// to, and the vectors of its features, side by side. It allocates nothing once
// it has seen its largest batch.
type Words[F rnn.Float] struct {
	Embedding Embedding[F]
	Chars     *Chars[F]      // nil for none
	Features  []Embedding[F] // one a feature
	Team      *rnn.Team

	forms    *Forms
	width    int
	ids      []int32   // of the chunk
	features [][]int32 // [F][rows] of the chunk
	touched  [][]int32 // of the tokens' own vectors, and of each feature's: the distinct rows of a chunk
	seen     [][]bool  // [V] of each; false between the chunks
	from, to int       // the rows that Forward and Backward are at,
	x, dx    []F       // and theirs, the caller's

	gather, scatter func(worker int) // phases, bound once
}

// Bind completes a Words whose exported fields are set.
func (w *Words[F]) Bind() {
	w.width = w.Embedding.E
	if w.Chars != nil {
		w.width += w.Chars.Width()
	}
	for _, f := range w.Features {
		w.width += f.E
	}
	w.features = make([][]int32, len(w.Features))
	w.touched, w.seen = make([][]int32, 1+len(w.Features)), make([][]bool, 1+len(w.Features))
	w.gather, w.scatter = w.gatherRows, w.scatterColumns
}

// Pack takes the parameters as they are now into use.
func (w *Words[F]) Pack() {
	if w.Chars != nil {
		w.Chars.Net.Pack()
	}
}

// Training says whether the chunks that follow are of training.
func (w *Words[F]) Training(on bool) {
	if w.Chars != nil {
		w.Chars.Net.Training(on)
	}
}

// Begin says which forms the tokens of the chunks to come are numbers of.
func (w *Words[F]) Begin(forms *Forms) { w.forms = forms }

// Read takes a chunk, whose rows Forward and Backward are then about. A row's
// token is a number of a form, and may be left out where neither characters nor
// features are read; ids are the rows' numbers in the vocabulary, which are the
// forms' own unless word dropout made them unknown. ids are kept, not copied.
func (w *Words[F]) Read(tokens, ids []int32) {
	w.ids = ids
	w.find(tokens)
	if w.Chars != nil {
		w.Chars.read(w.forms, tokens)
	}
}

// find looks up the values of the tokens' features.
func (w *Words[F]) find(tokens []int32) {
	for f := range w.features {
		w.features[f] = kernel.Grow(w.features[f], len(tokens))
		for r, t := range tokens {
			w.features[f][r] = w.forms.Features[int(t)*len(w.features)+f]
		}
	}
}

// Touched returns which rows of the tokens' own vectors, and of the vectors of
// each feature, a chunk of these tokens and ids reads: distinct, in the
// order in which they come. They are the Words' own until its next call.
func (w *Words[F]) Touched(tokens, ids []int32) [][]int32 {
	w.find(tokens)
	w.touch(0, w.Embedding.V, ids)
	for f, values := range w.features {
		w.touch(1+f, w.Features[f].V, values)
	}
	return w.touched
}

// touch lists the distinct ones of the ids of table i.
func (w *Words[F]) touch(i, v int, ids []int32) {
	if w.seen[i] == nil {
		w.seen[i], w.touched[i] = make([]bool, v), make([]int32, 0, v)
	}
	seen, list := w.seen[i], w.touched[i][:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	for _, id := range list {
		seen[id] = false
	}
	w.touched[i] = list
}

// Forward sets x [to−from, width], the widths of the parts added up, for the
// chunk's rows [from, to).
func (w *Words[F]) Forward(x []F, from, to int) {
	w.x, w.from, w.to = x, from, to
	w.Team.RunFor(len(x), w.gather)
}

// gatherRows puts a worker's rows together.
func (w *Words[F]) gatherRows(worker int) {
	first, last := kernel.Share(w.to-w.from, worker, w.Team.Size())
	from, to := w.from+first, w.from+last
	x := w.x[first*w.width:]
	w.Embedding.Forward(x, w.width, w.ids[from:to])
	at := w.Embedding.E
	if w.Chars != nil {
		w.Chars.put(x[at:], w.width, from, to)
		at += w.Chars.Width()
	}
	for f := range w.Features {
		w.Features[f].Forward(x[at:], w.width, w.features[f][from:to])
		at += w.Features[f].E
	}
}

// Backward adds to the gradients what dx [to−from, width] = ∂L/∂x of the
// chunk's rows [from, to) comes to; those of the characters wait for Finish.
func (w *Words[F]) Backward(dx []F, from, to int) {
	w.dx, w.from, w.to = dx, from, to
	w.Team.RunFor(len(dx), w.scatter)
	if w.Chars != nil {
		w.Chars.add(dx[w.Embedding.E:], w.width, from, to)
	}
}

// Finish adds the gradients of the characters, once Backward has had all rows
// of the chunk.
func (w *Words[F]) Finish() {
	if w.Chars != nil {
		w.Chars.back()
	}
}

// scatterColumns adds a worker's columns of the vectors' gradients.
func (w *Words[F]) scatterColumns(worker int) {
	from, to := kernel.Share(w.Embedding.E, worker, w.Team.Size())
	w.Embedding.Backward(w.dx, w.width, w.ids[w.from:w.to], from, to)
	at := w.Embedding.E
	if w.Chars != nil {
		at += w.Chars.Width()
	}
	for i := range w.Features {
		f := &w.Features[i]
		from, to := kernel.Share(f.E, worker, w.Team.Size())
		f.Backward(w.dx[at:], w.width, w.features[i][w.from:w.to], from, to)
		at += f.E
	}
}
