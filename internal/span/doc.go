// Package span says what labels mean that mark spans of tokens: which of them
// may follow which, and which spans they mark. It knows labels as strings, and
// no model.
//
//   - [Scheme] is a way to write spans, [BIO] or [BIOES].
//   - [Detect] finds out which one the labels of a corpus are written in.
//   - [Append] reads [Span]s of labels of any scheme, broken ones included.
package span
