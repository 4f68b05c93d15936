// Package daemon runs one task on each EC2 instance of a platform's cluster: an agent for logs, metrics or security.
package daemon

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Props says what daemon to make.
type Props struct {
	// Platform is where it runs. Required.
	Platform *platform.Platform
	// Pools are those whose instances it runs on. Zero: all instances of the cluster, of pools that are added later too.
	Pools []*cluster.Pool
	// Task says what a task is made of. Required: at least its Image. What it reserves is missing on every instance; to
	// listen on a port of the instance, its NetworkMode is task.Host.
	Task task.Props
	// Alarms stop a deployment, and take it back, when the daemon is not well. Zero: see [alarm.Policy].
	Alarms alarm.Policy
	// Constraints narrow down the instances further. Zero: none.
	Constraints []service.Constraint
	// ForceNewDeployment replaces all tasks whenever its value changes. Zero: only a change of the task does.
	ForceNewDeployment string
	// RestartOnSecretChange replaces all tasks when a value in the task's Secrets changes. Zero: they keep what they have
	// read. See [service.Props].
	RestartOnSecretChange bool
}

// Daemon is a task on every instance.
type Daemon struct {
	constructs.Construct
	// Service is the service with all that it has of its own.
	Service *service.Service
}

var (
	_ awsiam.IGrantable   = (*Daemon)(nil)
	_ awsec2.IConnectable = (*Daemon)(nil)
	_ service.Caller      = (*Daemon)(nil)
)

// serviceID is the id of the service inside the pattern.
const serviceID = "Service"

// Problems names a missing platform, pools of another cluster, and everything that is wrong with the task.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if p.Platform == nil || p.Platform.Cluster == nil {
		ps.Add("Platform", nil, "must be set, to one that platform.New or platform.Import made")
	}
	for _, problem := range p.service().Problems() {
		if problem.Field = fieldOf(problem.Field); problem.Field != "Cluster" { // see above
			ps = append(ps, problem)
		}
	}
	return ps
}

var poolPath = regexp.MustCompile(`^Capacity(\[\d+\])?(\.Pool)?`)

// fieldOf returns the field of the pattern that a field of the service is set by.
func fieldOf(field string) string {
	if constraints, ok := strings.CutPrefix(field, "Placement."); ok {
		return constraints
	}
	return poolPath.ReplaceAllString(field, "Pools$1")
}

// New makes the daemon, with the child "Service". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Daemon {
	var here check.Problems
	for _, problem := range props.service().ProblemsIn(scope, id+"/"+serviceID) {
		if problem.Field == "Cluster" {
			problem.Field = "Platform"
		}
		here = append(here, problem)
	}
	check.Must(scope, id, props.Problems(), here)
	d := &Daemon{}
	check.Construct(d, scope, id)
	d.Service = service.New(d, serviceID, props.service())
	return d
}

// GrantPrincipal returns the task role, so that any grant of the CDK can be given to the daemon.
func (d *Daemon) GrantPrincipal() awsiam.IPrincipal { return d.Service.GrantPrincipal() }

// Connections returns who may connect to the tasks and to whom they may, for rules of your own.
func (d *Daemon) Connections() awsec2.Connections { return d.Service.Connections() }

// Tasks returns the service whose tasks call others.
func (d *Daemon) Tasks() *service.Service { return d.Service }

func (p Props) service() service.Props {
	s := service.Props{
		Daemon: true, Task: p.Task, Alarms: p.Alarms, ForceNewDeployment: p.ForceNewDeployment,
		Placement:             service.Placement{Constraints: p.Constraints},
		RestartOnSecretChange: p.RestartOnSecretChange,
	}
	if len(p.Pools) > 0 {
		var mix cluster.Mix
		for _, pool := range p.Pools {
			mix = append(mix, cluster.PoolShare{Pool: pool})
		}
		s.Capacity = mix
	}
	if p.Platform != nil {
		s.Cluster, s.Alarms = p.Platform.Cluster, p.Platform.Notify(p.Alarms)
		s.Task.SecretsKey = p.Platform.KeyOf(p.Task)
	}
	return s
}
