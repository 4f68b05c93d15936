package deployment_test

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/google/go-cmp/cmp"

	"github.com/ecskit/ecskit/constructs/deployment"
)

func TestCodeDeploySettings(t *testing.T) {
	s := deployment.CodeDeploy{}.Settings()
	if s.Strategy != "CODE_DEPLOY" || s.CircuitBreaker || !s.Rollback || s.Shift != nil || !s.TwoGroups() {
		t.Errorf("got %+v", s)
	}
	want := deployment.CodeDeploy{Config: "CodeDeployDefault.ECSAllAtOnce", Bake: 10 * time.Minute}
	if diff := cmp.Diff(want, *s.CodeDeploy); diff != "" {
		t.Error(diff)
	}
	if (deployment.CodeDeploy{NoRollback: true}).Settings().Rollback {
		t.Error("want no rollback")
	}
	if (deployment.Rolling{}).Settings().TwoGroups() || !(deployment.BlueGreen{}).Settings().TwoGroups() {
		t.Error("want two groups where requests move")
	}
}

func TestCodeDeployDuration(t *testing.T) {
	step := func(percent int) *deployment.Step {
		return &deployment.Step{Percent: percent, Interval: 2 * time.Minute}
	}
	for name, c := range map[string]struct {
		policy deployment.CodeDeploy
		want   time.Duration
	}{
		"all at once": {deployment.CodeDeploy{}, 10 * time.Minute},
		"canary":      {deployment.CodeDeploy{Canary: step(5), Bake: time.Minute}, 3 * time.Minute},
		"linear":      {deployment.CodeDeploy{Linear: step(25), Bake: time.Minute}, 7 * time.Minute},  // 25, 50, 75, 100
		"uneven":      {deployment.CodeDeploy{Linear: step(30), Bake: time.Minute}, 7 * time.Minute},  // 30, 60, 90, 100
		"halves":      {deployment.CodeDeploy{Linear: step(50), Bake: time.Minute}, 3 * time.Minute},  // 50, 100
		"one by one":  {deployment.CodeDeploy{Linear: step(1), Bake: time.Minute}, 199 * time.Minute}, // 99 times
		"approval":    {deployment.CodeDeploy{Approval: time.Hour, Bake: time.Minute}, 61 * time.Minute},
		"AWS's own":   {deployment.CodeDeploy{Config: "CodeDeployDefault.ECSLinear10PercentEvery3Minutes"}, 37 * time.Minute},
		"yours":       {deployment.CodeDeploy{Config: "Slow"}, 10 * time.Minute},
	} {
		if got := c.policy.Duration(); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestCodeDeployProblems(t *testing.T) {
	five := &deployment.Step{Percent: 5, Interval: 5 * time.Minute}
	for name, c := range map[string]struct {
		policy deployment.CodeDeploy
		want   []string
	}{
		"zero":        {deployment.CodeDeploy{}, nil},
		"as long":     {deployment.CodeDeploy{Canary: five, Bake: 20 * time.Minute, Approval: 20 * time.Minute}, nil},
		"too long":    {deployment.CodeDeploy{Canary: five, Bake: 21 * time.Minute, Approval: 20 * time.Minute}, []string{"Trigger"}},
		"by pipeline": {deployment.CodeDeploy{Canary: five, Bake: 48 * time.Hour, Trigger: deployment.Pipeline}, nil},
		"by nobody":   {deployment.CodeDeploy{Trigger: "ME"}, []string{"Trigger"}},
		"two ways":    {deployment.CodeDeploy{Canary: five, Linear: five}, []string{"Canary"}},
		"three ways":  {deployment.CodeDeploy{Canary: five, Config: "Mine"}, []string{"Canary"}},
		"of Lambda":   {deployment.CodeDeploy{Config: "CodeDeployDefault.LambdaAllAtOnce"}, []string{"Config"}},
		"steps":       {deployment.CodeDeploy{Canary: &deployment.Step{}}, []string{"Canary.Percent", "Canary.Interval"}},
		"all":         {deployment.CodeDeploy{Linear: &deployment.Step{Percent: 100, Interval: 90 * time.Second}}, []string{"Linear.Percent", "Linear.Interval"}},
		"times":       {deployment.CodeDeploy{Approval: -time.Minute, Bake: 49 * time.Hour}, []string{"Approval", "Bake"}},
		"hooks": {deployment.CodeDeploy{Hooks: map[deployment.Event]awslambda.IFunction{
			deployment.AfterInstall: fakeFunction{}, deployment.BeforeInstall: nil, "AfterAll": fakeFunction{},
		}}, []string{"Hooks[AfterAll]", "Hooks[BeforeInstall]"}},
		"no way back": {deployment.CodeDeploy{NoRollback: true}, []string{"NoRollback"}},
		"pipeline's":  {deployment.CodeDeploy{NoRollback: true, Trigger: deployment.Pipeline, CreatedWithPort: 80}, []string{"CreatedWithPort"}},
		"port":        {deployment.CodeDeploy{CreatedWithPort: 65536}, []string{"CreatedWithPort"}},
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

func TestTaskProblems(t *testing.T) {
	migrate := []string{"migrate"}
	for name, c := range map[string]struct {
		task deployment.Task
		want []string
	}{
		"right":         {deployment.Task{Command: migrate}, nil},
		"as long":       {deployment.Task{Command: migrate, Timeout: 55 * time.Minute}, nil},
		"too long":      {deployment.Task{Command: migrate, Timeout: 56 * time.Minute}, []string{"Timeout"}},
		"half a second": {deployment.Task{Command: migrate, Timeout: time.Second / 2}, []string{"Timeout"}},
		"nothing":       {deployment.Task{}, []string{"Command"}},
	} {
		var fields []string
		for _, p := range c.task.Problems() {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff(c.want, fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if wait := (deployment.Task{}).Wait(); wait != 15*time.Minute {
		t.Errorf("got %v", wait)
	}
}
