package service

import (
	_ "embed"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/function"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// CodeDeploy is what AWS CodeDeploy brings releases of a service by. Its resources are plain ones, without the tags that the CDK gives
// to others: the CDK's module for CodeDeploy would be compiled into every program with a service.
type CodeDeploy struct {
	constructs.Construct
	// Application is the CodeDeploy application, for this service alone.
	Application awscdk.CfnResource
	// Config is the deployment configuration; nil for one that exists.
	Config awscdk.CfnResource
	// Group is the deployment group, for this service alone.
	Group awscdk.CfnResource
	// Role is what CodeDeploy may do: move this service's requests between its tasks, old and new.
	Role awsiam.Role
	// Release is the custom resource that starts deployments and waits for them; nil with deployment.Pipeline.
	Release awscdk.CustomResource
}

// ApplicationName returns the name of the CodeDeploy application, for a pipeline.
func (c *CodeDeploy) ApplicationName() *string { return c.Application.Ref() }

// GroupName returns the name of the deployment group, for a pipeline.
func (c *CodeDeploy) GroupName() *string { return c.Group.Ref() }

//go:embed function/codedeploy.js
var deployRelease string

// releaseTimeout is how long the function waits for a deployment, and for one that is in its way.
const releaseTimeout = time.Hour - grace

const codeDeployPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html"

// giveAway leaves to CodeDeploy what CloudFormation cannot change any more once the service is there: it names the family of task
// definitions and no revision, and the port that it was created with; it has no count, which is for Scaling to keep, and no tags: its
// tasks have those of their task definition. ECS refuses most updates of such a service, and CloudFormation passes on all that it has.
func (s *Service) giveAway(props *awsecs.CfnServiceProps, policy deployment.CodeDeploy) {
	props.DeploymentController = &awsecs.CfnService_DeploymentControllerProperty{Type: jsii.String(deployment.StrategyCodeDeploy)}
	props.TaskDefinition = s.Task.Definition.Family()
	props.PropagateTags, props.DesiredCount = jsii.String("TASK_DEFINITION"), nil
	settings := policy.Settings()
	props.DeploymentConfiguration = &awsecs.CfnService_DeploymentConfigurationProperty{ // for instances that are drained
		MinimumHealthyPercent: jsii.Number(float64(settings.MinHealthyPercent)), MaximumPercent: jsii.Number(float64(settings.MaxPercent)),
	}
	if policy.CreatedWithPort != 0 {
		balancers := props.LoadBalancers.([]*awsecs.CfnService_LoadBalancerProperty)
		balancers[0].ContainerPort = jsii.Number(float64(policy.CreatedWithPort))
	}
}

// codeDeploy makes what CodeDeploy deploys by.
func (s *Service) codeDeploy(p Props, policy deployment.CodeDeploy) *CodeDeploy {
	c := &CodeDeploy{}
	check.Construct(c, s, "CodeDeploy")
	c.Application = c.resource("Application", "Application", map[string]any{"ComputePlatform": "ECS"})
	config := &policy.Config
	if policy.Config == "" {
		c.Config = c.resource("Config", "DeploymentConfig", map[string]any{
			"ComputePlatform": "ECS", "TrafficRoutingConfig": routing(policy),
		})
		config = c.Config.Ref()
	}
	c.Role = rights.NewUnconditionalRole(c, "Role", "codedeploy.amazonaws.com")
	rights.Allow(c.Role, s.codeDeployRights(p, policy)...)
	c.Group = c.resource("Group", "DeploymentGroup", s.group(p, policy, c, config))
	c.Group.Node().AddDependency(c.Role)
	if s.Alarms != nil {
		c.Group.Node().AddDependency(s.Alarms)
	}
	hooks := s.allowHooks(c, policy)
	if policy.Trigger == deployment.Stack {
		c.Release = s.release(p, policy, c, config)
		if hooks != nil {
			c.Release.Node().AddDependency(hooks)
		}
	}
	return c
}

func (c *CodeDeploy) resource(id, kind string, properties map[string]any) awscdk.CfnResource {
	return awscdk.NewCfnResource(c, &id, &awscdk.CfnResourceProps{Type: jsii.String("AWS::CodeDeploy::" + kind), Properties: &properties})
}

// routing says how requests move, in a configuration that is made.
func routing(policy deployment.CodeDeploy) map[string]any {
	if step := policy.Canary; step != nil {
		return map[string]any{"Type": "TimeBasedCanary", "TimeBasedCanary": map[string]any{
			"CanaryPercentage": step.Percent, "CanaryInterval": step.Interval.Minutes(),
		}}
	}
	step := policy.Linear
	return map[string]any{"Type": "TimeBasedLinear", "TimeBasedLinear": map[string]any{
		"LinearPercentage": step.Percent, "LinearInterval": step.Interval.Minutes(),
	}}
}

// group says what is deployed, what moves, and what ends a deployment.
func (s *Service) group(p Props, policy deployment.CodeDeploy, c *CodeDeploy, config *string) map[string]any {
	target := s.Targets[0]
	production, test := target.Listeners()
	pair := map[string]any{
		"TargetGroups": []map[string]any{
			{"Name": target.Group.AttrTargetGroupName()}, {"Name": target.Alternate.AttrTargetGroupName()},
		},
		"ProdTrafficRoute": map[string]any{"ListenerArns": []*string{production}},
	}
	if test != nil {
		pair["TestTrafficRoute"] = map[string]any{"ListenerArns": []*string{test}}
	}
	ready := map[string]any{"ActionOnTimeout": "CONTINUE_DEPLOYMENT"}
	if policy.Approval > 0 {
		ready = map[string]any{"ActionOnTimeout": "STOP_DEPLOYMENT", "WaitTimeInMinutes": policy.Approval.Minutes()}
	}
	names := s.alarmNames(p)
	alarms := make([]map[string]any, len(names))
	for i, name := range names {
		alarms[i] = map[string]any{"Name": name}
	}
	rollback := map[string]any{"Enabled": false}
	if !policy.NoRollback {
		rollback = map[string]any{"Enabled": true, "Events": []string{
			"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST",
		}}
	}
	return map[string]any{
		"ApplicationName": c.Application.Ref(), "DeploymentConfigName": config, "ServiceRoleArn": c.Role.RoleArn(),
		"DeploymentStyle":  map[string]any{"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
		"ECSServices":      []map[string]any{{"ClusterName": p.Cluster.ClusterName(), "ServiceName": s.name()}},
		"LoadBalancerInfo": map[string]any{"TargetGroupPairInfoList": []map[string]any{pair}},
		"BlueGreenDeploymentConfiguration": map[string]any{
			"DeploymentReadyOption": ready,
			"TerminateBlueInstancesOnDeploymentSuccess": map[string]any{
				"Action": "TERMINATE", "TerminationWaitTimeInMinutes": policy.Bake.Minutes(),
			},
		},
		"AlarmConfiguration":        map[string]any{"Enabled": len(alarms) > 0, "Alarms": alarms},
		"AutoRollbackConfiguration": rollback,
	}
}

// codeDeployRights are those of AWS's policy for CodeDeploy, on what is the service's own. Its rules are what CodeDeploy changes;
// that it never calls ModifyListener for a rule is not documented.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html
func (s *Service) codeDeployRights(p Props, policy deployment.CodeDeploy) []rights.Statement {
	target := s.Targets[0]
	production, test := target.Listeners()
	listeners, rules := []*string{production}, []*string{target.Rule.Ref()}
	if test != nil {
		listeners, rules = append(listeners, test), append(rules, target.TestRule.Ref())
	}
	sets := s.arn("ecs", "task-set/"+*p.Cluster.ClusterName()+"/"+*s.name()+"/*")
	statements := []rights.Statement{
		{Actions: []string{"ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"}, Resources: []*string{s.Service.Ref()}},
		{Actions: []string{"ecs:CreateTaskSet", "ecs:DeleteTaskSet"}, Resources: []*string{sets}},
		{Actions: []string{"elasticloadbalancing:ModifyListener"}, Resources: listeners},
		{Actions: []string{"elasticloadbalancing:ModifyRule"}, Resources: rules},
		{Actions: []string{ // which know no resources, or of alarms only all
			"cloudwatch:DescribeAlarms", "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules",
			"elasticloadbalancing:DescribeTargetGroups",
		}, Resources: *jsii.Strings("*")},
		s.passRoles(),
	}
	var functions []*string
	seen := map[string]bool{}
	for _, event := range policy.HookEvents() {
		f := policy.Hooks[event]
		crossstack.ShareGiven(f)
		if arn := f.FunctionArn(); !seen[*arn] {
			seen[*arn] = true
			functions = append(functions, arn)
		}
	}
	if functions != nil {
		statements = append(statements, rights.Statement{Actions: []string{"lambda:InvokeFunction"}, Resources: functions})
	}
	return statements
}

// allowHooks lets the functions say how it went, in a policy of this stack: theirs may be one that comes before it.
func (s *Service) allowHooks(c *CodeDeploy, policy deployment.CodeDeploy) awsiam.CfnPolicy {
	var roles []*string
	seen := map[string]bool{}
	for _, event := range policy.HookEvents() {
		role := policy.Hooks[event].Role()
		if check.IsNil(role) {
			continue
		}
		if path := *role.Node().Path(); !seen[path] {
			seen[path] = true
			crossstack.ShareGiven(role)
			roles = append(roles, role.RoleName())
		}
	}
	if roles == nil {
		return nil
	}
	return rights.AllowFrom(c, "Hooks", roles, rights.Statement{
		Actions: []string{"codedeploy:PutLifecycleEventHookExecutionStatus"}, Resources: []*string{s.groupARN(c)},
	})
}

func (s *Service) groupARN(c *CodeDeploy) *string {
	return s.arn("codedeploy", "deploymentgroup:"+*c.ApplicationName()+"/"+*c.GroupName())
}

// release makes the custom resource that deploys, and its function.
func (s *Service) release(p Props, policy deployment.CodeDeploy, c *CodeDeploy, config *string) awscdk.CustomResource {
	f := function.New(c, "Function", function.Props{Code: deployRelease, Waits: true, Rights: []rights.Statement{
		// To deploy with the alarms off takes the right to change the group. AWS's pages do not agree on what a deployment is stopped on.
		{Actions: []string{
			"codedeploy:ContinueDeployment", "codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:ListDeployments",
			"codedeploy:StopDeployment", "codedeploy:UpdateDeploymentGroup",
		}, Resources: []*string{s.groupARN(c)}},
		{
			Actions:   []string{"codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"},
			Resources: []*string{s.arn("codedeploy", "application:"+*c.ApplicationName())},
		},
		{Actions: []string{"codedeploy:GetDeploymentConfig"}, Resources: s.configARNs(*config)},
		{Actions: []string{"ecs:DescribeServices"}, Resources: []*string{s.Service.Ref()}},
	}})
	resource := awscdk.NewCustomResource(c, jsii.String("Release"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::CodeDeployRelease"), ServiceToken: f.ARN(),
		ServiceTimeout: awscdk.Duration_Seconds(jsii.Number(time.Hour.Seconds())),
		Properties: &map[string]any{
			"Application": c.ApplicationName(), "Group": c.GroupName(), "Cluster": p.Cluster.ClusterName(), "Service": s.name(),
			"TimeoutSeconds": strconv.Itoa(int(releaseTimeout.Seconds())), "NeedsSeconds": strconv.Itoa(int(policy.Duration().Seconds())),
			"RollsBack": strconv.FormatBool(!policy.NoRollback), "AppSpec": s.appSpec(p.Targets[0], p.Capacity, policy),
		},
	})
	resource.Node().AddDependency(f, c.Group, s.Task.Role, s.Task.ExecutionRole)
	if s.BeforeRelease != nil {
		resource.Node().AddDependency(s.BeforeRelease)
	}
	return resource
}

// configARNs are the configurations that releases are deployed by: the group's, and the one by which they are taken back.
func (s *Service) configARNs(config string) []*string {
	arns := []*string{s.arn("codedeploy", "deploymentconfig:"+config)}
	if config != deployment.AllAtOnce {
		arns = append(arns, s.arn("codedeploy", "deploymentconfig:"+deployment.AllAtOnce))
	}
	return arns
}

// appSpec tells CodeDeploy what to deploy. What it leaves out is as in the service.
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
func (s *Service) appSpec(target ingress.TargetProps, capacity cluster.Capacity, policy deployment.CodeDeploy) map[string]any {
	spec := map[string]any{
		"version": 0,
		"Resources": []map[string]any{{"TargetService": map[string]any{
			"Type": "AWS::ECS::Service",
			"Properties": map[string]any{
				"TaskDefinition":           s.Task.Definition.Ref(),
				"LoadBalancerInfo":         map[string]any{"ContainerName": target.Container, "ContainerPort": target.Port},
				"CapacityProviderStrategy": shares(capacity),
			},
		}}},
	}
	var hooks []map[string]any
	for _, event := range policy.HookEvents() {
		hooks = append(hooks, map[string]any{string(event): policy.Hooks[event].FunctionArn()})
	}
	if hooks != nil {
		spec["Hooks"] = hooks
	}
	return spec
}

// shares is a strategy as a custom resource is given it.
func shares(capacity cluster.Capacity) []map[string]any {
	var all []map[string]any
	for _, share := range capacity.Strategy() {
		all = append(all, map[string]any{"CapacityProvider": share.Provider, "Base": share.Base, "Weight": share.Weight})
	}
	return all
}

// maxAlarms is how many alarms CodeDeploy watches.
const maxAlarms = 10

// codeDeployProblems names what CodeDeploy does not go with, and what does.
func (p Props) codeDeployProblems() check.Problems {
	var ps check.Problems
	policy := p.settings().CodeDeploy
	if policy == nil {
		return ps
	}
	if len(p.Streams) > 0 {
		ps.Add("Deploy", len(p.Streams), "must be deployment.BlueGreen, deployment.Canary or deployment.Linear with Streams: CodeDeploy moves the "+
			"connections of a Network Load Balancer all at once alone").See(codeDeployPage)
	} else if len(p.Targets) != 1 {
		ps.Add("Deploy", len(p.Targets), "must be deployment.BlueGreen unless Targets is one: CodeDeploy moves the requests of exactly one").
			See(codeDeployPage)
	}
	if _, tested := policy.Hooks[deployment.AfterAllowTestTraffic]; tested && !p.tests() {
		ps.Add("Deploy.Hooks", string(deployment.AfterAllowTestTraffic), "must be at another event, or the load balancer of Targets must have a "+
			"Test listener: without one there are no test requests").See(codeDeployPage)
	}
	if p.ForceNewDeployment != "" {
		ps.Add("ForceNewDeployment", p.ForceNewDeployment, "must not be set where CodeDeploy deploys, which needs another revision: set a "+
			"variable of the task, or use deployment.BlueGreen").See(updatePage)
	}
	if p.RestartOnSecretChange {
		ps.Add("RestartOnSecretChange", true, "must not be set where CodeDeploy deploys, which needs another revision: use deployment.BlueGreen").
			See(updatePage)
	}
	if p.BeforeRelease != nil && policy.Trigger == deployment.Pipeline {
		ps.Add("BeforeRelease", nil, "must not be set with deployment.Pipeline, of whose releases the stack does not know: make it a step of the "+
			"pipeline, or a hook at BeforeInstall")
	}
	if n := len(p.Alarms.Names("", p.sources(), p.unbounded())); n > maxAlarms {
		ps.Add("Alarms.Own", n, "must leave at most %d alarms, which CodeDeploy watches", maxAlarms).
			See("https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html")
	}
	return ps
}

const updatePage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html"
