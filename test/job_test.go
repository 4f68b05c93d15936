package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/test/internal/cases"
)

// TestJobRights lists all that the roles of a job may do.
func TestJobRights(t *testing.T) {
	all := policies(synthStack(t, cases.Scheduled))
	const arn = "arn:${AWS::Partition}:"
	const here = ":${AWS::Region}:${AWS::AccountId}:"
	const inCluster = ` if {"ArnEquals":{"ecs:cluster":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":ecs:",{"Ref":"AWS::Region"},":",` +
		`{"Ref":"AWS::AccountId"},":cluster/",{"Ref":"PlatformClusterF30B9301"}]]}}}`
	const tasks = arn + "ecs" + here + "task/${Stack/Platform/Cluster/Cluster}/*"
	machine := func(id string, more ...string) []string {
		return append([]string{
			"Allow ecs:RunTask on ${Stack/" + id + "/Job/Task/Definition}" + inCluster,
			"Allow ecs:DescribeTasks ecs:StopTask on " + tasks + inCluster,
			"Allow ecs:TagResource on " + tasks + ` if {"StringEquals":{"ecs:CreateAction":"RunTask"}}`,
			"Allow iam:PassRole on ${Stack/" + id + "/Job/Task/ExecutionRole.Arn} ${Stack/" + id + "/Job/Task/Role.Arn} " +
				`if {"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}`,
			"Allow events:DescribeRule events:PutRule events:PutTargets on " + arn + "events" + here + "rule/StepFunctionsGetEventsForECSTaskRule",
		}, more...)
	}
	for path, want := range map[string][]string{
		"Report/Job/Role/Policy":         machine("Report", "Allow dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem on ${Stack/Report/Job/Locks.Arn}"),
		"Import/Job/Role/Policy":         machine("Import"),
		"Report/Job/LockRights":          {"Allow states:DescribeExecution on " + arn + "states" + here + "execution:${Stack/Report/Job/Machine.Name}:*"},
		"Report/Job/ScheduleRole/Policy": {"Allow states:StartExecution on ${Stack/Report/Job/Machine}", "Allow sqs:SendMessage on ${Stack/Report/Job/DeadLetters.Arn}"},
		"Import/Job/EventRole/Policy":    {"Allow states:StartExecution on ${Stack/Import/Job/Machine}"},
		"Seed/Job/Function/Role/Policy": {
			"Allow logs:CreateLogStream logs:PutLogEvents on ${Stack/Seed/Job/Function/LogGroup.Arn}",
			"Allow states:ListExecutions states:StartExecution on ${Stack/Seed/Job/Machine}",
			"Allow states:DescribeExecution states:StopExecution on " + arn + "states" + here + "execution:${Stack/Seed/Job/Machine.Name}:*",
			"Allow lambda:InvokeFunction on ${Stack/Seed/Job/Function/Function.Arn}",
		},
	} {
		if diff := cmp.Diff(want, all["Stack/"+path]); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestJobMachines checks that every state leads to one that there is, that every one is reached, and how the machines begin.
func TestJobMachines(t *testing.T) {
	template := synthStack(t, cases.Scheduled)
	starts := map[string]string{}
	for path, m := range resourcesOf(template, "AWS::StepFunctions::StateMachine") {
		definition := m["Definition"].(map[string]any)
		starts[strings.Split(path, "/")[1]] = definition["StartAt"].(string)
		checkStates(t, path, definition)
	}
	want := map[string]string{"Report": "Lock", "Import": "Run", "Resize": "Lock", "Seed": "Run", "ByHand": "Run"}
	if diff := cmp.Diff(want, starts); diff != "" {
		t.Error(diff)
	}
}

func checkStates(t *testing.T, path string, definition map[string]any) {
	t.Helper()
	states := definition["States"].(map[string]any)
	reached := map[string]bool{definition["StartAt"].(string): true}
	for name, s := range states {
		state := s.(map[string]any)
		next := []any{state["Next"]}
		for _, other := range slices.Concat(listIn(state, "Catch"), listIn(state, "Choices")) {
			next = append(next, other.(map[string]any)["Next"])
		}
		next = append(next, state["Default"])
		for _, to := range next {
			if to != nil {
				reached[to.(string)] = true
			}
		}
		if ends := state["End"] == true || state["Type"] == "Succeed" || state["Type"] == "Fail"; ends == (state["Next"] != nil || state["Type"] == "Choice") {
			t.Errorf("%s: %s neither ends nor goes on, or both", path, name)
		}
		if each, found := state["ItemProcessor"].(map[string]any); found {
			checkStates(t, path+"/"+name, each)
		}
	}
	for name := range reached {
		if states[name] == nil {
			t.Errorf("%s: there is no state %s", path, name)
		}
	}
	for name := range states {
		if !reached[name] {
			t.Errorf("%s: %s is never reached", path, name)
		}
	}
}

func listIn(object map[string]any, key string) []any {
	list, _ := object[key].([]any)
	return list
}
