package metrics_test

import (
	"fmt"
	"maps"

	"github.com/unroll-go/unroll/internal/metrics"
	"github.com/unroll-go/unroll/internal/span"
)

func ExampleCounts() {
	c := metrics.NewCounts([]string{"NOUN", "VERB"})
	c.Add(0, 0)
	c.Add(0, 0)
	c.Add(1, 0)
	c.Add(1, 1)
	fmt.Printf("accuracy %.2f, macro F1 %.3f\n", c.Accuracy(), c.Macro().F1)
	for _, s := range c.PerLabel() {
		fmt.Printf("%s precision %.3f recall %.3f\n", s.Name, s.Precision, s.Recall)
	}
	// Output:
	// accuracy 0.75, macro F1 0.733
	// NOUN precision 0.667 recall 1.000
	// VERB precision 1.000 recall 0.500
}

func ExampleSpans() {
	s := metrics.NewSpans()
	gold := span.Append(nil, []string{"B-place", "I-place", "O", "B-time"})
	predicted := span.Append(nil, []string{"B-place", "I-place", "O", "B-place"})
	s.Add(gold, predicted)
	for _, t := range append(s.PerType(), s.Micro()) {
		fmt.Printf("%s: F1 %.3f\n", t.Name, t.F1)
	}
	// Output:
	// place: F1 0.667
	// time: F1 0.000
	// micro: F1 0.500
}

func ExampleBaselines() {
	b := metrics.NewBaselines()
	b.Learn("dogs", 0)
	b.Learn("cats", 0)
	b.Learn("sleep", 1)
	heldOut := map[string]int{"dogs": 0, "sleep": 1, "unseen": 1}
	top, ofToken := b.Accuracies(maps.All(heldOut))
	fmt.Printf("%.3f %.3f\n", top, ofToken)
	// Output: 0.333 0.667
}

func ExampleByDistance() {
	var b metrics.ByDistance
	for distance := 1; distance <= 10; distance++ {
		b.Add(distance, distance < 10)
	}
	for _, row := range b.Rows() {
		fmt.Printf("%s: %d of %d\n", row.Label, row.Correct, row.Total)
	}
	// Output:
	// 1–8: 8 of 8
	// 9–32: 1 of 2
	// 33–128: 0 of 0
	// 129+: 0 of 0
}
