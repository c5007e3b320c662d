package data

// HoldOut takes every tenth sequence from training data that came without
// development data. One sequence alone stays in training.
func HoldOut(all []Sequence) (train, dev []Sequence) {
	for i, s := range all {
		if i%10 == 9 || (len(all) < 10 && i > 0 && i == len(all)-1) {
			dev = append(dev, s)
		} else {
			train = append(train, s)
		}
	}
	return train, dev
}
