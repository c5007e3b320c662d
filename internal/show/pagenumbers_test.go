package show

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{
		{0, "0"}, {1, "1.000"}, {-0.25, "−0.2500"}, {1234.5, "1234"}, {0.0012345, "0.001234"}, {12345, "1.234×10⁴"}, {-1.5e-7, "−1.500×10⁻⁷"},
		{math.Inf(1), "∞"}, {math.Inf(-1), "−∞"}, {math.NaN(), "NaN"}, {5e-324, "4.941×10⁻³²⁴"},
	} {
		if got := number(c.f); got != c.want {
			t.Errorf("number(%g) is %q, want %q", c.f, got, c.want)
		}
	}
	if got := digits(1e-7, 1); got != "10⁻⁷" {
		t.Errorf("a limit is %q, want 10⁻⁷", got)
	}
}
