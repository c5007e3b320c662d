package data

import (
	"slices"
	"unicode/utf8"
)

//go:generate sh -c "cd nfcgen && go run . > ../nfctables.go"

// combiningRun are the characters [from, to] of a canonical combining class,
// by which marks behind a letter are ordered.
type combiningRun struct {
	from, to rune
	class    uint8
}

// composition is a character with what it is when taken apart, as NFD has it,
// and the first of the two that NFC composes it of, the second being the last of
// whole; 0 if it never is composed.
type composition struct {
	r     rune
	whole string
	first rune
}

// composed has the character of each pair.
var composed = func() map[[2]rune]rune {
	pairs := make(map[[2]rune]rune, len(compositions))
	for _, c := range compositions {
		if c.first != 0 {
			last, _ := utf8.DecodeLastRuneInString(c.whole)
			pairs[[2]rune{c.first, last}] = c.r
		}
	}
	return pairs
}()

// unstable has the characters that may change or join what is before them.
var unstable = func() map[rune]bool {
	all := map[rune]bool{}
	for _, c := range compositions {
		if c.first == 0 {
			all[c.r] = true
		} else {
			last, _ := utf8.DecodeLastRuneInString(c.whole)
			all[last] = true
		}
	}
	return all
}()

// NFC returns text in Unicode's Normalization Form C (UAX #15): characters that
// are canonically the same, such as a Hangul syllable and its jamo or é and e
// with a combining accent, become the same. Bytes that are not UTF-8 stay as they
// are. It allocates nothing where text is in that form already.
func NFC(text string) string {
	if isNFC(text) {
		return text
	}
	var out []byte
	var n normalizer
	for len(text) > 0 {
		r, w := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && w == 1 {
			out = append(n.flush(out), text[0])
		} else {
			out = n.add(out, r)
		}
		text = text[w:]
	}
	return string(n.flush(out))
}

// isNFC tells quickly whether text is sure to be in NFC.
func isNFC(text string) bool {
	for i := range len(text) {
		if text[i] >= 0xCC { // the first byte of U+0300 and all above
			return isStable(text[i:])
		}
	}
	return true
}

// isStable tells whether text has no character that may change or join another.
func isStable(text string) bool {
	for _, r := range text {
		if r >= 0x300 && (0x1161 <= r && r <= 0x11C2 || unstable[r] || combiningClass(r) != 0) {
			return false
		}
	}
	return true
}

// combiningClass returns a character's canonical combining class.
func combiningClass(r rune) uint8 {
	if r < 0x300 || isSyllable(r) {
		return 0
	}
	i, found := slices.BinarySearchFunc(combiningRuns, r, func(c combiningRun, r rune) int {
		switch {
		case c.to < r:
			return -1
		case c.from > r:
			return 1
		}
		return 0
	})
	if !found {
		return 0
	}
	return combiningRuns[i].class
}

// normalizer puts characters together again that were taken apart.
type normalizer struct {
	work []classed // a starter, class 0, and what stands behind it; or marks without one
}

// classed is a character with its combining class.
type classed struct {
	r     rune
	class uint8
}

// add takes a character apart and appends to out what is complete.
func (n *normalizer) add(out []byte, r rune) []byte {
	if isSyllable(r) {
		s := int(r - hangulSBase)
		out = n.addOne(out, rune(hangulLBase+s/hangulNCount))
		out = n.addOne(out, rune(hangulVBase+s%hangulNCount/hangulTCount))
		if t := s % hangulTCount; t != 0 {
			out = n.addOne(out, rune(hangulTBase+t))
		}
		return out
	}
	i, found := slices.BinarySearchFunc(compositions, r, func(c composition, r rune) int { return int(c.r - r) })
	if !found {
		return n.addOne(out, r)
	}
	for _, d := range compositions[i].whole {
		out = n.addOne(out, d)
	}
	return out
}

// addOne takes a character that is taken apart. A starter joins the one before
// it, if nothing stands between, or begins anew.
func (n *normalizer) addOne(out []byte, r rune) []byte {
	class := combiningClass(r)
	if class == 0 && len(n.work) > 0 {
		n.compose()
		if len(n.work) == 1 && n.work[0].class == 0 {
			if both, ok := compose(n.work[0].r, r); ok {
				n.work[0].r = both
				return out
			}
		}
		out = n.flush(out)
	}
	n.work = append(n.work, classed{r, class})
	return out
}

// flush appends what is at work, composed, and begins anew.
func (n *normalizer) flush(out []byte) []byte {
	n.compose()
	for _, c := range n.work {
		out = utf8.AppendRune(out, c.r)
	}
	n.work = n.work[:0]
	return out
}

// compose puts marks in the order of their classes and joins to the starter
// those that are not blocked by one of the same class.
func (n *normalizer) compose() {
	slices.SortStableFunc(n.work, func(a, b classed) int { return int(a.class) - int(b.class) })
	if len(n.work) < 2 || n.work[0].class != 0 {
		return
	}
	kept, last := 1, uint8(0)
	for _, c := range n.work[1:] {
		if both, ok := compose(n.work[0].r, c.r); ok && last < c.class {
			n.work[0].r = both
			continue
		}
		last = c.class
		n.work[kept] = c
		kept++
	}
	n.work = n.work[:kept]
}

// compose returns the character that two make.
func compose(a, b rune) (rune, bool) {
	switch l, v := a-hangulLBase, b-hangulVBase; {
	case 0 <= l && l < hangulLCount && 0 <= v && v < hangulVCount:
		return hangulSBase + (l*hangulVCount+v)*hangulTCount, true
	case isSyllable(a) && (a-hangulSBase)%hangulTCount == 0 && hangulTBase < b && b < hangulTBase+hangulTCount:
		return a + b - hangulTBase, true
	}
	r, ok := composed[[2]rune{a, b}]
	return r, ok
}
