package property

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/deployment"
)

// way is how a service is deployed, drawn before what has to go with it.
type way string

const (
	rolling    way = "rolling" // or as a singleton
	blueGreen  way = "blue/green"
	canary     way = "canary"
	linear     way = "linear"
	codeDeploy way = "CodeDeploy"
)

func (w way) shifts() bool { return w != rolling }

// drawPolicy draws a policy. Of a service with so many tasks at least it lets one start or stop; of one that is not tested,
// it has no stage with test requests.
func drawPolicy(t *rapid.T, w way, tasks int, tested bool) deployment.Policy {
	switch w {
	case blueGreen:
		p := deployment.BlueGreen{Bake: drawBake(t), NoRollback: chance(t, 2)}
		p.Hooks, p.Approvals = drawHooks(t, tested), drawApprovals(t, tested)
		return p
	case canary:
		p := deployment.Canary{Percent: maybe(t, 0.1, 33.3, 99.9), CanaryBake: drawBake(t), Bake: drawBake(t), NoRollback: chance(t, 2)}
		p.Hooks, p.Approvals = drawHooks(t, tested), drawApprovals(t, tested)
		return p
	case linear:
		p := deployment.Linear{StepPercent: maybe(t, 3, 33.4, 50.0), StepBake: maybe(t, time.Minute, 20*time.Minute), Bake: drawBake(t), NoRollback: chance(t, 2)}
		p.Hooks, p.Approvals = drawHooks(t, tested), drawApprovals(t, tested)
		return p
	case codeDeploy:
		return drawCodeDeploy(t, tested)
	}
	r := deployment.Rolling{
		MinHealthyPercent: maybe(t, 1, 50, 100), MaxPercent: maybe(t, 100, 125, 150, 200), NoRollback: chance(t, 2), NoCircuitBreaker: chance(t, 2),
	}
	if s := r.Settings(); len(r.Problems()) > 0 || tasks*s.MaxPercent/100 <= tasks && (tasks*s.MinHealthyPercent+99)/100 >= tasks {
		r.MinHealthyPercent, r.MaxPercent = 0, 0
	}
	return pick[deployment.Policy](t, nil, r, r, r)
}

func drawBake(t *rapid.T) time.Duration { return maybe(t, time.Minute, time.Hour) }

var (
	quietStages = []deployment.Stage{
		deployment.ReconcileService, deployment.PreScaleUp, deployment.PostScaleUp, deployment.PreProductionTrafficShift, deployment.PostProductionTrafficShift,
	}
	shiftStages = []deployment.Stage{deployment.ProductionTrafficShift}
)

func drawHooks(t *rapid.T, tested bool) []deployment.Hook {
	var hooks []deployment.Hook
	for range pick(t, 0, 0, 1, 2) {
		h := deployment.Hook{Function: ownFunction{}, Timeout: maybe(t, time.Minute, time.Hour), Details: maybe(t, map[string]any{"kind": "smoke"})}
		h.Stages = append(h.Stages, pick(t, quietStages...))
		h.Stages = append(h.Stages, some(t, shiftStages...)...)
		if tested {
			h.Stages = append(h.Stages, some(t, deployment.TestTrafficShift, deployment.PostTestTrafficShift)...)
		}
		hooks = append(hooks, h)
	}
	return hooks
}

func drawApprovals(t *rapid.T, tested bool) []deployment.Approval {
	if !chance(t, 2) {
		return nil
	}
	a := deployment.Approval{Stages: []deployment.Stage{pick(t, quietStages...)}, Timeout: maybe(t, time.Minute, time.Hour)}
	if tested && chance(t, 1) {
		a.Stages = []deployment.Stage{deployment.PostTestTrafficShift}
	}
	return []deployment.Approval{a}
}

func drawCodeDeploy(t *rapid.T, tested bool) deployment.CodeDeploy {
	p := deployment.CodeDeploy{Approval: maybe(t, time.Minute, 5*time.Minute), Bake: maybe(t, time.Minute, 9*time.Minute)}
	switch pick(t, "", "canary", "linear", "config", "own") {
	case "canary":
		p.Canary = &deployment.Step{Percent: between(t, 1, 99), Interval: minutes(t, 1, 20)}
	case "linear":
		p.Linear = &deployment.Step{Percent: between(t, 10, 99), Interval: minutes(t, 1, 2)}
	case "config":
		p.Config = pick(t, deployment.AllAtOnce, "CodeDeployDefault.ECSLinear10PercentEvery3Minutes", "CodeDeployDefault.ECSCanary10Percent15Minutes")
	case "own":
		p.Config = "Careful"
	}
	events := some(t, deployment.BeforeInstall, deployment.AfterInstall, deployment.BeforeAllowTraffic, deployment.AfterAllowTraffic)
	if tested && chance(t, 1) {
		events = append(events, deployment.AfterAllowTestTraffic)
	}
	if len(events) > 0 && chance(t, 1) {
		p.Hooks = map[deployment.Event]awslambda.IFunction{}
		for _, e := range events {
			p.Hooks[e] = ownFunction{}
		}
	}
	if chance(t, 1) {
		p.Trigger, p.NoRollback = deployment.Pipeline, chance(t, 1)
	} else {
		p.CreatedWithPort = seldom(t, 8081)
	}
	return p
}

// drawBeforeRelease draws a task before releases, which whoever deploys waits for.
func drawBeforeRelease(t *rapid.T, p deployment.Policy) *deployment.Task {
	if !chance(t, 2) {
		return nil
	}
	if c, ok := p.(deployment.CodeDeploy); ok && c.Trigger == deployment.Pipeline {
		return nil
	}
	return &deployment.Task{Command: []string{"migrate", "up"}, Timeout: maybe(t, time.Second, 55*time.Minute)}
}

func drawAlarms(t *rapid.T) alarm.Policy {
	if chance(t, 3) {
		return alarm.Policy{OnlyOwn: true, Own: some(t, "checkout-fails", "too-few-orders")}
	}
	return alarm.Policy{
		ErrorPercent: maybe(t, 1, 100), MinRequests: maybe(t, 1, 1000), Latency: maybe(t, time.Millisecond, time.Minute), CPU: maybe(t, 1, 100),
		Memory: maybe(t, 80), Own: seldom(t, []string{"checkout-fails"}),
	}
}
