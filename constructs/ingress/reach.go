package ingress

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/internal/ask"
)

// ReachProps says which load balancers reach which tasks.
type ReachProps struct {
	// Targets are all targets of the tasks, with their Port set. Required, unless Streams is set.
	Targets []TargetProps
	// Streams are all streams of the tasks, with their Port set. Required, unless Targets is set.
	Streams []StreamProps
	// SecurityGroup is the group of tasks in network mode awsvpc. Required, unless Pools is set.
	SecurityGroup awsec2.ISecurityGroup
	// Pools are those whose instances tasks in network mode host share the ports of. Not with SecurityGroup.
	Pools []*cluster.Pool
}

// Reach is the way from load balancers to the tasks of one service: for each load balancer and each port that it sends
// requests or health checks to, a rule that lets them in and one that lets them out, and nothing wider.
type Reach struct {
	constructs.Construct

	ways map[way]bool
}

// way is one way of a [Reach], to the tasks or to a pool. Two targets can share it; two equal rules would be refused by EC2.
type way struct {
	gate *gate
	pool *cluster.Pool
	port span
}

// end is what a load balancer reaches.
type end struct {
	gate  *gate
	ports []span
}

// ends are what all load balancers reach.
func (p ReachProps) ends() []end {
	var ends []end
	for _, t := range p.Targets {
		ends = append(ends, end{&t.LoadBalancer.gate, t.ports()})
	}
	for _, s := range p.Streams {
		ends = append(ends, end{&s.LoadBalancer.gate, s.ports()})
	}
	return ends
}

// Problems names missing targets, load balancers and ports, and a missing security group.
func (p ReachProps) Problems() check.Problems {
	var ps check.Problems
	if len(p.Targets)+len(p.Streams) == 0 {
		ps.Add("Targets", nil, "must be set, or Streams")
	}
	missing := func(path string, balancer bool, port int) {
		if !balancer {
			ps.Add(path+".LoadBalancer", nil, "must be set")
		}
		if port == 0 {
			ps.Add(path+".Port", nil, "must be set")
		}
	}
	for i, t := range p.Targets {
		missing("Targets["+strconv.Itoa(i)+"]", t.LoadBalancer != nil && t.LoadBalancer.Network != nil, t.Port)
	}
	for i, s := range p.Streams {
		missing("Streams["+strconv.Itoa(i)+"]", s.LoadBalancer != nil && s.LoadBalancer.Network != nil, s.Port)
	}
	for i, pool := range p.Pools {
		ps.In("Pools["+strconv.Itoa(i)+"]", pool.Problems())
	}
	if check.IsNil(p.SecurityGroup) == (len(p.Pools) == 0) {
		ps.Add("SecurityGroup", nil, "must be set, or Pools, and not both")
	}
	return ps
}

// NewReach opens the tasks to the load balancers of their targets and streams, with children that are named after port and
// load balancer: they stay what they are whichever targets come and go beside them. It panics with a *[check.Error] if
// props have problems.
func NewReach(scope constructs.Construct, id string, props ReachProps) *Reach {
	check.Must(scope, id, props.Problems())
	r := &Reach{ways: map[way]bool{}}
	check.Construct(r, scope, id)
	if len(props.Pools) > 0 {
		r.openHosts(props, strings.TrimSuffix(check.Place(scope, id), "/"+id))
		return r
	}
	tasks := ask.Once(props.SecurityGroup, "id", props.SecurityGroup.SecurityGroupId)
	for _, e := range props.ends() {
		for _, port := range e.ports {
			if w := (way{e.gate, nil, port}); !r.ways[w] {
				r.ways[w] = true
				e.gate.openWay(r, port.id()+e.gate.key, tasks, port)
			}
		}
	}
	return r
}

// single returns a port as a range.
func single(port int, udp bool) span { return span{port, port, udp} }

// id tells a port from every other: its number, and UDP.
func (s span) id() string {
	if s.udp {
		return strconv.Itoa(s.from) + "UDP"
	}
	return strconv.Itoa(s.from)
}

// ports are those that the load balancer sends requests and health checks to.
func (p TargetProps) ports() []span {
	ports := []span{single(p.Port, false)}
	if check := p.Group.HealthCheck.Port; check != 0 {
		ports = append(ports, single(check, false))
	}
	return ports
}

// Opens reports whether the load balancer reaches the tasks on the port.
func (r *Reach) Opens(alb *ALB, port int) bool {
	for w := range r.ways {
		if w.gate == &alb.gate && w.port == single(port, false) {
			return true
		}
	}
	return false
}
