package kernel

// Step is the memory of one time step of a recurrent layer of h units: N rows
// of each matrix. What is dense is [N, h] with rows h apart. The rest is in
// panels of u = Units(h) units, [N, u] or four quarters of u, [N, 4·u]; units
// beyond h in the last panel are computed along.
type Step[F Float] struct {
	N        int
	From, To int  // the units to compute: all of them, or a worker's
	Down     bool // whether the products with the weights walk down
	Worker   int  // who computes it

	Gates    Matrix[F] // [N, 4·u] sums, then gates; for a cell without gates its sums, which may be H itself
	Prev, H  Matrix[F] // h_{t-1} and h_t, dense
	PrevC, C Matrix[F] // [N, u] c_{t-1} and c_t, LSTM
	TanhC    Matrix[F] // [N, u] tanh(c_t), LSTM

	DH     Matrix[F] // ∂L/∂h_t from above, dense
	DState Matrix[F] // ∂L/∂h_t from the step after, dense; then ∂L/∂h_{t-1}
	DCell  Matrix[F] // [N, u] the same for c, LSTM
	Delta  Matrix[F] // [N, 4·u] ∂L/∂ of the sums; dense for a cell without gates
}
