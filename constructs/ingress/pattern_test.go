package ingress

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCoversPattern(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a", "a", true},
		{"a", "b", false},
		{"*", "a", true},
		{"*", "", true},
		{"?*", "", false},
		{"a*", "a", true},
		{"a", "a*", false},
		{"a*", "*a", false},
		{"a?c", "abc", true},
		{"a?c", "a*c", false},
		{"a*c", "a?c", true},
		{"?*", "*?", true},
		{"*?*", "??", true},
		{"a**", "a*", true},
		{"/*", "/a/*", true},
		{"/a/*", "/a*", false},
		{"/img-*", "/img-large-*", true},
		{"/a/*/b", "/a/x/*", false},
		{"*.example.com", "*.a.example.com", true},
		{"*.example.com", "pr-*.example.com", true},
		{"/*a*b*", "/a*b", true},
	} {
		if got := coversPattern(c.a, c.b); got != c.want {
			t.Errorf("coversPattern(%q, %q) = %t", c.a, c.b, got)
		}
	}
}

// TestCoversPatternOnWitnesses draws a pattern, a narrower one, and a string of that: all three must be covered in turn.
func TestCoversPatternOnWitnesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		witness := rapid.StringMatching(`[ab/]{0,8}`).Draw(t, "witness")
		narrow := drawPatternOf(t, witness)
		wide := drawPatternOf(t, narrow)
		if !coversPattern(narrow, witness) || !coversPattern(wide, narrow) || !coversPattern(wide, witness) {
			t.Fatalf("%q should cover %q, and that %q", wide, narrow, witness)
		}
	})
}

// drawPatternOf makes some of the characters of a pattern more general.
func drawPatternOf(t *rapid.T, s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
		case kind == 0 && s[i] != '*':
			b.WriteByte('?')
		case kind == 1:
			b.WriteByte('*') // for this character
		case kind == 2:
			b.WriteString("*" + s[i:i+1]) // for nothing
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
