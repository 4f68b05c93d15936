// Package service keeps a number of tasks running, brings them requests, replaces them by new releases and scales them.
package service

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/ask"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
)

// Props says what service to make.
type Props struct {
	// Cluster is where the tasks run. Required.
	Cluster *cluster.Cluster
	// Capacity is what they run on. Zero: cluster.Fargate{}, or cluster.AllPools{} for a Daemon.
	Capacity cluster.Capacity
	// Placement says which instances the tasks come to, on EC2 alone. Zero: see [Placement].
	Placement Placement
	// Task says what a task is made of. Required: at least its Image.
	Task task.Props
	// Targets say which requests of which load balancers the tasks receive, at most five, and exactly one with deployment.CodeDeploy. Their order is part of their
	// identity: add new ones at the end. Zero: none.
	Targets []ingress.TargetProps
	// Streams say which connections to which Network Load Balancers the tasks receive, at most five with Targets. Not with
	// deployment.CodeDeploy; where deployments shift traffic, ECS waits ten minutes more whenever it has moved connections.
	// Their order is part of their identity: add new ones at the end. Zero: none.
	Streams []ingress.StreamProps
	// CloudMap gives the tasks a name in DNS. Not where deployments shift requests. Zero: none.
	CloudMap *discovery.CloudMap
	// Connect puts the service into Service Connect, to find others and to be found. Not in network modes host and none, with Windows,
	// or with deployment.CodeDeploy. Zero: not.
	Connect *discovery.Connect
	// AllowFrom are the services whose tasks may connect to the ports that CloudMap and Connect name, or else to Task.Port. Zero: none may,
	// but for load balancers.
	AllowFrom []Caller
	// HealthCheckGrace is how long a new task may fail its health checks: the time it needs to start, at most
	// 2147483647 s. Zero: 60 s with Targets or Streams, or else none.
	HealthCheckGrace time.Duration
	// Deploy says how a new release replaces the old one. Zero: deployment.Rolling{}.
	Deploy deployment.Policy
	// BeforeRelease is a task that has to end well before a release starts, such as a migration. Not with Daemon, nor where a pipeline
	// has CodeDeploy deploy. Zero: none.
	BeforeRelease *deployment.Task
	// Alarms stop a deployment, and take it back, when the service is not well. Zero: alarms on errors, latency, unhealthy
	// tasks, CPU and memory are made; see [alarm.Policy].
	Alarms alarm.Policy
	// Scaling changes the number of tasks with the load. Zero: Count decides.
	Scaling *scaling.Policy
	// Count is the number of tasks. Not with Scaling, which keeps the number that it has arrived at through deployments.
	// Zero: 2, or 1 if Singleton.
	Count int
	// Daemon runs one task on each instance of Capacity, for as long as the instance runs. A deployment stops the old one
	// first. Not with Count, Scaling, Singleton, Deploy, Targets or placement strategies. Zero: Count or Scaling decides.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon
	Daemon bool
	// Singleton never runs two tasks at once: a deployment stops the old one first. Not with Scaling, Deploy or a Count
	// other than 1. Zero: a deployment starts new tasks first.
	Singleton bool
	// TaskProtection lets tasks protect themselves from being stopped, by a deployment or when the service scales in, while they work on
	// something: by a PUT of {"ProtectionEnabled": true, "ExpiresInMinutes": 60} to $ECS_AGENT_URI/task-protection/v1/state, and of
	// {"ProtectionEnabled": false} when it is done. A deployment waits for tasks that are protected. Not with Daemon or
	// deployment.CodeDeploy. Zero: they may not.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
	TaskProtection bool
	// ForceNewDeployment replaces all tasks whenever its value changes, such as by a version of something that tasks read
	// when they start. Not with deployment.CodeDeploy. Zero: only a change of the service does.
	ForceNewDeployment string
	// RestartOnSecretChange replaces all tasks, as a deployment does, when a value that they have read changes: of the stack's
	// own account and region, which alone tell of it. Not with deployment.CodeDeploy. Zero: tasks keep what they have read.
	RestartOnSecretChange bool
}

// What a service has unless it is told otherwise.
const (
	DefaultCount            = 2
	DefaultHealthCheckGrace = time.Minute
)

// Service is an ECS service with the task definition, the targets and the scaling that it has of its own.
type Service struct {
	constructs.Construct
	// Service is the service itself, an L1 construct of the CDK.
	Service awsecs.CfnService
	// Task is the task definition with its roles and its log group.
	Task *task.Task
	// SecurityGroup is the group of the tasks, which may connect to anywhere; nil but in network mode awsvpc. In others tasks
	// are in the groups of their instances.
	SecurityGroup awsec2.SecurityGroup
	// Targets are the target groups and listener rules, in the order of the props.
	Targets []*ingress.Target
	// Streams are the target groups and listeners, in the order of the props.
	Streams []*ingress.Stream
	// Registry is the service of Cloud Map; nil without CloudMap.
	Registry *discovery.Registry
	// Scaling is the scalable target; nil without Scaling, unless CodeDeploy deploys: then it keeps Count.
	Scaling *scaling.Scaling
	// CodeDeploy is what CodeDeploy deploys by; nil unless Deploy is a deployment.CodeDeploy.
	CodeDeploy *CodeDeploy
	// BeforeRelease is the task before a release; nil without.
	BeforeRelease *BeforeRelease
	// Restart notices changes of secrets; nil without RestartOnSecretChange.
	Restart *Restart
	// Alarms are those that deployments watch; nil if they are all your own.
	Alarms *alarm.Alarms

	props       Props
	connections awsec2.Connections // nil with a SecurityGroup, which has them
	shifter     *shifter
	certifier   awsiam.Role
	callers     []*Service
}

var (
	_ awsiam.IGrantable   = (*Service)(nil)
	_ awsec2.IConnectable = (*Service)(nil)
)

// New makes the service, with the children "SecurityGroup", "Task", "Route" and "Route2" to "Route5", "Reach", "Service",
// "Scaling", "Restart", "Alarms", "InfrastructureRole", "HookRole", "BeforeRelease", "CodeDeploy", "Ready",
// "Registry", "ConnectRole", one for each stream, named by its port and load balancer, and rules that let callers in. It panics with a *[check.Error] if props have problems or a route collides.
func New(scope constructs.Construct, id string, props Props) *Service {
	check.Must(scope, id, props.Problems(), props.ProblemsIn(scope, id))
	p := props.withDefaults()
	s := &Service{props: p}
	check.Construct(s, scope, id)
	s.connect(p, check.Place(scope, id))
	p.take(check.Place(scope, id))
	s.followShared(p)
	s.Task = task.New(s, "Task", p.Task)
	crossstack.Share(s.Task.Role)
	if p.settings().CodeDeploy != nil { // which keeps running a revision that the stack has gone beyond
		s.Task.Definition.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	}
	for i, target := range p.Targets {
		s.Targets = append(s.Targets, ingress.NewTarget(s, routeID(i), target))
	}
	for _, stream := range p.Streams {
		s.Streams = append(s.Streams, ingress.NewStream(s, streamID(stream), stream))
	}
	s.shifter, s.certifier = s.newShifter(p), s.newCertifier(p)
	if p.BeforeRelease != nil {
		s.BeforeRelease = s.beforeRelease(p)
	}
	s.Service = s.newService(p)
	s.wait(p)
	if p.settings().CodeDeploy != nil {
		s.Service.AddPropertyDeletionOverride(jsii.String("Tags"))
	}
	if props := p.scaling(); props != nil {
		props.Cluster, props.Service, props.Groups = p.Cluster.ClusterName(), s.name(), s.groups(p)
		s.Scaling = scaling.New(s, "Scaling", *props)
	}
	if p.TaskProtection {
		s.protect(p)
	}
	if p.RestartOnSecretChange {
		s.Restart = s.restart(p)
	}
	if !p.Alarms.OnlyOwn {
		s.Alarms = alarm.New(s, "Alarms", s.alarms(p))
	}
	if policy := p.settings().CodeDeploy; policy != nil {
		s.CodeDeploy = s.codeDeploy(p, *policy)
	}
	if len(p.AllowFrom) > 0 {
		s.AllowFrom(p.AllowFrom...)
	}
	return s
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the service.
func (s *Service) GrantPrincipal() awsiam.IPrincipal { return s.Task.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own. Where tasks share the
// network of their instances, the rules hold for everything on these.
func (s *Service) Connections() awsec2.Connections {
	if s.SecurityGroup != nil {
		return ask.Once(s.SecurityGroup, "connections", s.SecurityGroup.Connections)
	}
	return s.connections
}

// name returns the name of the service, a token.
func (s *Service) name() *string { return ask.Once(s.Service, "name", s.Service.AttrName) }

// Group returns the task group of the service's tasks, for [Near] and [Apart].
func (s *Service) Group() string {
	crossstack.Share(s.Service)
	return "service:" + *s.name()
}

// connect finds the security groups that the tasks are in.
func (s *Service) connect(p Props, place string) {
	if p.Task.Mode() == task.AWSVPC {
		s.SecurityGroup = awsec2.NewSecurityGroup(s, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
			Vpc:              p.Cluster.Network.VPC,
			Description:      jsii.String(names.Description("Tasks of", place)),
			AllowAllOutbound: jsii.Bool(true),
		})
		crossstack.Share(s.SecurityGroup)
		return
	}
	groups := p.Capacity.SecurityGroups()
	switch {
	case p.Task.Mode() == task.None:
		groups = nil
	case groups == nil:
		s.connections = p.Cluster.Instances()
		return
	}
	s.connections = awsec2.NewConnections(&awsec2.ConnectionsProps{SecurityGroups: &groups})
}

func routeID(i int) string { return "Route" + ordinal(i) }

// streamID names a stream by its port and its load balancer, of which it is the only one: others come and go beside it.
func streamID(s ingress.StreamProps) string {
	id := "Stream" + strconv.Itoa(s.ListenerPort)
	if s.LoadBalancer == nil { // which is a problem
		return id
	}
	return names.Key(id, check.Place(s.LoadBalancer, ""))
}

func (s *Service) newService(p Props) awsecs.CfnService {
	settings := p.settings()
	props := &awsecs.CfnServiceProps{
		Cluster:                     p.Cluster.ClusterName(),
		TaskDefinition:              s.Task.Definition.Ref(),
		SchedulingStrategy:          jsii.String("REPLICA"),
		AvailabilityZoneRebalancing: p.rebalancing(settings),
		PropagateTags:               jsii.String("SERVICE"),
		EnableEcsManagedTags:        jsii.Bool(true),
		EnableExecuteCommand:        jsii.Bool(false),
		LoadBalancers:               s.loadBalancers(p),
	}
	if p.Task.LaunchType == task.Fargate {
		props.PlatformVersion = jsii.String("LATEST")
	}
	if s.SecurityGroup != nil {
		props.NetworkConfiguration = &awsecs.CfnService_NetworkConfigurationProperty{
			AwsvpcConfiguration: &awsecs.CfnService_AwsVpcConfigurationProperty{
				AssignPublicIp: jsii.String("DISABLED"),
				SecurityGroups: &[]*string{ask.Once(s.SecurityGroup, "id", s.SecurityGroup.SecurityGroupId)},
				Subnets:        &p.Cluster.Network.TaskSubnetIDs,
			},
		}
	}
	p.schedule(props)
	if settings.CodeDeploy != nil {
		s.giveAway(props, *settings.CodeDeploy)
	} else {
		props.DeploymentConfiguration = s.configuration(p, settings)
		props.ServiceRegistries = s.registries(p)
		props.ServiceConnectConfiguration = s.connected(p)
	}
	p.monitoring(props)
	if p.HealthCheckGrace > 0 {
		props.HealthCheckGracePeriodSeconds = jsii.Number(p.HealthCheckGrace.Seconds())
	}
	if p.ForceNewDeployment != "" {
		props.ForceNewDeployment = &awsecs.CfnService_ForceNewDeploymentProperty{
			EnableForceNewDeployment: jsii.Bool(true), ForceNewDeploymentNonce: &p.ForceNewDeployment,
		}
	}
	return awsecs.NewCfnService(s, jsii.String("Service"), props)
}

// schedule says how many tasks run, and where.
func (p Props) schedule(props *awsecs.CfnServiceProps) {
	if p.Task.LaunchType != task.Fargate {
		props.PlacementConstraints = p.Placement.constraints()
	}
	if p.Daemon {
		props.SchedulingStrategy = jsii.String("DAEMON")
		props.LaunchType = jsii.String(p.Capacity.LaunchType()) // ECS takes no capacity providers for daemons
		return
	}
	props.CapacityProviderStrategy = strategy(p.Capacity)
	if p.Task.LaunchType == task.EC2 {
		props.PlacementStrategies = p.Placement.strategies()
	}
	if p.Scaling == nil {
		props.DesiredCount = jsii.Number(float64(p.Count))
	}
}

// scaling says how the number of tasks is decided if the service does not say it: nil if it does.
func (p Props) scaling() *scaling.Props {
	switch {
	case p.Scaling != nil:
		return &scaling.Props{Policy: *p.Scaling}
	case p.settings().CodeDeploy != nil:
		return &scaling.Props{Keep: p.Count}
	}
	return nil
}

// rebalancing says whether ECS evens out the zones, by starting a task before it stops one. For managed instances the
// decision is left to ECS. Where CodeDeploy deploys, CloudFormation could not change it, so it is always the same.
func (p Props) rebalancing(settings deployment.Settings) *string {
	switch {
	case p.Task.LaunchType == task.ManagedInstances:
		return nil
	case p.Daemon || p.Placement.NoRebalancing || settings.MaxPercent <= 100 || settings.CodeDeploy != nil:
		return jsii.String("DISABLED")
	}
	return jsii.String("ENABLED")
}

// wait has the service come after what it needs. Where CodeDeploy deploys, a resource that does nothing and has no properties that
// could be updated comes between them, so that no later grant or port changes anything of the service itself.
func (s *Service) wait(p Props) {
	if p.settings().CodeDeploy == nil {
		s.Service.Node().AddDependency(s.needs(p)...)
		return
	}
	ready := awscdk.NewCfnWaitConditionHandle(s, jsii.String("Ready"), nil)
	ready.Node().AddDependency(append(s.needs(p), s.Task.Definition)...)
	s.Service.Node().AddDependency(ready)
}

// arn returns the ARN of a resource of the service's own account and region.
func (s *Service) arn(service, resource string) *string {
	return jsii.String(check.EnvOf(s).ARN(service, resource))
}

// loadBalancers renders an empty list rather than none: without the property, ECS keeps the last target group.
func (s *Service) loadBalancers(p Props) []*awsecs.CfnService_LoadBalancerProperty {
	balancers := []*awsecs.CfnService_LoadBalancerProperty{}
	for i, target := range p.Targets {
		balancers = append(balancers, &awsecs.CfnService_LoadBalancerProperty{
			ContainerName:  jsii.String(target.Container),
			ContainerPort:  jsii.Number(float64(target.Port)),
			TargetGroupArn: ask.Ref(s.Targets[i].Group),

			AdvancedConfiguration: s.advanced(s.Targets[i]),
		})
	}
	for i, stream := range p.Streams {
		balancers = append(balancers, &awsecs.CfnService_LoadBalancerProperty{
			ContainerName:  jsii.String(stream.Container),
			ContainerPort:  jsii.Number(float64(stream.Port)),
			TargetGroupArn: ask.Ref(s.Streams[i].Group),

			AdvancedConfiguration: s.advancedStream(s.Streams[i]),
		})
	}
	return balancers
}

// taskNeeds is what has to be there before any task starts: the rights of both roles, those granted later included, the way
// out to its image, and the capacity providers, which cannot be deleted while a service uses them.
func (s *Service) taskNeeds(p Props) []constructs.IDependable {
	needs := []constructs.IDependable{s.Task.Role, s.Task.ExecutionRole}
	return slices.Concat(needs, p.Cluster.Needs(), p.Cluster.Network.WayOut())
}

// needs is what has to be there before a task of the service starts: what any task needs, the way in from the load balancers, and
// the task before a release.
func (s *Service) needs(p Props) []constructs.IDependable {
	needs := append(s.taskNeeds(p), s.shifter.needs()...)
	if s.BeforeRelease != nil {
		needs = append(needs, s.BeforeRelease)
	}
	if s.certifier != nil {
		needs = append(needs, s.certifier)
	}
	for _, target := range s.Targets {
		needs = append(needs, target)
	}
	for _, stream := range s.Streams {
		needs = append(needs, stream)
	}
	switch {
	case !p.balanced():
	case s.SecurityGroup != nil:
		needs = append(needs, ingress.NewReach(s, "Reach", ingress.ReachProps{
			Targets: p.Targets, Streams: p.Streams, SecurityGroup: s.SecurityGroup,
		}))
	case p.Task.Mode() == task.Host:
		needs = append(needs, ingress.NewReach(s, "Reach", ingress.ReachProps{
			Targets: p.Targets, Streams: p.Streams, Pools: p.Capacity.Pools(),
		}))
	default:
		needs = append(needs, p.passages()...)
	}
	return needs
}

// passages opens the pools to the load balancers of the targets and the streams, each once.
func (p Props) passages() []constructs.IDependable {
	var passages []constructs.IDependable
	open := func(balancer interface {
		Open(pool *cluster.Pool) *ingress.Passage
	}) {
		for _, pool := range p.Capacity.Pools() {
			if passage := balancer.Open(pool); !slices.Contains(passages, constructs.IDependable(passage)) {
				passages = append(passages, passage)
			}
		}
	}
	for _, target := range p.Targets {
		open(target.LoadBalancer)
	}
	for _, stream := range p.Streams {
		open(stream.LoadBalancer)
	}
	return passages
}

func strategy(capacity cluster.Capacity) []*awsecs.CfnService_CapacityProviderStrategyItemProperty {
	var items []*awsecs.CfnService_CapacityProviderStrategyItemProperty
	for _, share := range capacity.Strategy() {
		items = append(items, &awsecs.CfnService_CapacityProviderStrategyItemProperty{
			CapacityProvider: jsii.String(share.Provider),
			Base:             jsii.Number(float64(share.Base)),
			Weight:           jsii.Number(float64(share.Weight)),
		})
	}
	return items
}

func (s *Service) configuration(p Props, settings deployment.Settings) *awsecs.CfnService_DeploymentConfigurationProperty {
	c := &awsecs.CfnService_DeploymentConfigurationProperty{
		Strategy:              &settings.Strategy,
		MinimumHealthyPercent: jsii.Number(float64(settings.MinHealthyPercent)),
		MaximumPercent:        jsii.Number(float64(settings.MaxPercent)),
		DeploymentCircuitBreaker: &awsecs.CfnService_DeploymentCircuitBreakerProperty{
			Enable: &settings.CircuitBreaker, Rollback: jsii.Bool(settings.CircuitBreaker && settings.Rollback),
		},
		Alarms: s.watched(p, settings),
	}
	s.shift(settings, c)
	return c
}

func (p Props) withDefaults() Props {
	if check.IsNil(p.Capacity) {
		p.Capacity = cluster.Fargate{}
		if p.Daemon {
			p.Capacity = cluster.AllPools{}
		}
	}
	if check.IsNil(p.Deploy) {
		p.Deploy = deployment.Rolling{}
	}
	p.Count = cmp.Or(p.Count, DefaultCount)
	if p.Singleton {
		p.Count = 1
	}
	if p.HealthCheckGrace == 0 && p.balanced() {
		p.HealthCheckGrace = DefaultHealthCheckGrace
	}
	p.Task.LaunchType = task.LaunchType(p.Capacity.LaunchType())
	if pools := p.Capacity.Pools(); p.Daemon && len(pools) > 0 {
		p.Placement.Constraints = append(slices.Clone(p.Placement.Constraints), MemberOf(cluster.Expression(pools...)))
	}
	if p.Task.LaunchType == task.EC2 && !p.Daemon {
		p.Placement = p.Placement.withDefaults()
	}
	p.Targets, p.Streams = p.targets(), p.streams()
	return p.discoverable()
}

// targets returns the targets with what their containers and the network mode tell.
func (p Props) targets() []ingress.TargetProps {
	containers, mode := p.Task.Containers(), p.Task.Mode()
	targets := slices.Clone(p.Targets)
	for i := range targets {
		target := &targets[i]
		target.Instances = mode == task.Bridge || mode == task.Host
		target.Shift = p.settings().TwoGroups()
		target.Container = cmp.Or(target.Container, task.Main)
		j := slices.IndexFunc(containers, func(c task.Container) bool { return c.Name == target.Container })
		if j < 0 {
			continue
		}
		if target.Port == 0 {
			target.Port = containers[j].Port
		}
		if target.Group.DeregistrationDelay == 0 {
			target.Group.DeregistrationDelay = min(target.Group.Delay(), containers[j].StopTimeout)
		}
	}
	return targets
}

// balanced reports whether a load balancer of either kind reaches the tasks.
func (p Props) balanced() bool { return len(p.Targets)+len(p.Streams) > 0 }

// settings returns the deployment, which for a singleton or a daemon is one that never overlaps.
func (p Props) settings() deployment.Settings {
	settings := p.Deploy.Settings()
	if p.Singleton || p.Daemon {
		settings.MinHealthyPercent, settings.MaxPercent = 0, 100
	}
	return settings
}
