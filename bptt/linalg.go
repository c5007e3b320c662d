package bptt

// The five operations the equations are made of. A matrix is a row-major slice;
// its shape [rows, cols] follows from its length and the vector beside it.

// matVec returns W v as a new vector [rows]; W [rows, cols], v [cols].
func matVec(W, v []float64) []float64 {
	cols := len(v)
	out := make([]float64, len(W)/cols)
	for i := range out {
		for j := range v {
			out[i] += W[i*cols+j] * v[j]
		}
	}
	return out
}

// vecMat returns the row r W as a new vector [cols]; r [rows], W [rows, cols].
// It is W transposed times r: the way a derivative passes back through W.
func vecMat(r, W []float64) []float64 {
	cols := len(W) / len(r)
	out := make([]float64, cols)
	for i := range r {
		for j := range out {
			out[j] += r[i] * W[i*cols+j]
		}
	}
	return out
}

// sum returns u + v + ... as a new vector; all have the length of the first.
func sum(vectors ...[]float64) []float64 {
	out := make([]float64, len(vectors[0]))
	for _, v := range vectors {
		addTo(out, v)
	}
	return out
}

// addTo adds v to dst; equal lengths, and they may be the same slice.
func addTo(dst, v []float64) {
	for i := range v {
		dst[i] += v[i]
	}
}

// addOuter adds r outer v to dst [len(r), len(v)]: dst[i,j] += r[i] v[j]. The
// row r thereby becomes a column, which is the transpose that brings a Jacobian
// row into the weight's own shape. dst must not overlap r or v.
func addOuter(dst, r, v []float64) {
	for i := range r {
		for j := range v {
			dst[i*len(v)+j] += r[i] * v[j]
		}
	}
}
