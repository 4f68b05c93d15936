package property

import (
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/task"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

// appPlan is an app before any construct exists: props as a user writes them, in which stand-ins are where they refer to
// constructs, until build puts these there.
type appPlan struct {
	// Known has stacks know their account and region.
	Known bool
	// OwnStacks puts each service into a stack of its own. Otherwise all is in one.
	OwnStacks bool
	// OwnVPC imports a network, of which NoNAT is that of Platform.Network. Otherwise one is made.
	OwnVPC   bool
	Platform platform.Props
	Pools    []cluster.PoolProps
	Managed  []cluster.ManagedInstancesProps
	NLBs     []ingress.NLBProps
	API      *httpapi.Props
	Answers  []answerPlan
	Services []servicePlan
	// Calls let services in, after all have been made.
	Calls []call
}

// servicePlan is one service of an app; one of the pointers is set.
type servicePlan struct {
	Web     *web.Props
	Backend *backend.Props
	Worker  *worker.Props
	Job     *job.Props
	Daemon  *daemon.Props
	// MoreTargets and Streams of Web say by a number which load balancer they are on.
	MoreTargets []targetPlan
	Streams     []streamPlan
	// AllowFrom are services before this one, by their numbers, that its props let in.
	AllowFrom []int
	// Pools of Daemon, by their numbers.
	Pools []int
}

// targetPlan is a target on the public load balancer, or on the internal one.
type targetPlan struct {
	Internal bool
	Target   ingress.TargetProps
}

// streamPlan is a stream on one of the app's Network Load Balancers.
type streamPlan struct {
	NLB    int
	Stream ingress.StreamProps
}

// answerPlan is what a load balancer answers itself; one of the pointers is set.
type answerPlan struct {
	Internal bool
	Response *ingress.ResponseProps
	Redirect *ingress.RedirectProps
}

// call lets one service in to another, both by their numbers.
type call struct{ From, To int }

// GoString returns the plan as Go source, for who reads a failure and wants to keep it.
func (p appPlan) GoString() string { return source(p) }

// task returns what the tasks of the service are made of.
func (s servicePlan) task() *task.Props {
	switch {
	case s.Web != nil:
		return &s.Web.Task
	case s.Backend != nil:
		return &s.Backend.Task
	case s.Worker != nil:
		return &s.Worker.Task
	case s.Job != nil:
		return &s.Job.Task
	}
	return &s.Daemon.Task
}

// capacity returns what the tasks of the service run on; nil if the props do not say.
func (s servicePlan) capacity() cluster.Capacity {
	switch {
	case s.Web != nil:
		return s.Web.Capacity
	case s.Backend != nil:
		return s.Backend.Capacity
	case s.Worker != nil:
		return s.Worker.Capacity
	case s.Job != nil:
		return s.Job.Capacity
	}
	return nil
}
