package ask_test

import (
	"testing"

	"github.com/ecskit/ecskit/constructs/internal/ask"
)

type resource struct{ asked int }

func (r *resource) Ref() *string {
	r.asked++
	ref := "ref"
	return &ref
}

func TestOnce(t *testing.T) {
	a, b := &resource{}, &resource{}
	if first, second := ask.Ref(a), ask.Ref(a); first != second || a.asked != 1 {
		t.Errorf("asked %d times, want once", a.asked)
	}
	if ask.Ref(b); b.asked != 1 {
		t.Error("one resource answered for another")
	}
	if n := ask.Once(a, "n", func() int { return 7 }); n != 7 {
		t.Errorf("got %d, the answer to another question", n)
	}
	for _, thing := range []any{[]int{}, struct{ any }{[]int{}}} {
		asked := 0
		for range 2 {
			ask.Once(thing, "n", func() int { asked++; return asked })
		}
		if asked != 2 {
			t.Errorf("%T cannot be told from another and must be asked each time", thing)
		}
	}
}
