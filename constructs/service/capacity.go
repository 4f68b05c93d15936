package service

import (
	"cmp"
	"slices"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/task"
)

const (
	spotPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html"
	sizePage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html"
	gpuPage  = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html"
	portPage = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"
)

// capacityProblems names a capacity of another cluster, one that the task does not fit, and a placement that the capacity
// does not leave to anyone.
func (p Props) capacityProblems() check.Problems {
	var ps check.Problems
	d := p.withDefaults()
	own := d.Capacity.Problems()
	ps.In("Capacity", own)
	if len(own) > 0 {
		return ps
	}
	if c := d.Capacity.Cluster(); c != nil && p.Cluster != nil && c != p.Cluster {
		ps.Add("Capacity", nil, "must be of the service's cluster")
	}
	if launch := p.Task.LaunchType; launch != "" && launch != d.Task.LaunchType {
		ps.Add("Task.LaunchType", string(launch), "must be empty or %s, that of Capacity", d.Task.LaunchType)
	}
	if !p.Daemon && len(d.Capacity.Strategy()) == 0 {
		ps.Add("Capacity", nil, "must be a pool or cluster.Mix, for only a Daemon runs on all pools")
	}
	if d.Capacity.Spot() && p.Task.OS.Windows() {
		ps.Add("Capacity", nil, "must not be Spot, which Windows containers do not run on").See(spotPage)
	}
	ps.In("Placement", d.placementProblems(p.Placement))
	if d.Task.LaunchType != task.Fargate {
		ps = append(ps, d.sizeProblems()...)
		ps = append(ps, d.roomProblems()...)
	}
	return ps
}

// sizeProblems names what a task needs and no instance of the capacity has, or not every one.
func (p Props) sizeProblems() check.Problems {
	size, need := p.Capacity.Size(), p.Task.Reservation()
	ps := p.architectureProblems()
	if size.CPU > 0 && need.CPU > size.CPU {
		ps.Add(p.sizeField("CPU"), need.CPU, "must be at most what the smallest instance has (%d CPU units), sidecars included", size.CPU)
	}
	if size.MemoryMiB > 0 && need.MemoryMiB >= size.MemoryMiB {
		ps.Add(p.sizeField("MemoryMiB"), need.MemoryMiB, "must be less than what the smallest instance has for tasks (%d MiB), sidecars "+
			"included", size.MemoryMiB).See(sizePage)
	}
	if size.GPUs >= 0 && need.GPUs > size.GPUs {
		ps.Add("Task.GPUs", need.GPUs, "must be at most what each instance has (%d)", size.GPUs).See(gpuPage)
	}
	return ps
}

// architectureProblems names an architecture that is not that of all instances. A daemon's images may be there for several.
func (p Props) architectureProblems() check.Problems {
	var ps check.Problems
	asked := p.Task.Architecture
	asked = cmp.Or(asked, task.X86_64)
	if p.Capacity.Cluster() == nil || p.Daemon || asked != task.X86_64 && asked != task.ARM64 {
		return ps
	}
	sizes := []cluster.Size{p.Capacity.Size()}
	for _, pool := range p.Capacity.Pools() {
		sizes = append(sizes, pool.Size())
	}
	for _, size := range sizes {
		if size.ARM64 != (asked == task.ARM64) {
			ps.Add("Task.Architecture", string(p.Task.Architecture), "must be that of all instances of Capacity (ARM64: %t)", size.ARM64)
			return ps
		}
	}
	return ps
}

// sizeField returns the field of the task that a size was set by.
func (p Props) sizeField(name string) string {
	switch t := p.Task; {
	case name == "CPU" && t.CPU == 0 && t.CPUReservation != 0:
		return "Task.CPUReservation"
	case name == "CPU" || t.MemoryMiB != 0:
		return "Task." + name
	case t.MemoryReservationMiB != 0:
		return "Task.MemoryReservationMiB"
	case t.MemoryLimitMiB != 0:
		return "Task.MemoryLimitMiB"
	}
	return "Task." + name
}

// roomProblems finds more tasks than instances where an instance holds one: tasks with ports of the instance, and those
// that are kept on distinct ones. A deployment that starts a task before it stops one needs an instance more.
func (p Props) roomProblems() check.Problems {
	var ps check.Problems
	instances := p.Capacity.Size().MaxInstances
	fixed := p.Task.Mode() == task.Host && slices.ContainsFunc(p.Task.Containers(), func(c task.Container) bool {
		return len(c.Ports())+len(c.UDPPorts) > 0
	})
	if instances == 0 || p.Daemon || !fixed && !slices.Contains(p.Placement.Constraints, DistinctInstances) {
		return ps
	}
	field, tasks := "Count", p.Count
	if p.Scaling != nil {
		field, tasks = "Scaling.Max", p.Scaling.Max
	}
	s := p.settings()
	switch {
	case tasks > instances:
		ps.Add(field, tasks, "must be at most the number of instances that there can be (%d), for each holds one task", instances)
	case tasks == instances && (tasks*s.MinHealthyPercent+99)/100 >= tasks:
		ps.Add(field, tasks, "must be less than the number of instances that there can be (%d), for each holds one task and a "+
			"deployment starts one before it stops one; or set Deploy with a MinHealthyPercent that lets it stop one first", instances).
			See(portPage)
	}
	return ps
}

// placementProblems expects props with their defaults, and the placement that was given.
func (p Props) placementProblems(given Placement) check.Problems {
	var ps check.Problems
	only := func(strategies, distinct, rebalancing bool, why string) {
		if !strategies && given.Strategies != nil {
			ps.Add("Strategies", nil, "must be empty %s", why)
		}
		if !distinct && slices.Contains(given.Constraints, DistinctInstances) {
			ps.Add("Constraints", string(DistinctInstances), "must not be set %s", why)
		}
		if !rebalancing && given.NoRebalancing {
			ps.Add("NoRebalancing", given.NoRebalancing, "must not be set %s", why)
		}
	}
	switch {
	case p.Daemon:
		only(false, false, false, "for a Daemon, which is once on every instance")
	case p.Task.LaunchType == task.ManagedInstances:
		only(false, false, false, "on managed instances, where ECS places tasks in a way of its own")
	case p.Task.LaunchType == task.Fargate:
		only(false, true, false, "on Fargate, which has no instances to choose from")
		if len(given.Constraints) > 0 {
			ps.Add("Constraints", given.Constraints, "must be empty on Fargate, which has no instances to choose from").See(constraintPage)
		}
		return ps
	default:
		given.NoRebalancing = given.NoRebalancing || p.settings().MaxPercent <= 100
		return append(given.Problems(), p.Placement.countProblems()...)
	}
	if p.Task.LaunchType == task.ManagedInstances {
		ps = append(ps, given.managedProblems()...)
	}
	ps = append(ps, Placement{Constraints: given.Constraints, NoRebalancing: true}.Problems()...)
	return append(ps, p.Placement.countProblems()...)
}

// networkProblems names a network mode in which no target is served.
func (p Props) networkProblems() check.Problems {
	var ps check.Problems
	switch mode := p.Task.Mode(); {
	case !p.balanced():
	case mode == task.None:
		ps.Add("Task.NetworkMode", string(mode), "must be another one to receive requests").See(portPage)
	case mode == task.Host && p.Task.LaunchType == task.ManagedInstances:
		ps.Add("Task.NetworkMode", string(mode), "must be %s on managed instances to receive requests", task.AWSVPC).See(portPage)
	}
	return ps
}

// modeProblems names what of a target the network mode cannot serve.
func (p Props) modeProblems(given ingress.TargetProps) check.Problems {
	var ps check.Problems
	switch mode := p.Task.Mode(); {
	case mode == task.Bridge && given.Group.HealthCheck.Port != 0:
		ps.Add("Group.HealthCheck.Port", given.Group.HealthCheck.Port, "must be 0 in network mode %s, where a task's port is "+
			"another on every instance", task.Bridge).See(portPage)
	case mode == task.AWSVPC && given.Instances:
		ps.Add("Instances", given.Instances, "must be false in network mode %s, where tasks have addresses of their own", task.AWSVPC)
	}
	return ps
}

// daemonProblems names what a daemon does not have: a number of tasks, requests, or anything to run on but instances.
func (p Props) daemonProblems() check.Problems {
	var ps check.Problems
	if !p.Daemon {
		return ps
	}
	not := func(field string, set bool, why string) {
		if set {
			ps.Add(field, nil, "must not be set for a Daemon, %s", why)
		}
	}
	not("Count", p.Count != 0, "of which there are as many as instances")
	not("Scaling", p.Scaling != nil, "of which there are as many as instances")
	not("Singleton", p.Singleton, "which is once on every instance")
	not("Deploy", !check.IsNil(p.Deploy), "which stops the old task before it starts the new one")
	not("Targets", len(p.Targets) > 0, "which serves its own instance")
	not("Streams", len(p.Streams) > 0, "which serves its own instance")
	if launch := p.withDefaults().Task.LaunchType; launch != task.EC2 {
		ps.Add("Capacity", nil, "must be a pool, cluster.Mix or cluster.AllPools for a Daemon, not %s", launch).See(daemonPage)
	}
	return ps
}

const daemonPage = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon"
