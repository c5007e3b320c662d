package data

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReadSeries(t *testing.T) {
	row := func(x ...float32) []float32 { return x }
	testReading(t, csvFormat, []reading{
		{"a header", Options{}, byteOrderMark + "time,v,\"label\",u\r\n9:00,1,a,-2\r\n\r\n9:05,\"3\",\"b, \"\"c\"\"\",4e1", []Sequence{
			{Name: "f:2", X: [][]float32{row(1, -2), row(3, 40)}, Labels: []string{"a", `b, "c"`}}},
			Options{Column: "label", Inputs: []string{"v", "u"}, LeftOut: []string{"time"}}, ""},
		{"no header", Options{Column: "-1"}, "1,2,a\n3,4,b\n", []Sequence{{Name: "f:1", X: [][]float32{row(1, 2), row(3, 4)}, Labels: []string{"a", "b"}}},
			Options{Column: "3", Inputs: []string{"1", "2"}}, ""},
		{"tabs", Options{}, "v\tlabel\n1\ta\n", []Sequence{{Name: "f:2", X: [][]float32{row(1)}, Labels: []string{"a"}}}, Options{Column: "label", Inputs: []string{"v"}}, ""},
		{"sequences", Options{Group: "id"}, "id,v,label\n7,1,a\n7,2,b\n8,3,a\n", []Sequence{
			{Name: "f:2", X: [][]float32{row(1), row(2)}, Labels: []string{"a", "b"}},
			{Name: "f:4", X: [][]float32{row(3)}, Labels: []string{"a"}}}, Options{Column: "label", Inputs: []string{"v"}}, ""},
		{"one label", Options{Group: "id", Whole: true}, "id,v,label\n7,1,a\n7,2,a\n", []Sequence{
			{Name: "f:2", X: [][]float32{row(1), row(2)}, Labels: []string{"a"}}}, Options{Column: "label", Inputs: []string{"v"}}, ""},
		{"rows that are sequences", Options{Whole: true, PerStep: 2, Column: "-1"}, "1,2,3,4,8\n5,6,7,8,9\n", []Sequence{
			{Name: "f:1", X: [][]float32{row(1, 2), row(3, 4)}, Labels: []string{"8"}},
			{Name: "f:2", X: [][]float32{row(5, 6), row(7, 8)}, Labels: []string{"9"}}}, Options{Column: "5", Inputs: []string{"1", "2", "3", "4"}}, ""},
		{"chosen", Options{Inputs: []string{"u"}}, "v,label,u\n1,a,2\n", []Sequence{{Name: "f:2", X: [][]float32{row(2)}, Labels: []string{"a"}}}, Options{Column: "label", Inputs: []string{"u"}}, ""},
		{"a quoted line end", Options{}, "note,v,label\n\"two\nlines\",1,a\n3,2,b\n", []Sequence{{Name: "f:2", X: [][]float32{row(1), row(2)}, Labels: []string{"a", "b"}}},
			Options{Column: "label", Inputs: []string{"v"}, LeftOut: []string{"note"}}, ""},
		{"empty", Options{}, "", nil, Options{}, "f: no rows, expected a table"},
		{"a header alone", Options{}, "v,label\n", nil, Options{}, "f: no rows"},
		{"no labels", Options{}, "v,u\n1,2\n", nil, Options{}, `f:1: no column "label" in the header, expected one of v, u`},
		{"no header to name it", Options{}, "1,a\n", nil, Options{}, `f:1: no header with a column "label", expected one, or the column's number`},
		{"an empty label", Options{}, "v,label\n1,a\n2,\n", nil, Options{}, "f:3: column label is empty, expected a label"},
		{"a short row", Options{}, "v,label\n1,a\n2\n", nil, Options{}, "f:3: 1 column, expected 2 as in the first line"},
		{"a long row", Options{}, "v,label\n1,a,b\n", nil, Options{}, "f:2: 3 columns, expected 2"},
		{"NaN", Options{}, "v,label\n1,a\nNaN,a\n", nil, Options{}, `f:3: column v is "NaN", expected a finite number`},
		{"Inf", Options{}, "v,label\n1,a\n-inf,a\n", nil, Options{}, `f:3: column v is "-inf", expected a finite number`},
		{"Go's numbers", Options{}, "v,label\n1,a\n0x1p4,a\n", nil, Options{}, `f:3: column v is "0x1p4", expected a finite number`},
		{"a name of digits", Options{}, "v,id,label\n1,1_000,a\n", []Sequence{{Name: "f:2", X: [][]float32{row(1)}, Labels: []string{"a"}}}, Options{Column: "label", Inputs: []string{"v"}, LeftOut: []string{"id"}}, ""},
		{"too large", Options{}, "v,label\n1,a\n1e39,a\n", nil, Options{}, `f:3: column v is "1e39", expected a finite number`},
		{"no value", Options{}, "v,label\n1,a\n,a\n", nil, Options{}, `f:3: column v is "", expected a finite number`},
		{"a time for x", Options{Inputs: []string{"time"}}, "time,v,label\n9:00,1,a\n", nil, Options{}, `f:2: column time is "9:00", expected a finite number`},
		{"nothing for x", Options{}, "time,label\n9:00,a\n", nil, Options{}, "f:2: no column of numbers besides label"},
		{"the labels for x", Options{Inputs: []string{"label"}}, "v,label\n1,a\n", nil, Options{}, "f:1: column label is the labels'"},
		{"a column of x twice", Options{}, "v,v,label\n1,2,a\n", nil, Options{}, `f:2: 2 columns "v" in the header, expected one`},
		{"other columns twice", Options{}, "t,t,v,label\nx,y,1,a\n", []Sequence{{Name: "f:2", X: [][]float32{row(1)}, Labels: []string{"a"}}}, Options{Column: "label", Inputs: []string{"v"}, LeftOut: []string{"t", "t"}}, ""},
		{"labels twice", Options{}, "v,label,label\n1,a,b\n", nil, Options{}, `f:1: 2 columns "label" in the header, expected one`},
		{"sequences by their labels", Options{Group: "label"}, "v,label\n1,a\n", nil, Options{}, "f:1: column label is the labels' and tells sequences apart"},
		{"no such input", Options{Inputs: []string{"w"}}, "v,label\n1,a\n", nil, Options{}, `f:1: no column "w" in the header`},
		{"two labels of one", Options{Group: "id", Whole: true}, "id,v,label\n7,1,a\n7,2,b\n", nil, Options{}, `f:3: label "b" in a sequence of label "a"`},
		{"steps that do not fit", Options{Whole: true, PerStep: 2, Column: "-1"}, "1,2,3,a\n", nil, Options{}, "f:1: 3 numbers, expected a multiple of 2"},
		{"a quote that stays open", Options{}, "v,label\n1,\"a\n2,b\n", nil, Options{}, "f:2: no closing quote"},
		{"a quote inside", Options{}, "v,label\n1,a\"b\"\n", nil, Options{}, "f:2: a quote inside a field"},
		{"after a quote", Options{}, "v,label\n1,\"a\"b\n", nil, Options{}, "f:2: \"b\" after a closing quote"},
		{"broken UTF-8", Options{}, "v,label\n1,\xff\n", nil, Options{}, "f:2: invalid UTF-8"},
		{"broken UTF-8 in quotes", Options{}, "v,label\n1,\"a\n\xff\"\n", nil, Options{}, "f:3: invalid UTF-8"},
	})
}

func TestRewriteSeries(t *testing.T) {
	own := Options{Column: "label", Inputs: []string{"v"}}
	with := func(change func(*Options)) Options {
		o := own
		change(&o)
		return o
	}
	testRewriting(t, csvFormat, upper, []rewriting{
		{"filled in", own, "t,label,v\r\n\"9\",\"x, y\",1\r\n\r\n9,,2", "t,label,v\r\n\"9\",[1],1\r\n\r\n9,[2],2", ""},
		{"added", own, byteOrderMark + "v\n1\n2\n", byteOrderMark + "v,label\n1,[1]\n2,[2]\n", ""},
		{"by number", Options{Column: "2", Inputs: []string{"1"}}, "1\n2\n", "1,[1]\n2,[2]\n", ""},
		{"tabs", own, "v\tlabel\n1\t\n", "v\tlabel\n1\t[1]\n", ""},
		{"quoted", with(func(o *Options) { o.Inputs = []string{"v", "u"} }), "v\tu\n1\t2\n", "v\tu\tlabel\n1\t2\t[1 2]\n", ""},
		{"scores", with(func(o *Options) { o.Scores = true }), "v,label\n1,a\n", "v,label,scores\n1,[1],\"0.25,0.75\"\n", ""},
		{"scores there", with(func(o *Options) { o.Scores = true }), "scores,v,label\nx,1,a\n", "scores,v,label\n\"0.25,0.75\",1,[1]\n", ""},
		{"scores beside labels of that name", Options{Column: "2", Inputs: []string{"v"}, Scores: true}, "v,scores\n1,a\n", "v,scores,scores\n1,[1],\"0.25,0.75\"\n", ""},
		{"scores beside x of that name", Options{Column: "label", Inputs: []string{"scores"}, Scores: true}, "scores\n1\n", "scores,label,scores\n1,[1],\"0.25,0.75\"\n", ""},
		{"sequences", with(func(o *Options) { o.Group, o.Whole = "id", true }), "id,v\n1,1\n1,2\n\n2,3\n", "id,v,label\n1,1,[2]\n1,2,[2]\n\n2,3,[3]\n", ""},
		{"rows that are sequences", Options{Whole: true, PerStep: 1, Column: "3", Inputs: []string{"1", "2"}}, "1,2\n3,4\n", "1,2,[2]\n3,4,[4]\n", ""},
		{"in parts", with(func(o *Options) { o.Stream = true }), "v,label\n1,a\n2,b\n", "v,label\n1,[1]\n2,[2]\n", ""},
		{"labels twice", own, "v,label,label\n1,a,b\n", "", `f:1: 2 columns "label" in the header, expected one`},
		{"a header alone", own, "v,label\n", "v,label\n", ""},
	})
	for _, stream := range []bool{false, true} {
		o := with(func(o *Options) { o.Stream = stream })
		got, err := rewritten(csvFormat, "v\n1\nx\n", o, upper)
		if want := `f:3: column v is "x", expected a finite number`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("wrote %q, error %v, want %s", got, err, want)
		}
	}
}

// TestQuoteIsUndone wants labels of all kinds to come back.
func TestQuoteIsUndone(t *testing.T) {
	for _, label := range []string{"a,b", `"`, "a\nb", "c\r", " d ", ""} {
		got, err := rewritten(csvFormat, "v\n1\n", Options{Column: "label", Inputs: []string{"v"}}, func(string) string { return label })
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
		if want := strings.ReplaceAll(label, "\r\n", "\n"); err != nil || len(rows) != 2 || rows[1][1] != want {
			t.Errorf("label %q is %q: %v, %v", label, got, rows, err)
		}
	}
}

// TestManyLinesInQuotes wants a field of half a million lines to be read once,
// not once a line.
func TestManyLinesInQuotes(t *testing.T) {
	begin, lines := "v,label\n1,\"", strings.Repeat("\n", 500_000)
	for end, want := range map[string]string{"\"\n": "", "": "f:2: no closing quote"} {
		began := time.Now()
		sequences, err := readSeries(strings.NewReader(begin+lines+end), &Options{Name: "f"})
		if want == "" && (err != nil || sequences[0].Labels[0] != lines) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("end %q: error %v, want %q", end, err, want)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("end %q: it took %v", end, took)
		}
	}
}

// TestPartsContinue wants a sequence in parts as the input has it, each new one
// to begin anew.
func TestPartsContinue(t *testing.T) {
	var got []bool
	var steps []int
	in := "id,v\n" + strings.Repeat("1,1\n", maxPart+1) + "2,1\n2,1\n"
	r := csvFormat.Rewrite(newLineReader(strings.NewReader(in), "").r, nil, Options{Name: "f", Group: "id", Stream: true, Inputs: []string{"v"}})
	for {
		p, err := r.Next()
		if err != nil {
			break
		}
		if len(steps) > 0 && p.Continues {
			steps[len(steps)-1] += len(p.X)
			continue
		}
		got, steps = append(got, p.Continues), append(steps, len(p.X))
	}
	if !slices.Equal(steps, []int{maxPart + 1, 2}) || slices.Contains(got, true) {
		t.Errorf("sequences of %v steps, begun anew %v", steps, got)
	}
}

// FuzzSeries wants tables to be split as encoding/csv does, and a file with its
// labels filled in to be filled in the same once more.
func FuzzSeries(f *testing.F) {
	for _, seed := range []string{"v,label\n1,a\n", "1,2,a\r\n3,4,b", "t\tv\n1\t2\n", "\"a\nb\",v\n\"\"\"\",1\n", byteOrderMark + "v\n\n1\n", ",\n1,\n"} {
		f.Add(seed, "label", "", 0)
		f.Add(seed, "-1", "v", 1)
	}
	f.Fuzz(func(t *testing.T, input, column, group string, per int) {
		o := Options{Name: "f", Column: column, Group: group, PerStep: per, Whole: per > 0, Scores: true}
		if csvFormat.Check(o) != nil || per < 0 || per > 9 {
			return
		}
		once, err := rewritten(csvFormat, input, o, func(string) string { return "l" })
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of lines: %v", err)
			}
			return
		}
		sameCells(t, input)
		if column != "label" || !strings.HasPrefix(input, "v,") {
			return
		}
		twice, err := rewritten(csvFormat, once, o, func(string) string { return "l" })
		if err != nil || twice != once {
			t.Errorf("%q, then %q, %v", once, twice, err)
		}
	})
}

// sameCells compares with encoding/csv, which takes a line end inside quotes
// for \n.
func sameCells(t *testing.T, input string) {
	r := tableReader{lines: newLineReader(strings.NewReader(input), "f")}
	var got [][]string
	for {
		now, err := r.next()
		if err != nil {
			break
		}
		if values := now.values(); len(values) > 0 {
			got = append(got, values)
		}
	}
	if len(got) == 0 || strings.Contains(input, "\r") || strings.Contains(input+"\n", " \n") || strings.Contains(input+"\n", "\t\n") {
		return
	}
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(input, byteOrderMark)))
	c.Comma, c.FieldsPerRecord = rune(r.separator), -1
	want, err := c.ReadAll()
	if err != nil {
		return // it is stricter about blank lines and quotes, or of another opinion on white space
	}
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("%q: %q, want %q", input, got, want)
	}
}
