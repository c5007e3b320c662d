package data

import "fmt"

// MaxLabels is how many distinct labels a file may have. With more, another
// column was meant: a network has an output for each.
const MaxLabels = 10_000

// CheckLabels says where sequences have a label too many, if they do.
func CheckLabels(sequences []Sequence) error {
	seen := map[string]bool{}
	for _, s := range sequences {
		for t, l := range s.Labels {
			if seen[l] = true; len(seen) > MaxLabels {
				return fmt.Errorf("%s: label %d of the sequence is the %dth distinct one, expected at most %d: is it the labels' column?", s.Name, t+1, len(seen), MaxLabels)
			}
		}
	}
	return nil
}
