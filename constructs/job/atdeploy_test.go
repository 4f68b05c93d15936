package job_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

type (
	answer  = map[string]any
	answers = map[string][]answer
)

const (
	machine   = "arn:aws:states:us-east-1:123456789012:stateMachine:Job"
	execution = "arn:aws:states:us-east-1:123456789012:execution:Job:stack-request"
)

func wanted(revision string) map[string]any {
	return map[string]any{"Machine": machine, "TaskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/Job:" + revision, "TimeoutSeconds": "900"}
}

// names returns the calls that the clients were asked for, those that repeat the one before left out.
func names(s *functiontest.Stack) []string {
	var state struct{ Calls []struct{ Name string } }
	s.Read(&state)
	var all []string
	for _, c := range state.Calls {
		if len(all) == 0 || all[len(all)-1] != c.Name {
			all = append(all, c.Name)
		}
	}
	return all
}

func TestAtDeploy(t *testing.T) {
	t.Parallel()
	is := func(status string) answer {
		return answer{"status": status, "error": "States.TaskFailed", "cause": `{"Attachments":[{"Details":[]}],"StopCode":"EssentialContainerExited",` +
			`"StoppedReason":"Essential container in task exited","Containers":[{"Name":"main","ExitCode":1},{"Name":"agent","Reason":"no image"}]}`}
	}
	plain := answer{"status": "ABORTED", "cause": "by hand"}
	started := []answer{{"executionArn": execution}}
	run := []string{"StartExecution", "DescribeExecution"}
	create := functiontest.Event{Kind: "Create", Properties: wanted("1")}
	update := func(from, to string) functiontest.Event {
		return functiontest.Event{Kind: "Update", PhysicalID: "Resource", Properties: wanted(to), OldProperties: wanted(from)}
	}
	remove := functiontest.Event{Kind: "Delete", PhysicalID: "Resource", Properties: wanted("1")}
	left := answers{"ListExecutions": {{"executions": []answer{{"executionArn": execution, "name": "stack-request"}}}}}
	late := functiontest.Event{Kind: "Create", Properties: wanted("1")}
	late.Properties["TimeoutSeconds"] = "0"
	for name, c := range map[string]struct {
		event   functiontest.Event
		answers answers
		calls   []string
		reason  string // of a failure
	}{
		"create":      {create, answers{"StartExecution": started, "DescribeExecution": {is("RUNNING"), is("SUCCEEDED")}}, run, ""},
		"later":       {update("9", "10"), answers{"StartExecution": started, "DescribeExecution": {is("SUCCEEDED")}}, run, ""},
		"back":        {update("10", "9"), left, []string{"ListExecutions", "StopExecution"}, ""},
		"nothing":     {update("9", "9"), answers{}, []string{"ListExecutions"}, ""},
		"delete":      {remove, left, []string{"ListExecutions", "StopExecution"}, ""},
		"cannot list": {remove, answers{"ListExecutions": {{"error": "StateMachineDoesNotExist", "message": "gone"}}}, []string{"ListExecutions"}, ""},
		"others":      {remove, answers{"ListExecutions": {{"executions": []answer{{"executionArn": "other", "name": "other"}}}}}, []string{"ListExecutions"}, ""},
		"again": {create, answers{
			"StartExecution": {{"error": "ExecutionAlreadyExists", "message": "there is one"}}, "DescribeExecution": {is("SUCCEEDED")},
		}, run, ""},
		"fails": {create, answers{"StartExecution": started, "DescribeExecution": {is("FAILED")}}, run,
			execution + " FAILED: States.TaskFailed: EssentialContainerExited; Essential container in task exited; main 1; agent did not start no image"},
		"is aborted": {create, answers{"StartExecution": started, "DescribeExecution": {plain}}, run, execution + " ABORTED: by hand"},
		"no such machine": {create, answers{
			"StartExecution": {{"error": "StateMachineDoesNotExist", "message": "gone"}},
		}, []string{"StartExecution"}, "Step Functions: StartExecution: StateMachineDoesNotExist: gone"},
		"too long": {late, answers{"StartExecution": started, "DescribeExecution": {is("RUNNING")}}, append(run, "StopExecution"), "took longer than 0 s"},
	} {
		s := functiontest.New(t, "function/atdeploy.js", map[string]any{"calls": []any{}, "answers": c.answers})
		s.Send(c.event)
		t.Log(name)
		if c.reason == "" {
			s.Expect("SUCCESS", "Resource")
		} else if s.Expect("FAILED", "Resource"); !strings.Contains(s.Reason(), c.reason) {
			t.Errorf("%s: got the reason %q, want %q in it", name, s.Reason(), c.reason)
		}
		if diff := cmp.Diff(c.calls, names(s)); diff != "" {
			t.Errorf("%s: the calls: %s", name, diff)
		}
	}
}

// TestAtDeployOutlivesItsFunction calls itself again until the job has ended, and never starts another.
func TestAtDeployOutlivesItsFunction(t *testing.T) {
	t.Parallel()
	s := functiontest.New(t, "function/atdeploy.js", map[string]any{"calls": []any{}, "answers": answers{
		"StartExecution": {{"executionArn": execution}}, "DescribeExecution": {{"status": "RUNNING"}, {"status": "SUCCEEDED"}},
	}})
	s.Minutes = 0
	s.Send(functiontest.Event{Kind: "Create", Properties: wanted("1")})
	var state struct {
		Calls []struct{ Input struct{ Payload string } }
	}
	s.Read(&state)
	var event map[string]any
	if err := json.Unmarshal([]byte(state.Calls[len(state.Calls)-1].Input.Payload), &event); err != nil {
		t.Fatal(err)
	}
	s.Call(event)
	s.Expect("SUCCESS", "Resource")
	if diff := cmp.Diff([]string{"StartExecution", "DescribeExecution", "Invoke", "DescribeExecution"}, names(s)); diff != "" {
		t.Error(diff)
	}
}
