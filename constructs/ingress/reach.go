package ingress

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
)

// ReachProps says which load balancers reach which tasks.
type ReachProps struct {
	// Targets are all targets of the tasks, with their Port set. Required.
	Targets []TargetProps
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
	alb  *ALB
	pool *cluster.Pool
	port int
}

// Problems names missing targets, load balancers and ports, and a missing security group.
func (p ReachProps) Problems() check.Problems {
	var ps check.Problems
	if len(p.Targets) == 0 {
		ps.Add("Targets", nil, "must be set")
	}
	for i, t := range p.Targets {
		path := "Targets[" + strconv.Itoa(i) + "]"
		if t.LoadBalancer == nil {
			ps.Add(path+".LoadBalancer", nil, "must be set")
		}
		if t.Port == 0 {
			ps.Add(path+".Port", nil, "must be set")
		}
	}
	if check.IsNil(p.SecurityGroup) == (len(p.Pools) == 0) {
		ps.Add("SecurityGroup", nil, "must be set, or Pools, and not both")
	}
	return ps
}

// NewReach opens the tasks to the load balancers of their targets, with children that are named after port and load
// balancer: they stay what they are whichever targets come and go beside them. It panics with a *[check.Error] if props
// have problems.
func NewReach(scope constructs.Construct, id string, props ReachProps) *Reach {
	check.Must(scope, id, props.Problems())
	r := &Reach{ways: map[way]bool{}}
	check.Construct(r, scope, id)
	if len(props.Pools) > 0 {
		r.openHosts(props, strings.TrimSuffix(check.Place(scope, id), "/"+id))
		return r
	}
	tasks := props.SecurityGroup.SecurityGroupId()
	for _, t := range props.Targets {
		for _, port := range t.ports() {
			if w := (way{t.LoadBalancer, nil, port}); !r.ways[w] {
				r.ways[w] = true
				openWay(r, strconv.Itoa(port)+t.LoadBalancer.key, t.LoadBalancer, tasks, port, port)
			}
		}
	}
	return r
}

// ports are those that the load balancer sends requests and health checks to.
func (p TargetProps) ports() []int {
	if check := p.Group.HealthCheck.Port; check != 0 {
		return []int{p.Port, check}
	}
	return []int{p.Port}
}

// Opens reports whether the load balancer reaches the tasks on the port.
func (r *Reach) Opens(alb *ALB, port int) bool {
	for w := range r.ways {
		if w.alb == alb && w.port == port {
			return true
		}
	}
	return false
}
