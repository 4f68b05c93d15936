// Package web makes an HTTP service behind a load balancer that it shares with others.
package web

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/deployment"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/scaling"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Props says what service to make.
type Props struct {
	// Platform is where it runs. Required.
	Platform *platform.Platform
	// Internal puts the service behind the platform's internal load balancer. Zero: behind the public one.
	Internal bool
	// Task says what a task is made of. Required: at least its Image, and the Port that receives the requests.
	Task task.Props
	// Route says which requests of the load balancer the service receives. Zero: all that no other service receives.
	Route ingress.Route
	// SignIn asks who the user is before a request comes to a task: ingress.OIDC{...} or ingress.Cognito{...}. The platform
	// needs its own SignIn. Only with Deploy of deployment.Rolling. Zero: requests come from anyone.
	SignIn ingress.SignIn
	// TargetGroup says how the load balancer treats the tasks: health check, draining, stickiness, HTTP/2 and gRPC.
	// Zero: see [ingress.TargetGroup].
	TargetGroup ingress.TargetGroup
	// MoreTargets are further routes, to other ports or containers or from other load balancers, at most four. Zero: none.
	MoreTargets []ingress.TargetProps
	// Streams are listeners on Network Load Balancers, beside the routes, with MoreTargets at most four. Zero: none.
	Streams []ingress.StreamProps
	// CloudMap gives the tasks a name in DNS, in the platform's namespace unless it names another. Zero: none.
	CloudMap *discovery.CloudMap
	// Connect puts the service into Service Connect, in the platform's namespace unless it names another: without a Name it finds others,
	// with one it is found too. Zero: not.
	Connect *discovery.Connect
	// AllowFrom are the services whose tasks may connect, beside the load balancer. Zero: none.
	AllowFrom []service.Caller
	// HealthCheckGrace is how long a new task may fail its health checks: the time it needs to start. Zero: 60 s.
	HealthCheckGrace time.Duration
	// Capacity is what the tasks run on. Zero: cluster.Fargate{}.
	Capacity cluster.Capacity
	// Placement says which instances the tasks come to, on EC2 alone. Zero: spread over the zones, then filled by memory.
	Placement service.Placement
	// Deploy says how a new release replaces the old one. Zero: deployment.Rolling{}.
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
	// ForceNewDeployment replaces all tasks whenever its value changes. Zero: only a change of the service does.
	ForceNewDeployment string
	// RestartOnSecretChange replaces all tasks when a value in the task's Secrets changes. Zero: they keep what they have
	// read. See [service.Props].
	RestartOnSecretChange bool
}

// Web is an HTTP service behind a shared load balancer.
type Web struct {
	constructs.Construct
	// Service is the service with all that it has of its own.
	Service *service.Service
}

var (
	_ awsiam.IGrantable   = (*Web)(nil)
	_ awsec2.IConnectable = (*Web)(nil)
	_ service.Caller      = (*Web)(nil)
)

// serviceID is the id of the service inside the pattern.
const serviceID = "Service"

// Problems names a missing platform or load balancer, and everything that is wrong with the service.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	switch {
	case p.Platform == nil || p.Platform.Cluster == nil:
		ps.Add("Platform", nil, "must be set, to one that platform.New or platform.Import made")
	case p.Internal && p.Platform.Internal == nil:
		ps.Add("Internal", nil, "must not be set, for the platform has no internal load balancer: set Internal there too")
	case !p.Internal && p.Platform.Public == nil:
		ps.Add("Internal", nil, "must be set, for the platform has no public load balancer")
	}
	noPort := p.Task.Port == 0
	if noPort {
		ps.Add("Task.Port", nil, "must be set, for it receives the requests")
	}
	if n := len(p.MoreTargets); n > maxMoreTargets {
		ps.Add("MoreTargets", n, "must be at most %d", maxMoreTargets)
	}
	for _, problem := range renamed(p.service().Problems()) {
		switch field := problem.Field; {
		case field == "Cluster" || field == "LoadBalancer" || field == "Targets": // see above
		case field == "Task.Port" && noPort:
		default:
			ps = append(ps, problem)
		}
	}
	return ps
}

// maxMoreTargets is one less than a service can have.
const maxMoreTargets = 4

// renamed moves the problems of the service to the fields that the pattern has for them.
func renamed(ps check.Problems) check.Problems {
	for _, p := range ps {
		p.Field = fieldOf(p.Field)
	}
	return ps
}

var targetPath = regexp.MustCompile(`^Targets\[(\d+)\]\.(.*)$`)

// fieldOf returns the field of the pattern that a field of the service is set by.
func fieldOf(field string) string {
	m := targetPath.FindStringSubmatch(field)
	if m == nil {
		return field
	}
	if i, _ := strconv.Atoi(m[1]); i > 0 {
		return fmt.Sprintf("MoreTargets[%d].%s", i-1, m[2])
	}
	if rest, found := strings.CutPrefix(m[2], "Group"); found {
		return "TargetGroup" + rest
	}
	if m[2] == "Port" {
		return "Task.Port"
	}
	return m[2]
}

// problemsIn names what is wrong with the props in this scope alone.
func (p Props) problemsIn(scope constructs.Construct, id string) check.Problems {
	var ps check.Problems
	for _, problem := range renamed(p.service().ProblemsIn(scope, id+"/"+serviceID)) {
		switch problem.Field {
		case "LoadBalancer": // is where the cluster is
		case "Cluster":
			ps.In("Platform", check.Problems{{Rule: problem.Rule}})
		default:
			ps = append(ps, problem)
		}
	}
	return ps
}

// New makes the service, with the child "Service". It panics with a *[check.Error] if props have problems or the route
// collides with that of another service.
func New(scope constructs.Construct, id string, props Props) *Web {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope, id))
	w := &Web{}
	check.Construct(w, scope, id)
	w.Service = service.New(w, serviceID, props.service())
	return w
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the service.
func (w *Web) GrantPrincipal() awsiam.IPrincipal { return w.Service.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (w *Web) Connections() awsec2.Connections { return w.Service.Connections() }

// Tasks returns the service whose tasks call others.
func (w *Web) Tasks() *service.Service { return w.Service }

func (p Props) service() service.Props {
	target := ingress.TargetProps{Route: p.Route, Group: p.TargetGroup, SignIn: p.SignIn}
	s := service.Props{
		Capacity: p.Capacity, Placement: p.Placement, Task: p.Task, HealthCheckGrace: p.HealthCheckGrace, Deploy: p.Deploy,
		BeforeRelease: p.BeforeRelease, Alarms: p.Alarms, Scaling: p.Scaling, Count: p.Count, Singleton: p.Singleton, ForceNewDeployment: p.ForceNewDeployment,
		RestartOnSecretChange: p.RestartOnSecretChange, CloudMap: p.CloudMap, Connect: p.Connect, AllowFrom: p.AllowFrom,
	}
	if p.Platform != nil {
		s.Cluster, s.Alarms = p.Platform.Cluster, p.Platform.Notify(p.Alarms)
		s.CloudMap, s.Connect = p.Platform.CloudMap(p.CloudMap), p.Platform.Connect(p.Connect)
		s.Task.SecretsKey = p.Platform.KeyOf(p.Task)
		if target.LoadBalancer = p.Platform.Public; p.Internal {
			target.LoadBalancer = p.Platform.Internal
		}
	}
	s.Targets, s.Streams = append([]ingress.TargetProps{target}, p.MoreTargets...), p.Streams
	return s
}
