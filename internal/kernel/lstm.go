package kernel

// LSTM turns the sums in Gates, i, f, g and o, into the gates, and computes c_t,
// tanh(c_t) and h_t, all of units [from, to), which begin a panel. PrevC may be C.
func (s *Step[F]) LSTM(from, to int) {
	u, set := s.C.Width, active[F]()
	for j := from; j < to && s.N > 0; j += u {
		if set.lstmForward == nil {
			s.lstm(j, min(u, to-j))
			continue
		}
		set.lstmForward(s.Gates.at(0, 4*j), s.PrevC.at(0, j), s.C.at(0, j), s.TanhC.at(0, j), s.H.at(0, j),
			s.H.Stride*size[F](), s.N, min(u, to-j))
	}
}

// lstm is the specification: units [j, j+units), of one panel.
func (s *Step[F]) lstm(j, units int) {
	u := s.C.Width
	for r := range s.N {
		gates := s.Gates.row(r, 4*j, 4*u)
		Sigmoid(gates[:2*u])
		Tanh(gates[2*u : 3*u])
		Sigmoid(gates[3*u:])
		i, f, g, o := gates[:u], gates[u:], gates[2*u:], gates[3*u:]
		prev, c, tc, h := s.PrevC.row(r, j, u), s.C.row(r, j, u), s.TanhC.row(r, j, u), s.H.row(r, j, units)
		for k := range c {
			c[k] = F(f[k]*prev[k]) + F(i[k]*g[k]) // c_t = f ⊙ c_{t-1} + i ⊙ g
		}
		copy(tc, c)
		Tanh(tc)
		for k := range h {
			h[k] = o[k] * tc[k] // h_t = o ⊙ tanh(c_t)
		}
	}
}

// LSTMBack computes Delta and turns DCell into ∂L/∂c_{t-1}, of units [from, to).
func (s *Step[F]) LSTMBack(from, to int) {
	u, set := s.DCell.Width, active[F]()
	for j := from; j < to && s.N > 0; j += u {
		if set.lstmBackward == nil {
			s.lstmBack(j, min(u, to-j))
			continue
		}
		set.lstmBackward(s.Gates.at(0, 4*j), s.PrevC.at(0, j), s.TanhC.at(0, j), s.DH.at(0, j), s.DState.at(0, j),
			s.DCell.at(0, j), s.Delta.at(0, 4*j), s.DH.Stride*size[F](), s.N, min(u, to-j))
	}
}

// lstmBack is the specification: units [j, j+units), of one panel.
func (s *Step[F]) lstmBack(j, units int) {
	u := s.DCell.Width
	for r := range s.N {
		a, d := s.Gates.row(r, 4*j, 4*u), s.Delta.row(r, 4*j, 4*u)
		i, f, g, o := a[:u], a[u:], a[2*u:], a[3*u:]
		di, df, dg, do := d[:u], d[u:], d[2*u:], d[3*u:]
		prev, tc, dcell := s.PrevC.row(r, j, u), s.TanhC.row(r, j, u), s.DCell.row(r, j, u)
		dh, dstate := s.DH.row(r, j, units), s.DState.row(r, j, units)
		for k := range units {
			out := dh[k] + dstate[k]                           // ∂L/∂h_t
			dc := dcell[k] + F(F(out*o[k])*(1-F(tc[k]*tc[k]))) // ∂L/∂c_t
			di[k] = F(F(dc*g[k]) * F(i[k]*(1-i[k])))
			df[k] = F(F(dc*prev[k]) * F(f[k]*(1-f[k])))
			dg[k] = F(F(dc*i[k]) * (1 - F(g[k]*g[k])))
			do[k] = F(F(out*tc[k]) * F(o[k]*(1-o[k])))
			dcell[k] = F(dc * f[k]) // ∂L/∂c_{t-1}: no matrix, no tanh between
		}
	}
}
