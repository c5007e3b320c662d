package fetch

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSets wants each set to be pinned: by https URLs of one commit or tag, with
// sizes and hashes, under names that are distinct.
func TestSets(t *testing.T) {
	hash, seen := regexp.MustCompile(`^[0-9a-f]{64}$`), map[string]bool{}
	pinned := regexp.MustCompile(`/(r\d\.\d+|[0-9a-f]{40})(/|$)`)
	for _, s := range Sets {
		if seen[s.Name] || s.Name == "" || s.About == "" || s.Licence == "" || s.Source == "" || s.Train == "" && s.Note == "" {
			t.Errorf("%s: a name that is another's, or something is not said", s.Name)
		}
		seen[s.Name] = true
		urls := []string{s.Source}
		for _, f := range s.Files {
			if name := s.Name + "/" + f.Name; seen[name] || f.Size <= 0 || !hash.MatchString(f.SHA256) || !pinned.MatchString(f.URL) || !filepath.IsLocal(f.Name) {
				t.Errorf("%s is not pinned, or twice", name)
			} else {
				seen[name] = true
			}
			urls = append(urls, f.URL)
		}
		if a := s.Archive; a != nil {
			if a.Files <= 0 || a.Size <= 0 || !hash.MatchString(a.Digest) || !pinned.MatchString(a.URL) || !filepath.IsLocal(a.Name) {
				t.Errorf("%s: its archive is not pinned", s.Name)
			}
			urls = append(urls, a.URL)
		}
		for _, u := range urls {
			if p, err := url.Parse(u); err != nil || p.Scheme != "https" || p.Host == "" {
				t.Errorf("%s: %q is no https URL", s.Name, u)
			}
		}
		for arg := range strings.FieldsSeq(s.Train) {
			if name, ok := strings.CutPrefix(arg, "DIR/"); ok && !seen[s.Name+"/"+name] {
				t.Errorf("%s: trains on %s, which it has not", s.Name, name)
			}
		}
		if found, ok := Find(s.Name); !ok || found.About != s.About {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if _, ok := Find("nosuch"); ok {
		t.Error("a set is found that is none")
	}
}

// TestSetsAreTheFiles holds sizes and hashes to the files themselves, where a
// machine has them.
func TestSetsAreTheFiles(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("no data here")
	}
	names := map[string]string{"wnut17train.conll": "train.conll", "emerging.dev.conll": "dev.conll", "emerging.test.annotated": "test.conll"}
	for _, s := range Sets {
		checked := 0
		for _, f := range s.Files {
			name := f.Name
			if other, ok := names[name]; ok {
				name = other
			}
			found, err := filepath.Glob(filepath.Join(shared, s.Name, name))
			if deeper, _ := filepath.Glob(filepath.Join(shared, s.Name, "*", name)); err == nil {
				found = append(found, deeper...)
			}
			if len(found) != 1 {
				t.Errorf("%s/%s: %v in the data", s.Name, f.Name, found)
				continue
			}
			if sum, err := sumOf(found[0]); err != nil || sum != f.SHA256 || sizeOf(found[0]) != f.Size {
				t.Errorf("%s: %s, %d bytes, %v, want %s, %d", found[0], sum, sizeOf(found[0]), err, f.SHA256, f.Size)
			}
			checked++
		}
		if checked == 0 && s.Archive == nil {
			t.Errorf("%s: nothing checked", s.Name)
		}
	}
}
