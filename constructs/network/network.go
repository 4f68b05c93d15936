// Package network makes the VPC that a cluster and its load balancers live in, or takes one that exists.
package network

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/logs"
	"github.com/ecskit/ecskit/constructs/internal/rights"
)

// Props says what network to make. The zero value makes a VPC of two zones with a NAT gateway in each and flow logs of
// rejected traffic.
type Props struct {
	// VPC brings your own. It needs private subnets with a way out in two zones, public ones for a public load balancer,
	// and to know its address range; to make Endpoints, the route tables of the private subnets too. With NoNAT, its private
	// subnets are taken to have no way out, and tasks are in its isolated ones if it has no private ones. Other fields do not
	// go with it. Zero: a VPC is made.
	VPC awsec2.IVpc
	// CIDR is the range of addresses, /16 to /20. Zero: 10.0.0.0/16.
	// Changing it replaces the VPC.
	CIDR string
	// Zones is the number of availability zones, 2 or 3. Zero: 2. Address space for three is reserved either way, so
	// the third can be added later. In a stack without an account or region it must not exceed what the region has.
	Zones int
	// NATGateways is their number, 1 to Zones. Not with NoNAT. Zero: one in each zone, so that no zone depends on another.
	NATGateways int
	// NoNAT leaves out the NAT gateways: nothing in the private subnets reaches the internet, and services of AWS by
	// Endpoints alone. Zero: NAT gateways.
	NoNAT bool
	// Endpoints say which services of AWS the private subnets reach without the internet. Zero: none, or with NoNAT those
	// that every task needs.
	Endpoints *Endpoints
	// NoFlowLogs leaves out the log of rejected traffic, which is where a missing security group rule shows.
	// Zero: logged.
	NoFlowLogs bool
}

const (
	// DefaultCIDR is the range of addresses of a VPC that is not told otherwise.
	DefaultCIDR = "10.0.0.0/16"
	// DefaultZones is the number of availability zones of a VPC that is not told otherwise.
	DefaultZones = 2
	// maxZones is how many zones the address space is cut for.
	maxZones = 3
)

// Network is a VPC with public subnets for load balancers, private ones for tasks, with a way out or with VPC endpoints, and,
// when made here, isolated ones for data.
type Network struct {
	constructs.Construct
	// VPC is the VPC made or brought.
	VPC awsec2.IVpc
	// ID is its VPC id.
	ID *string
	// PublicSubnets are the subnets of internet-facing load balancers, one in each zone.
	PublicSubnets []awsec2.ISubnet
	// PrivateSubnets are the subnets of internal load balancers, one in each zone.
	PrivateSubnets []awsec2.ISubnet
	// TaskSubnetIDs are the subnets of tasks: all private ones.
	TaskSubnetIDs []*string
	// EndpointSecurityGroup is the group of the interface endpoints; nil without any.
	EndpointSecurityGroup awsec2.SecurityGroup
	// InterfaceEndpoints are those made, by the services in their names, such as ecr.api; nil without any.
	InterfaceEndpoints map[string]awsec2.InterfaceVpcEndpoint
	// GatewayEndpoints are those made, by the services in their names: s3 and dynamodb; nil without any.
	GatewayEndpoints map[string]awsec2.GatewayVpcEndpoint

	wayOut []constructs.IDependable
	only   *reach // nil: everything is within reach
}

// Problems names an unusable address range, impossible numbers, endpoints that do not go with the rest, and an imported VPC
// without the subnets needed.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	if !check.IsNil(p.VPC) {
		return append(p.problemsOfVPC(), p.endpointProblems()...)
	}
	d := p.withDefaults()
	if cidr, err := netip.ParsePrefix(d.CIDR); err != nil || !cidr.Addr().Is4() || cidr != cidr.Masked() ||
		cidr.Bits() < 16 || cidr.Bits() > 20 {
		ps.Add("CIDR", p.CIDR, "must be an IPv4 range of /16 to /20, such as %s", DefaultCIDR).
			See("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html")
	}
	ps.Range("Zones", d.Zones, 2, maxZones)
	zones := min(max(d.Zones, DefaultZones), maxZones) // as many as there can be: a wrong number of them is a problem of its own
	switch {
	case p.NoNAT && p.NATGateways != 0:
		ps.Add("NATGateways", p.NATGateways, "must not be set with NoNAT")
	case p.NATGateways < 0 || p.NATGateways > zones:
		ps.Add("NATGateways", p.NATGateways, "must be at least 1 and at most the number of zones (%d); for none set NoNAT", zones)
	}
	return append(ps, p.endpointProblems()...)
}

// endpointProblems names what is wrong with the endpoints, by themselves and beside other fields.
func (p Props) endpointProblems() check.Problems {
	var ps check.Problems
	if p.Endpoints == nil {
		return ps
	}
	ps.In("Endpoints", p.Endpoints.Problems())
	if p.NoNAT && p.Endpoints.OnlyGateways {
		ps.Add("Endpoints.OnlyGateways", true, "must not be set with NoNAT, for no task starts without the interface endpoints")
	}
	if !p.NoNAT && len(p.Endpoints.Registries) > 0 {
		ps.Add("Endpoints.Registries", nil, "must not be set without NoNAT, for NAT gateways lead to every registry")
	}
	if p.Endpoints.Existing && (check.IsNil(p.VPC) || !p.NoNAT) {
		ps.Add("Endpoints.Existing", true, "must be set with VPC and NoNAT alone: a VPC that is made has no endpoints yet, and NAT "+
			"gateways lead to everything")
	}
	return ps
}

func (p Props) problemsOfVPC() check.Problems {
	var ps check.Problems
	rest := p
	rest.VPC, rest.NoNAT, rest.Endpoints = nil, false, nil
	if rest != (Props{}) {
		ps.Add("VPC", nil, "must be the only field set beside NoNAT and Endpoints: a VPC that exists keeps its zones, addresses and gateways")
	}
	subnets := p.taskSubnets(p.VPC)
	switch zones := len(onePerZone(&subnets)); {
	case zones < 2 && p.NoNAT:
		ps.Add("VPC", nil, "must have two private or isolated subnets, in different zones, where tasks are placed")
	case zones < 2:
		ps.Add("VPC", nil, "must have two private subnets with a way out, in different zones, where tasks are placed; if it has isolated "+
			"ones and VPC endpoints set NoNAT")
	}
	if !hasCIDR(p.VPC) {
		ps.Add("VPC", nil, "must be imported with its address range (VpcCidrBlock), which may reach an internal load balancer")
	}
	if p.endpoints() != nil && slices.ContainsFunc(subnets, func(s awsec2.ISubnet) bool { return !hasRouteTable(s) }) {
		ps.Add("VPC", nil, "must be imported with the route tables of the subnets of tasks (such as PrivateSubnetRouteTableIds), which "+
			"lead to gateway endpoints").See("https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html")
	}
	return ps
}

// endpoints returns the endpoints to make; nil for none.
func (p Props) endpoints() *Endpoints {
	switch {
	case p.Endpoints != nil && p.Endpoints.Existing:
		return nil
	case p.Endpoints == nil && p.NoNAT:
		return &Endpoints{}
	}
	return p.Endpoints
}

// taskSubnets returns the subnets of a VPC that tasks are placed in.
func (p Props) taskSubnets(vpc awsec2.IVpc) []awsec2.ISubnet {
	if private := *vpc.PrivateSubnets(); len(private) > 0 || !p.NoNAT {
		return private
	}
	return *vpc.IsolatedSubnets()
}

// ProblemsIn names what is wrong with the props in this scope alone: more zones than its region has, where the stack
// knows them. A pattern adds them to its own problems, so that all are named before anything is made.
func (p Props) ProblemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if !check.InStack(scope) || !check.IsNil(p.VPC) || p.Zones > maxZones {
		return ps
	}
	if known, ok := knownZones(scope); ok && len(known) < p.withDefaults().Zones {
		ps.Add("Zones", p.Zones, "must be at most the number of zones that the region has (%d)", len(known))
	}
	return ps
}

func (p Props) withDefaults() Props {
	p.CIDR = cmp.Or(p.CIDR, DefaultCIDR)
	p.Zones = cmp.Or(p.Zones, DefaultZones)
	if p.NATGateways == 0 && !p.NoNAT {
		p.NATGateways = p.Zones
	}
	return p
}

// New makes the network, with the children "VPC", "FlowLog", "FlowLogGroup", "FlowLogRole" and "Endpoints", whose children
// are "SecurityGroup" and the endpoints by the names of their services. It panics with a *[check.Error] if props have
// problems.
func New(scope constructs.Construct, id string, props Props) *Network {
	check.Must(scope, id, props.Problems(), props.ProblemsIn(scope))
	n := &Network{}
	check.Construct(n, scope, id)
	if n.VPC = props.VPC; check.IsNil(n.VPC) {
		n.VPC = newVPC(n, props.withDefaults())
	}
	n.ID = n.VPC.VpcId()
	n.PublicSubnets = onePerZone(n.VPC.PublicSubnets())
	private := props.taskSubnets(n.VPC)
	n.PrivateSubnets = onePerZone(&private)
	for _, subnet := range private {
		n.TaskSubnetIDs = append(n.TaskSubnetIDs, subnet.SubnetId())
		n.wayOut = append(n.wayOut, subnet.InternetConnectivityEstablished())
	}
	if e := props.endpoints(); e != nil {
		n.wayOut = append(n.wayOut, n.newEndpoints(*e, private))
	}
	if props.NoNAT {
		n.only = props.reach(check.EnvOf(n).Region)
	}
	return n
}

// reach returns what the private subnets reach by endpoints, those that exist included.
func (p Props) reach(region string) *reach {
	if p.Endpoints == nil {
		p.Endpoints = &Endpoints{}
	}
	return &reach{append(p.Endpoints.gateways(), p.Endpoints.interfaces()...), p.Endpoints.Registries, region}
}

// WayOut returns what has to be there before a task can reach anything outside of the network, such as its image: the
// routes of its subnets, the gateways that they lead to, and the VPC endpoints.
func (n *Network) WayOut() []constructs.IDependable { return n.wayOut }

// onePerZone returns the first subnet of each zone: a load balancer refuses two in one.
func onePerZone(subnets *[]awsec2.ISubnet) []awsec2.ISubnet {
	var first []awsec2.ISubnet
	seen := map[string]bool{}
	for _, subnet := range *subnets {
		if zone := *subnet.AvailabilityZone(); !seen[zone] {
			seen[zone] = true
			first = append(first, subnet)
		}
	}
	return first
}

// ZonesOf returns how many zones subnets of a VPC are in.
func ZonesOf(subnets *[]awsec2.ISubnet) int { return len(onePerZone(subnets)) }

func newVPC(scope constructs.Construct, p Props) awsec2.Vpc {
	vpc := awsec2.NewVpc(scope, jsii.String("VPC"), &awsec2.VpcProps{
		IpAddresses:        awsec2.IpAddresses_Cidr(&p.CIDR),
		AvailabilityZones:  zones(scope, p.Zones),
		ReservedAzs:        jsii.Number(float64(maxZones - p.Zones)),
		NatGateways:        jsii.Number(float64(p.NATGateways)),
		EnableDnsHostnames: jsii.Bool(true),
		EnableDnsSupport:   jsii.Bool(true),
		// A task or function that is given no group of its own must not end in one that lets its members talk.
		RestrictDefaultSecurityGroup: jsii.Bool(true),
		SubnetConfiguration:          tiers(p.CIDR),
	})
	crossstack.Share(vpc)
	for _, subnets := range []*[]awsec2.ISubnet{vpc.PublicSubnets(), vpc.PrivateSubnets(), vpc.IsolatedSubnets()} {
		for _, subnet := range *subnets {
			crossstack.Share(subnet)
		}
	}
	if !p.NoFlowLogs {
		logRejected(scope, vpc)
	}
	return vpc
}

// logRejected logs the traffic that security groups do not let through.
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html
func logRejected(scope constructs.Construct, vpc awsec2.Vpc) {
	group := awslogs.NewLogGroup(scope, jsii.String("FlowLogGroup"), &awslogs.LogGroupProps{
		Retention: logs.Retention(logs.DefaultRetentionDays), RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	role := rights.NewRole(scope, "FlowLogRole", "vpc-flow-logs.amazonaws.com")
	policy := rights.Allow(role, rights.Statement{
		Actions:   []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
		Resources: []*string{group.LogGroupArn()},
	})
	flowLog := awsec2.NewCfnFlowLog(scope, jsii.String("FlowLog"), &awsec2.CfnFlowLogProps{
		ResourceType: jsii.String("VPC"), ResourceId: vpc.VpcId(), TrafficType: jsii.String("REJECT"),
		LogDestinationType: jsii.String("cloud-watch-logs"), LogGroupName: group.LogGroupName(),
		DeliverLogsPermissionArn: role.RoleArn(),
	})
	flowLog.Node().AddDependency(policy)
}

// tiers cuts the range: an eighth for the private subnet of a zone, where tasks take an address each, and a sixty-fourth
// for each of the others, half of the range staying free. The cut does not depend on the number of zones in use, for a
// subnet whose range changes is replaced.
func tiers(cidr string) *[]*awsec2.SubnetConfiguration {
	bits := float64(netip.MustParsePrefix(cidr).Bits())
	return &[]*awsec2.SubnetConfiguration{{
		Name: jsii.String("Private"), SubnetType: awsec2.SubnetType_PRIVATE_WITH_EGRESS, CidrMask: jsii.Number(bits + 3),
	}, {
		Name: jsii.String("Public"), SubnetType: awsec2.SubnetType_PUBLIC, CidrMask: jsii.Number(bits + 6),
		MapPublicIpOnLaunch: jsii.Bool(false),
	}, {
		Name: jsii.String("Isolated"), SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED, CidrMask: jsii.Number(bits + 6),
	}}
}

// zones returns the first n zones of the stack: those it knows, or those that CloudFormation will choose.
func zones(scope constructs.Construct, n int) *[]*string {
	if known, ok := knownZones(scope); ok {
		known = known[:n]
		return &known
	}
	names := make([]*string, n)
	for i := range names {
		names[i] = awscdk.Fn_Select(jsii.Number(float64(i)), awscdk.Fn_GetAzs(nil))
	}
	return &names
}

// knownZones returns the zones of a stack with an account and a region, which the CLI looks up and keeps in
// cdk.context.json. A stack without them knows none: there the CDK alone would never use a third.
func knownZones(scope constructs.Construct) ([]*string, bool) {
	known := *check.Stack(scope).AvailabilityZones()
	return known, !check.IsToken(*known[0])
}

// CIDR returns the range of addresses of the VPC, a token if the VPC was made here.
func (n *Network) CIDR() *string { return n.VPC.VpcCidrBlock() }

// hasRouteTable reports whether an imported subnet says its route table.
func hasRouteTable(subnet awsec2.ISubnet) (ok bool) {
	defer func() { ok = recover() == nil && ok }() // as the CDK says nothing where it promises a text
	return subnet.RouteTable().RouteTableId() != nil
}

func hasCIDR(vpc awsec2.IVpc) (ok bool) {
	defer func() { ok = recover() == nil }() // the CDK throws where an imported VPC does not say its range
	vpc.VpcCidrBlock()
	return true
}
