package secret_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

// parameterStore runs the function against a Parameter Store in a file.
type parameterStore struct {
	*functiontest.Stack
	t    *testing.T
	deny string // how many calls are denied before any is allowed
}

type parameter struct {
	Name, Type, Value, KeyId string //nolint:revive // AWS's names
	Overwrite                bool
	Tags                     []map[string]string
}

func newParameterStore(t *testing.T) *parameterStore {
	t.Helper()
	empty := map[string]any{"calls": []string{}, "parameters": map[string]any{}}
	return &parameterStore{t: t, Stack: functiontest.New(t, "function/generate.js", empty)}
}

// send runs the function for an event. A call that fails names makes the client fail.
func (s *parameterStore) send(kind, physicalID, fails string, properties map[string]any) {
	s.t.Helper()
	s.Send(functiontest.Event{Kind: kind, PhysicalID: physicalID, Properties: properties}, "FAIL="+fails, "DENY="+s.deny)
}

func (s *parameterStore) state() (calls []string, parameters map[string]parameter) {
	s.t.Helper()
	var state struct {
		Calls      []string
		Parameters map[string]parameter
	}
	s.Read(&state)
	return state.Calls, state.Parameters
}

// expect compares what CloudFormation was told, and looks for the values of all parameters where none belongs.
func (s *parameterStore) expect(status, physicalID string) {
	s.t.Helper()
	s.Expect(status, physicalID)
	_, parameters := s.state()
	for name, p := range parameters {
		if strings.Contains(s.Heard+s.Log, p.Value) {
			s.t.Errorf("the value of %s is in an answer or in the log:\n%s\n%s", name, s.Heard, s.Log)
		}
	}
}

func wanted(name string, more ...string) map[string]any {
	properties := map[string]any{
		"Name": name, "Length": "24", "Characters": "abcdefghij", "KeyId": "key", "Owner": "Shop-Session", "DeleteWithResource": "false",
	}
	for i := 0; i < len(more); i += 2 {
		properties[more[i]] = more[i+1]
	}
	return properties
}

func TestGeneratedOnce(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/shop/session"))
	s.expect("SUCCESS", "/shop/session")
	_, first := s.state()
	p := first["/shop/session"]
	if p.Type != "SecureString" || p.KeyId != "key" || p.Overwrite || len(p.Value) != 24 || strings.Trim(p.Value, "abcdefghij") != "" {
		t.Errorf("got %+v", p)
	}
	// An update of anything but the name changes nothing, and asks for no more than the key.
	s.send("Update", "/shop/session", "", wanted("/shop/session", "Length", "99", "Characters", "x", "DeleteWithResource", "true"))
	s.expect("SUCCESS", "/shop/session")
	calls, second := s.state()
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"PutParameter", "ListTagsForResource"}, calls); diff != "" {
		t.Errorf("the calls: %s", diff)
	}
}

func TestGeneratedValuesDiffer(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/a"))
	s.send("Create", "", "", wanted("/b"))
	if _, p := s.state(); p["/a"].Value == p["/b"].Value {
		t.Error("two values are alike")
	}
}

func TestGeneratedIsReplacedByAnotherName(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/old", "DeleteWithResource", "true"))
	s.send("Update", "/old", "", wanted("/new", "DeleteWithResource", "true"))
	s.expect("SUCCESS", "/new")
	if _, p := s.state(); len(p) != 2 {
		t.Errorf("got %v, want the old one to be there until CloudFormation asks to delete it", p)
	}
	s.send("Delete", "/old", "", wanted("/old", "DeleteWithResource", "true"))
	s.expect("SUCCESS", "/old")
	if _, p := s.state(); len(p) != 1 || p["/new"].Value == "" {
		t.Errorf("got %v, want the new one alone", p)
	}
}

func TestGeneratedIsKept(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/shop/session"))
	s.send("Delete", "/shop/session", "", wanted("/shop/session"))
	s.expect("SUCCESS", "/shop/session")
	_, kept := s.state()
	if len(kept) != 1 {
		t.Fatalf("got %v, want the parameter", kept)
	}
	// A stack of the same name finds it again.
	s.send("Create", "", "", wanted("/shop/session"))
	s.expect("SUCCESS", "/shop/session")
	if _, again := s.state(); cmp.Diff(kept, again) != "" {
		t.Error("the value was overwritten")
	}
}

func TestGeneratedIsDeleted(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/shop/session"))
	for range 2 { // the second time it is gone already
		s.send("Delete", "/shop/session", "", wanted("/shop/session", "DeleteWithResource", "true"))
		s.expect("SUCCESS", "/shop/session")
		if _, p := s.state(); len(p) != 0 {
			t.Errorf("got %v, want none", p)
		}
	}
}

// TestGeneratedAfterAFailure repeats what failed: before the parameter was made, after, and when CloudFormation did not
// take the answer, after which Lambda calls again.
func TestGeneratedAfterAFailure(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "PutParameter", wanted("/shop/session"))
	s.expect("FAILED", "Resource")
	if reason := s.Reason(); reason != "Parameter Store: PutParameter: InternalServerError" {
		t.Errorf("got the reason %s", reason)
	}
	s.send("Create", "", "PutParameter!", wanted("/shop/session"))
	s.expect("FAILED", "Resource")
	if reason := s.Reason(); reason != "Parameter Store: PutParameter: Error" {
		t.Errorf("got the reason %s", reason)
	}
	_, first := s.state()
	s.Deaf = 5 // the function gives up, and Lambda calls it again
	s.send("Create", "", "", wanted("/shop/session"))
	s.send("Create", "", "", wanted("/shop/session"))
	s.expect("SUCCESS", "/shop/session")
	if _, last := s.state(); cmp.Diff(first, last) != "" || len(last) != 1 {
		t.Errorf("got %v, want what the attempt made that failed last: %v", last, first)
	}
}

// TestGeneratedLeavesOthersAlone stands in the way of a parameter that somebody else made: it is neither overwritten, nor
// deleted when CloudFormation takes the failure back.
func TestGeneratedLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/shop/session", "Owner", "Another"))
	_, before := s.state()
	s.send("Create", "", "", wanted("/shop/session", "DeleteWithResource", "true"))
	s.expect("FAILED", "Resource")
	if reason := s.Reason(); !strings.Contains(reason, "/shop/session exists and was not generated here") {
		t.Errorf("got the reason %s", reason)
	}
	s.send("Delete", "/shop/session", "", wanted("/shop/session", "DeleteWithResource", "true"))
	s.expect("SUCCESS", "/shop/session")
	if _, after := s.state(); cmp.Diff(before, after) != "" {
		t.Error("the parameter of somebody else was changed")
	}
}

// TestGeneratedAnswersAgain meets a CloudFormation that takes the answer late: it must still be told of the success.
func TestGeneratedAnswersAgain(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.Deaf = 3
	s.send("Create", "", "", wanted("/shop/session"))
	s.expect("SUCCESS", "/shop/session")
}

// TestGeneratedWaitsForRights is called before its rights have come everywhere.
func TestGeneratedWaitsForRights(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.deny = "3"
	s.send("Create", "", "", wanted("/shop/session"))
	s.expect("SUCCESS", "/shop/session")
	s = newParameterStore(t)
	s.deny = "100"
	s.send("Create", "", "", wanted("/shop/session"))
	s.expect("FAILED", "Resource")
	// The clean-up of a parameter that it has no right to any more must not keep the stack from going on.
	s.send("Delete", "/old", "", wanted("/old", "DeleteWithResource", "true"))
	s.expect("SUCCESS", "/old")
}

// TestGeneratedKeepsItsKey asks for another key: the tasks' role could not decrypt what stays under the old one.
func TestGeneratedKeepsItsKey(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/shop/session"))
	_, before := s.state()
	s.send("Update", "/shop/session", "", wanted("/shop/session", "KeyId", "other"))
	s.expect("FAILED", "/shop/session")
	if reason := s.Reason(); !strings.Contains(reason, "stays under the key that it was made with") {
		t.Errorf("got the reason %s", reason)
	}
	s.send("Update", "/shop/session", "", wanted("/shop/session")) // CloudFormation goes back
	s.expect("SUCCESS", "/shop/session")
	s.send("Create", "", "", wanted("/shop/session", "KeyId", "other")) // a stack that is made again with another key
	s.expect("FAILED", "Resource")
	if reason := s.Reason(); !strings.Contains(reason, "exists under another key") {
		t.Errorf("got the reason %s", reason)
	}
	if _, after := s.state(); cmp.Diff(before, after) != "" {
		t.Error("the value was overwritten")
	}
}

// TestGeneratedKeepsWhatItRefuses takes back a creation that found a value of its own under another key: the value stays.
func TestGeneratedKeepsWhatItRefuses(t *testing.T) {
	t.Parallel()
	s := newParameterStore(t)
	s.send("Create", "", "", wanted("/shop/session"))
	_, before := s.state()
	other := wanted("/shop/session", "KeyId", "other", "DeleteWithResource", "true")
	s.send("Create", "", "", other)
	s.expect("FAILED", "Resource")
	s.send("Delete", "Resource", "", other)
	s.expect("SUCCESS", "Resource")
	if _, after := s.state(); cmp.Diff(before, after) != "" {
		t.Error("the value is lost")
	}
}
