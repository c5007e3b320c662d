package kernel

import "unsafe"

// Matrix says how a matrix lies in memory: element (i, j) is
// Data[j/Width·Panel + i·Stride + j%Width]. It is cut into panels of Width
// columns; a matrix of one panel has no use for Panel.
type Matrix[F Float] struct {
	Data                 []F
	Stride, Width, Panel int
}

// Dense is a row-major matrix with that many columns.
func Dense[F Float](data []F, columns int) Matrix[F] {
	return Matrix[F]{Data: data, Stride: columns, Width: columns}
}

// From returns the matrix without the rows before r.
func (a Matrix[F]) From(r int) Matrix[F] {
	a.Data = a.Data[r*a.Stride:]
	return a
}

// Cut returns columns [j, j+width) of every panel, as panels.
func (a Matrix[F]) Cut(j, width int) Matrix[F] {
	a.Data, a.Width = a.Data[j:], width
	return a
}

// Fill sets m rows of n columns of the matrix to row [n].
func (a *Matrix[F]) Fill(row []F, m, n int) {
	if m == 0 || n == 0 {
		return
	}
	a.holds(m, n)
	_ = row[n-1]
	s := active[F]()
	for j := 0; j < n; j += a.Width {
		width := min(a.Width, n-j)
		if s.lanes == 0 || width > s.lanes {
			for i := range m {
				copy(a.row(i, j, width), row[j:])
			}
			continue
		}
		// A product with zero: one store a row.
		rows, tiles, rest := split(m, s.rows[0])
		s.tile[0](a.at(0, j), &row[j], s.zeros, s.zeros, a.Stride*size[F](), 0, 0, 0, 0, 1, 1, rows, tiles, rest, width, 0)
	}
}

// index returns the place of element (i, j) in Data.
func (a *Matrix[F]) index(i, j int) int {
	if j < a.Width { // saves dividing
		return i*a.Stride + j
	}
	return j/a.Width*a.Panel + i*a.Stride + j%a.Width
}

// row returns elements [j, j+n) of row i, which lie in one panel.
func (a *Matrix[F]) row(i, j, n int) []F {
	at := a.index(i, j)
	return a.Data[at : at+n]
}

// at returns where element (i, j) is; that of (m−1, n−1) must be there, too,
// which is what keeps assembly within the slice.
func (a *Matrix[F]) at(i, j int) *F { return &a.Data[a.index(i, j)] }

// holds panics unless the matrix has m rows and n columns, both at least 1. It reads
// none of them: of C another worker may be writing the last.
func (a *Matrix[F]) holds(m, n int) { _ = a.at(m-1, n-1) }

// size is that of an element in bytes.
func size[F Float]() int {
	var f F
	return int(unsafe.Sizeof(f))
}
