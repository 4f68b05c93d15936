// Package proof keeps the counts in test/PROOF.md true.
package proof

import (
	"os"
	"strings"
	"testing"
)

// State logs a count that a test arrived at, and fails the test unless PROOF.md, at path, says the same.
func State(t testing.TB, path, count string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(count)
	if !strings.Contains(strings.Join(strings.Fields(string(content)), " "), "| "+count+" |") {
		t.Errorf("%s does not say: %s", path, count)
	}
}
