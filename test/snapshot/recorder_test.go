package snapshot

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// recorder is a test whose failures are expected.
type recorder struct {
	testing.TB
	failures []string
	logs     []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

func (r *recorder) Logf(format string, args ...any) {
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

// record runs f as a test of its own and returns what it reported.
func record(t *testing.T, f func(t testing.TB)) *recorder {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r
}

// wantFailure checks that there was one failure, with all the parts.
func (r *recorder) wantFailure(t *testing.T, parts ...string) {
	t.Helper()
	if len(r.failures) != 1 {
		t.Fatalf("got %d failures, want 1: %q", len(r.failures), r.failures)
	}
	for _, part := range parts {
		if !strings.Contains(r.failures[0], part) {
			t.Errorf("the failure lacks %q:\n%s", part, r.failures[0])
		}
	}
}

func (r *recorder) wantSuccess(t *testing.T) {
	t.Helper()
	if len(r.failures) > 0 {
		t.Fatalf("got failures: %q", r.failures)
	}
}

// inModule changes to a new directory with a go.mod, not on a build server and without -update.
func inModule(t *testing.T) string {
	t.Helper()
	setUpdate(t, false)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), "module example.com/shop\n")
	t.Chdir(dir)
	t.Setenv("CI", "")
	return dir
}

func setUpdate(t *testing.T, on bool) {
	t.Helper()
	before := strconv.FormatBool(updating())
	set := func(value string) {
		if err := flag.Set(updateFlag, value); err != nil {
			t.Fatal(err)
		}
	}
	set(strconv.FormatBool(on))
	t.Cleanup(func() { set(before) })
}

// nextRun forgets which goldens this run wrote.
func nextRun() { clear(writers) }

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
