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
	x, dx    []F       // of the chunk, the caller's

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
	w.gather, w.scatter = w.gatherRows, w.scatterColumns
}

// Pack takes the parameters as they are now into use.
func (w *Words[F]) Pack() {
	if w.Chars != nil {
		w.Chars.Net.Pack()
	}
}

// Begin says which forms the tokens of the chunks to come are numbers of.
func (w *Words[F]) Begin(forms *Forms) { w.forms = forms }

// Forward sets x [rows, width], the widths of the parts added up. A row's
// token is a number of a form, and may be left out where neither characters nor
// features are read; ids are the rows' numbers in the vocabulary, which are the
// forms' own unless word dropout made them unknown. x and ids are kept, not
// copied, for Backward.
func (w *Words[F]) Forward(x []F, tokens, ids []int32) {
	w.x, w.ids = x, ids
	for f := range w.features {
		w.features[f] = kernel.Grow(w.features[f], len(tokens))
		for r, t := range tokens {
			w.features[f][r] = w.forms.Features[int(t)*len(w.features)+f]
		}
	}
	if w.Chars != nil {
		w.Chars.read(w.forms, tokens)
	}
	w.Team.RunFor(len(x), w.gather)
}

// gatherRows puts a worker's rows together.
func (w *Words[F]) gatherRows(worker int) {
	from, to := kernel.Share(len(w.ids), worker, w.Team.Size())
	x := w.x[from*w.width:]
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

// Backward adds to the gradients what dx [rows, width] = ∂L/∂x of the last
// Forward comes to.
func (w *Words[F]) Backward(dx []F) {
	w.dx = dx
	w.Team.RunFor(len(dx), w.scatter)
	if w.Chars != nil {
		w.Chars.back(dx[w.Embedding.E:], w.width)
	}
}

// scatterColumns adds a worker's columns of the vectors' gradients.
func (w *Words[F]) scatterColumns(worker int) {
	from, to := kernel.Share(w.Embedding.E, worker, w.Team.Size())
	w.Embedding.Backward(w.dx, w.width, w.ids, from, to)
	at := w.Embedding.E
	if w.Chars != nil {
		at += w.Chars.Width()
	}
	for i := range w.Features {
		f := &w.Features[i]
		from, to := kernel.Share(f.E, worker, w.Team.Size())
		f.Backward(w.dx[at:], w.width, w.features[i], from, to)
		at += f.E
	}
}
