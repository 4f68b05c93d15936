package property

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/service"
	"github.com/ecskit/ecskit/patterns/backend"
	"github.com/ecskit/ecskit/patterns/daemon"
	"github.com/ecskit/ecskit/patterns/job"
	"github.com/ecskit/ecskit/patterns/platform"
	"github.com/ecskit/ecskit/patterns/web"
	"github.com/ecskit/ecskit/patterns/worker"
)

// site is an app that is being built: what the stand-ins of its plan stand for.
type site struct {
	plan     appPlan
	prefix   string // of the names of stacks
	release  string
	scope    constructs.Construct // the app, or a stage of it
	shared   awscdk.Stack
	platform *platform.Platform
	pools    []*cluster.Pool
	managed  []*cluster.ManagedInstances
	nlbs     []*ingress.NLB
	callers  []service.Caller // nil for jobs
	things   map[string]any   // keys, functions and topics of the app
	problems check.Problems   // that Problems named before a construct was made
}

// build makes the app with the images of a release, beside other apps that have other prefixes. It panics as constructors do, and returns
// what Problems named of any props.
func (p appPlan) build(scope constructs.Construct, prefix, release string) check.Problems {
	s := &site{plan: p, prefix: prefix, release: release, scope: scope, things: map[string]any{}}
	for _, id := range warnings {
		awscdk.Validations_Of(scope).Acknowledge(&awscdk.Acknowledgment{Id: jsii.String("Annotation::@ecskit/" + id), Reason: jsii.String("drawn so")})
	}
	s.shared = s.newStack("Shared")
	props := p.Platform
	if p.OwnVPC {
		props.Network.VPC = s.importVPC()
	}
	s.note("Platform", props.Problems())
	s.platform = platform.New(s.shared, "Platform", props)
	for i, pool := range p.Pools {
		pool.Cluster = s.platform.Cluster
		s.note("Pool", pool.Problems())
		s.pools = append(s.pools, cluster.NewPool(s.shared, fmt.Sprintf("Pool%d", i), pool))
	}
	for i, m := range p.Managed {
		m.Cluster = s.platform.Cluster
		s.note("Managed", m.Problems())
		s.managed = append(s.managed, cluster.NewManagedInstances(s.shared, fmt.Sprintf("Managed%d", i), m))
	}
	for i, n := range p.NLBs {
		n.Network = s.platform.Network
		s.note("NLB", n.Problems())
		s.nlbs = append(s.nlbs, ingress.NewNLB(s.shared, fmt.Sprintf("Streams%d", i), n))
	}
	for i, plan := range p.Services {
		s.buildService(i, plan)
	}
	if p.API != nil {
		api := *p.API
		api.LoadBalancer = s.platform.Internal
		s.note("API", api.Problems())
		httpapi.New(s.shared, "API", api)
	}
	for i, a := range p.Answers {
		s.buildAnswer(fmt.Sprintf("Answer%d", i), a)
	}
	for _, c := range p.Calls {
		s.callers[c.To].Tasks().AllowFrom(s.callers[c.From])
	}
	return s.problems
}

// warnings are those of apps that are as they should be.
var warnings = []string{
	"cluster:oneSpotType", "cluster:unknownInstanceType", "ingress:firewallCapacity", "service:callsInACircle",
}

func (s *site) note(field string, ps check.Problems) { s.problems.In(field, ps) }

func (s *site) newStack(id string) awscdk.Stack {
	props := &awscdk.StackProps{}
	if s.plan.Known {
		props.Env = &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)}
	}
	return awscdk.NewStack(s.scope, jsii.String(s.prefix+id), props)
}

// stack returns the stack of a service.
func (s *site) stack(i int) awscdk.Stack {
	if s.plan.OwnStacks {
		return s.newStack(fmt.Sprintf("Service%d", i))
	}
	return s.shared
}

func (s *site) importVPC() awsec2.IVpc {
	props := &awsec2.VpcAttributes{
		VpcId: jsii.String("vpc-0123456789abcdef0"), VpcCidrBlock: jsii.String("10.8.0.0/16"),
		AvailabilityZones: jsii.Strings(region+"a", region+"b"),
		PublicSubnetIds:   jsii.Strings("subnet-0000000000000000a", "subnet-0000000000000000b"),

		PublicSubnetRouteTableIds: jsii.Strings("rtb-0000000000000000a", "rtb-0000000000000000b"),
	}
	subnets, tables := jsii.Strings("subnet-0000000000000001a", "subnet-0000000000000001b"), jsii.Strings("rtb-0000000000000001a", "rtb-0000000000000001b")
	if s.plan.Platform.Network.NoNAT {
		props.IsolatedSubnetIds, props.IsolatedSubnetRouteTableIds = subnets, tables
	} else {
		props.PrivateSubnetIds, props.PrivateSubnetRouteTableIds = subnets, tables
	}
	return awsec2.Vpc_FromVpcAttributes(s.shared, jsii.String("VPC"), props)
}

// balancer returns the internal or the public load balancer.
func (s *site) balancer(internal bool) *ingress.ALB {
	if internal {
		return s.platform.Internal
	}
	return s.platform.Public
}

func (s *site) buildAnswer(id string, a answerPlan) {
	if a.Response != nil {
		p := *a.Response
		p.LoadBalancer = s.balancer(a.Internal)
		s.note(id, p.Problems())
		ingress.NewResponse(s.shared, id, p)
		return
	}
	p := *a.Redirect
	p.LoadBalancer = s.balancer(a.Internal)
	s.note(id, p.Problems())
	ingress.NewRedirect(s.shared, id, p)
}

func (s *site) buildService(i int, plan servicePlan) {
	stack, id := s.stack(i), fmt.Sprintf("S%d", i)
	f := &filler{site: s, stack: stack, id: id}
	var caller service.Caller
	switch {
	case plan.Web != nil:
		p := *plan.Web
		p.Platform, p.Task, p.Capacity, p.Deploy = s.platform, f.task(p.Task), f.capacity(p.Capacity), f.deploy(p.Deploy)
		for _, target := range plan.MoreTargets {
			target.Target.LoadBalancer = s.balancer(target.Internal)
			p.MoreTargets = append(p.MoreTargets, target.Target)
		}
		for _, stream := range plan.Streams {
			stream.Stream.LoadBalancer = s.nlbs[stream.NLB]
			p.Streams = append(p.Streams, stream.Stream)
		}
		p.AllowFrom = s.named(plan.AllowFrom)
		s.note(id, p.Problems())
		caller = web.New(stack, id, p)
	case plan.Backend != nil:
		p := *plan.Backend
		p.Platform, p.Task, p.Capacity, p.Deploy = s.platform, f.task(p.Task), f.capacity(p.Capacity), f.deploy(p.Deploy)
		p.AllowFrom = s.named(plan.AllowFrom)
		s.note(id, p.Problems())
		caller = backend.New(stack, id, p)
	case plan.Worker != nil:
		p := *plan.Worker
		p.Platform, p.Task, p.Capacity, p.Deploy = s.platform, f.task(p.Task), f.capacity(p.Capacity), f.deploy(p.Deploy)
		p.OwnQueue, p.Queue = f.queue(p.OwnQueue), f.queueProps(p.Queue)
		s.note(id, p.Problems())
		caller = worker.New(stack, id, p)
	case plan.Job != nil:
		p := *plan.Job
		p.Platform, p.Task, p.Capacity = s.platform, f.task(p.Task), f.capacity(p.Capacity)
		s.note(id, p.Problems())
		job.New(stack, id, p)
	case plan.Daemon != nil:
		p := *plan.Daemon
		p.Platform, p.Task = s.platform, f.task(p.Task)
		for _, n := range plan.Pools {
			p.Pools = append(p.Pools, s.pools[n])
		}
		s.note(id, p.Problems())
		caller = daemon.New(stack, id, p)
	}
	s.callers = append(s.callers, caller)
}

func (s *site) named(numbers []int) []service.Caller {
	var all []service.Caller
	for _, n := range numbers {
		all = append(all, s.callers[n])
	}
	return all
}
