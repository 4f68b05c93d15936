package property

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// step is one part of the path of a field: a name, or an index in brackets.
var step = regexp.MustCompile(`^(?:\.?([A-Za-z]\w*)|\[(\d+)\])`)

// resolve follows the path of a problem in the props that it is about, and says where that leads nowhere; nothing if the
// path is good. What is behind an interface is looked for in the value it holds.
func resolve(v reflect.Value, path string) string {
	whole := path
	for path != "" {
		for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return fmt.Sprintf("%s: nothing is there at %q", whole, path)
			}
			v = v.Elem()
		}
		if v.Kind() == reflect.Map && path[0] == '[' {
			key, found := keyAt(v, path)
			if !found {
				return fmt.Sprintf("%s: %s has no such key as at %q", whole, v.Type(), path)
			}
			v, path = v.MapIndex(key), path[len(key.String())+2:]
			continue
		}
		m := step.FindStringSubmatch(path)
		if m == nil {
			return fmt.Sprintf("%s: no path at %q", whole, path)
		}
		path = path[len(m[0]):]
		switch {
		case m[1] != "":
			if v.Kind() != reflect.Struct || !v.FieldByName(m[1]).IsValid() {
				return fmt.Sprintf("%s: %s has no field %s", whole, v.Type(), m[1])
			}
			v = v.FieldByName(m[1])
		case v.Kind() == reflect.Slice:
			i, err := strconv.Atoi(m[2])
			if err != nil || i >= v.Len() {
				return fmt.Sprintf("%s: %s has no element %s", whole, v.Type(), m[2])
			}
			v = v.Index(i)
		default:
			return fmt.Sprintf("%s: nothing can be in %s", whole, v.Type())
		}
	}
	return ""
}

// keyAt returns the key in brackets that a path starts with; a key may hold a bracket itself.
func keyAt(m reflect.Value, path string) (longest reflect.Value, found bool) {
	for _, key := range m.MapKeys() {
		if strings.HasPrefix(path, "["+key.String()+"]") && (!found || key.Len() > longest.Len()) {
			longest, found = key, true
		}
	}
	return longest, found
}

// withoutIndices returns the path with nothing in its brackets, by which fields are counted.
func withoutIndices(path string) string {
	return regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(strings.TrimPrefix(path, "."), "[]")
}
