package property

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/check"
)

// spoiler makes some fields of props wrong, and no others.
type spoiler[P any] struct {
	wrong []string // fields that are wrong then
	with  []string // further ones that it sets, or that must be right for it to show
	spoil func(t *rapid.T, p *P)
}

// one makes a field wrong by itself.
func one[P any](field string, spoil func(t *rapid.T, p *P)) spoiler[P] {
	return spoiler[P]{wrong: []string{field}, spoil: spoil}
}

// beside makes a field wrong beside others.
func beside[P any](field, with string, spoil func(t *rapid.T, p *P)) spoiler[P] {
	return spoiler[P]{wrong: []string{field}, with: strings.Fields(with), spoil: spoil}
}

// touches are the paths of all that the spoiler is about.
func (s spoiler[P]) touches() []string { return slices.Concat(s.wrong, s.with) }

// disjoint reports whether no path of a is one of b, or above or below one of b.
func disjoint(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if above(x, y) || above(y, x) {
				return false
			}
		}
	}
	return true
}

func above(x, y string) bool {
	rest, found := strings.CutPrefix(y, x)
	return found && (x == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// at moves spoilers to props that have the others at a path.
func at[O, I any](path string, find func(*O) *I, inner []spoiler[I]) []spoiler[O] {
	var moved []spoiler[O]
	for _, s := range inner {
		moved = append(moved, spoiler[O]{
			wrong: joined(path, s.wrong), with: joined(path, s.with), spoil: func(t *rapid.T, p *O) { s.spoil(t, find(p)) },
		})
	}
	return moved
}

// held moves spoilers to props that hold the others behind a pointer, an interface or a key, and puts right ones there first.
func held[O, I any](path, with string, right func() I, put func(*O, I), inner []spoiler[I]) []spoiler[O] {
	var moved []spoiler[O]
	for _, s := range inner {
		moved = append(moved, spoiler[O]{wrong: joined(path, s.wrong), with: append(strings.Fields(with), path), spoil: func(t *rapid.T, p *O) {
			i := right()
			s.spoil(t, &i)
			put(p, i)
		}})
	}
	return moved
}

// relying has spoilers rely on a further field.
func relying[P any](in []spoiler[P], field string) []spoiler[P] {
	var out []spoiler[P]
	for _, s := range in {
		out = append(out, spoiler[P]{s.wrong, append(slices.Clone(s.with), field), s.spoil})
	}
	return out
}

// but leaves out spoilers of fields that a path is above of.
func but[P any](in []spoiler[P], paths ...string) []spoiler[P] {
	return slices.DeleteFunc(slices.Clone(in), func(s spoiler[P]) bool {
		return slices.ContainsFunc(paths, func(path string) bool {
			return slices.ContainsFunc(s.wrong, func(field string) bool { return above(path, field) })
		})
	})
}

func joined(path string, fields []string) []string {
	var all []string
	for _, field := range fields {
		all = append(all, check.Join(path, field))
	}
	return all
}

// outside draws a number that is not zero, which is the default, nor of a range.
func outside(t *rapid.T, least, most int) int {
	return rapid.OneOf(
		rapid.SampledFrom([]int{least - 1, most + 1, -1, math.MinInt, math.MaxInt}), rapid.Int(), rapid.IntRange(-1000, 100000),
	).Filter(func(n int) bool { return n != 0 && (n < least || n > most) }).Draw(t, "number")
}

// below draws a number below a least one that is not zero.
func below(t *rapid.T, least int) int { return outside(t, least, math.MaxInt) }

// notIn draws a time that is not zero and not a whole number of units in a range.
func notIn(t *rapid.T, least, most, unit time.Duration) time.Duration {
	return rapid.OneOf(
		rapid.SampledFrom([]time.Duration{least - unit, most + unit, least + 1, most - 1, -unit, -1, 1, math.MinInt64, math.MaxInt64}),
		rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) }),
		rapid.Map(rapid.Int64Range(-10000, 1000000), func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }),
	).Filter(func(d time.Duration) bool { return d != 0 && (d < least || d > most || d%unit != 0) }).Draw(t, "time")
}

func notSeconds(t *rapid.T, least, most time.Duration) time.Duration {
	return notIn(t, least, most, time.Second)
}

// wrong draws one of the values.
func wrong[T any](t *rapid.T, values ...T) T { return rapid.SampledFrom(values).Draw(t, "value") }

// textual is a text that is wrong wherever only letters and digits go, and never empty.
func badWord(t *rapid.T) string {
	return wrong(t, " ", "a b", "a\nb", "\x00", "é", "a!", "a:b", "a\\b", "日本", "\xff")
}

// unknown draws a value that no enumeration has.
func unknown[T ~string](t *rapid.T) T {
	return T(wrong(t, "x", " ", "-", "fargate ", "é", "unknown", "\x00", "None?"))
}

// few draws spoilers that are about different things.
func few[P any](t *rapid.T, all []spoiler[P]) []spoiler[P] {
	var chosen []spoiler[P]
	var touched []string
	for range rapid.IntRange(1, 4).Draw(t, "spoilers") {
		s := all[rapid.Uint64().Draw(t, "spoiler")%uint64(len(all))]
		if disjoint(touched, s.touches()) {
			chosen, touched = append(chosen, s), append(touched, s.touches()...)
		}
	}
	// Elements are added to lists in an order that does not depend on the draw.
	slices.SortStableFunc(chosen, func(a, b spoiler[P]) int { return cmp.Compare(strings.Join(a.wrong, " "), strings.Join(b.wrong, " ")) })
	return chosen
}

// fieldsOf returns the fields that problems name, each once and sorted.
func fieldsOf(ps check.Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}
