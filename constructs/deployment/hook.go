package deployment

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"github.com/ecskit/ecskit/constructs/check"
)

// Stage is a point of a deployment that shifts traffic.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
type Stage string

// The stages, in their order.
const (
	ReconcileService           Stage = "RECONCILE_SERVICE" // when a deployment starts while another one is active
	PreScaleUp                 Stage = "PRE_SCALE_UP"      // before the first new task starts
	PostScaleUp                Stage = "POST_SCALE_UP"     // when all new tasks are healthy
	TestTrafficShift           Stage = "TEST_TRAFFIC_SHIFT"
	PostTestTrafficShift       Stage = "POST_TEST_TRAFFIC_SHIFT"       // when test requests come to the new tasks
	PreProductionTrafficShift  Stage = "PRE_PRODUCTION_TRAFFIC_SHIFT"  // before any other request does
	ProductionTrafficShift     Stage = "PRODUCTION_TRAFFIC_SHIFT"      // with each part of the requests
	PostProductionTrafficShift Stage = "POST_PRODUCTION_TRAFFIC_SHIFT" // when all requests come to the new tasks
)

const hookPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html"

var stages = []Stage{
	ReconcileService, PreScaleUp, PostScaleUp, TestTrafficShift, PostTestTrafficShift, PreProductionTrafficShift,
	ProductionTrafficShift, PostProductionTrafficShift,
}

// Hook is a function that ECS calls at stages of a deployment and that can end it. It returns
// {"hookStatus": "SUCCEEDED"}, FAILED to go back, or IN_PROGRESS to be called again. At TestTrafficShift and
// ProductionTrafficShift it is called once more while a deployment goes back, and has to know that.
type Hook struct {
	// Function to call. Required.
	Function awslambda.IFunction
	// Stages to call it at. Required.
	Stages []Stage
	// Details are handed to the function. Zero: none.
	Details map[string]any
	// Timeout after which the deployment goes back, in whole minutes, up to 24 h. Zero: that of ECS.
	Timeout time.Duration
}

// Approval stops a deployment until somebody calls ContinueServiceDeployment.
type Approval struct {
	// Stages to stop at, none that shifts traffic. Required.
	Stages []Stage
	// Timeout after which the deployment goes back, in whole minutes, up to 24 h, for CloudFormation waits no longer than
	// 36 h in all. Zero: 12 h.
	Timeout time.Duration
}

// DefaultApprovalTimeout is how long a deployment waits for approval unless the user says otherwise.
const DefaultApprovalTimeout = 12 * time.Hour

// Problems names a missing function, stages that do not exist, and details that are no JSON.
func (h Hook) Problems() check.Problems {
	ps := stageProblems(h.Stages, stages)
	if check.IsNil(h.Function) {
		ps.Add("Function", nil, "must be set")
	}
	if _, err := json.Marshal(h.Details); err != nil {
		ps.Add("Details", nil, "must be what JSON can hold: %v", err)
	}
	minutes(&ps, "Timeout", h.Timeout, hookPage)
	return ps
}

// Problems names stages at which ECS does not stop.
func (a Approval) Problems() check.Problems {
	ps := stageProblems(a.Stages, slices.DeleteFunc(slices.Clone(stages), func(s Stage) bool {
		return s == TestTrafficShift || s == ProductionTrafficShift
	}))
	minutes(&ps, "Timeout", a.Timeout, hookPage)
	return ps
}

// Wait returns how long the deployment waits, the default filled in.
func (a Approval) Wait() time.Duration {
	if a.Timeout == 0 {
		return DefaultApprovalTimeout
	}
	return a.Timeout
}

func stageProblems(given, allowed []Stage) check.Problems {
	var ps check.Problems
	if len(given) == 0 {
		ps.Add("Stages", nil, "must be set")
	}
	for i, s := range given {
		if !slices.Contains(allowed, s) {
			ps.Add(fmt.Sprintf("Stages[%d]", i), string(s), "must be one of %v", allowed).See(hookPage)
		} else if slices.Contains(given[:i], s) {
			ps.Add(fmt.Sprintf("Stages[%d]", i), string(s), "must be in the list once")
		}
	}
	return ps
}

func hookProblems(hooks []Hook) check.Problems {
	var ps check.Problems
	for i, h := range hooks {
		ps.In(fmt.Sprintf("Hooks[%d]", i), h.Problems())
	}
	return ps
}

func approvalProblems(approvals []Approval) check.Problems {
	var ps check.Problems
	for i, a := range approvals {
		ps.In(fmt.Sprintf("Approvals[%d]", i), a.Problems())
	}
	return ps
}
