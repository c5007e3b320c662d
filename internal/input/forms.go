package input

// Forms lists distinct tokens, M of them, by what a network reads of each.
type Forms struct {
	IDs      []int32 // [M] number in the vocabulary
	Chars    []int32 // the characters of all forms, one form's after the other's, at least one each
	Ends     []int32 // [M] where a form's characters end in Chars
	Features []int32 // [M, F] number of each feature's value
}

// Len returns M.
func (f *Forms) Len() int { return len(f.IDs) }

// Reset empties the list, keeping its memory.
func (f *Forms) Reset() {
	f.IDs, f.Chars, f.Ends, f.Features = f.IDs[:0], f.Chars[:0], f.Ends[:0], f.Features[:0]
}

// chars returns the characters of form i.
func (f *Forms) chars(i int32) []int32 {
	from := int32(0)
	if i > 0 {
		from = f.Ends[i-1]
	}
	return f.Chars[from:f.Ends[i]]
}
