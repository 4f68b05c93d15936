package ingress

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

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
func (a *ALB) Open(pool *cluster.Pool) *Passage {
	if p := a.passages[pool]; p != nil {
		return p
	}
	scope, id := constructs.Construct(a), names.Key("Instances", check.Place(pool, ""))
	if network := check.Stack(a.Network); check.Stack(a) == network && check.Stack(pool) != network {
		scope, id = pool, names.Key("LoadBalancer", a.place)
	}
	p := &Passage{pool: pool}
	check.Construct(p, scope, id)
	openWay(p, "", a, pool.SecurityGroup.SecurityGroupId(), FirstDynamicPort, LastDynamicPort)
	a.passages[pool] = p
	return p
}

// openWay makes the two rules of a way from a load balancer to ports.
func openWay(scope constructs.Construct, id string, a *ALB, group *string, from, to int) {
	tcp, first, last := jsii.String("tcp"), jsii.Number(float64(from)), jsii.Number(float64(to))
	awsec2.NewCfnSecurityGroupIngress(scope, jsii.String("In"+id), &awsec2.CfnSecurityGroupIngressProps{
		GroupId: group, SourceSecurityGroupId: a.securityGroupID,
		IpProtocol: tcp, FromPort: first, ToPort: last, Description: jsii.String("From the load balancer"),
	})
	awsec2.NewCfnSecurityGroupEgress(scope, jsii.String("Out"+id), &awsec2.CfnSecurityGroupEgressProps{
		GroupId: a.securityGroupID, DestinationSecurityGroupId: group,
		IpProtocol: tcp, FromPort: first, ToPort: last, Description: jsii.String("To the tasks"),
	})
}

// hostPort is a port of a pool's instances, which one service has opened to a load balancer.
type hostPort struct {
	pool *cluster.Pool
	port int
}

// Occupied names ports of pools that another service has opened to the load balancer of a target: EC2 would refuse the
// rule for the second one, and the tasks of both could not be on one instance.
func Occupied(targets []TargetProps, pools []*cluster.Pool) check.Problems {
	var ps check.Problems
	for i, t := range targets {
		if t.LoadBalancer == nil {
			continue
		}
		for _, pool := range pools {
			for _, port := range t.ports() {
				if owner, taken := t.LoadBalancer.hostPorts[hostPort{pool, port}]; taken {
					ps.Add(fmt.Sprintf("[%d].Port", i), port, "must be another port of the instances than that of %s, or in network "+
						"mode bridge, which has ports for all", owner)
				}
			}
		}
	}
	return ps
}

// openHosts opens ports of instances to the load balancers of the targets, in the service's own stack.
func (r *Reach) openHosts(props ReachProps, place string) {
	for _, t := range props.Targets {
		for _, pool := range props.Pools {
			for _, port := range t.ports() {
				key := hostPort{pool, port}
				if r.ways[way{t.LoadBalancer, pool, port}] {
					continue
				}
				r.ways[way{t.LoadBalancer, pool, port}] = true
				t.LoadBalancer.hostPorts[key] = place
				id := names.Key(strconv.Itoa(port), t.LoadBalancer.place, check.Place(pool, ""))
				openWay(r, id, t.LoadBalancer, pool.SecurityGroup.SecurityGroupId(), port, port)
			}
		}
	}
}
