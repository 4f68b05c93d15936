package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

const (
	family    = "arn:aws:ecs:us-east-1:123456789012:task-definition/Shop-Api"
	migration = "arn:aws:ecs:us-east-1:123456789012:task/shop/1"
)

func wantedTask(revision string) map[string]any {
	return map[string]any{
		"Cluster": "shop", "TaskDefinition": family + ":" + revision, "Container": "main", "Command": []string{"migrate"},
		"LaunchType": "FARGATE", "Subnets": []string{"subnet-1"}, "SecurityGroups": []string{"sg-1"}, "TimeoutSeconds": "900",
		"TagKey": "ecskit:before-release", "TagValue": "Shop/Api",
	}
}

// running and ended are what ECS says of the task.
var (
	running = answer{"tasks": []answer{{"lastStatus": "RUNNING"}}}
	well    = stopped(0, "")
)

func stopped(code any, why string) answer {
	return answer{"tasks": []answer{{
		"lastStatus": "STOPPED", "stoppedReason": why, "containers": []answer{
			{"name": "sidecar", "exitCode": 0}, {"name": "main", "exitCode": code},
		},
	}}}
}

func newTask(t *testing.T, described ...answer) *script {
	t.Helper()
	return newScript(t, "function/beforerelease.js", answers{
		"RunTask": {{"tasks": []answer{{"taskArn": migration}}}}, "DescribeTasks": described,
	})
}

func create() functiontest.Event {
	return functiontest.Event{Kind: "Create", Properties: wantedTask("1")}
}

func update(from, to string) functiontest.Event {
	return functiontest.Event{Kind: "Update", PhysicalID: "Resource", Properties: wantedTask(to), OldProperties: wantedTask(from)}
}

func TestTaskBeforeRelease(t *testing.T) {
	t.Parallel()
	s := newTask(t, answer{"failures": []answer{{"reason": "MISSING"}}}, running, running, well)
	s.Send(create())
	s.Expect("SUCCESS", "Resource")
	s.expectCalls("RunTask", "DescribeTasks")
	want := map[string]any{
		"clientToken": "request-1", "cluster": "shop", "taskDefinition": family + ":1", "count": 1., "launchType": "FARGATE",
		"startedBy": "Resource/stack", "tags": []any{map[string]any{"key": "ecskit:before-release", "value": "Shop/Api"}},
		"networkConfiguration": map[string]any{"awsvpcConfiguration": map[string]any{
			"subnets": []any{"subnet-1"}, "securityGroups": []any{"sg-1"}, "assignPublicIp": "DISABLED",
		}},
		"overrides": map[string]any{"containerOverrides": []any{
			map[string]any{"name": "main", "command": []any{"migrate"}},
		}},
	}
	if diff := cmp.Diff(want, s.input("RunTask")); diff != "" {
		t.Error(diff)
	}
}

func TestTaskBeforeReleaseOnPool(t *testing.T) {
	t.Parallel()
	s := newTask(t, well)
	e := create()
	delete(e.Properties, "LaunchType")
	delete(e.Properties, "Subnets")
	e.Properties["CapacityProviderStrategy"] = []answer{{"CapacityProvider": "pool", "Base": "0", "Weight": "1"}}
	s.Send(e)
	s.Expect("SUCCESS", "Resource")
	input := s.input("RunTask")
	if diff := cmp.Diff([]any{map[string]any{"capacityProvider": "pool", "base": 0., "weight": 1.}}, input["capacityProviderStrategy"]); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"launchType", "networkConfiguration"} {
		if input[name] != nil {
			t.Errorf("%s is %v", name, input[name])
		}
	}
}

// TestTaskRunsOncePerRevision updates to a later revision, which runs, and by another command, and back to the revision before,
// as CloudFormation does when the release fails later: these do not.
func TestTaskRunsOncePerRevision(t *testing.T) {
	t.Parallel()
	s := newTask(t, well)
	s.Send(update("9", "10"))
	s.Expect("SUCCESS", "Resource")
	s.expectCalls("RunTask", "DescribeTasks")

	for name, e := range map[string]functiontest.Event{
		"no other revision": update("3", "3"), "back": update("10", "9"), "delete": {Kind: "Delete", PhysicalID: "Resource", Properties: wantedTask("3")},
	} {
		s := newTask(t, well)
		s.Send(e)
		t.Log(name)
		s.Expect("SUCCESS", "Resource")
		s.expectCalls("ListTasks")
	}

	s = newTask(t, well)
	e := update("3", "1")
	e.Properties["TaskDefinition"] = family + "2:1"
	s.Send(e)
	s.expectCalls("RunTask", "DescribeTasks")
}

func TestTaskBeforeReleaseFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		described answer
		reason    string
	}{
		"exit code": {stopped(3, "Essential container in task exited"), "container main of " + migration + " ended with exit code 3: Essential container in task exited"},
		"no start":  {stopped(nil, "CannotPullContainerError"), "did not start: CannotPullContainerError"},
		"ECS":       {answer{"error": "ClusterNotFoundException", "message": "gone"}, "Amazon ECS: DescribeTasks: ClusterNotFoundException: gone"},
	} {
		s := newTask(t, running, c.described)
		s.Send(update("1", "2"))
		t.Log(name)
		s.expectFailure("Resource", c.reason)
	}
}

func TestTaskBeforeReleaseTakesTooLong(t *testing.T) {
	t.Parallel()
	s := newTask(t, running)
	e := create()
	e.Properties["TimeoutSeconds"] = "0"
	s.Send(e)
	s.expectFailure("Resource", "took longer than 0 s and was stopped")
	s.expectCalls("RunTask", "DescribeTasks", "StopTask")
}

// TestTaskBeforeReleaseOutlivesItsFunction calls itself again until the task has ended, and never starts another.
func TestTaskBeforeReleaseOutlivesItsFunction(t *testing.T) {
	t.Parallel()
	s := newTask(t, running, running, well)
	s.Minutes = 0
	s.Send(create())
	if s.Answer != nil {
		t.Errorf("got the answer %v while the task runs", s.Answer)
	}
	s.resume()
	if s.Answer != nil {
		t.Errorf("got the answer %v while the task runs", s.Answer)
	}
	s.resume()
	s.Expect("SUCCESS", "Resource")
	s.expectCalls("RunTask", "DescribeTasks", "Invoke", "DescribeTasks", "Invoke", "DescribeTasks")
}

// TestTaskWaitsForRoom meets roles that ECS cannot assume yet, and then a cluster without room.
func TestTaskWaitsForRoom(t *testing.T) {
	t.Parallel()
	s := newTask(t, well)
	s.Write(map[string]any{"calls": []any{}, "answers": answers{
		"RunTask": {
			{"error": "AccessDeniedException", "message": "not yet"},
			{"error": "ClientException", "message": "ECS was unable to assume the role"},
			{"failures": []answer{{"reason": "RESOURCE:MEMORY"}}},
			{"tasks": []answer{{"taskArn": migration}}},
		},
		"DescribeTasks": {well},
	}})
	s.Send(create())
	s.Expect("SUCCESS", "Resource")
	if token := s.input("RunTask")["clientToken"]; token != "request-2" {
		t.Errorf("got the token %v, want another one after ECS has answered that it started none", token)
	}

	s = newScript(t, "function/beforerelease.js", answers{"RunTask": {{"failures": []answer{{"reason": "RESOURCE:MEMORY"}}}}})
	e := create()
	e.Properties["TimeoutSeconds"] = "0"
	s.Send(e)
	s.expectFailure("Resource", "no task could be started: RESOURCE:MEMORY")
}

// TestTaskIsStoppedWithItsRelease goes back while the task runs, and away: it is stopped first, and what cannot be stopped holds nobody up.
func TestTaskIsStoppedWithItsRelease(t *testing.T) {
	t.Parallel()
	for _, e := range []functiontest.Event{update("2", "1"), {Kind: "Delete", PhysicalID: "Resource", Properties: wantedTask("2")}} {
		s := newScript(t, "function/beforerelease.js", answers{
			"ListTasks": {{"taskArns": []string{migration}}}, "DescribeTasks": {running, well},
		})
		s.Send(e)
		s.Expect("SUCCESS", "Resource")
		s.expectCalls("ListTasks", "StopTask", "DescribeTasks")
		if list, stop := s.input("ListTasks"), s.input("StopTask"); list["startedBy"] != "Resource/stack" || stop["task"] != migration {
			t.Errorf("got %v and %v", list, stop)
		}

		s = newScript(t, "function/beforerelease.js", answers{"ListTasks": {{"error": "AccessDeniedException", "message": "no"}}})
		s.Send(e)
		s.Expect("SUCCESS", "Resource")
	}
}

// TestTaskOutlivesHiccups asks again where AWS cannot answer for a moment, and stops a task that it can no longer look after.
func TestTaskOutlivesHiccups(t *testing.T) {
	t.Parallel()
	s := newTask(t, answer{"error": "ThrottlingException", "message": "slower"}, answer{"error": "TimeoutError", "message": "late"}, well)
	s.Send(create())
	s.Expect("SUCCESS", "Resource")
	s.expectCalls("RunTask", "DescribeTasks")

	s = newTask(t, running, answer{"error": "AccessDeniedException", "message": "not any more"})
	s.Send(create())
	s.expectFailure("Resource", "not any more")
	s.expectCalls("RunTask", "DescribeTasks", "StopTask")
}
