package show

import (
	"fmt"
	"math"
	"testing"
)

// luminanceOf is a colour's, by WCAG 2.
func luminanceOf(t *testing.T, hex string) float64 {
	t.Helper()
	var r, g, b uint8
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		t.Fatal(err)
	}
	linear := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// TestHeat wants colours that grow lighter throughout, so that they can be read
// without hue, and ink on them of a contrast of at least 4.5.
func TestHeat(t *testing.T) {
	before := -1.0
	for i := range 101 {
		share := float64(i) / 100
		l := luminanceOf(t, heat(share))
		if l <= before {
			t.Errorf("heat(%g) is no lighter than what is before", share)
		}
		before = l
		contrast := (l + 0.05) / 0.05
		if inkOn(share) == "#fff" {
			contrast = 1.05 / (l + 0.05)
		}
		if contrast < 4.5 {
			t.Errorf("ink %s on heat(%g) has a contrast of %.2f", inkOn(share), share, contrast)
		}
	}
}

// TestOKLCh holds the conversion to the corners that are known: white, black
// and sRGB's red, which is L = 0.62796, C = 0.25768, h = 29.234°.
func TestOKLCh(t *testing.T) {
	for _, c := range []struct {
		l, c, h float64
		want    [3]uint8
	}{{1, 0, 0, [3]uint8{255, 255, 255}}, {0, 0, 0, [3]uint8{}}, {0.62796, 0.25768, 29.234, [3]uint8{255, 0, 0}}} {
		r, g, b := okLCh(c.l, c.c, c.h)
		if got := [3]uint8{r, g, b}; got != c.want {
			t.Errorf("okLCh(%g, %g, %g) is %v, want %v", c.l, c.c, c.h, got, c.want)
		}
	}
}
