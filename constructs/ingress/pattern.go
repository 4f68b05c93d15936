package ingress

import "strings"

// wildcards are the characters with a meaning in patterns: any characters, and any one character.
const wildcards = "*?"

// coversPattern reports whether every string that b matches is matched by a too. It follows b through all strings that b
// matches, character by character, and keeps where a can be meanwhile.
func coversPattern(a, b string) bool {
	if a == b || a == "*" {
		return true
	}
	if start := literalStart(a); start == a || !strings.HasPrefix(literalStart(b), start) {
		return false // as nearly always, and quickly told
	}
	type point struct {
		at    int    // how much of b is matched
		reach string // for each length of a, 1 if that much of a can be
	}
	characters := alphabet(a + b)
	todo := []point{{0, advance(a, string(make([]byte, len(a)+1)), 0)}}
	seen := map[point]bool{}
	visit := func(at int, reach string) { todo = append(todo, point{at, reach}) }
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		switch {
		case seen[p]:
		case !strings.Contains(p.reach, "\x01"), p.at == len(b) && p.reach[len(a)] == 0:
			return false
		case p.at == len(b):
		case b[p.at] == '*':
			visit(p.at+1, p.reach)
			for _, c := range characters {
				visit(p.at, advance(a, p.reach, c))
			}
		case b[p.at] == '?':
			for _, c := range characters {
				visit(p.at+1, advance(a, p.reach, c))
			}
		default:
			visit(p.at+1, advance(a, p.reach, b[p.at]))
		}
		seen[p] = true
	}
	return true
}

// literalStart returns what every string starts with that the pattern matches.
func literalStart(pattern string) string {
	if i := strings.IndexAny(pattern, wildcards); i >= 0 {
		return pattern[:i]
	}
	return pattern
}

// alphabet returns the characters of patterns that are no wildcards, and one that is in none, for all the others.
func alphabet(patterns string) []byte {
	characters := []byte{0xff}
	for i := range len(patterns) {
		if !strings.Contains(wildcards+string(characters), patterns[i:i+1]) {
			characters = append(characters, patterns[i])
		}
	}
	return characters
}

// advance returns where in the pattern one can be after one more character; at its start, if the character is 0.
func advance(pattern, reach string, c byte) string {
	next := make([]byte, len(pattern)+1)
	if c == 0 {
		next[0] = 1
	}
	for i := range len(pattern) {
		switch {
		case c == 0 || reach[i] == 0:
		case pattern[i] == '*':
			next[i] = 1
		case pattern[i] == '?' || pattern[i] == c:
			next[i+1] = 1
		}
	}
	for i := range len(pattern) {
		if next[i] == 1 && pattern[i] == '*' { // for nothing
			next[i+1] = 1
		}
	}
	return string(next)
}
