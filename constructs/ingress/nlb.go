package ingress

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/network"
)

// NLBProps says what Network Load Balancer to make.
type NLBProps struct {
	// Network is where it stands. Required.
	Network *network.Network
	// Internal makes it reachable from inside the network only. Zero: from the internet.
	Internal bool
	// AllowFrom are the IPv4 ranges that may connect to listeners of streams that name none. Zero: everyone, or the network's
	// own range if Internal.
	AllowFrom []string
	// AnyPrivateLink lets in whoever comes by AWS PrivateLink, through an endpoint service of yours, whatever AllowFrom says.
	// Zero: AllowFrom holds for them too.
	AnyPrivateLink bool
	// NoCrossZone keeps connections in the zone that they came to, which saves what AWS bills for data between zones, and
	// leaves tasks of a zone with few of them more to do. Zero: they are spread over the tasks of all zones.
	NoCrossZone bool
	// NoDeletionProtection lets the load balancer be deleted with its stack. Zero: it has to be allowed first.
	NoDeletionProtection bool
	// NoAccessLogs leaves out the log of connections and the bucket for it. Only connections of streams with the protocol
	// TLS are in it. Zero: logged.
	NoAccessLogs bool
}

// NLB is a Network Load Balancer that services share. Each service makes listeners of its own, in its own stack: see
// [StreamProps]. AWS gives it 50 of them until asked for more.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html
type NLB struct {
	constructs.Construct
	// Network is where it stands.
	Network *network.Network
	// LoadBalancer is the load balancer itself, an L1 construct of the CDK.
	LoadBalancer awselasticloadbalancingv2.CfnLoadBalancer
	// SecurityGroup is the group of the load balancer, which it has from the start: one that was made without cannot get one.
	SecurityGroup awsec2.SecurityGroup

	gate      gate
	allowFrom []string
	listeners map[int]string // port to the place of the stream that listens there
}

var _ awsec2.IConnectable = (*NLB)(nil)

// Problems names a missing network, one without public subnets, and address ranges that are none.
func (p NLBProps) Problems() check.Problems {
	var ps check.Problems
	switch {
	case p.Network == nil || check.IsNil(p.Network.VPC):
		ps.Add("Network", nil, "must be set, to one that network.New made")
	case !p.Internal && len(p.Network.PublicSubnets) == 0:
		ps.Add("Network", nil, "must have public subnets for a load balancer that is not Internal").See(nlbPage)
	}
	return append(ps, rangeProblems(p.AllowFrom)...)
}

const nlbPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html"

// NewNLB makes the load balancer, with the children "SecurityGroup", "AccessLogs" and "LoadBalancer". It panics with a
// *[check.Error] if props have problems.
func NewNLB(scope constructs.Construct, id string, props NLBProps) *NLB {
	var here check.Problems
	if props.Network != nil {
		here.In("Network", check.Refer(scope, props.Network))
	}
	check.Must(scope, id, props.Problems(), here)
	place := check.Place(scope, id)
	n := &NLB{Network: props.Network, gate: newGate(place), allowFrom: props.ranges(), listeners: map[int]string{}}
	check.Construct(n, scope, id)
	n.SecurityGroup = awsec2.NewSecurityGroup(n, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:         props.Network.VPC,
		Description: jsii.String(names.Description("Load balancer", place)),
		// Where it may connect to is for each service to say, in a rule of its own.
		AllowAllOutbound: jsii.Bool(false),
	})
	n.LoadBalancer = n.newLoadBalancer(props)
	crossstack.Share(n.SecurityGroup, n.LoadBalancer)
	n.gate.group = n.SecurityGroup.SecurityGroupId()
	n.gate.key = names.Key(id, place, strconv.FormatBool(props.Internal))
	return n
}

// ranges are those that may connect unless a stream says otherwise.
func (p NLBProps) ranges() []string {
	switch {
	case len(p.AllowFrom) > 0:
		return p.AllowFrom
	case p.Internal:
		return []string{*p.Network.CIDR()}
	}
	return []string{"0.0.0.0/0"}
}

func (n *NLB) newLoadBalancer(p NLBProps) awselasticloadbalancingv2.CfnLoadBalancer {
	scheme, subnets, rules := "internet-facing", p.Network.PublicSubnets, "on"
	if p.Internal {
		scheme, subnets = "internal", p.Network.PrivateSubnets
	}
	if p.AnyPrivateLink {
		rules = "off"
	}
	var subnetIDs []any
	var needs []constructs.IDependable
	for _, subnet := range subnets {
		subnetIDs = append(subnetIDs, subnet.SubnetId())
		if !p.Internal { // which needs a gateway there
			needs = append(needs, subnet.InternetConnectivityEstablished())
		}
	}
	var attributes []*awselasticloadbalancingv2.CfnLoadBalancer_LoadBalancerAttributeProperty
	set := func(key string, value *string) {
		attributes = append(attributes, &awselasticloadbalancingv2.CfnLoadBalancer_LoadBalancerAttributeProperty{Key: &key, Value: value})
	}
	set("load_balancing.cross_zone.enabled", jsii.String(strconv.FormatBool(!p.NoCrossZone)))
	set("deletion_protection.enabled", jsii.String(strconv.FormatBool(!p.NoDeletionProtection)))
	set("access_logs.s3.enabled", jsii.String(strconv.FormatBool(!p.NoAccessLogs)))
	if !p.NoAccessLogs {
		bucket, policy := logConnections(n)
		set("access_logs.s3.bucket", bucket)
		needs = append(needs, policy)
	}
	balancer := awselasticloadbalancingv2.NewCfnLoadBalancer(n, jsii.String("LoadBalancer"),
		&awselasticloadbalancingv2.CfnLoadBalancerProps{
			Type: jsii.String("network"), Scheme: &scheme, Subnets: &subnetIDs,
			SecurityGroups:         &[]any{n.SecurityGroup.SecurityGroupId()},
			LoadBalancerAttributes: attributes,

			EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: &rules,
		})
	balancer.Node().AddDependency(needs...)
	return balancer
}

// FullName returns the last part of the load balancer's ARN, which its metrics go by.
func (n *NLB) FullName() *string { return n.LoadBalancer.AttrLoadBalancerFullName() }

// DNSName returns the name that AWS gives the load balancer.
func (n *NLB) DNSName() *string { return n.LoadBalancer.AttrDnsName() }

// Connections returns who may connect to the load balancer, for rules of your own.
func (n *NLB) Connections() awsec2.Connections { return n.SecurityGroup.Connections() }
