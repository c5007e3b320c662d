// Package docs holds what is written about unroll. Its tests hold the derivation
// of the gradients, in English and Korean, to the tests that it names.
package docs_test

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var documents = []struct{ file, claim string }{
	{"derivation.md", "Claim"},
	{"derivation.ko.md", "명제"},
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// block is a section or a claim: from its mark to the next one.
type block struct{ name, text string }

// blocks cuts text before each match of start, whose first group is the name.
func blocks(text string, start *regexp.Regexp) (bs []block) {
	at := start.FindAllStringSubmatchIndex(text, -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		bs = append(bs, block{text[m[2]:m[3]], text[m[0]:end]})
	}
	return bs
}

var (
	sectionStart = regexp.MustCompile(`(?m)^## <a id="s(\d+)"></a>\d+\. `)
	claimStart   = regexp.MustCompile(`(?m)^<a id="c(\d+)"></a>\*\*`)
	rowStart     = regexp.MustCompile(`(?m)^\| ([EM]\d+) \|`)
	testLink     = regexp.MustCompile(`\[([a-z/]+)\.((?:Test|Example)\w*)\]\(([\w./]+_test\.go)\)`)
	display      = regexp.MustCompile(`(?m)^\$\$\n(.*)\n\$\$$`)
	inline       = regexp.MustCompile(`(?m)(^|.)\$([^$\n]+)\$(.?)`)
)

// TestSectionsAndClaimsAreNumbered wants the sections and the claims of both
// documents to count up from 1, under their number's anchor.
func TestSectionsAndClaimsAreNumbered(t *testing.T) {
	for _, d := range documents {
		text := read(t, d.file)
		for i, s := range blocks(text, sectionStart) {
			if want := fmt.Sprintf(`## <a id="s%d"></a>%d. `, i+1, i+1); !strings.HasPrefix(s.text, want) {
				t.Errorf("%s: section %q, want %q", d.file, s.text[:40], want)
			}
		}
		claims := blocks(text, claimStart)
		for i, c := range claims {
			if want := fmt.Sprintf(`<a id="c%d"></a>**%s %d.** `, i+1, d.claim, i+1); !strings.HasPrefix(c.text, want) {
				t.Errorf("%s: claim %q, want %q", d.file, c.text[:40], want)
			}
		}
		if n := strings.Count(text, "**"+d.claim); n != len(claims) || n < 30 {
			t.Errorf("%s: %d claims, %d of them with an anchor", d.file, n, len(claims))
		}
		if n := strings.Count(text, "\n## "); n != len(blocks(text, sectionStart)) {
			t.Errorf("%s: %d sections, %d of them with an anchor", d.file, n, len(blocks(text, sectionStart)))
		}
		for _, m := range regexp.MustCompile(`\]\(#(\w+)\)`).FindAllStringSubmatch(text, -1) {
			if !strings.Contains(text, `<a id="`+m[1]+`">`) {
				t.Errorf("%s: a link to #%s, which is not there", d.file, m[1])
			}
		}
	}
}

// claimsAndRows cuts a document's claims, up to the end of their section, and
// the rows of its table.
func claimsAndRows(text string) (all []block) {
	for _, s := range blocks(text, sectionStart) {
		all = append(all, blocks(s.text, claimStart)...)
		for _, r := range blocks(s.text, rowStart) {
			r.text, _, _ = strings.Cut(r.text, "\n")
			all = append(all, r)
		}
	}
	return all
}

// TestEveryClaimNamesItsTests wants every claim and every row of the table to
// name tests, all of which exist in the file that the link leads to.
func TestEveryClaimNamesItsTests(t *testing.T) {
	for _, d := range documents {
		text := read(t, d.file)
		found := 0
		for _, c := range claimsAndRows(text) {
			links := testLink.FindAllStringSubmatch(c.text, -1)
			if len(links) == 0 {
				t.Errorf("%s: %s names no test", d.file, c.name)
			}
			found += len(links)
			for _, l := range links {
				checkLink(t, d.file, l[1], l[2], l[3])
			}
		}
		if n := strings.Count(text, "_test.go)"); n != found {
			t.Errorf("%s: %d links to tests, %d of them read", d.file, n, found)
		}
	}
}

// checkLink wants file to be of package pkg and to have the test.
func checkLink(t *testing.T, document, pkg, test, file string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%s: %v", document, err)
		return
	}
	if got := path.Dir(path.Join("docs", file)); got != pkg {
		t.Errorf("%s: %s.%s leads to %s", document, pkg, test, got)
	}
	if !regexp.MustCompile(`(?m)^func ` + test + `\(`).Match(source) {
		t.Errorf("%s: %s has no %s", document, file, test)
	}
}

// TestLanguagesAgree wants both documents to have the same sections, and in each
// the same displayed formulas in the same order, the same formulas in the text,
// the same claims and rows with the same tests.
func TestLanguagesAgree(t *testing.T) {
	english, korean := read(t, documents[0].file), read(t, documents[1].file)
	a, b := blocks("\n## <a id=\"s0\"></a>0. "+english, sectionStart), blocks("\n## <a id=\"s0\"></a>0. "+korean, sectionStart)
	if len(a) != len(b) {
		t.Fatalf("%d sections and %d", len(a), len(b))
	}
	for i := range a {
		for what, list := range map[string]func(string) []string{"formulas": displayed, "formulas in the text": inText, "claims": names, "numbers of equations": numbers} {
			en, ko := list(a[i].text), list(b[i].text)
			if !slices.Equal(en, ko) {
				t.Errorf("section %d: %s differ:\n%q\n%q", i, what, missing(en, ko), missing(ko, en))
			}
		}
	}
}

// missing returns what of a is not in b.
func missing(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

func displayed(text string) (all []string) {
	for _, m := range display.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// inText lists the formulas in the text, each once, sorted.
func inText(text string) (all []string) {
	for _, m := range inline.FindAllStringSubmatch(display.ReplaceAllString(text, ""), -1) {
		all = append(all, m[2])
	}
	return distinct(all)
}

// numbers lists the numbers in the text, each once, sorted: of equations, claims
// and rows, and the figures.
func numbers(text string) []string {
	return distinct(regexp.MustCompile(`[\d.]*\d`).FindAllString(inline.ReplaceAllString(display.ReplaceAllString(text, ""), "$1$3"), -1))
}

func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// names lists claims and rows with their tests.
func names(text string) (all []string) {
	for _, c := range claimsAndRows(text) {
		all = append(all, c.name)
		for _, l := range testLink.FindAllString(c.text, -1) {
			all = append(all, c.name+" "+l)
		}
	}
	return all
}

// unfit is what GitHub's Markdown may take for its own inside of a formula: a
// backslash before punctuation, an underscore that may begin emphasis, HTML.
var unfit = regexp.MustCompile("\\\\[^a-zA-Z]|(^|[^a-zA-Z0-9])_|[*<>&#%`|~\\[\\]]|\\\\operatorname|\\\\(new|def)|[가-힣]")

// TestFormulasRenderOnGitHub wants displayed formulas to be one line between
// lines of $$ with blank lines around; formulas in the text to stand behind a
// space, with a space or punctuation behind; and nothing unfit in either.
func TestFormulasRenderOnGitHub(t *testing.T) {
	for _, d := range documents {
		text := read(t, d.file)
		formulas := append(displayed(text), inText(text)...)
		if n := strings.Count(text, "$$"); n != 2*len(displayed(text)) || n < 100 {
			t.Errorf("%s: %d times $$, but %d formulas between", d.file, n, len(displayed(text)))
		}
		for _, at := range display.FindAllStringIndex(text, -1) {
			if !strings.HasSuffix(text[:at[0]], "\n\n") || !strings.HasPrefix(text[at[1]:], "\n\n") {
				t.Errorf("%s: no blank lines around %s", d.file, text[at[0]:at[1]])
			}
		}
		for _, f := range formulas {
			if m := unfit.FindString(f); m != "" {
				t.Errorf("%s: %q in %s", d.file, m, f)
			}
			if strings.Count(f, "{") != strings.Count(f, "}") || f != strings.TrimSpace(f) {
				t.Errorf("%s: braces or spaces in %q", d.file, f)
			}
		}
		for _, line := range strings.Split(display.ReplaceAllString(text, ""), "\n") {
			for _, m := range inline.FindAllStringSubmatch(line, -1) {
				if !strings.Contains(" ", m[1]) || !strings.Contains(" ,.;:)", m[3]) {
					t.Errorf("%s: %s", d.file, m[0])
				}
			}
			if strings.Count(line, "$")%2 != 0 {
				t.Errorf("%s: a $ alone in %q", d.file, line)
			}
		}
	}
}

// TestExampleIsThePrinted wants the documents to show what bptt's example prints.
func TestExampleIsThePrinted(t *testing.T) {
	_, printed, ok := strings.Cut(read(t, "../bptt/example_test.go"), "// Output:\n")
	if !ok {
		t.Fatal("bptt's example prints nothing")
	}
	want := "```\n" + strings.ReplaceAll(strings.TrimSuffix(printed, "}\n"), "\t// ", "") + "```\n"
	for _, d := range documents {
		if !strings.Contains(read(t, d.file), want) {
			t.Errorf("%s does not show\n%s", d.file, want)
		}
	}
}
