package ingress

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/network"
)

// gate is what ways to tasks start from: the security group of a load balancer of either kind.
type gate struct {
	group     *string // id of the security group
	key       string  // tells the load balancer from every other, in the ids of what cannot be shared with another
	place     string
	passages  map[*cluster.Pool]*Passage
	hostPorts map[hostPort]string // to the service that has opened them
}

func newGate(place string) gate {
	return gate{place: place, passages: map[*cluster.Pool]*Passage{}, hostPorts: map[hostPort]string{}}
}

// open opens a pool's dynamic ports to the load balancer, once.
func (g *gate) open(balancer constructs.Construct, in *network.Network, pool *cluster.Pool) *Passage {
	if p := g.passages[pool]; p != nil {
		return p
	}
	scope, id := balancer, names.Key("Instances", check.Place(pool, ""))
	if network := check.Stack(in); check.Stack(balancer) == network && check.Stack(pool) != network {
		scope, id = pool, names.Key("LoadBalancer", g.place)
	}
	p := &Passage{pool: pool}
	check.Construct(p, scope, id)
	g.openWay(p, "", pool.SecurityGroup.SecurityGroupId(), span{FirstDynamicPort, LastDynamicPort, false})
	g.passages[pool] = p
	return p
}

// span is a range of ports that tasks are reached at, over TCP or UDP.
type span struct {
	from, to int
	udp      bool
}

func (s span) protocol() string {
	if s.udp {
		return "udp"
	}
	return "tcp"
}

// openWay makes the two rules of a way from the load balancer to ports of a security group.
func (g *gate) openWay(scope constructs.Construct, id string, group *string, ports span) {
	protocol, first, last := jsii.String(ports.protocol()), jsii.Number(float64(ports.from)), jsii.Number(float64(ports.to))
	awsec2.NewCfnSecurityGroupIngress(scope, jsii.String("In"+id), &awsec2.CfnSecurityGroupIngressProps{
		GroupId: group, SourceSecurityGroupId: g.group,
		IpProtocol: protocol, FromPort: first, ToPort: last, Description: jsii.String("From the load balancer"),
	})
	awsec2.NewCfnSecurityGroupEgress(scope, jsii.String("Out"+id), &awsec2.CfnSecurityGroupEgressProps{
		GroupId: g.group, DestinationSecurityGroupId: group,
		IpProtocol: protocol, FromPort: first, ToPort: last, Description: jsii.String("To the tasks"),
	})
}
