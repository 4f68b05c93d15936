package service

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/task"
)

// Caller is a service that calls others: a *[Service], or a pattern that has one.
type Caller interface {
	// Tasks returns the service whose tasks call.
	Tasks() *Service
}

var _ Caller = (*Service)(nil)

// Tasks returns the service itself.
func (s *Service) Tasks() *Service { return s }

// AllowFrom lets the tasks of callers connect to the ports that the service is found by, and to no others. It does what
// AllowFrom in the props does, for services that call each other. It panics with a *[check.Error] for a caller that cannot be let in.
//
// Between services of two stacks, the rules are in the stack of the caller, which comes after that of the service from then on; so a service
// is deployed before those that find it by Service Connect. Where that would close a circle they are in the service's own stack: add such
// calls after those that are there, for their rules would change stacks. Before a caller goes, deploy the service without it.
//
// Where tasks share the security groups of their instances, in network modes bridge and host, the rules are for all tasks on these: a pool
// that calls lets all of its tasks in, and one that is called is open on all ports that bridge gives away. To keep services apart, use
// awsvpc. Each caller takes one of the 60 rules that AWS gives a security group.
func (s *Service) AllowFrom(callers ...Caller) {
	check.Must(s, "AllowFrom", s.props.callerProblems(callers), s.repeated(callers))
	for _, caller := range callers {
		s.callers = append(s.callers, caller.Tasks())
		s.admit(caller.Tasks())
		if c := s.props.Connect; c != nil && c.Name != "" {
			s.precede(caller.Tasks())
		}
	}
}

// repeated names callers that are let in already, and the service itself.
func (s *Service) repeated(callers []Caller) check.Problems {
	var ps check.Problems
	for i, caller := range callers {
		if check.IsNil(caller) {
			continue
		}
		switch {
		case caller.Tasks() == s:
			ps.Add(fmt.Sprintf("[%d]", i), nil, "must be another service: connections among the tasks of one are for you to allow, by Connections()")
		case slices.Contains(s.callers, caller.Tasks()):
			ps.Add(fmt.Sprintf("[%d]", i), nil, "must be let in once")
		}
	}
	return ps
}

// callerProblems expects props with their defaults filled in, and names callers that cannot be let in, or that do not find the service.
func (p Props) callerProblems(callers []Caller) check.Problems {
	var ps check.Problems
	if len(callers) == 0 {
		return ps
	}
	if p.Task.Mode() == task.None {
		ps.Add("", nil, "must be empty in network mode none, in which nobody reaches a task")
	} else if len(p.callPorts()) == 0 {
		ps.Add("", nil, "must be empty without a Port, which is what callers are let in to")
	}
	if mode := p.Task.Mode(); len(p.Capacity.Pools()) == 0 && (mode == task.Bridge || mode == task.Host) {
		ps.Add("", nil, "must be empty for tasks on all pools or, in network mode host, on managed instances, whose security groups are not "+
			"their own: name the pools, or use awsvpc")
	}
	var seen []*Service
	for i, caller := range callers {
		field := fmt.Sprintf("[%d]", i)
		if check.IsNil(caller) || caller.Tasks() == nil || caller.Tasks().Service == nil {
			ps.Add(field, nil, "must be a service that was made here: let in one of another app by Connections().AllowFrom, with its security group")
			continue
		}
		c := caller.Tasks()
		if slices.Contains(seen, c) {
			ps.Add(field, nil, "must be in the list once")
		}
		seen = append(seen, c)
		switch mode := c.props.Task.Mode(); {
		case mode == task.None:
			ps.Add(field, nil, "must not be in network mode none, from which nobody calls")
		case c.SecurityGroup == nil && len(c.props.Capacity.Pools()) == 0:
			ps.Add(field, nil, "must not run on all pools or, in network mode host, on managed instances, whose security groups are not its own: "+
				"name the pools, or use awsvpc")
		}
		if p.elsewhere(c.props.Cluster.Network) {
			ps.Add(field, nil, "must be in the network of the cluster")
		}
		if finds := c.props.Connect; p.Connect != nil && p.Connect.Name != "" && p.CloudMap == nil &&
			(finds == nil || !finds.Namespace.Same(p.Connect.Namespace)) {
			ps.Add(field, nil, "must have Connect in the same namespace, or it does not find the service")
		}
	}
	return ps
}

// callPorts are the ports of containers that the service is found by, or else the main container's.
func (p Props) callPorts() []int {
	var ports []int
	if p.CloudMap != nil {
		ports = append(ports, p.CloudMap.Port)
	}
	if p.Connect != nil && p.Connect.Name != "" {
		ports = append(ports, p.Connect.Port)
	}
	if len(ports) == 0 && p.Task.Port != 0 {
		ports = []int{p.Task.Port}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// door is a security group, of a service of its own or of a pool.
type door struct {
	pool  *cluster.Pool // nil for that of a service
	group awsec2.SecurityGroup
}

// doors are the security groups that the tasks are in.
func (s *Service) doors() []door {
	if s.SecurityGroup != nil {
		return []door{{nil, s.SecurityGroup}}
	}
	var doors []door
	for _, pool := range s.props.Capacity.Pools() {
		doors = append(doors, door{pool, pool.SecurityGroup})
	}
	return doors
}

// span is a range of ports.
type span struct{ from, to int }

// spans are the ports that tasks are reached at, in front of their containers.
func (s *Service) spans() []span {
	if s.props.Task.Mode() == task.Bridge {
		return []span{{ingress.FirstDynamicPort, ingress.LastDynamicPort}}
	}
	var spans []span
	for _, port := range s.props.callPorts() {
		spans = append(spans, span{port, port})
	}
	return spans
}

// admit makes the rules that let a caller in. A rule between a pool and a service is below the service, so that nothing depends on
// another one; pools keep theirs themselves, for services come and go, and EC2 refuses a second rule that says the same.
func (s *Service) admit(caller *Service) {
	for _, to := range s.doors() {
		for _, from := range caller.doors() {
			for _, ports := range s.spans() {
				switch {
				case to.pool != nil && from.pool != nil:
					to.pool.AllowFrom(from.pool, ports.from, ports.to)
				case to.pool != nil:
					caller.letIn("To", check.Place(to.pool, ""), to.group, from.group, ports)
				case from.pool != nil:
					s.letIn("From", check.Place(from.pool, ""), to.group, from.group, ports)
				case s.isHome(caller):
					s.letIn("From", check.Place(caller, ""), to.group, from.group, ports)
				default:
					caller.letIn("To", check.Place(s, ""), to.group, from.group, ports)
				}
			}
		}
	}
}

// letIn makes a rule, once.
func (s *Service) letIn(direction, place string, to, from awsec2.SecurityGroup, ports span) {
	id := names.Key(direction+strconv.Itoa(ports.from), place)
	if s.Node().TryFindChild(&id) != nil {
		return
	}
	awsec2.NewCfnSecurityGroupIngress(s, &id, &awsec2.CfnSecurityGroupIngressProps{
		GroupId: to.SecurityGroupId(), SourceSecurityGroupId: from.SecurityGroupId(), IpProtocol: jsii.String("tcp"),
		FromPort: jsii.Number(float64(ports.from)), ToPort: jsii.Number(float64(ports.to)),
		Description: jsii.String(names.Description(direction, place)),
	})
}

// order is what comes after what because of calls between services: stacks and, within a stack, services.
var order = struct {
	sync.Mutex
	after map[any][]any
}{after: map[any][]any{}}

// put has one thing come after another, unless the other comes after it.
func put(later, earlier any) bool {
	order.Lock()
	defer order.Unlock()
	if comesAfter(earlier, later) {
		return false
	}
	if !slices.Contains(order.after[later], earlier) {
		order.after[later] = append(order.after[later], earlier)
	}
	return true
}

// comesAfter reports whether a thing comes after another one, directly or by way of others.
func comesAfter(thing, other any) bool {
	if thing == other {
		return true
	}
	return slices.ContainsFunc(order.after[thing], func(next any) bool { return comesAfter(next, other) })
}

// follows reports whether a stack can come after another one, and has it do so as far as this library knows. Of what the stacks' other
// resources refer to, the CDK tells no earlier than it synthesizes.
func follows(later, earlier awscdk.Stack) bool {
	for _, said := range *earlier.Dependencies() {
		if *said.Node().Path() == *later.Node().Path() {
			return false
		}
	}
	return put(later, earlier)
}

// followShared has the service's stack come after those of what it shares with others, which it refers to from the start: a caller
// there cannot come after the service. What was imported is referred to by its names.
func (s *Service) followShared(p Props) {
	here := check.Stack(s)
	follow := func(shared constructs.Construct) {
		if there := check.Stack(shared); there != here {
			put(here, there)
		}
	}
	if !check.IsNil(p.Cluster.Cluster) {
		follow(p.Cluster)
	}
	for _, target := range p.Targets {
		if !check.IsNil(target.LoadBalancer.LoadBalancer) {
			follow(target.LoadBalancer)
		}
	}
	for _, stream := range p.Streams {
		follow(stream.LoadBalancer)
	}
	if p.Connect != nil && !check.IsNil(p.Connect.Namespace.Namespace) {
		follow(p.Connect.Namespace)
	}
	if p.CloudMap != nil && !check.IsNil(p.CloudMap.Namespace.Namespace) {
		follow(p.CloudMap.Namespace)
	}
}

// isHome reports whether a rule between two services is to be in this one's stack: that is if they share one, or if it comes after the
// caller's already. Otherwise the caller's from now on comes after it.
func (s *Service) isHome(caller *Service) bool {
	here, there := check.Stack(s), check.Stack(caller)
	return here == there || !follows(there, here)
}

// precede has the service be deployed before a caller, whose tasks find what they call when they start, and nothing that comes later.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
func (s *Service) precede(caller *Service) {
	here, there := check.Stack(s), check.Stack(caller)
	switch {
	case here == there && put(caller, s):
		caller.Service.Node().AddDependency(s.Service)
	case here != there && follows(there, here):
		there.AddStackDependency(here, jsii.String("tasks find what they call by Service Connect when they start"))
	case s.props.CloudMap == nil:
		awscdk.Annotations_Of(caller).AddWarningV2(jsii.String("@ecskit/service:callsInACircle"), jsii.String(
			"it calls "+check.Place(s, "")+" by Service Connect, which comes after it: its tasks find it with the deployment after the first one; "+
				"give that a CloudMap to be found by at once"))
	}
}
