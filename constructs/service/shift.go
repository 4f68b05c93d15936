package service

import (
	"encoding/json"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/ask"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/rights"
	"github.com/ecskit/ecskit/constructs/task"
)

// shifter holds the roles that ECS takes on to shift traffic and to call hooks.
type shifter struct {
	infrastructure awsiam.Role
	hook           awsiam.Role
}

// newShifter makes the roles that a policy needs, "InfrastructureRole" and "HookRole".
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
func (s *Service) newShifter(p Props) *shifter {
	shift, made := p.settings().Shift, &shifter{}
	if shift == nil {
		return made
	}
	if p.balanced() {
		made.infrastructure = rights.NewUnconditionalRole(s, "InfrastructureRole", ecsPrincipal,
			"AmazonECSInfrastructureRolePolicyForLoadBalancers")
	}
	if len(shift.Hooks) > 0 {
		made.hook = rights.NewUnconditionalRole(s, "HookRole", ecsPrincipal)
		var functions []*string
		for _, h := range shift.Hooks {
			crossstack.ShareGiven(h.Function)
			functions = append(functions, h.Function.FunctionArn())
		}
		rights.Allow(made.hook, rights.Statement{Actions: []string{"lambda:InvokeFunction"}, Resources: functions})
	}
	return made
}

const ecsPrincipal = "ecs.amazonaws.com"

// needs are the roles, which have to have their rights before the service takes them.
func (s *shifter) needs() []constructs.IDependable {
	var needs []constructs.IDependable
	for _, role := range []awsiam.Role{s.infrastructure, s.hook} {
		if role != nil {
			needs = append(needs, role)
		}
	}
	return needs
}

// advanced tells ECS what to shift between, for a target; nil where nothing shifts.
func (s *Service) advanced(target *ingress.Target) any {
	if s.shifter.infrastructure == nil {
		return nil
	}
	advanced := &awsecs.CfnService_AdvancedConfigurationProperty{
		AlternateTargetGroupArn: ask.Ref(target.Alternate),
		ProductionListenerRule:  target.Rule.Ref(),
		RoleArn:                 s.shifter.infrastructure.RoleArn(),
	}
	if target.TestRule != nil {
		advanced.TestListenerRule = target.TestRule.Ref()
	}
	return advanced
}

// advancedStream does so for a stream, which has listeners where a target has rules.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
func (s *Service) advancedStream(stream *ingress.Stream) any {
	if s.shifter.infrastructure == nil {
		return nil
	}
	advanced := &awsecs.CfnService_AdvancedConfigurationProperty{
		AlternateTargetGroupArn: ask.Ref(stream.Alternate),
		ProductionListenerRule:  stream.Listener.Ref(),
		RoleArn:                 s.shifter.infrastructure.RoleArn(),
	}
	if stream.TestListener != nil {
		advanced.TestListenerRule = stream.TestListener.Ref()
	}
	return advanced
}

// shift renders how traffic is shifted into a deployment configuration.
func (s *Service) shift(settings deployment.Settings, c *awsecs.CfnService_DeploymentConfigurationProperty) {
	shift := settings.Shift
	if shift == nil {
		return
	}
	c.BakeTimeInMinutes = jsii.Number(shift.Bake.Minutes())
	switch settings.Strategy {
	case deployment.StrategyCanary:
		c.CanaryConfiguration = &awsecs.CfnService_CanaryConfigurationProperty{
			CanaryPercent: jsii.Number(shift.Percent), CanaryBakeTimeInMinutes: jsii.Number(shift.StepBake.Minutes()),
		}
	case deployment.StrategyLinear:
		c.LinearConfiguration = &awsecs.CfnService_LinearConfigurationProperty{
			StepPercent: jsii.Number(shift.Percent), StepBakeTimeInMinutes: jsii.Number(shift.StepBake.Minutes()),
		}
	}
	var hooks []*awsecs.CfnService_DeploymentLifecycleHookProperty
	for _, h := range shift.Hooks {
		hooks = append(hooks, s.lambdaHook(h))
	}
	for _, a := range shift.Approvals {
		hooks = append(hooks, &awsecs.CfnService_DeploymentLifecycleHookProperty{
			TargetType: jsii.String("PAUSE"), LifecycleStages: stages(a.Stages),
			TimeoutConfiguration: &awsecs.CfnService_HookTimeoutConfigProperty{
				TimeoutInMinutes: jsii.Number(a.Wait().Minutes()), Action: jsii.String("ROLLBACK"),
			},
		})
	}
	if hooks != nil {
		c.LifecycleHooks = hooks
	}
}

func (s *Service) lambdaHook(h deployment.Hook) *awsecs.CfnService_DeploymentLifecycleHookProperty {
	hook := &awsecs.CfnService_DeploymentLifecycleHookProperty{
		TargetType: jsii.String("AWS_LAMBDA"), LifecycleStages: stages(h.Stages),
		HookTargetArn: h.Function.FunctionArn(), RoleArn: s.shifter.hook.RoleArn(),
	}
	if len(h.Details) > 0 {
		details, err := json.Marshal(h.Details)
		if err != nil {
			panic(err) // Problems has tried it
		}
		hook.HookDetails = string(details)
	}
	if h.Timeout > 0 {
		hook.TimeoutConfiguration = &awsecs.CfnService_HookTimeoutConfigProperty{
			TimeoutInMinutes: jsii.Number(h.Timeout.Minutes()), Action: jsii.String("ROLLBACK"),
		}
	}
	return hook
}

func stages(of []deployment.Stage) *[]*string {
	var names []string
	for _, s := range of {
		names = append(names, string(s))
	}
	return jsii.Strings(names...)
}

// shiftProblems names what a deployment that shifts traffic does not go with, and what does.
func (p Props) shiftProblems() check.Problems {
	var ps check.Problems
	shift := p.settings().Shift
	if shift == nil {
		return ps
	}
	found := p.Connect != nil && p.Connect.Name != ""
	if !p.balanced() && !found && p.settings().Strategy != deployment.StrategyBlueGreen {
		ps.Add("Deploy", p.settings().Strategy, "must be deployment.BlueGreen or deployment.Rolling without Targets, Streams or Connect.Name, for there are no "+
			"requests to shift a part of").See(shiftPage)
	}
	for _, h := range shift.Hooks {
		ps = append(ps, p.testProblems("Deploy.Hooks", h.Stages)...)
	}
	for _, a := range shift.Approvals {
		ps = append(ps, p.testProblems("Deploy.Approvals", a.Stages)...)
	}
	return ps
}

// roomForBothProblems names a pool without room for both sets of tasks, where each needs an instance of its own.
func (p Props) roomForBothProblems() check.Problems {
	var ps check.Problems
	instances := p.Capacity.Size().MaxInstances
	if p.settings().TwoGroups() && p.Task.LaunchType == task.EC2 && p.Task.Mode() == task.Host && instances > 0 && 2*p.tasks() > instances {
		ps.Add("Deploy", p.settings().Strategy, "must be deployment.Rolling, or the pools must have twice as many instances (%d) as the "+
			"most tasks, which both sets of tasks need", 2*p.tasks()).See(shiftPage)
	}
	return ps
}

// testProblems names stages with test requests where there are none.
func (p Props) testProblems(field string, stages []deployment.Stage) check.Problems {
	var ps check.Problems
	for _, stage := range stages {
		if tested := stage == deployment.TestTrafficShift || stage == deployment.PostTestTrafficShift; tested && !p.tests() {
			ps.Add(field, string(stage), "must be at another stage, or a load balancer of Targets, or one of Streams, must have a Test listener, "+
				"or Connect a Name: without one there are no test requests").See(shiftPage)
		}
	}
	return ps
}

const shiftPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html"

// tests reports whether any target or stream has a test listener, or the proxies of Service Connect tell test requests by their header.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html
func (p Props) tests() bool {
	if c := p.Connect; c != nil && c.Name != "" && c.Speaks() != discovery.TCP && p.settings().Shift != nil {
		return true
	}
	for _, t := range p.Targets {
		if t.LoadBalancer != nil && t.LoadBalancer.HasTestListener() {
			return true
		}
	}
	return slices.ContainsFunc(p.Streams, func(s ingress.StreamProps) bool { return s.Test != nil })
}

// tasks is the most tasks that the service runs but for deployments.
func (p Props) tasks() int {
	if p.Scaling != nil {
		return p.Scaling.Max
	}
	return p.Count
}
