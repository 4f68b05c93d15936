package service_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/internal/function/functiontest"
)

func wantedRelease(revision string) map[string]any {
	return map[string]any{
		"Application": "app", "Group": "group", "Cluster": "shop", "Service": "api", "TimeoutSeconds": "3300",
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
	s := newRelease(t, nil)
	e := release("1", "1")
	appSpec := e.Properties["AppSpec"].(map[string]any)["Resources"].([]any)[0].(map[string]any)["TargetService"].(map[string]any)["Properties"].(map[string]any)
	appSpec["LoadBalancerInfo"] = map[string]any{"ContainerName": "main", "ContainerPort": "9090"}
	s.Send(e)
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "DescribeServices", "CreateDeployment", "GetDeployment")
}

func TestReleaseFails(t *testing.T) {
	for _, status := range []string{"Failed", "Stopped"} {
		s := newRelease(t, answers{"GetDeployment": {is("InProgress"), is(status)}})
		s.Send(release("1", "2"))
		s.expectFailure("group", "ALARM_ACTIVE: one went off")
	}
	s := newRelease(t, answers{"CreateDeployment": {{"error": "InvalidRevisionException", "message": "no such port"}}})
	s.Send(release("1", "2"))
	s.expectFailure("group", "CodeDeploy: InvalidRevisionException: no such port")
}

func TestReleaseTakesTooLong(t *testing.T) {
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

// TestReleaseTakenBack follows CloudFormation back to the revision before: it stops what it has started, waits for the deployment
// by which CodeDeploy returns, and deploys the old revision if CodeDeploy has not.
func TestReleaseTakenBack(t *testing.T) {
	given := answer{"deploymentsInfo": []answer{{"deploymentId": "d-1", "status": "InProgress", "description": "For CloudFormation, request another"}}}
	back := answer{"deploymentsInfo": []answer{{"deploymentId": "d-2", "status": "InProgress", "description": "Rollback of d-1"}}}
	some := answer{"deployments": []string{"d"}}
	for name, c := range map[string]struct {
		serving string
		calls   []string
	}{
		"by CodeDeploy": {"1", []string{
			"ListDeployments", "BatchGetDeployments", "StopDeployment", "ListDeployments", "BatchGetDeployments", "ListDeployments",
			"BatchGetDeployments", "ListDeployments", "DescribeServices",
		}},
		"by another deployment": {"2", []string{
			"ListDeployments", "BatchGetDeployments", "StopDeployment", "ListDeployments", "BatchGetDeployments", "ListDeployments",
			"BatchGetDeployments", "ListDeployments", "DescribeServices", "CreateDeployment", "GetDeployment",
		}},
	} {
		s := newRelease(t, answers{
			// By its own request first, each time, and then what is on its way.
			"ListDeployments":     {none, some, none, some, none, some, none, none},
			"BatchGetDeployments": {given, given, back},
			"DescribeServices":    {serving(c.serving)},
		})
		s.Send(release("2", "1"))
		t.Log(name)
		s.Expect("SUCCESS", "group")
		s.expectCalls(c.calls...)
	}
}

// TestReleaseIsFoundAgain is called twice for one request, as Lambda may do.
func TestReleaseIsFoundAgain(t *testing.T) {
	s := newRelease(t, answers{
		"ListDeployments":     {{"deployments": []string{"d-7"}}},
		"BatchGetDeployments": {{"deploymentsInfo": []answer{{"deploymentId": "d-7", "status": "InProgress", "description": "For CloudFormation, request request"}}}},
	})
	s.Send(release("1", "2"))
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "BatchGetDeployments", "GetDeployment")
}

// TestReleaseWaitsForOthers comes while a pipeline deploys, and again when somebody was faster.
func TestReleaseWaitsForOthers(t *testing.T) {
	other := answer{"deploymentsInfo": []answer{{"deploymentId": "d-9", "status": "InProgress"}}}
	s := newRelease(t, answers{
		"ListDeployments":     {none, {"deployments": []string{"d-9"}}, none},
		"BatchGetDeployments": {other},
		"CreateDeployment":    {{"error": "DeploymentLimitExceededException", "message": "one at a time"}, {"deploymentId": "d-1"}},
	})
	s.Send(release("1", "2"))
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "BatchGetDeployments", "ListDeployments", "DescribeServices", "CreateDeployment", "ListDeployments",
		"DescribeServices", "CreateDeployment", "GetDeployment")

	s = newRelease(t, answers{
		"ListDeployments": {none, {"deployments": []string{"d-9"}}}, "BatchGetDeployments": {other},
	})
	e := release("1", "2")
	e.Properties["TimeoutSeconds"] = "0"
	s.Send(e)
	s.expectFailure("group", "another deployment was in the way")
}

func TestReleaseOutlivesItsFunction(t *testing.T) {
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

// TestReleaseIsDeleted stops what is on its way, and minds no group that is gone.
func TestReleaseIsDeleted(t *testing.T) {
	e := functiontest.Event{Kind: "Delete", PhysicalID: "group", Properties: wantedRelease("1")}
	s := newRelease(t, answers{
		"ListDeployments":     {{"deployments": []string{"d-1"}}, none},
		"BatchGetDeployments": {{"deploymentsInfo": []answer{{"deploymentId": "d-1", "status": "InProgress", "description": "For CloudFormation, request another"}}}},
		"StopDeployment":      {{"error": "DeploymentAlreadyCompletedException", "message": "too late"}},
	})
	s.Send(e)
	s.Expect("SUCCESS", "group")
	s.expectCalls("ListDeployments", "BatchGetDeployments", "StopDeployment", "ListDeployments")

	s = newRelease(t, answers{"ListDeployments": {{"error": "DeploymentGroupDoesNotExistException", "message": "gone"}}})
	s.Send(e)
	s.Expect("SUCCESS", "group")
}
