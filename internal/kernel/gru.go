package kernel

// GRU computes gates and h_t of units [from, to), which begin a panel. A panel of Gates holds n, r, z and Whn·h_{t-1} +
// bhn: so the sums over x are its first three quarters, those over h its last.
func (s *Step[F]) GRU(from, to int) {
	u, set := s.Gates.Width/4, active[F]()
	for j := from; j < to && s.N > 0; j += u {
		if set.gruForward == nil {
			s.gru(j, min(u, to-j))
			continue
		}
		set.gruForward(s.Gates.at(0, 4*j), s.Prev.at(0, j), s.H.at(0, j), s.H.Stride*size[F](), s.N, min(u, to-j))
	}
}

// gru is the specification: units [j, j+units), of one panel.
func (s *Step[F]) gru(j, units int) {
	u := s.Gates.Width / 4
	for row := range s.N {
		a := s.Gates.row(row, 4*j, 4*u)
		n, r, z, hn := a[:u], a[u:2*u], a[2*u:3*u], a[3*u:]
		Sigmoid(a[u : 3*u])
		for k := range n {
			n[k] += F(r[k] * hn[k])
		}
		Tanh(n)
		prev, h := s.Prev.row(row, j, units), s.H.row(row, j, units)
		for k := range h {
			h[k] = F((1-z[k])*n[k]) + F(z[k]*prev[k]) // h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
		}
	}
}

// GRUBack computes Delta, ∂L/∂ of the sums over x of n, r and z, then of the sum
// over h of n (of r and z both sums have the same); and makes of DState the part
// of ∂L/∂h_{t-1} that goes around the gates. All of units [from, to).
func (s *Step[F]) GRUBack(from, to int) {
	u, set := s.Gates.Width/4, active[F]()
	for j := from; j < to && s.N > 0; j += u {
		if set.gruBackward == nil {
			s.gruBack(j, min(u, to-j))
			continue
		}
		set.gruBackward(s.Gates.at(0, 4*j), s.Prev.at(0, j), s.DH.at(0, j), s.DState.at(0, j), s.Delta.at(0, 4*j),
			s.DH.Stride*size[F](), s.N, min(u, to-j))
	}
}

// gruBack is the specification: units [j, j+units), of one panel.
func (s *Step[F]) gruBack(j, units int) {
	u := s.Gates.Width / 4
	for row := range s.N {
		a, d := s.Gates.row(row, 4*j, 4*u), s.Delta.row(row, 4*j, 4*u)
		n, r, z, hn := a[:u], a[u:], a[2*u:], a[3*u:]
		prev, dh, dstate := s.Prev.row(row, j, units), s.DH.row(row, j, units), s.DState.row(row, j, units)
		for k := range units {
			out := dh[k] + dstate[k]                      // ∂L/∂h_t
			dn := F(F(out*(1-z[k])) * (1 - F(n[k]*n[k]))) // at n's own sum
			d[k] = dn
			d[u+k] = F(F(dn*hn[k]) * F(r[k]*(1-r[k])))
			d[2*u+k] = F(F(out*(prev[k]-n[k])) * F(z[k]*(1-z[k])))
			d[3*u+k] = F(dn * r[k])
			dstate[k] = F(out * z[k]) // the way around the gates
		}
	}
}
