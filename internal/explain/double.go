package explain

import "math"

// double is a number in twice float64's precision, some 32 digits: the sum
// hi + lo of two float64 that do not overlap (T. J. Dekker, "A floating-point
// technique for extending the available precision", 1971). The conversions to
// float64 keep a compiler from fusing a product with a sum.
type double struct{ hi, lo float64 }

// twoSum returns a + b exactly.
func twoSum(a, b float64) double {
	s := a + b
	v := s - a
	return double{s, (a - (s - v)) + (b - v)}
}

// quickSum is twoSum for |a| >= |b|.
func quickSum(a, b float64) double {
	s := a + b
	return double{s, b - (s - a)}
}

func (a double) plus(b double) double {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	s = quickSum(s.hi, s.lo+t.hi)
	return quickSum(s.hi, s.lo+t.lo)
}

func (a double) minus(b double) double { return a.plus(double{-b.hi, -b.lo}) }

func (a double) times(b double) double {
	p := float64(a.hi * b.hi)
	return quickSum(p, math.FMA(a.hi, b.hi, -p)+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

// over divides by long division, three digits of 53 bits.
func (a double) over(b double) double {
	q1 := a.hi / b.hi
	a = a.minus(b.times(double{q1, 0}))
	q2 := a.hi / b.hi
	a = a.minus(b.times(double{q2, 0}))
	return quickSum(q1, q2).plus(double{a.hi / b.hi, 0})
}

// scaled multiplies by a power of two, exactly.
func (a double) scaled(power float64) double { return double{power * a.hi, power * a.lo} }

func (a double) abs() double {
	if a.hi < 0 {
		return double{-a.hi, -a.lo}
	}
	return a
}

// ln2 is the natural logarithm of 2.
var ln2 = double{0.6931471805599453, 2.3190468138462996e-17}

// exp halves its argument so often, to below 7e-4, where so many terms of the
// series for e^x - 1 are enough.
const (
	halvings    = 9
	seriesTerms = 9
)

// reciprocals are 1/i.
var reciprocals = func() (r [seriesTerms + 1]double) {
	for i := 1; i <= seriesTerms; i++ {
		r[i] = double{1, 0}.over(double{float64(i), 0})
	}
	return r
}()

// exp returns e^a, by e^a = 2^k e^r and e^{2r} - 1 = 2(e^r - 1) + (e^r - 1)².
func (a double) exp() double {
	k := math.Round(a.hi / ln2.hi)
	if k < -1000 {
		return double{} // below all that counts beside the 1 it is added to
	}
	r := a.minus(ln2.times(double{k, 0})).scaled(1.0 / (1 << halvings))
	s := double{} // r + r²/2! + ... + r⁹/9!, from the back: r (1 + r/2 (1 + r/3 (...)))
	for i := seriesTerms; i >= 1; i-- {
		s = r.times(reciprocals[i]).times(s.plus(double{1, 0}))
	}
	for range halvings {
		s = s.scaled(2).plus(s.times(s))
	}
	return s.plus(double{1, 0}).scaled(math.Ldexp(1, int(k)))
}

// tanh returns tanh a = ±(1 - e)/(1 + e), e = e^{-2|a|}, within 1e-31.
func (a double) tanh() double {
	e := double{}.minus(a.abs().scaled(2)).exp()
	one := double{1, 0}
	h := one.minus(e).over(one.plus(e))
	if a.hi < 0 {
		return double{}.minus(h)
	}
	return h
}

// log returns the natural logarithm of a >= 1: float64's, and one step of
// Newton's method, y + a e^{-y} - 1, which doubles its digits.
func (a double) log() double {
	y := double{math.Log(a.hi), 0}
	return y.plus(a.times(double{-y.hi, 0}.exp())).minus(double{1, 0})
}

// atanh returns the inverse of tanh for |a| < 1.
func (a double) atanh() double {
	one, b := double{1, 0}, a.abs()
	x := one.plus(b).over(one.minus(b)).log().scaled(0.5)
	if a.hi < 0 {
		return double{}.minus(x)
	}
	return x
}
