// Package check says what is wrong with a props value: every problem at once, each under the path of its field.
//
// A props type has a method Problems, which is pure; a constructor calls [Must] with what it returned before it makes
// anything, so that a wrong value leaves no half-built tree behind:
//
//	Shop/Api: invalid props
//	  Task.Port: must be 1-65535, or 0 for none; got 70000
//	  Scaling.Max: must be more than Min (2), or there is nothing to scale; got 1
package check

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/aws/constructs-go/constructs/v10"
)

// Problem is one thing that is wrong with a props value.
type Problem struct {
	Field string // path of the field inside the props, such as "Task.Sidecars[1].Image"
	Rule  string // what the value has to be
	Got   any    // the value found; nil if it says nothing
	Page  string // the page where AWS sets the rule; empty if the rule is ours
}

// String returns the problem as one line: field, rule, value found and page.
func (p *Problem) String() string {
	var b strings.Builder
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Rule)
	if s, ok := p.Got.(string); ok {
		fmt.Fprintf(&b, "; got %q", s)
	} else if p.Got != nil {
		fmt.Fprintf(&b, "; got %v", p.Got)
	}
	if p.Page != "" {
		fmt.Fprintf(&b, " (%s)", p.Page)
	}
	return b.String()
}

// See names the page where AWS sets the rule.
func (p *Problem) See(page string) { p.Page = page }

// Problems is everything that is wrong with a props value. Empty: nothing is.
type Problems []*Problem

// Add notes that the value got of field breaks rule. A nil got is left out of the text.
func (ps *Problems) Add(field string, got any, rule string, args ...any) *Problem {
	p := &Problem{Field: field, Rule: fmt.Sprintf(rule, args...), Got: got}
	*ps = append(*ps, p)
	return p
}

// In notes the problems of a value inside the props: each field of it under the path of the value.
func (ps *Problems) In(path string, inner Problems) {
	for _, p := range inner {
		moved := *p
		moved.Field = Join(path, p.Field)
		*ps = append(*ps, &moved)
	}
}

// Range notes a problem if n is outside least to most.
func (ps *Problems) Range(field string, n, least, most int) *Problem {
	if n >= least && n <= most {
		return &Problem{}
	}
	return ps.Add(field, n, "must be %d-%d", least, most)
}

// Seconds notes a problem if d is outside least to most, or no whole number of seconds, which is all that AWS takes.
func (ps *Problems) Seconds(field string, d, least, most time.Duration) *Problem {
	if d >= least && d <= most && d%time.Second == 0 {
		return &Problem{}
	}
	return ps.Add(field, d, "must be %v to %v, in whole seconds", least, most)
}

// Join returns the path of a field inside the value at path.
func Join(path, field string) string {
	switch {
	case path == "":
		return field
	case field == "" || strings.HasPrefix(field, "["):
		return path + field
	}
	return path + "." + field
}

// Error is the panic value of every constructor of this library that was given invalid props.
type Error struct {
	Path     string // path of the construct that was to be made
	Problems Problems
}

// Error returns the path and, on a line each, all problems.
func (e *Error) Error() string {
	lines := []string{e.Path + ": invalid props"}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

// Must panics with an *[Error] that holds all problems, if there are any. It also finds a nil scope, a scope outside
// of any stack, and an id that no construct can have.
func Must(scope constructs.Construct, id string, problems ...Problems) {
	var all Problems
	switch {
	case IsNil(scope):
		all.Add("scope", nil, "must not be nil: pass the stack or the construct that the new one belongs to")
	case !InStack(scope):
		all.Add("scope", nil, "must be a stack, or a construct inside one that the CDK knows: of a struct that embeds a stack, pass the stack")
	}
	switch {
	case id == "":
		all.Add("id", nil, "must not be empty")
	case strings.Contains(id, "/"):
		all.Add("id", id, "must not contain a slash, which separates the ids of a path")
	case id == "Default" || id == "Resource":
		all.Add("id", id, "must be another one, for the CDK leaves Default and Resource out of logical ids, which then clash")
	case IsToken(id):
		all.Add("id", nil, "must not be a token, for logical ids are made from it")
	}
	for _, ps := range problems {
		all = append(all, ps...)
	}
	if len(all) > 0 {
		panic(&Error{Path: Path(scope, id), Problems: all})
	}
}

// Construct makes t, a pointer to a struct that embeds constructs.Construct, the child of scope with this id. It panics
// with an *[Error] if scope has such a child already.
func Construct(t constructs.Construct, scope constructs.Construct, id string) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if !strings.Contains(fmt.Sprint(cause), "already a Construct with name") {
			panic(cause)
		}
		var ps Problems
		ps.Add("id", id, "must be unique in its scope, which has a construct of this id already")
		panic(&Error{Path: Path(scope, id), Problems: ps})
	}()
	constructs.NewConstruct_Override(t, scope, &id)
	if l := locate(scope); l != nil {
		locations.Store(t, &location{l.home, l.place + "/" + id})
	}
}

// Path returns the path that a construct with this id has in scope.
func Path(scope constructs.Construct, id string) string {
	if IsNil(scope) {
		return id
	}
	if path := *scope.Node().Path(); path != "" {
		return path + "/" + id
	}
	return id
}

// IsNil reports whether v is nil, or an interface that holds a nil pointer.
func IsNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// IsToken reports whether s holds a CDK token, whose value is known at deployment only and cannot be checked before.
func IsToken(s string) bool { return strings.Contains(s, "${Token[") }
