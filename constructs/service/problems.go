package service

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/task"
)

const (
	servicePage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html"
	rollingPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html"
	targetsPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html"
)

const maxTargets = 5

// Problems names everything that is wrong with the task, its targets, its deployment and its scaling, and between them.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	ps.In("Cluster", p.Cluster.Problems())
	if p.Capacity != nil && check.IsNil(p.Capacity) {
		ps.Add("Capacity", nil, "must not be a nil pointer")
	}
	d := p.withDefaults()
	ps.In("Task", d.Task.Problems())
	if p.Cluster != nil && p.Cluster.Network != nil {
		ps.In("Task", d.Task.ReachProblems(p.Cluster.Network))
	}
	ps = append(ps, p.capacityProblems()...)
	var pace check.Problems
	pace.In("Deploy", d.Deploy.Problems())
	deploys := len(pace) == 0 && !p.Daemon
	if p.Scaling != nil {
		pace.In("Scaling", p.Scaling.Problems())
	}
	if len(pace) == 0 && deploys {
		pace = slices.Concat(d.progressProblems(), d.roomForBothProblems())
	}
	if deploys {
		pace = slices.Concat(pace, d.shiftProblems(), d.codeDeployProblems())
	}
	ps = append(ps, pace...)
	ps = append(ps, d.beforeReleaseProblems()...)
	ps = append(ps, d.protectionProblems()...)
	ps.In("Alarms", p.Alarms.Problems())
	if p.Daemon {
		ps = append(ps, p.daemonProblems()...)
	} else {
		ps = append(ps, p.countProblems()...)
	}
	ps = append(ps, p.targetProblems()...)
	ps = append(ps, p.streamProblems()...)
	if len(d.Capacity.Problems()) > 0 {
		return ps
	}
	ps = append(ps, d.discoveryProblems()...)
	ps.In("AllowFrom", d.callerProblems(p.AllowFrom))
	return ps
}

func (p Props) countProblems() check.Problems {
	var ps check.Problems
	if p.Count < 0 {
		ps.Add("Count", p.Count, "must not be negative")
	}
	ps.In("Scaling", p.scalingProblems())
	if p.Scaling != nil && p.Count != 0 {
		ps.Add("Count", p.Count, "must not be set with Scaling, which decides the number of tasks")
	}
	if !p.Singleton {
		return ps
	}
	if p.Count > 1 {
		ps.Add("Count", p.Count, "must be 1 with Singleton")
	}
	if p.Scaling != nil {
		ps.Add("Scaling", nil, "must not be set with Singleton, which is one task")
	}
	if !check.IsNil(p.Deploy) {
		ps.Add("Deploy", nil, "must not be set with Singleton, which stops the old task before it starts the new one")
	}
	return ps
}

// progressProblems expects props with their defaults filled in, and finds a deployment that could neither start a task
// nor stop one: ECS rounds the most tasks down and the fewest up.
func (p Props) progressProblems() check.Problems {
	var ps check.Problems
	s, tasks := p.settings(), p.Count
	if p.Scaling != nil {
		tasks = max(p.Scaling.Least(), 1)
	}
	most, fewest := tasks*s.MaxPercent/100, (tasks*s.MinHealthyPercent+99)/100
	if tasks > 0 && most <= tasks && fewest >= tasks {
		ps.Add("Deploy.MaxPercent", s.MaxPercent, "must let a deployment of %d tasks start one more, or MinHealthyPercent (%d) "+
			"stop one, or it never ends", tasks, s.MinHealthyPercent).See(rollingPage)
	}
	return ps
}

func (p Props) targetProblems() check.Problems {
	var ps check.Problems
	if len(p.Targets) > maxTargets {
		ps.Add("Targets", len(p.Targets), "must be at most %d", maxTargets).See(targetsPage)
	} else if n := len(p.Targets) + len(p.Streams); n > maxTargets {
		ps.Add("Streams", len(p.Streams), "must be at most %d with Targets, of which there are %d", maxTargets, len(p.Targets)).See(targetsPage)
	}
	ps.Seconds("HealthCheckGrace", p.HealthCheckGrace, 0, math.MaxInt32*time.Second).See(servicePage)
	containers := p.Task.Containers()
	d := p.withDefaults()
	ps = append(ps, d.networkProblems()...)
	for i, target := range d.Targets {
		path := fmt.Sprintf("Targets[%d]", i)
		ps.In(path, d.modeProblems(p.Targets[i]))
		given := p.Targets[i]
		given.Shift = target.Shift
		ps.In(path, given.Problems())
		if alb := target.LoadBalancer; alb != nil && alb.Network != nil && p.elsewhere(alb.Network) {
			ps.Add(path+".LoadBalancer", nil, "must be in the network of the cluster")
		}
		j := slices.IndexFunc(containers, func(c task.Container) bool { return c.Name == target.Container })
		if j < 0 {
			ps.Add(path+".Container", target.Container, "must name a container of the task")
			continue
		}
		ps.In(path, reachProblems(target, containers[j]))
	}
	return ps
}

// elsewhere reports whether a network is another than that of the cluster, as far as there is one.
func (p Props) elsewhere(n *network.Network) bool {
	return len(p.Cluster.Problems()) == 0 && !sameVPC(n, p.Cluster.Network)
}

// sameVPC reports whether two networks are one VPC, which may have been imported twice.
func sameVPC(a, b *network.Network) bool {
	return a == b || a != nil && b != nil && a.VPC != nil && (a.VPC == b.VPC || a.ID != nil && b.ID != nil && *a.ID == *b.ID)
}

// reachProblems names a port that the container does not have, and requests that would outlive it.
func reachProblems(target ingress.TargetProps, c task.Container) check.Problems {
	var ps check.Problems
	if target.Port == 0 {
		ps.Add("Port", nil, "must be set, or container %q must have a Port", c.Name)
	} else if !slices.Contains(c.Ports(), target.Port) {
		ps.Add("Port", target.Port, "must be a port of container %q: %v", c.Name, c.Ports())
	}
	if delay := target.Group.Delay(); delay > c.StopTimeout {
		ps.Add("Group.DeregistrationDelay", delay, "must be at most the StopTimeout of container %q (%v), "+
			"or the container is killed with requests in it", c.Name, c.StopTimeout)
	}
	return ps
}

// ProblemsIn names what is wrong with the props for a service with this id in scope alone: routes that stand in the way
// of its own, and a cluster and a topic that it cannot refer to. A pattern adds them to its own problems, so that all are
// named before anything is made.
func (p Props) ProblemsIn(scope constructs.Construct, id string) check.Problems {
	var ps check.Problems
	places := make([]string, len(p.Targets))
	for i := range places {
		places[i] = check.Place(scope, id) + "/" + routeID(i)
	}
	ps.In("Targets", ingress.Collisions(p.Targets, places))
	d := p.withDefaults()
	streams := make([]string, len(p.Streams))
	for i := range streams {
		streams[i] = check.Place(scope, id) + "/" + streamID(p.Streams[i])
	}
	ps.In("Streams", ingress.StreamProblems(scope, d.Streams, streams))
	if d.Task.Mode() == task.Host {
		ps.In("Targets", ingress.Occupied(d.Targets, d.Capacity.Pools()))
		ps.In("Streams", ingress.OccupiedByStreams(d.Streams, d.Capacity.Pools()))
	}
	for i, target := range p.Targets {
		if target.LoadBalancer != nil {
			ps.In(fmt.Sprintf("Targets[%d].LoadBalancer", i), check.Refer(scope, target.LoadBalancer))
		}
	}
	if len(p.Cluster.Problems()) == 0 {
		elsewhere := check.Refer(scope, p.Cluster)
		ps.In("Cluster", elsewhere)
		if topic := p.Alarms.Topic; topic != nil && len(elsewhere) == 0 { // a pattern takes both from its platform
			ps.In("Alarms.Topic", check.Refer(scope, topic))
		}
	}
	ps.In("Task", p.Task.ProblemsIn(scope))
	ps = append(ps, p.namespaces(scope, check.Place(scope, id))...)
	return append(ps, p.restartProblems(scope)...)
}
