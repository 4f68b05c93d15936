// Package ask keeps what node has told, for each question takes a request to its process and back.
package ask

import (
	"reflect"
	"sync"
)

// question is one that a thing has been asked.
type question struct {
	thing any
	what  string
}

// answers are never forgotten: jsii keeps every construct for as long as the process runs anyway.
var answers sync.Map // of question to a pointer to what was told

// Once returns what get returned when this was first asked of the thing. It is for what never changes, such as a token.
func Once[T any](thing any, what string, get func() T) T {
	if !reflect.ValueOf(thing).Comparable() {
		return get()
	}
	q := question{thing, what}
	if known, ok := answers.Load(q); ok {
		return *known.(*T)
	}
	answer := get()
	answers.Store(q, &answer)
	return answer
}

// Ref returns what CloudFormation's Ref returns of a resource.
func Ref(resource interface{ Ref() *string }) *string { return Once(resource, "Ref", resource.Ref) }
