package snapshot

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const updateFlag = "update"

// golden is the file of an accepted template.
type golden struct{ file string }

// subject is a template to compare with a golden.
type subject struct {
	path     string         // of the stack
	whole    map[string]any // as synthesized
	template map[string]any // normalised
}

// writers are the tests that wrote a golden in this run, by the absolute path of the golden.
var writers = map[string]string{}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

func goldenOf(name string) golden {
	return golden{file: filepath.Join("testdata", unsafeInName.ReplaceAllString(name, "-")+".json")}
}

func (g golden) match(t testing.TB, s subject) {
	t.Helper()
	_, err := os.Stat(g.file)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case updating() && g.writer(t) == "":
		g.write(t, s)
	case missing && onBuildServer():
		t.Errorf("%s is missing, and CI is set, so it is not written\n\n%s", g.file, acceptance(t))
	case missing:
		g.write(t, s)
	default:
		g.compare(t, s)
	}
}

func (g golden) compare(t testing.TB, s subject) {
	t.Helper()
	old, err := readTemplate(g.file)
	if err != nil {
		t.Errorf("%v\n\n%s", err, acceptance(t))
		return
	}
	if changes := compare(old, s.template); len(changes) > 0 {
		t.Errorf("%s differs from %s:\n\n%s\n%s", s.path, g.file, report(changes, old, s.whole), g.advice(t))
	}
}

// advice is how to accept a difference, unless this run wrote the golden: then two templates share it.
func (g golden) advice(t testing.TB) string {
	if writer := g.writer(t); writer != "" {
		return "this run wrote the golden for another template, in " + writer + ": name one of the two with MatchAs"
	}
	return acceptance(t)
}

func (g golden) write(t testing.TB, s subject) {
	t.Helper()
	writers[g.absolute(t)] = t.Name()
	content := encode(s.template, "  ")
	if old, err := os.ReadFile(g.file); err == nil && bytes.Equal(old, content) {
		return
	}
	if err := os.MkdirAll(filepath.Dir(g.file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(g.file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("wrote %s", g.file)
}

// writer is the test that wrote the golden in this run, or "".
func (g golden) writer(t testing.TB) string {
	t.Helper()
	return writers[g.absolute(t)]
}

func (g golden) absolute(t testing.TB) string {
	t.Helper()
	file, err := filepath.Abs(g.file)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// updating reads the flag when it is asked for: it may be one that the package under test registered.
func updating() bool {
	f := flag.Lookup(updateFlag)
	return f != nil && f.Value.String() == "true"
}

func onBuildServer() bool {
	switch strings.ToLower(os.Getenv("CI")) {
	case "", "0", "false":
		return false
	}
	return true
}
