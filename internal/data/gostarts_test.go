package data

import "testing"

func TestGoStarts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a\n\nb", "   ^"},
		{"a\nb", "   "},
		{"\n\na", "  ^"},
		{"a\r\n\r\nb\r\n", "     ^  "},
		{"{\n\n\tb\n\n}\n\n)\n\n b\n\n\nc", "                  ^"},
		{"a\n\n// é\nfunc", "   ^        "},
	} {
		var g GoStarts
		got := ""
		for _, token := range Characters(c.text) {
			if g.Next(token) {
				got += "^"
			} else {
				got += " "
			}
		}
		if got != c.want {
			t.Errorf("%q: begins at %q, want %q", c.text, got, c.want)
		}
	}
}
