package show

import (
	"fmt"
	"math"
)

// heat is a colour for a share between 0 and 1: violet, blue, green, yellow.
// It grows evenly lighter, so that it can be read without telling hues apart,
// and in print.
func heat(share float64) string {
	share = min(max(share, 0), 1)
	r, g, b := okLCh(0.28+0.64*share, 0.1+0.06*(2*share-1)*(2*share-1), 305-200*share)
	return fmt.Sprintf("#%02x%02x%02x", r, g, b)
}

// inkOn is black or white, whichever can be read on the colour of a share.
func inkOn(share float64) string {
	if share > 0.42 {
		return "#000"
	}
	return "#fff"
}

// okLCh turns a colour of OKLCh, lightness 0..1, chroma, hue in degrees, into
// sRGB (Björn Ottosson, "A perceptual color space for image processing", 2020).
func okLCh(lightness, chroma, hue float64) (r, g, b uint8) {
	sin, cos := math.Sincos(hue * math.Pi / 180)
	A, B := chroma*cos, chroma*sin
	cube := func(a, b float64) float64 { return math.Pow(lightness+a*A+b*B, 3) }
	l, m, s := cube(0.3963377774, 0.2158037573), cube(-0.1055613458, -0.0638541728), cube(-0.0894841775, -1.2914855480)
	return byteOf(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		byteOf(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		byteOf(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)
}

// byteOf is a component of linear light, gamma added, what is outside cut off.
func byteOf(linear float64) uint8 {
	linear = min(max(linear, 0), 1)
	if linear <= 0.0031308 {
		return uint8(math.Round(255 * 12.92 * linear))
	}
	return uint8(math.Round(255 * (1.055*math.Pow(linear, 1/2.4) - 0.055)))
}
