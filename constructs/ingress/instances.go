package ingress

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// The ports of an instance that Docker gives to containers in network mode bridge.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
const (
	FirstDynamicPort = 32768
	LastDynamicPort  = 65535
)

// Passage is the way from a load balancer to the dynamic ports of a pool's instances: a rule that lets it in and one that
// lets it out. All services in network mode bridge on the pool share it, for EC2 refuses a second rule that says the same.
type Passage struct {
	constructs.Construct

	pool *cluster.Pool
}

// Pool returns the pool that the way leads to.
func (p *Passage) Pool() *cluster.Pool { return p.pool }

// Open opens the pool's dynamic ports to the load balancer, once however often it is called. A service in network mode
// bridge does so itself; beside the load balancer it keeps the way open for services that come and go.
//
// The rules are made below the load balancer or, if its stack has the network and the pool is in another one, below the
// pool: wherever the two stacks do not come to depend on each other.
func (a *ALB) Open(pool *cluster.Pool) *Passage { return a.gate.open(a, a.Network, pool) }

// Open opens the pool's dynamic ports to the load balancer, once however often it is called. See Open of [ALB].
func (n *NLB) Open(pool *cluster.Pool) *Passage { return n.gate.open(n, n.Network, pool) }

// hostPort is a port of a pool's instances, which one service has opened to a load balancer.
type hostPort struct {
	pool *cluster.Pool
	port span
}

// Occupied names ports of pools that another service has opened to the load balancer of a target: EC2 would refuse the
// rule for the second one, and the tasks of both could not be on one instance.
func Occupied(targets []TargetProps, pools []*cluster.Pool) check.Problems {
	var ps check.Problems
	for i, t := range targets {
		if t.LoadBalancer != nil {
			ps.In(fmt.Sprintf("[%d]", i), t.LoadBalancer.gate.occupied(t.ports(), pools))
		}
	}
	return ps
}

// OccupiedByStreams names ports of pools that another service has opened to the load balancer of a stream, as [Occupied]
// does for targets.
func OccupiedByStreams(streams []StreamProps, pools []*cluster.Pool) check.Problems {
	var ps check.Problems
	for i, s := range streams {
		if s.LoadBalancer != nil {
			ps.In(fmt.Sprintf("[%d]", i), s.LoadBalancer.gate.occupied(s.ports(), pools))
		}
	}
	return ps
}

func (g *gate) occupied(ports []span, pools []*cluster.Pool) check.Problems {
	var ps check.Problems
	for _, pool := range pools {
		for _, port := range ports {
			if owner, taken := g.hostPorts[hostPort{pool, port}]; taken {
				ps.Add("Port", port.from, "must be another port of the instances than that of %s, or in network mode bridge, which "+
					"has ports for all", owner)
			}
		}
	}
	return ps
}

// openHosts opens ports of instances to load balancers, in the service's own stack.
func (r *Reach) openHosts(props ReachProps, place string) {
	for _, e := range props.ends() {
		for _, pool := range props.Pools {
			for _, port := range e.ports {
				w := way{e.gate, pool, port}
				if r.ways[w] {
					continue
				}
				r.ways[w] = true
				e.gate.hostPorts[hostPort{pool, port}] = place
				id := names.Key(port.id(), e.gate.place, check.Place(pool, ""))
				e.gate.openWay(r, id, pool.SecurityGroup.SecurityGroupId(), port)
			}
		}
	}
}
