package data

import "math"

// HoldOut takes every tenth sequence from training data that came without
// development data. One sequence alone stays in training, but for a tenth of a
// series of labelled vectors.
func HoldOut(all []Sequence) (train, dev []Sequence) {
	if len(all) == 1 && len(all[0].X) >= 10 && len(all[0].Labels) == len(all[0].X) {
		return holdOutTenth(all[0])
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

// holdOutTenth takes a tenth from a series: of those that share the most labels
// with the rest, the one whose labels are most like those of the whole, the last
// of several such. The end alone may have none of a rare label. What comes before
// and after are two sequences.
func holdOutTenth(s Sequence) (train, dev []Sequence) {
	whole := counts(s.Labels)
	most, least, from, to := 0, 0.0, 0, 0
	for i := range 10 {
		a, b := i*len(s.X)/10, (i+1)*len(s.X)/10
		shared, unlike := compare(whole, counts(s.Labels[a:b]), float64(b-a)/float64(len(s.X)))
		if shared > most || shared == most && unlike <= least {
			most, least, from, to = shared, unlike, a, b
		}
	}
	for _, part := range [][2]int{{0, from}, {to, len(s.X)}} {
		if part[0] < part[1] {
			train = append(train, s.slice(part[0], part[1]))
		}
	}
	return train, []Sequence{s.slice(from, to)}
}

// slice is steps [from, to) of a labelled series, which shares its memory.
func (s Sequence) slice(from, to int) Sequence {
	return Sequence{Name: s.Name, X: s.X[from:to], Labels: s.Labels[from:to]}
}

func counts(labels []string) map[string]int {
	n := map[string]int{}
	for _, l := range labels {
		n[l]++
	}
	return n
}

// compare says how many labels a part of the whole shares with the rest, and how
// many of its labels would have to be others for it to be like the whole, of
// which it is so large a part.
func compare(whole, part map[string]int, size float64) (shared int, unlike float64) {
	for l, n := range whole {
		if part[l] > 0 && part[l] < n {
			shared++
		}
		unlike += math.Abs(float64(part[l])-size*float64(n)) / 2
	}
	return shared, unlike
}
