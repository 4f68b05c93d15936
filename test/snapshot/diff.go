package snapshot

import (
	"reflect"

	"github.com/google/go-cmp/cmp"
)

// change is one place where two templates differ.
type change struct {
	where    []any // keys of maps, indices of lists
	old, new any
}

// absent is the side of a change that has no value there; nil is a value, JSON's null.
type absent struct{}

func (c change) added() bool {
	_, ok := c.old.(absent)
	return ok
}

func (c change) removed() bool {
	_, ok := c.new.(absent)
	return ok
}

// compare returns where two templates differ, in the order of the keys.
func compare(old, new map[string]any) []change {
	var c collector
	cmp.Equal(withSectionsOf(old, new), withSectionsOf(new, old), cmp.Reporter(&c))
	return c.changes
}

// withSectionsOf adds the sections that only the other template has, empty: their entries then differ one by one.
func withSectionsOf(template, other map[string]any) map[string]any {
	sections := map[string]any{}
	for name, section := range other {
		if _, ok := section.(map[string]any); ok {
			sections[name] = map[string]any{}
		}
	}
	for name, section := range template {
		sections[name] = section
	}
	return sections
}

// collector is a reporter for [cmp.Equal].
type collector struct {
	path    cmp.Path
	changes []change
}

func (c *collector) PushStep(step cmp.PathStep) { c.path = append(c.path, step) }

func (c *collector) PopStep() { c.path = c.path[:len(c.path)-1] }

func (c *collector) Report(result cmp.Result) {
	if result.Equal() {
		return
	}
	old, new := c.path.Last().Values()
	c.changes = append(c.changes, change{where: where(c.path), old: side(old), new: side(new)})
}

// where keeps of a path what JSON has. The steps themselves are reused by cmp and cannot be kept.
func where(path cmp.Path) []any {
	var steps []any
	for _, step := range path {
		switch step := step.(type) {
		case cmp.MapIndex:
			steps = append(steps, step.Key().String())
		case cmp.SliceIndex:
			steps = append(steps, index(step))
		}
	}
	return steps
}

// index is the place in the new list, or for a removed element in the old one.
func index(step cmp.SliceIndex) int {
	old, new := step.SplitKeys()
	if new < 0 {
		return old
	}
	return new
}

func side(v reflect.Value) any {
	if !v.IsValid() {
		return absent{}
	}
	return v.Interface()
}
