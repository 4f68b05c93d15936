package deploy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// comparison is what was found in the description of one resource that the template does not say.
type comparison struct {
	differ []string // one line a difference
	absent []string // paths, without indices, of properties that the description does not have
	equal  int      // values found as they were asked for
}

// compare looks for all that is asked for in what is described, which says more. Lists are equal in any order; a list of
// keys with values may say more of them.
func (c *comparison) compare(path string, want, got any) {
	switch {
	case empty(got) && !empty(want):
		c.absent = append(c.absent, path)
		return
	case got == nil:
		c.equal++
		return
	}
	if text, isText := got.(string); isText {
		if _, wantsText := want.(string); !wantsText || parsed(want.(string)) != nil {
			if document := parsed(text); document != nil {
				got = document
			}
		}
	}
	if text, isText := want.(string); isText {
		switch got.(type) {
		case object, []any:
			if document := parsed(text); document != nil {
				want = document
			}
		}
	}
	switch want := want.(type) {
	case object:
		fields, isObject := got.(object)
		if !isObject {
			c.different(path, want, got)
			return
		}
		for name, value := range want {
			found, _ := field(fields, name)
			c.compare(path+"."+name, value, found)
		}
	case []any:
		if fields, isObject := got.(object); isObject && keyed(want) {
			c.compare(path, mapped(want), fields)
			return
		}
		c.list(path, want, listed(got))
	default:
		if list, isList := got.([]any); isList && len(list) == 1 {
			got = list[0]
		}
		if !same(want, got) {
			c.different(path, want, got)
			return
		}
		c.equal++
	}
}

func (c *comparison) list(path string, want, got []any) {
	if keyed(want) && keyed(got) {
		c.compare(path, mapped(want), mapped(got))
		return
	}
	if len(want) != len(got) {
		c.different(path, want, got)
		return
	}
	left := append([]any{}, got...)
	for _, item := range want {
		best, at := comparison{}, -1
		for i, candidate := range left {
			var this comparison
			this.compare(path, item, candidate)
			if at < 0 || this.worse() < best.worse() {
				best, at = this, i
			}
		}
		left = append(left[:at], left[at+1:]...)
		c.add(best)
	}
}

// worse is the number of findings. A difference weighs more than what is not there.
func (c *comparison) worse() int { return 100*len(c.differ) + len(c.absent) }

func (c *comparison) add(more comparison) {
	c.differ, c.absent, c.equal = append(c.differ, more.differ...), append(c.absent, more.absent...), c.equal+more.equal
}

func (c *comparison) different(path string, want, got any) {
	c.differ = append(c.differ, fmt.Sprintf("%s: asked for %s, got %s", path, short(want), short(got)))
}

func short(v any) string {
	text, _ := json.Marshal(v)
	if len(text) > 400 {
		return string(text[:400]) + "..."
	}
	return string(text)
}

// same compares two values that are not made of others. "80" is 80, and who asks by name for what has an ARN gets the ARN.
func same(want, got any) bool {
	a, b := fmt.Sprint(want), fmt.Sprint(got)
	return a == b || names(a, b) || names(b, a) || numbers(a, b)
}

var revision = regexp.MustCompile(`:\d+$`)

// names reports whether an ARN is that of something by its name, or a revision of it.
func names(name, arn string) bool {
	if strings.Contains(arn, ":task-definition/") && !revision.MatchString(name) {
		arn = revision.ReplaceAllString(arn, "")
	}
	return name != "" && strings.HasPrefix(arn, "arn:") && !strings.HasPrefix(name, "arn:") &&
		(strings.HasSuffix(arn, "/"+name) || strings.HasSuffix(arn, ":"+name))
}

// numbers compares 50 with 50.0.
func numbers(a, b string) bool {
	x, errX := json.Number(a).Float64()
	y, errY := json.Number(b).Float64()
	return errX == nil && errY == nil && x == y
}

// field returns a field, by its exact name before any other case of its letters.
func field(fields object, name string) (any, bool) {
	if value, found := fields[name]; found {
		return value, true
	}
	for key, value := range fields {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return nil, false
}

func listed(v any) []any {
	if list, isList := v.([]any); isList {
		return list
	}
	return []any{v}
}

// keyed reports whether a list is one of keys with values, such as tags.
func keyed(list []any) bool {
	for _, item := range list {
		pair, _ := item.(object)
		if _, found := field(pair, "Key"); !found {
			return false
		}
		if _, found := field(pair, "Value"); !found {
			return false
		}
	}
	return len(list) > 0
}

func mapped(list []any) object {
	values := object{}
	for _, item := range list {
		key, _ := field(item.(object), "Key")
		values[fmt.Sprint(key)], _ = field(item.(object), "Value")
	}
	return values
}

// empty reports whether a value says nothing. The SDK has false, 0 and "" for some fields that an answer does not have.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == "" || v == "0" || v == "false"
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case object:
		return len(v) == 0
	}
	return false
}
