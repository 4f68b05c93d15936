// Package backend makes a service that other services call, and that no load balancer reaches.
package backend

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Props says what service to make.
type Props struct {
	// Platform is where it runs. Required, with a Namespace unless Connect or CloudMap names another.
	Platform *platform.Platform
	// Task says what a task is made of. Required: at least its Image, and the Port that others call.
	Task task.Props
	// Connect has others find it by Service Connect, if with a Name: they need Connect too. Zero: they find it by CloudMap, which is then
	// required.
	Connect *discovery.Connect
	// CloudMap gives the tasks a name in DNS. Zero: others find it by Connect, which is then required, with a Name.
	CloudMap *discovery.CloudMap
	// AllowFrom are the services whose tasks may connect. Services that are made later are let in by AllowFrom of Backend.
	// Zero: none yet.
	AllowFrom []service.Caller
	// Capacity is what the tasks run on. Zero: cluster.Fargate{}.
	Capacity cluster.Capacity
	// Placement says which instances the tasks come to, on EC2 alone. Zero: spread over the zones, then filled by memory.
	Placement service.Placement
	// Deploy says how a new release replaces the old one. To shift requests it takes Connect. Zero: deployment.Rolling{}.
	Deploy deployment.Policy
	// BeforeRelease is a task that has to end well before a release starts, such as a migration. Zero: none.
	BeforeRelease *deployment.Task
	// Alarms stop a deployment, and take it back, when the service is not well. Zero: see [alarm.Policy].
	Alarms alarm.Policy
	// Scaling changes the number of tasks with the load. Zero: Count decides.
	Scaling *scaling.Policy
	// Count is the number of tasks. Not with Scaling. Zero: 2, or 1 if Singleton.
	Count int
	// Singleton never runs two tasks at once: a deployment stops the old one first. Not with Scaling, Deploy or a Count
	// other than 1. Zero: a deployment starts new tasks first.
	Singleton bool
	// HealthCheckGrace is how long a new task may fail its own health check before it is replaced. Zero: not at all.
	HealthCheckGrace time.Duration
	// ForceNewDeployment replaces all tasks whenever its value changes. Zero: only a change of the service does.
	ForceNewDeployment string
	// RestartOnSecretChange replaces all tasks when a value in the task's Secrets changes. Zero: they keep what they have
	// read. See [service.Props].
	RestartOnSecretChange bool
}

// Backend is a service that other services call.
type Backend struct {
	constructs.Construct
	// Service is the service with all that it has of its own.
	Service *service.Service
}

var (
	_ awsiam.IGrantable   = (*Backend)(nil)
	_ awsec2.IConnectable = (*Backend)(nil)
	_ service.Caller      = (*Backend)(nil)
)

// serviceID is the id of the service inside the pattern.
const serviceID = "Service"

// Problems names a missing platform, a service that nobody could find, and everything that is wrong with it.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Platform == nil || p.Platform.Cluster == nil {
		ps.Add("Platform", nil, "must be set, to one that platform.New or platform.Import made")
	}
	if p.CloudMap == nil && (p.Connect == nil || p.Connect.Name == "") {
		ps.Add("Connect", nil, "must be set, with a Name, or CloudMap: nobody else finds a service without a load balancer")
	}
	for _, problem := range p.service().Problems() {
		if problem.Field != "Cluster" { // see above
			ps = append(ps, problem)
		}
	}
	return ps
}

// problemsIn names what is wrong with the props in this scope alone.
func (p Props) problemsIn(scope constructs.Construct, id string) check.Problems {
	var ps check.Problems
	for _, problem := range p.service().ProblemsIn(scope, id+"/"+serviceID) {
		if problem.Field == "Cluster" {
			problem.Field = "Platform"
		}
		ps = append(ps, problem)
	}
	return ps
}

// New makes the service, with the child "Service". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Backend {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope, id))
	b := &Backend{}
	check.Construct(b, scope, id)
	b.Service = service.New(b, serviceID, props.service())
	return b
}

// AllowFrom lets the tasks of callers connect, as AllowFrom in the props does, for services that are made later or call each other. It
// panics with a *[check.Error] for a caller that cannot be let in.
func (b *Backend) AllowFrom(callers ...service.Caller) { b.Service.AllowFrom(callers...) }

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the service.
func (b *Backend) GrantPrincipal() awsiam.IPrincipal { return b.Service.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (b *Backend) Connections() awsec2.Connections { return b.Service.Connections() }

// Tasks returns the service whose tasks call others.
func (b *Backend) Tasks() *service.Service { return b.Service }

func (p Props) service() service.Props {
	s := service.Props{
		Capacity: p.Capacity, Placement: p.Placement, Task: p.Task, Deploy: p.Deploy, BeforeRelease: p.BeforeRelease, Alarms: p.Alarms,
		Scaling: p.Scaling, Count: p.Count, Singleton: p.Singleton, HealthCheckGrace: p.HealthCheckGrace,
		ForceNewDeployment: p.ForceNewDeployment, RestartOnSecretChange: p.RestartOnSecretChange,
		CloudMap: p.CloudMap, Connect: p.Connect, AllowFrom: p.AllowFrom,
	}
	if p.Platform != nil {
		s.Cluster, s.Alarms = p.Platform.Cluster, p.Platform.Notify(p.Alarms)
		s.CloudMap, s.Connect = p.Platform.CloudMap(p.CloudMap), p.Platform.Connect(p.Connect)
		s.Task.SecretsKey = p.Platform.KeyOf(p.Task)
	}
	return s
}
