package snapshot

const (
	// longLine is the length of two strings that still read well in one line.
	longLine = 160
	// around is how many characters a shortened string keeps on each side of what differs.
	around = 20
)

// fromTo renders two values. Of long strings only the part that differs: a dashboard or a script is one string of
// thousands of characters.
func fromTo(old, new any) string {
	a, isString := old.(string)
	b, areStrings := new.(string)
	if isString && areStrings && len(a)+len(b) > longLine {
		old, new = shorten([]rune(a), []rune(b))
	}
	return compact(old) + " → " + compact(new)
}

func shorten(a, b []rune) (string, string) {
	head := commonPrefix(a, b)
	tail := commonSuffix(a[head:], b[head:])
	return cut(a, head, tail), cut(b, head, tail)
}

func commonPrefix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

func cut(s []rune, head, tail int) string {
	from, to := max(0, head-around), min(len(s), len(s)-tail+around)
	text := string(s[from:to])
	if from > 0 {
		text = "…" + text
	}
	if to < len(s) {
		text += "…"
	}
	return text
}
