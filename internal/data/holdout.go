package data

// HoldOut takes every tenth sequence from training data that came without
// development data. One sequence alone stays in training but for the last tenth of
// a series of labelled vectors.
func HoldOut(all []Sequence) (train, dev []Sequence) {
	if len(all) == 1 && len(all[0].X) >= 10 && len(all[0].Labels) == len(all[0].X) {
		s := all[0]
		at := len(s.X) - len(s.X)/10
		return []Sequence{{Name: s.Name, X: s.X[:at], Labels: s.Labels[:at]}}, []Sequence{{Name: s.Name, X: s.X[at:], Labels: s.Labels[at:]}}
	}
	for i, s := range all {
		if i%10 == 9 || (len(all) < 10 && i > 0 && i == len(all)-1) {
			dev = append(dev, s)
		} else {
			train = append(train, s)
		}
	}
	return train, dev
}
