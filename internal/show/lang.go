package show

import (
	"fmt"
	"strings"
)

// Lang is a language that things are shown in.
type Lang string

// The languages.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// LangOf returns the language asked for or, if none is, that of the locale:
// the first of LC_ALL, LC_MESSAGES and LANG that getenv has. English, unless it
// is Korean.
func LangOf(asked string, getenv func(string) string) (Lang, error) {
	switch l := Lang(asked); l {
	case English, Korean:
		return l, nil
	case "":
	default:
		return "", fmt.Errorf("language %q is unknown: expected en or ko", asked)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			if language, _, _ := strings.Cut(locale, "_"); language == "ko" {
				return Korean, nil
			}
			return English, nil
		}
	}
	return English, nil
}

// say returns the text in the language: both stand side by side where they are
// used.
func (l Lang) say(en, ko string) string {
	if l == Korean {
		return ko
	}
	return en
}

// count is a number of things: in English of one or several, in Korean with the
// word that counts them.
func (l Lang) count(n int, thing, counter string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprint(n) + l.say(" "+thing, counter)
}
