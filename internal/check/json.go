package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// plain says what JSON has in the wrong place without naming Go's types.
func plain(err error, text []byte) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("nothing is there, expected a JSON object")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends in the middle of its JSON object")
	case errors.As(err, &kind) && strings.HasPrefix(kind.Value, "number "):
		return fmt.Errorf("%s has the %s, which does not fit there", pathAt(text, kind.Offset), kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s is of the wrong kind: a JSON %s", pathAt(text, kind.Offset), kind.Value)
	case errors.As(err, &syntax) && (strings.Contains(err.Error(), "'N'") || strings.Contains(err.Error(), "'I'")):
		return fmt.Errorf("%s has NaN or Infinity at byte %d, expected a finite number", pathAt(text, syntax.Offset), syntax.Offset)
	}
	return err
}

// nullInArray returns where a null stands in an array of a JSON text, −1 for
// nowhere: decoded it would be 0, and some programs write it for NaN.
func nullInArray(text []byte) int {
	quoted, last := false, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted, last = !quoted, c
		case quoted, c == ' ', c == '\n', c == '\r', c == '\t':
		case c == 'n' && (last == '[' || last == ','):
			return i
		default:
			last = c
		}
	}
	return -1
}
