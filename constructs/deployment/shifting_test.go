package deployment_test

import (
	"math"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/deployment"
)

// fakeFunction stands for a function where it only has to be there.
type fakeFunction struct{ awslambda.IFunction }

func TestShifts(t *testing.T) {
	for name, c := range map[string]struct {
		policy   deployment.Policy
		strategy string
		want     deployment.Shift
	}{
		"blue/green": {deployment.BlueGreen{}, "BLUE_GREEN", deployment.Shift{Bake: 10 * time.Minute}},
		"canary":     {deployment.Canary{}, "CANARY", deployment.Shift{Bake: 10 * time.Minute, Percent: 10, StepBake: 10 * time.Minute}},
		"linear":     {deployment.Linear{}, "LINEAR", deployment.Shift{Bake: 10 * time.Minute, Percent: 20, StepBake: 5 * time.Minute}},
		"own canary": {
			deployment.Canary{Percent: 0.1, CanaryBake: 24 * time.Hour, Bake: 9 * time.Hour, NoRollback: true}, "CANARY",
			deployment.Shift{Bake: 9 * time.Hour, Percent: 0.1, StepBake: 24 * time.Hour},
		},
		"own linear": {
			deployment.Linear{StepPercent: 33.4, StepBake: time.Hour, Bake: time.Hour}, "LINEAR",
			deployment.Shift{Bake: time.Hour, Percent: 33.4, StepBake: time.Hour},
		},
	} {
		s := c.policy.Settings()
		if diff := cmp.Diff(c.want, *s.Shift); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if s.Strategy != c.strategy || s.MinHealthyPercent != 100 || s.MaxPercent != 200 || !s.CircuitBreaker || s.Rollback != (name != "own canary") {
			t.Errorf("%s: got %+v", name, s)
		}
		if ps := c.policy.Problems(); len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
	}
}

func TestShiftProblems(t *testing.T) {
	hooks := func(hs ...deployment.Hook) []deployment.Hook { return hs }
	for name, c := range map[string]struct {
		policy deployment.Policy
		want   []string
	}{
		"half a minute":     {deployment.BlueGreen{Bake: 30 * time.Second}, []string{"Bake"}},
		"too long":          {deployment.BlueGreen{Bake: 25 * time.Hour}, []string{"Bake"}},
		"too long together": {deployment.Canary{CanaryBake: 24 * time.Hour, Bake: 10 * time.Hour}, []string{"Bake"}},
		"nothing to add":    {deployment.Linear{StepBake: 25 * time.Hour}, []string{"StepBake"}},
		"many steps":        {deployment.Linear{StepPercent: 3, StepBake: time.Hour}, []string{"Bake"}}, // 33 of them, and ten minutes
		"steps that fit":    {deployment.Linear{StepPercent: 3.1, StepBake: time.Hour}, nil},
		"canary":            {deployment.Canary{Percent: 100, CanaryBake: -time.Minute}, []string{"CanaryBake", "Percent"}},
		"hundredths":        {deployment.Canary{Percent: 0.25}, []string{"Percent"}},
		"linear":            {deployment.Linear{StepPercent: 60, StepBake: time.Second}, []string{"StepBake", "StepPercent"}},
		"small steps":       {deployment.Linear{StepPercent: 2}, []string{"StepPercent"}},
		"hook": {deployment.BlueGreen{Hooks: hooks(
			deployment.Hook{Function: fakeFunction{}, Stages: []deployment.Stage{deployment.PostScaleUp, deployment.TestTrafficShift}, Timeout: time.Hour},
		)}, nil},
		"hooks longer than CloudFormation waits": {deployment.BlueGreen{Hooks: hooks(deployment.Hook{
			Function: fakeFunction{}, Stages: []deployment.Stage{deployment.PreScaleUp, deployment.PostScaleUp}, Timeout: 18 * time.Hour,
		})}, []string{"Bake"}},
		"no hook": {deployment.Canary{Hooks: hooks(deployment.Hook{})}, []string{"Hooks[0].Stages", "Hooks[0].Function"}},
		"hook of nothing": {deployment.Linear{Hooks: hooks(deployment.Hook{
			Function: fakeFunction{}, Stages: []deployment.Stage{"AFTER", deployment.PreScaleUp, deployment.PreScaleUp},
			Details: map[string]any{"a": math.Inf(1)}, Timeout: time.Second,
		})}, []string{"Hooks[0].Stages[0]", "Hooks[0].Stages[2]", "Hooks[0].Details", "Hooks[0].Timeout"}},
		"approval": {deployment.Canary{Approvals: []deployment.Approval{{Stages: []deployment.Stage{deployment.PostTestTrafficShift}}}}, nil},
		"approval while traffic shifts": {
			deployment.BlueGreen{Approvals: []deployment.Approval{{Stages: []deployment.Stage{deployment.ProductionTrafficShift}}}},
			[]string{"Approvals[0].Stages[0]"},
		},
		"approvals longer than CloudFormation waits": {deployment.BlueGreen{Approvals: []deployment.Approval{
			{Stages: []deployment.Stage{deployment.PreScaleUp, deployment.PostScaleUp, deployment.PreProductionTrafficShift}},
		}}, []string{"Bake"}},
	} {
		var fields []string
		for _, p := range c.policy.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
