package service_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

func wantedRelease(revision string) map[string]any {
	return map[string]any{
		"Application": "app", "Group": "group", "Cluster": "shop", "Service": "api", "TimeoutSeconds": "3300", "NeedsSeconds": "600", "RollsBack": "true",
		"AppSpec": map[string]any{ // numbers as CloudFormation passes them on
			"version": "0",
			"Resources": []any{map[string]any{"TargetService": map[string]any{
				"Type": "AWS::ECS::Service", "Properties": map[string]any{
					"TaskDefinition": family + ":" + revision, "LoadBalancerInfo": map[string]any{"ContainerName": "main", "ContainerPort": "8080"},
					"CapacityProviderStrategy": []any{map[string]any{"CapacityProvider": "FARGATE", "Base": "0", "Weight": "1"}},
				},
			}}},
			"Hooks": []any{map[string]any{"BeforeAllowTraffic": "arn:check"}},
		},
	}
}

// serving is what ECS says of a service whose requests come to a revision.
func serving(revision string) answer {
	return answer{"services": []answer{{"taskSets": []answer{
		{"status": "ACTIVE", "taskDefinition": family + ":99"},
		{
			"status": "PRIMARY", "taskDefinition": family + ":" + revision,
			"loadBalancers": []answer{{"containerName": "main", "containerPort": 8080}},
		},
	}}}}
}

// is is what CodeDeploy says of a deployment.
func is(status string) answer {
	return answer{"deploymentInfo": answer{"status": status, "errorInformation": answer{"code": "ALARM_ACTIVE", "message": "one went off"}}}
}

var none = answer{"deployments": []string{}}

func newRelease(t *testing.T, a answers) *script {
	t.Helper()
	script := answers{
		"ListDeployments": {none}, "DescribeServices": {serving("1")}, "CreateDeployment": {{"deploymentId": "d-1"}},
		"GetDeployment": {is("Created"), is("InProgress"), is("Ready"), is("Succeeded")},
	}
	for name, list := range a {
		script[name] = list
	}
	return newScript(t, "function/codedeploy.js", script)
}

func release(from, to string) functiontest.Event {
	return functiontest.Event{Kind: "Update", PhysicalID: "group", Properties: wantedRelease(to), OldProperties: wantedRelease(from)}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	s := newRelease(t, nil)
	s.Send(release("1", "2"))
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "DescribeServices", "CreateDeployment", "GetDeployment")
	input := s.input("CreateDeployment")
	if input["applicationName"] != "app" || input["deploymentGroupName"] != "group" {
		t.Errorf("got %v", input)
	}
	var appSpec any
	content := input["revision"].(map[string]any)["appSpecContent"].(map[string]any)["content"].(string)
	if err := json.Unmarshal([]byte(content), &appSpec); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"version": 0.,
		"Resources": []any{map[string]any{"TargetService": map[string]any{
			"Type": "AWS::ECS::Service", "Properties": map[string]any{
				"TaskDefinition": family + ":2", "LoadBalancerInfo": map[string]any{"ContainerName": "main", "ContainerPort": 8080.},
				"CapacityProviderStrategy": []any{map[string]any{"CapacityProvider": "FARGATE", "Base": 0., "Weight": 1.}},
			},
		}}},
		"Hooks": []any{map[string]any{"BeforeAllowTraffic": "arn:check"}},
	}
	if diff := cmp.Diff(want, appSpec); diff != "" {
		t.Error(diff)
	}
}

// TestNoReleaseOfWhatRuns finds nothing to do: after the service was made with the revision, after an update of something else,
// and where CodeDeploy has returned to the revision before CloudFormation asks for it.
func TestNoReleaseOfWhatRuns(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]functiontest.Event{
		"create": {Kind: "Create", Properties: wantedRelease("1")}, "no other revision": release("1", "1"), "taken back": release("2", "1"),
	} {
		s := newRelease(t, nil)
		s.Send(e)
		t.Log(name)
		s.Expect("SUCCESS", "group")
		s.expectCalls("ListDeployments", "DescribeServices")
	}
}

// TestReleaseOfAnotherPort deploys the revision that runs, for requests are to come to another port of it.
func TestReleaseOfAnotherPort(t *testing.T) {
	t.Parallel()
	s := newRelease(t, nil)
	e := release("1", "1")
	appSpec := e.Properties["AppSpec"].(map[string]any)["Resources"].([]any)[0].(map[string]any)["TargetService"].(map[string]any)["Properties"].(map[string]any)
	appSpec["LoadBalancerInfo"] = map[string]any{"ContainerName": "main", "ContainerPort": "9090"}
	s.Send(e)
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "DescribeServices", "CreateDeployment", "GetDeployment")
}

// TestReleaseFails answers when CodeDeploy has returned to what was before, or says that it will not, or is not told to.
func TestReleaseFails(t *testing.T) {
	t.Parallel()
	back := func(status string) answer {
		a := is(status)
		a["deploymentInfo"].(answer)["rollbackInfo"] = answer{"rollbackDeploymentId": "d-2"}
		return a
	}
	refused := is("Failed")
	refused["deploymentInfo"].(answer)["rollbackInfo"] = answer{"rollbackMessage": "nothing to return to"}
	for name, c := range map[string]struct {
		said     []answer
		rollback string
	}{
		"and is stopped":        {[]answer{is("InProgress"), is("Stopped")}, "false"},
		"and returns":           {[]answer{is("InProgress"), is("Failed"), back("Failed"), is("InProgress"), back("Failed"), is("Succeeded")}, "true"},
		"and does not return":   {[]answer{is("Failed"), refused}, "true"},
		"and says nothing more": {[]answer{is("Failed")}, "true"},
	} {
		s := newRelease(t, answers{"GetDeployment": c.said})
		e := release("1", "2")
		e.Properties["RollsBack"] = c.rollback
		s.Send(e)
		t.Log(name)
		s.expectFailure("group", "ALARM_ACTIVE: one went off")
		want := len(c.said)
		if name == "and says nothing more" {
			want = 25 // times, every five seconds
		}
		if got := len(s.calls()) - 4; got != want { // two lists, the service and the new deployment
			t.Errorf("%s: got %d questions, want %d", name, got, want)
		}
	}
	s := newRelease(t, answers{"CreateDeployment": {{"error": "InvalidRevisionException", "message": "no such port"}}})
	s.Send(release("1", "2"))
	s.expectFailure("group", "CodeDeploy: CreateDeployment: InvalidRevisionException: no such port")
}

func TestReleaseTakesTooLong(t *testing.T) {
	t.Parallel()
	s := newRelease(t, answers{"GetDeployment": {is("InProgress")}})
	e := release("1", "2")
	e.Properties["TimeoutSeconds"] = "0"
	s.Send(e)
	s.expectFailure("group", "took longer than 0 s and was stopped")
	s.expectCalls("ListDeployments", "DescribeServices", "CreateDeployment", "GetDeployment", "StopDeployment")
	if input := s.input("StopDeployment"); input["deploymentId"] != "d-1" || input["autoRollbackEnabled"] != true {
		t.Errorf("got %v", input)
	}
}

// on is what CodeDeploy says of a deployment that is on its way.
func on(description string) answer {
	return answer{"deploymentInfo": answer{"deploymentId": "d-9", "status": "InProgress", "description": description, "createTime": "2026-01-01T00:00:00Z"}}
}

var some = answer{"deployments": []string{"d-9"}}

// TestReleaseTakenBack follows CloudFormation back to the revision before: it stops what it has started, waits for the deployment
// by which CodeDeploy returns, and deploys the old revision if CodeDeploy has not: all at once, with no one asked.
func TestReleaseTakenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		serving string
		calls   []string
	}{
		"by CodeDeploy":         {"1", nil},
		"by another deployment": {"2", []string{"CreateDeployment", "GetDeployment", "ContinueDeployment", "GetDeployment"}},
	} {
		s := newRelease(t, answers{
			// By its own request first, each time, and then what is on its way.
			"ListDeployments":  {none, some, none, some, none, some, none, none},
			"DescribeServices": {serving(c.serving)},
			"GetDeployment": {
				on("For CloudFormation, request another"), on("For CloudFormation, request another"), on("Rollback"),
				is("Ready"), is("Ready"), is("Succeeded"),
			},
		})
		s.Send(release("2", "1"))
		t.Log(name)
		s.Expect("SUCCESS", "group")
		s.expectCalls(append([]string{
			"ListDeployments", "GetDeployment", "StopDeployment", "ListDeployments", "GetDeployment", "ListDeployments", "GetDeployment",
			"ListDeployments", "DescribeServices",
		}, c.calls...)...)
		if c.calls == nil {
			continue
		}
		input := s.input("CreateDeployment")
		content := input["revision"].(map[string]any)["appSpecContent"].(map[string]any)["content"].(string)
		if input["deploymentConfigName"] != "CodeDeployDefault.ECSAllAtOnce" || strings.Contains(content, "Hooks") ||
			cmp.Diff(map[string]any{"enabled": false}, input["overrideAlarmConfiguration"]) != "" {
			t.Errorf("got %v", input)
		}
	}
}

// TestReleaseWaitsForApproval does not approve what somebody else has to.
func TestReleaseWaitsForApproval(t *testing.T) {
	t.Parallel()
	s := newRelease(t, nil)
	s.Send(release("1", "2"))
	if input := s.input("ContinueDeployment"); input != nil {
		t.Errorf("got %v", input)
	}
	if input := s.input("CreateDeployment"); input["overrideAlarmConfiguration"] != nil || input["deploymentConfigName"] != nil {
		t.Errorf("got %v", input)
	}
}

// TestReleaseIsFoundAgain is called twice for one request, as Lambda may do.
func TestReleaseIsFoundAgain(t *testing.T) {
	t.Parallel()
	s := newRelease(t, answers{
		"ListDeployments": {some}, "GetDeployment": {on("For CloudFormation, request request"), is("Succeeded")},
	})
	s.Send(release("1", "2"))
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "GetDeployment")
}

// TestReleaseGivenUp finds that CloudFormation has started another since: it is not stopped, and nothing more is deployed.
func TestReleaseGivenUp(t *testing.T) {
	t.Parallel()
	later := on("For CloudFormation, request later")
	later["deploymentInfo"].(answer)["createTime"] = "2126-01-01T00:00:00Z"
	s := newRelease(t, answers{"ListDeployments": {none, some}, "GetDeployment": {later}})
	s.Send(release("1", "2"))
	s.expectFailure("group", "given up for d-9, which was started later")
	s.expectCalls("ListDeployments", "GetDeployment")
}

// TestReleaseWaitsForOthers comes while a pipeline deploys, and again when somebody was faster.
func TestReleaseWaitsForOthers(t *testing.T) {
	t.Parallel()
	s := newRelease(t, answers{
		"ListDeployments":  {none, some, none},
		"GetDeployment":    {on("by hand"), is("Succeeded")},
		"CreateDeployment": {{"error": "DeploymentLimitExceededException", "message": "one at a time"}, {"deploymentId": "d-1"}},
	})
	s.Send(release("1", "2"))
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "GetDeployment", "ListDeployments", "DescribeServices", "CreateDeployment", "ListDeployments",
		"DescribeServices", "CreateDeployment", "GetDeployment")

	// It does not start what it could not see through.
	s = newRelease(t, answers{"ListDeployments": {none, some}, "GetDeployment": {on("by hand")}})
	e := release("1", "2")
	e.Properties["NeedsSeconds"] = "3301"
	s.Send(e)
	s.expectFailure("group", "another deployment was in the way")
}

// TestReleaseOutlivesHiccups asks again where AWS cannot answer for a moment.
func TestReleaseOutlivesHiccups(t *testing.T) {
	t.Parallel()
	s := newRelease(t, answers{"GetDeployment": {{"error": "ThrottlingException", "message": "slower"}, is("Succeeded")}})
	s.Send(release("1", "2"))
	s.Expect("SUCCESS", "group")
}

func TestReleaseOutlivesItsFunction(t *testing.T) {
	t.Parallel()
	s := newRelease(t, nil)
	s.Minutes = 0
	s.Send(release("1", "2"))
	for s.Answer == nil {
		s.resume()
	}
	s.Expect("SUCCESS", "group")
	created := 0
	for _, c := range s.calls() {
		if c.Name == "CreateDeployment" {
			created++
		}
	}
	if created != 1 {
		t.Errorf("got %d deployments, want 1", created)
	}
}

// TestReleaseIsDeleted stops what is on its way, and minds no group that is gone and no right that it does not have.
func TestReleaseIsDeleted(t *testing.T) {
	t.Parallel()
	e := functiontest.Event{Kind: "Delete", PhysicalID: "group", Properties: wantedRelease("1")}
	s := newRelease(t, answers{
		"ListDeployments": {some, none}, "GetDeployment": {on("For CloudFormation, request another")},
		"StopDeployment": {{"error": "DeploymentAlreadyCompletedException", "message": "too late"}},
	})
	s.Send(e)
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "GetDeployment", "StopDeployment", "ListDeployments")

	for _, name := range []string{"DeploymentGroupDoesNotExistException", "AccessDeniedException"} {
		s = newRelease(t, answers{"ListDeployments": {{"error": name, "message": "no"}}})
		s.Send(e)
		s.Expect("SUCCESS", "group")
	}
}
