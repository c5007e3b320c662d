package data

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRealSets reads public data sets, where a machine has them, and wants as
// many sequences and labels as they have.
func TestRealSets(t *testing.T) {
	for _, test := range []struct {
		file              string
		format            *Format
		options           Options
		sequences, labels int
	}{
		{"snips/train.tsv", columnsFormat, Options{Column: "-1"}, 13084, 0},
		{"snips/test.tsv", columnsFormat, Options{Column: "intent", Whole: true}, 700, 7},
		{"wnut17/train.conll", columnsFormat, Options{Column: "-1"}, 3394, 13},
		{"wnut17/dev.conll", columnsFormat, Options{Column: "-1"}, 1009, 13},
		{"wnut17/test.conll", columnsFormat, Options{Column: "-1"}, 1287, 13},
		{"pendigits/train.csv", csvFormat, Options{Column: "-1", PerStep: 2, Whole: true}, 7494, 10},
		{"pendigits/test.csv", csvFormat, Options{Column: "17", PerStep: 2, Whole: true}, 3498, 10},
	} {
		t.Run(test.file, func(t *testing.T) {
			f, err := os.Open(filepath.Join("../../../shared/data", test.file))
			if err != nil {
				t.Skip(err)
			}
			defer f.Close()
			o := test.options
			o.Name = test.file
			sequences, err := test.format.Read(f, &o)
			if err != nil || len(sequences) != test.sequences {
				t.Fatalf("%d sequences, %v, want %d", len(sequences), err, test.sequences)
			}
			labels := map[string]bool{}
			for _, s := range sequences {
				for _, l := range s.Labels {
					labels[l] = true
				}
				if o.PerStep > 0 && len(s.X) != 8 {
					t.Fatalf("%s: %d points, want 8", s.Name, len(s.X))
				}
			}
			if test.labels > 0 && len(labels) != test.labels {
				t.Errorf("%d labels, want %d", len(labels), test.labels)
			}
		})
	}
}
