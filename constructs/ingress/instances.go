package ingress

import (
	"fmt"

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

// Passage is the way from a load balancer to ports of a pool's instances: a rule that lets it in and one that lets it
// out. All services on the pool behind the load balancer share it, for EC2 refuses a second rule that says the same.
type Passage struct {
	constructs.Construct
	// From is the first of the ports.
	From int
	// To is the last of the ports.
	To int
}

// OpenInstances opens the pools to the load balancers of the targets, on the dynamic ports or, if these are false, on the
// targets' own ports and those of their health checks. It returns the passages, for a service to wait for. They are made
// once: in the stack of the pool or, where that stack has the network of a load balancer in another one, there.
func OpenInstances(pools []*cluster.Pool, targets []TargetProps, dynamic bool) []constructs.IDependable {
	var passages []constructs.IDependable
	seen := map[*Passage]bool{}
	open := func(alb *ALB, pool *cluster.Pool, from, to int) {
		if p := alb.passage(pool, from, to); !seen[p] {
			seen[p] = true
			passages = append(passages, p)
		}
	}
	for _, t := range targets {
		for _, pool := range pools {
			if dynamic {
				open(t.LoadBalancer, pool, FirstDynamicPort, LastDynamicPort)
				continue
			}
			open(t.LoadBalancer, pool, t.Port, t.Port)
			if port := t.Group.HealthCheck.Port; port != 0 {
				open(t.LoadBalancer, pool, port, port)
			}
		}
	}
	return passages
}

// way to a pool, of which there is one passage.
type poolWay struct {
	pool     *cluster.Pool
	from, to int
}

func (a *ALB) passage(pool *cluster.Pool, from, to int) *Passage {
	w := poolWay{pool, from, to}
	if p := a.passages[w]; p != nil {
		return p
	}
	// The stack that depends on the other takes the rules, or the two would depend on each other.
	scope, other, place := constructs.Construct(pool), "From", a.place
	if check.Stack(pool) == check.Stack(a.Network) {
		scope, other, place = a, "To", check.Place(pool, "")
	}
	p := &Passage{From: from, To: to}
	check.Construct(p, scope, names.Key(fmt.Sprintf("%s%d-%d", other, from, to), place))
	instances, tcp := pool.SecurityGroup.SecurityGroupId(), jsii.String("tcp")
	first, last := jsii.Number(float64(from)), jsii.Number(float64(to))
	awsec2.NewCfnSecurityGroupIngress(p, jsii.String("In"), &awsec2.CfnSecurityGroupIngressProps{
		GroupId: instances, SourceSecurityGroupId: a.securityGroupID,
		IpProtocol: tcp, FromPort: first, ToPort: last, Description: jsii.String("From the load balancer"),
	})
	awsec2.NewCfnSecurityGroupEgress(p, jsii.String("Out"), &awsec2.CfnSecurityGroupEgressProps{
		GroupId: a.securityGroupID, DestinationSecurityGroupId: instances,
		IpProtocol: tcp, FromPort: first, ToPort: last, Description: jsii.String("To the instances"),
	})
	a.passages[w] = p
	return p
}

// Covers reports whether the passage leads to the port.
func (p *Passage) Covers(port int) bool { return p.From <= port && port <= p.To }
