package service_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

// script runs a function against clients that answer by a script.
type script struct {
	*functiontest.Stack
	t *testing.T
}

type (
	answer  = map[string]any
	answers = map[string][]answer
)

// newScript makes the stack. Each call is given its answers in their order, and the last one again and again.
func newScript(t *testing.T, file string, a answers) *script {
	t.Helper()
	return &script{t: t, Stack: functiontest.New(t, file, map[string]any{"calls": []any{}, "answers": a})}
}

type call struct {
	Name  string
	Input map[string]any
}

func (s *script) calls() []call {
	s.t.Helper()
	var state struct{ Calls []call }
	s.Read(&state)
	return state.Calls
}

// names returns the names of the calls, those that repeat the one before left out.
func (s *script) names() []string {
	s.t.Helper()
	var names []string
	for _, c := range s.calls() {
		if len(names) == 0 || names[len(names)-1] != c.Name {
			names = append(names, c.Name)
		}
	}
	return names
}

func (s *script) expectCalls(want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.names()); diff != "" {
		s.t.Errorf("the calls: %s\n%s", diff, s.Log)
	}
}

func (s *script) expectFailure(id, reason string) {
	s.t.Helper()
	s.Expect("FAILED", id)
	if !strings.Contains(s.Reason(), reason) {
		s.t.Errorf("got the reason %q, want %q in it", s.Reason(), reason)
	}
}

// input returns what the last call of a name was given.
func (s *script) input(name string) map[string]any {
	s.t.Helper()
	var input map[string]any
	for _, c := range s.calls() {
		if c.Name == name {
			input = c.Input
		}
	}
	return input
}

// resume calls the function with what it has called itself with.
func (s *script) resume(environment ...string) {
	s.t.Helper()
	invocation := s.input("Invoke")
	if invocation["FunctionName"] != "arn:function" || invocation["InvocationType"] != "Event" {
		s.t.Fatalf("got %v, want an invocation of the function itself", invocation)
	}
	var event map[string]any
	if err := json.Unmarshal([]byte(invocation["Payload"].(string)), &event); err != nil {
		s.t.Fatal(err)
	}
	s.Call(event, environment...)
}
