// Package functiontest runs the library's own functions with node, as Lambda would, against clients of AWS that are made for the
// test. A [Stack] has a CloudFormation that listens on loopback; with [Faults] the answers to it are among the calls that may fail.
package functiontest

import (
	_ "embed"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

//go:embed stack.js
var stackScript string

// script is a module of the same name, for clients that follow a script.
//
//go:embed script.js
var script string

// one is the process that calls the functions of all stacks, one after the other. It ends with the tests.
var one struct {
	sync.Mutex
	*process
}

// Stack is a stack of CloudFormation with one custom resource.
type Stack struct {
	// Answer is what CloudFormation was last told; nil if nothing since the last call.
	Answer map[string]any
	// Heard is all that it was ever told.
	Heard string
	// Log is all that the function ever wrote.
	Log string
	// Deaf is how many answers CloudFormation does not take.
	Deaf int
	// Minutes that Lambda gives the function. Zero: it has to call itself again before it waits for anything.
	Minutes int
	// State is a file in which the clients keep what they are asked and what there is.
	State string

	t      *testing.T
	url    string
	source string
}

// Event is what CloudFormation calls the function with.
type Event struct {
	Kind          string // Create, Update or Delete
	RequestID     string // Zero: request
	PhysicalID    string
	Properties    map[string]any
	OldProperties map[string]any
}

// New makes the stack. The function has the code of a file, and finds modules below testdata/node_modules.
func New(t *testing.T, file string, state any) *Stack {
	t.Helper()
	s := &Stack{t: t, State: filepath.Join(t.TempDir(), "state.json"), source: source(t, file), Minutes: 15}
	s.Write(state)
	server := httptest.NewServer(http.HandlerFunc(s.listen))
	server.Config.SetKeepAlivesEnabled(false) // the process does not see that a connection ends before it is called again
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *Stack) listen(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if s.Deaf > 0 {
		s.Deaf--
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	s.Heard += string(body)
	s.Answer = nil
	if err := json.Unmarshal(body, &s.Answer); err != nil {
		s.t.Error(err)
	}
}

// Send calls the function for an event, with further variables of its environment.
func (s *Stack) Send(e Event, environment ...string) {
	s.t.Helper()
	if e.RequestID == "" {
		e.RequestID = "request"
	}
	event := map[string]any{
		"RequestType": e.Kind, "ResponseURL": s.url, "StackId": "stack", "RequestId": e.RequestID, "LogicalResourceId": "Resource",
		"ResourceProperties": e.Properties, "OldResourceProperties": e.OldProperties,
	}
	if e.PhysicalID != "" {
		event["PhysicalResourceId"] = e.PhysicalID
	}
	s.Call(event, environment...)
}

// Call calls the function with what it was called with, or has called itself with.
func (s *Stack) Call(event any, environment ...string) {
	s.t.Helper()
	s.Answer = nil
	unheard := s.Deaf > 4
	variables := map[string]string{"STATE": s.State}
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	one.Lock()
	defer one.Unlock()
	if one.process == nil {
		clients, err := filepath.Abs("testdata/node_modules")
		if err != nil {
			s.t.Fatal(err)
		}
		one.process = start(s.t, stackScript, script, "NODE_PATH="+clients, "PAUSE=1")
	}
	var e end
	err := one.say(map[string]any{"source": s.source, "event": event, "minutes": s.Minutes, "environment": variables}, &e)
	if err != nil {
		one.process = nil
		s.t.Fatalf("the function does nothing more: %v", err)
	}
	s.Log += e.Log + e.Thrown
	if e.Thrown != "" && !unheard {
		s.t.Fatalf("%s: %s", e.Thrown, e.Log)
	}
}

// Read reads the state of the clients.
func (s *Stack) Read(state any) {
	s.t.Helper()
	content, err := os.ReadFile(s.State)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := json.Unmarshal(content, state); err != nil {
		s.t.Fatal(err)
	}
}

// Write changes the state of the clients.
func (s *Stack) Write(state any) {
	s.t.Helper()
	content, err := json.Marshal(state)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.State, content, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Expect compares what CloudFormation was told.
func (s *Stack) Expect(status, physicalID string) {
	s.t.Helper()
	if s.Answer["Status"] != status || s.Answer["PhysicalResourceId"] != physicalID {
		s.t.Errorf("got the answer %v, want %s for %s\n%s", s.Answer, status, physicalID, s.Log)
	}
}

// Reason returns why CloudFormation was told of a failure.
func (s *Stack) Reason() string {
	reason, _ := s.Answer["Reason"].(string)
	return reason
}
