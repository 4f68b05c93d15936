// Package functiontest runs the library's own functions with node, as Lambda would, against a CloudFormation that listens on
// loopback and clients of AWS that are made for the test.
package functiontest

import (
	_ "embed"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ecskit/ecskit/constructs/internal/function"
)

// script is a module of the same name, for clients that follow a script.
//
//go:embed script.js
var script string

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

	t           *testing.T
	url         string
	module      string
	nodeModules string
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
	s := &Stack{t: t, State: filepath.Join(t.TempDir(), "state.json"), module: filepath.Join(t.TempDir(), "index.js"), Minutes: 15}
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.module, []byte(function.Source(string(code))), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(s.module), "script.js"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if s.nodeModules, err = filepath.Abs("testdata/node_modules"); err != nil {
		t.Fatal(err)
	}
	s.nodeModules += string(filepath.ListSeparator) + filepath.Dir(s.module)
	s.Write(state)
	server := httptest.NewServer(http.HandlerFunc(s.listen))
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

const call = `require(process.argv[1]).handler(JSON.parse(process.argv[2]), {
	invokedFunctionArn: 'arn:function', getRemainingTimeInMillis: () => 60000 * process.argv[3],
})`

// Call calls the function with what it was called with, or has called itself with.
func (s *Stack) Call(event any, environment ...string) {
	s.t.Helper()
	s.Answer = nil
	text, err := json.Marshal(event)
	if err != nil {
		s.t.Fatal(err)
	}
	minutes, _ := json.Marshal(s.Minutes)
	unheard := s.Deaf > 4
	node := exec.CommandContext(s.t.Context(), "node", "-e", call, s.module, string(text), string(minutes))
	node.Env = append(os.Environ(), "NODE_PATH="+s.nodeModules, "STATE="+s.State, "PAUSE=1")
	node.Env = append(node.Env, environment...)
	output, err := node.CombinedOutput()
	s.Log += string(output)
	if err != nil && !unheard {
		s.t.Fatalf("%v: %s", err, output)
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
