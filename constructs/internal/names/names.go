// Package names makes names that AWS takes out of paths in the construct tree.
package names

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Family names a task definition after its place: letters, digits, hyphens and underscores, at most 255 of them.
func Family(path string) string {
	return clip(clean(path, "_-"))
}

// Description says what something is and where it stands, in characters that a security group's description may have.
// Another description would replace the group, so it says nothing that can change without its logical id.
func Description(what, path string) string {
	return clip(clean(what+" "+path, "_-/. "))
}

// Tag names a resource after its place in the value of a tag.
func Tag(path string) string {
	path = clean(path, "+-=._:/@ ")
	return path[:min(len(path), 256)]
}

// clean puts a hyphen for each rune that is no ASCII letter or digit and none of the others allowed.
func clean(s, allowed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(allowed, r):
			return r
		}
		return '-'
	}, s)
}

func clip(s string) string { return s[:min(len(s), 255)] }

// Key tells things with one id apart by what else is said of them: the id and eight hexadecimal digits.
func Key(id string, parts ...string) string {
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return id + hex.EncodeToString(hash[:4])
}
