package deployment

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"github.com/ecskit/ecskit/constructs/check"
)

// CodeDeploy has AWS CodeDeploy start a second set of tasks and move the requests over. AWS recommends [BlueGreen], [Canary]
// and [Linear] for new services, which do the same within ECS. A service cannot change from one controller to the other.
//
// ECS refuses most updates of a service that CodeDeploy deploys, and CloudFormation then takes the deployment of the stack back. What belongs
// to the task can change with every release, as can Count and Scaling, times, hooks and alarms; its port can by CreatedWithPort. What stays
// as the service was created is its Capacity and network, its Placement, its HealthCheckGrace and the load balancer, container and protocol of its target:
// to change these, make another service beside it. As with BlueGreen, another Route has CloudFormation set the weights of the rule back: before, see to
// it that the tasks are in the first target group, by one more deployment if they are not.
//
// Scaling goes on while CodeDeploy deploys, and a deployment can fail when the number of tasks changes on its way.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
type CodeDeploy struct {
	// Canary moves a part of the requests first. Not with Linear or Config. Zero: all at once.
	Canary *Step
	// Linear moves the requests in equal steps. Not with Canary or Config. Zero: all at once.
	Linear *Step
	// Config is the name of a deployment configuration that exists. Not with Canary or Linear. Zero: CodeDeployDefault.ECSAllAtOnce,
	// or one that is made for Canary or Linear.
	Config string
	// Approval is how long the new tasks wait, with nothing but test requests, until somebody calls ContinueDeployment, in whole
	// minutes, up to two days; then the deployment is stopped. Zero: they do not wait.
	Approval time.Duration
	// Bake is how long the old tasks stay when the new ones have all requests, in whole minutes, up to two days. Zero: 10 min.
	Bake time.Duration
	// Hooks are functions that CodeDeploy calls at events, one for each, and waits for, up to an hour. A function says how it went by
	// PutLifecycleEventHookExecutionStatus; the right to do so is given to its role, unless it was imported without one. Zero: none.
	Hooks map[Event]awslambda.IFunction
	// NoRollback leaves a failed release in place instead of returning to the last one that worked. Only with Pipeline, for CloudFormation
	// returns too. Zero: return.
	NoRollback bool
	// Trigger says who brings releases. Zero: Stack.
	Trigger Trigger
	// CreatedWithPort is the port of the container that the service was created with, if that is another by now: CloudFormation cannot
	// change it, and CodeDeploy is told the new one. It is for the stacks that have the service already: set in a new one, ECS refuses the
	// service. Not with Pipeline, for the way to the old port closes with the stack. Zero: the target's port.
	CreatedWithPort int
}

// Step is a part of the requests, and the time until the next one moves.
type Step struct {
	// Percent of the requests that moves, 1-99. Required.
	Percent int
	// Interval until the next part moves, in whole minutes, up to two days. Required.
	Interval time.Duration
}

// Event is a point of a deployment by CodeDeploy.
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
type Event string

// The events, in their order.
const (
	BeforeInstall         Event = "BeforeInstall"         // before the first new task starts
	AfterInstall          Event = "AfterInstall"          // when all new tasks are healthy
	AfterAllowTestTraffic Event = "AfterAllowTestTraffic" // when test requests come to them
	BeforeAllowTraffic    Event = "BeforeAllowTraffic"    // before any other request does
	AfterAllowTraffic     Event = "AfterAllowTraffic"     // when all requests come to them
)

var events = []Event{BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic, AfterAllowTraffic}

// Trigger is who has CodeDeploy bring a release.
type Trigger string

const (
	// Stack has the deployment of the stack start a release, wait for it and fail with it. If CloudFormation then takes the update back,
	// the last revision is deployed again unless CodeDeploy has returned to it already, at once and without hooks, approval and alarms.
	// Each way takes less than an hour. A service that a pipeline has deployed before gets the stack's revision.
	Stack Trigger = ""
	// Pipeline leaves releases to a pipeline, whose images and task definitions the stack does not know: a change of the task in the
	// stack then registers a revision and deploys nothing.
	Pipeline Trigger = "PIPELINE"
)

// StrategyCodeDeploy is what stands for a strategy where CodeDeploy deploys: AWS's name of the controller.
const StrategyCodeDeploy = "CODE_DEPLOY"

var _ Policy = CodeDeploy{}

const (
	codeDeployPage   = "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-blue-green.html"
	deployConfigPage = "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html"
)

// maxDeployment is what the waits of a deployment can be that a stack waits for: of the hour that it does, new tasks need some time to start,
// and old ones to stop.
const maxDeployment = 45 * time.Minute

// maxMinutes is what CodeDeploy takes of minutes.
const maxMinutes = 2 * 24 * time.Hour

// predefined are how long the configurations take that AWS has made.
var predefined = map[string]time.Duration{
	"CodeDeployDefault.ECSAllAtOnce":                    0,
	"CodeDeployDefault.ECSLinear10PercentEvery1Minutes": 9 * time.Minute,
	"CodeDeployDefault.ECSLinear10PercentEvery3Minutes": 27 * time.Minute,
	"CodeDeployDefault.ECSCanary10Percent5Minutes":      5 * time.Minute,
	"CodeDeployDefault.ECSCanary10Percent15Minutes":     15 * time.Minute,
}

// AllAtOnce is the configuration that moves all requests at once.
const AllAtOnce = "CodeDeployDefault.ECSAllAtOnce"

// Problems names steps and times that CodeDeploy does not take, hooks without a function or at no event, and times that are longer
// than a stack waits for.
func (c CodeDeploy) Problems() check.Problems {
	var ps check.Problems
	if c.Canary != nil {
		ps.In("Canary", c.Canary.Problems())
	}
	if c.Linear != nil {
		ps.In("Linear", c.Linear.Problems())
	}
	if _, known := predefined[c.Config]; !known && strings.HasPrefix(c.Config, "CodeDeployDefault.") {
		ps.Add("Config", c.Config, "must be one for ECS: %v", slices.Sorted(maps.Keys(predefined))).See(deployConfigPage)
	}
	if c.Canary != nil && c.Linear != nil || c.Config != "" && (c.Canary != nil || c.Linear != nil) {
		ps.Add("Canary", nil, "must be set alone, or Linear, or Config: they are three ways to move requests")
	}
	wholeMinutes(&ps, "Approval", c.Approval, 0)
	wholeMinutes(&ps, "Bake", c.withDefaults().Bake, 0)
	for _, event := range slices.Sorted(maps.Keys(c.Hooks)) {
		field := fmt.Sprintf("Hooks[%s]", event)
		if !slices.Contains(events, event) {
			ps.Add(field, string(event), "must be one of %v", events)
		} else if check.IsNil(c.Hooks[event]) {
			ps.Add(field, nil, "must be a function")
		}
	}
	if c.Trigger != Stack && c.Trigger != Pipeline {
		ps.Add("Trigger", string(c.Trigger), "must be deployment.Stack or deployment.Pipeline")
	}
	ps.Range("CreatedWithPort", c.CreatedWithPort, 0, 65535)
	if c.Trigger == Stack && c.NoRollback {
		ps.Add("NoRollback", c.NoRollback, "must not be set with deployment.Stack, for CloudFormation returns to the last release: set Trigger to Pipeline")
	}
	if c.Trigger == Pipeline && c.CreatedWithPort != 0 {
		ps.Add("CreatedWithPort", c.CreatedWithPort, "must not be set with deployment.Pipeline: keep the port, and add another by ExtraPorts of the task")
	}
	if len(ps) == 0 && c.Trigger == Stack && c.Duration() > maxDeployment {
		ps.Add("Trigger", nil, "must be deployment.Pipeline, or Approval, Bake and the steps must take at most %v together, or the deployment takes "+
			"longer than CloudFormation waits; got %v. It waits for deployment.Canary or Linear for longer", maxDeployment, c.Duration()).
			See(customResourcePage)
	}
	return ps
}

// Problems names a percentage or a time that CodeDeploy does not take.
func (s Step) Problems() check.Problems {
	var ps check.Problems
	ps.Range("Percent", s.Percent, 1, 99).See(deployConfigPage)
	wholeMinutes(&ps, "Interval", s.Interval, time.Minute)
	return ps
}

func wholeMinutes(ps *check.Problems, field string, d, least time.Duration) {
	if d < least || d > maxMinutes || d%time.Minute != 0 {
		ps.Add(field, d, "must be %v to %v, in whole minutes", least, maxMinutes).See(codeDeployPage)
	}
}

// Duration returns how long a deployment takes at least, but for its tasks and hooks: the longest approval, the steps as far as they
// are known, and the bake.
func (c CodeDeploy) Duration() time.Duration {
	d := c.withDefaults()
	total := d.Approval + d.Bake + predefined[d.Config]
	if c.Canary != nil {
		total += c.Canary.Interval
	}
	if c.Linear != nil && c.Linear.Percent > 0 {
		total += time.Duration(99/c.Linear.Percent) * c.Linear.Interval
	}
	return total
}

func (c CodeDeploy) withDefaults() CodeDeploy {
	c.Bake = cmp.Or(c.Bake, DefaultBake)
	if c.Config == "" && c.Canary == nil && c.Linear == nil {
		c.Config = AllAtOnce
	}
	return c
}

// Settings returns the policy with its defaults filled in.
func (c CodeDeploy) Settings() Settings {
	c = c.withDefaults()
	return Settings{
		Strategy: StrategyCodeDeploy, MinHealthyPercent: 100, MaxPercent: 200, Rollback: !c.NoRollback, CodeDeploy: &c,
	}
}

func (CodeDeploy) policy() {}

// HookEvents returns the events that have a function, in their order.
func (c CodeDeploy) HookEvents() []Event {
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return c.Hooks[e] == nil })
}
