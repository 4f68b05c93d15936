// Package service keeps a number of tasks running, brings them requests, replaces them by new releases and scales them.
package service

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/task"
)

// Props says what service to make.
type Props struct {
	// Cluster is where the tasks run. Required.
	Cluster *cluster.Cluster
	// Capacity is what they run on. Zero: cluster.Fargate{}.
	Capacity cluster.Capacity
	// Task says what a task is made of. Required: at least its Image.
	Task task.Props
	// Targets say which requests of which load balancers the tasks receive, at most five. Their order is part of their
	// identity: add new ones at the end. Zero: none.
	Targets []ingress.TargetProps
	// HealthCheckGrace is how long a new task may fail its health checks: the time it needs to start, at most
	// 2147483647 s. Zero: 60 s with Targets, or else none.
	HealthCheckGrace time.Duration
	// Deploy says how a new release replaces the old one. Zero: deployment.Rolling{}.
	Deploy deployment.Policy
	// Scaling changes the number of tasks with the load. Zero: Count decides.
	Scaling *scaling.Policy
	// Count is the number of tasks. Not with Scaling, which keeps the number that it has arrived at through deployments.
	// Zero: 2, or 1 if Singleton.
	Count int
	// Singleton never runs two tasks at once: a deployment stops the old one first. Not with Scaling, Deploy or a Count
	// other than 1. Zero: a deployment starts new tasks first.
	Singleton bool
	// ForceNewDeployment replaces all tasks whenever its value changes, such as by a version of something that tasks read
	// when they start. Zero: only a change of the service does.
	ForceNewDeployment string
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
	// SecurityGroup is the group of the tasks, which may connect to anywhere.
	SecurityGroup awsec2.SecurityGroup
	// Targets are the target groups and listener rules, in the order of the props.
	Targets []*ingress.Target
	// Scaling is the scalable target; nil without scaling.
	Scaling *scaling.Scaling
}

var (
	_ awsiam.IGrantable   = (*Service)(nil)
	_ awsec2.IConnectable = (*Service)(nil)
)

// New makes the service, with the children "SecurityGroup", "Task", "Route" and "Route2" to "Route5", "Reach", "Service"
// and "Scaling". It panics with a *[check.Error] if props have problems or a route collides.
func New(scope constructs.Construct, id string, props Props) *Service {
	check.Must(scope, id, props.Problems(), props.ProblemsIn(scope, id))
	p := props.withDefaults()
	s := &Service{}
	check.Construct(s, scope, id)
	s.SecurityGroup = awsec2.NewSecurityGroup(s, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:              p.Cluster.Network.VPC,
		Description:      jsii.String(names.Description("Tasks of", check.Place(scope, id))),
		AllowAllOutbound: jsii.Bool(true),
	})
	s.Task = task.New(s, "Task", p.Task)
	crossstack.Share(s.SecurityGroup, s.Task.Role)
	for i, target := range p.Targets {
		s.Targets = append(s.Targets, ingress.NewTarget(s, routeID(i), target))
	}
	s.Service = s.newService(p)
	s.Service.Node().AddDependency(s.needs(p)...)
	if p.Scaling != nil {
		s.Scaling = scaling.New(s, "Scaling", scaling.Props{
			Policy: *p.Scaling, Cluster: p.Cluster.ClusterName(), Service: s.Service.AttrName(),
		})
	}
	return s
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the service.
func (s *Service) GrantPrincipal() awsiam.IPrincipal { return s.Task.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (s *Service) Connections() awsec2.Connections { return s.SecurityGroup.Connections() }

func routeID(i int) string {
	if i == 0 {
		return "Route"
	}
	return "Route" + strconv.Itoa(i+1)
}

func (s *Service) newService(p Props) awsecs.CfnService {
	settings := p.settings()
	props := &awsecs.CfnServiceProps{
		Cluster:                     p.Cluster.ClusterName(),
		TaskDefinition:              s.Task.Definition.Ref(),
		CapacityProviderStrategy:    strategy(p.Capacity),
		PlatformVersion:             jsii.String("LATEST"),
		SchedulingStrategy:          jsii.String("REPLICA"),
		AvailabilityZoneRebalancing: jsii.String("ENABLED"),
		DeploymentConfiguration:     configuration(settings),
		PropagateTags:               jsii.String("SERVICE"),
		EnableEcsManagedTags:        jsii.Bool(true),
		EnableExecuteCommand:        jsii.Bool(false),
		NetworkConfiguration: &awsecs.CfnService_NetworkConfigurationProperty{
			AwsvpcConfiguration: &awsecs.CfnService_AwsVpcConfigurationProperty{
				AssignPublicIp: jsii.String("DISABLED"),
				SecurityGroups: &[]*string{s.SecurityGroup.SecurityGroupId()},
				Subnets:        &p.Cluster.Network.TaskSubnetIDs,
			},
		},
		LoadBalancers: s.loadBalancers(p.Targets),
	}
	if p.HealthCheckGrace > 0 {
		props.HealthCheckGracePeriodSeconds = jsii.Number(p.HealthCheckGrace.Seconds())
	}
	if p.Scaling == nil {
		props.DesiredCount = jsii.Number(float64(p.Count))
	}
	if settings.MaxPercent <= 100 { // ECS rebalances by starting a task before it stops one
		props.AvailabilityZoneRebalancing = jsii.String("DISABLED")
	}
	if p.ForceNewDeployment != "" {
		props.ForceNewDeployment = &awsecs.CfnService_ForceNewDeploymentProperty{
			EnableForceNewDeployment: jsii.Bool(true), ForceNewDeploymentNonce: &p.ForceNewDeployment,
		}
	}
	return awsecs.NewCfnService(s, jsii.String("Service"), props)
}

// loadBalancers renders an empty list rather than none: without the property, ECS keeps the last target group.
func (s *Service) loadBalancers(targets []ingress.TargetProps) []*awsecs.CfnService_LoadBalancerProperty {
	balancers := []*awsecs.CfnService_LoadBalancerProperty{}
	for i, target := range targets {
		balancers = append(balancers, &awsecs.CfnService_LoadBalancerProperty{
			ContainerName:  jsii.String(target.Container),
			ContainerPort:  jsii.Number(float64(target.Port)),
			TargetGroupArn: s.Targets[i].Group.Ref(),
		})
	}
	return balancers
}

// needs is what has to be there before a task starts: the rights of both roles, those granted later included, the way
// out to its image, the way in from the load balancers, and the capacity providers, which cannot be deleted while a
// service uses them.
func (s *Service) needs(p Props) []constructs.IDependable {
	needs := []constructs.IDependable{s.Task.Role, s.Task.ExecutionRole, p.Cluster.Cluster}
	needs = append(needs, p.Cluster.Network.WayOut()...)
	for _, target := range s.Targets {
		needs = append(needs, target)
	}
	if len(p.Targets) > 0 {
		needs = append(needs, ingress.NewReach(s, "Reach", ingress.ReachProps{
			Targets: p.Targets, SecurityGroup: s.SecurityGroup,
		}))
	}
	return needs
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

func configuration(settings deployment.Settings) *awsecs.CfnService_DeploymentConfigurationProperty {
	return &awsecs.CfnService_DeploymentConfigurationProperty{
		Strategy:              &settings.Strategy,
		MinimumHealthyPercent: jsii.Number(float64(settings.MinHealthyPercent)),
		MaximumPercent:        jsii.Number(float64(settings.MaxPercent)),
		DeploymentCircuitBreaker: &awsecs.CfnService_DeploymentCircuitBreakerProperty{
			Enable: &settings.CircuitBreaker, Rollback: &settings.Rollback,
		},
	}
}

func (p Props) withDefaults() Props {
	if check.IsNil(p.Capacity) {
		p.Capacity = cluster.Fargate{}
	}
	if check.IsNil(p.Deploy) {
		p.Deploy = deployment.Rolling{}
	}
	if p.Count == 0 {
		p.Count = DefaultCount
	}
	if p.Singleton {
		p.Count = 1
	}
	if p.HealthCheckGrace == 0 && len(p.Targets) > 0 {
		p.HealthCheckGrace = DefaultHealthCheckGrace
	}
	containers := p.Task.Containers()
	p.Targets = slices.Clone(p.Targets)
	for i := range p.Targets {
		target := &p.Targets[i]
		if target.Container == "" {
			target.Container = task.Main
		}
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
	return p
}

// settings returns the deployment, which for a singleton is one that never overlaps.
func (p Props) settings() deployment.Settings {
	settings := p.Deploy.Settings()
	if p.Singleton {
		settings.MinHealthyPercent, settings.MaxPercent = 0, 100
	}
	return settings
}
