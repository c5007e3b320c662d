package explain

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestLines wants the lines that equations name to be there: ending in the
// equation's number, or computing what the paper leaves out.
func TestLines(t *testing.T) {
	want := map[string]string{
		"alpha": `// \(5\)$`, "Whz": `^\s+addOuter\(g\.Whz, .*// \(6\)$`, "bz": `^\s+addTo\(g\.Bz, .*// \(7\)$`,
		"Whh": `^\s+addOuter\(g\.Whh, .*// \(11\)$`, "Wxh": `^\s+addOuter\(g\.Wxh, .*// \(14\)$`,
		"bh": `^\s+addTo\(g\.Bh, delta\)$`, "x": `^\s+addTo\(g\.X\[k\], `, "h0": `^\s+addTo\(g\.H0, `,
	}
	if len(lineOf) != len(want) {
		t.Errorf("%d lines, want %d", len(lineOf), len(want))
	}
	for by, place := range lineOf {
		file, number, _ := strings.Cut(place, ":")
		source, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(number)
		if lines := strings.Split(string(source), "\n"); err != nil || n > len(lines) || !regexp.MustCompile(want[by]).MatchString(lines[n-1]) {
			t.Errorf("%s: %s is not the line that computes it", by, place)
		}
	}
}
