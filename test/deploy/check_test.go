package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// findings are the comparisons of all resources, by type.
type findings struct {
	deployed, compared map[string]int
	unknown            map[string]int // types that the endpoint does not know
	gaps               map[string]int // properties that it does not hold
	seen               []resource     // those compared
	values             int
}

// check reads every resource back and compares it with what is asked for.
func check(t *testing.T, c *account, resources []resource) findings {
	t.Helper()
	f := findings{deployed: map[string]int{}, compared: map[string]int{}, unknown: map[string]int{}, gaps: map[string]int{}}
	for _, r := range joined(resources) {
		f.deployed[r.kind]++
		if _, readable := kinds[r.kind]; !readable {
			f.unknown[r.kind]++
			if _, listed := unreadable[r.kind]; !listed {
				t.Errorf("%s: the test does not know how to read this type back; say why in the list of those, or how in kinds", r)
			}
			continue
		}
		description, err := c.describe(t.Context(), r)
		if err != nil || description == nil {
			f.unknown[r.kind]++
			if _, listed := unknown[r.kind]; !listed {
				t.Errorf("%s: %s cannot be read back (%v), and the type is not in the list of those that the endpoint does not know", r, r.id, err)
			}
			continue
		}
		f.compared[r.kind]++
		f.seen = append(f.seen, r)
		f.add(t, r, against(r, description))
	}
	for kind := range unknown {
		if f.compared[kind] > 0 && f.unknown[kind] == 0 {
			t.Logf("this endpoint knows %s: it was compared like the others", kind)
		}
	}
	return f
}

// against compares a resource with its description, or with the nearest of several.
func against(r resource, description any) comparison {
	candidates, several := description.([]any)
	if !several {
		candidates = []any{description}
	}
	var best comparison
	for i, candidate := range candidates {
		var this comparison
		for property, want := range r.want {
			name := property
			if other := kinds[r.kind].names[property]; other != "" {
				name = other
			}
			got, _ := field(candidate.(object), name)
			this.compare(property, want, got)
		}
		if i == 0 || this.worse() < best.worse() {
			best = this
		}
	}
	return best
}

// add reports what differs and what is not there, but for the known gaps.
func (f *findings) add(t *testing.T, r resource, c comparison) {
	t.Helper()
	f.values += c.equal
	slices.Sort(c.differ)
	for _, line := range c.differ {
		path, _, _ := strings.Cut(line, ":")
		if !f.gap(r.kind+"."+path, altered) {
			t.Errorf("%s: %s", r, line)
		}
	}
	slices.Sort(c.absent)
	for _, path := range slices.Compact(c.absent) {
		if !f.gap(r.kind+"."+path, missing) && !f.gap(r.kind+"."+path, altered) {
			t.Errorf("%s: %s was asked for and is not in the description", r, path)
		}
	}
}

// gap reports whether a property, or one that it is in, is in a list.
func (f *findings) gap(path string, list map[string]string) bool {
	for gap := range list {
		if path == gap || strings.HasPrefix(path, gap+".") {
			f.gaps[gap]++
			return true
		}
	}
	return false
}

func (f *findings) print(t *testing.T) {
	t.Helper()
	var lines []string
	sum := func(counts map[string]int) (n int) {
		for _, count := range counts {
			n += count
		}
		return n
	}
	for _, kind := range slices.Sorted(maps.Keys(f.deployed)) {
		line := fmt.Sprintf("  %3d of %3d %s", f.compared[kind], f.deployed[kind], kind)
		if why := unknown[kind] + unreadable[kind]; f.compared[kind] == 0 {
			line += ": " + why
		}
		lines = append(lines, line)
	}
	t.Logf("%d resources deployed, %d of them read back and compared, %d values equal, %d types unknown\n%s",
		sum(f.deployed), sum(f.compared), f.values, len(f.unknown), strings.Join(lines, "\n"))
	lines = nil
	for _, gap := range slices.Sorted(maps.Keys(f.gaps)) {
		lines = append(lines, fmt.Sprintf("  %3d %s: %s", f.gaps[gap], gap, missing[gap]+altered[gap]))
	}
	if len(lines) > 0 {
		t.Logf("properties that could not be compared\n%s", strings.Join(lines, "\n"))
	}
	for _, list := range []map[string]string{missing, altered} {
		for gap := range list {
			if f.gaps[gap] == 0 {
				t.Logf("this endpoint describes %s", gap)
			}
		}
	}
}
