package network

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// Endpoints says which services of AWS the private subnets reach by VPC endpoints, without the internet. The zero value is
// what every task needs to start: to pull an image from ECR, which keeps the layers in S3, and to write its logs.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
//
// The network is made before the clusters and services that use it, and is not changed for them, so the rest has to be said
// here. What is missing is a problem of the pool or the service that needs it. An interface endpoint is paid for by the
// hour in each zone; the gateway endpoints, those of S3 and DynamoDB, cost nothing, but to add one to a network in use breaks
// the connections to its service once.
type Endpoints struct {
	// ParameterStore is for tasks with secrets in Parameter Store, and for pools with SessionManager. It is Parameter Store
	// that asks KMS to decrypt them. Zero: no endpoint for it.
	ParameterStore bool
	// SecretsManager is for tasks with secrets or credentials of registries in Secrets Manager. Zero: no endpoint for it.
	SecretsManager bool
	// Exec is for sessions in containers by ECS Exec, which may be encrypted under a key of KMS, and for pools with
	// SessionManager. Zero: no endpoints for them. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
	Exec bool
	// Instances is for pools of EC2 instances and for instances that ECS manages: their agents call ECS itself.
	// Zero: no endpoints for them; tasks on Fargate need none.
	Instances bool
	// DynamoDB is for applications with tables there. Zero: no endpoint for it.
	DynamoDB bool
	// More are interface endpoints of further services that applications call, such as monitoring, xray or sqs: what follows
	// the region in the name of the endpoint. Zero: none.
	// https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
	More []string
	// AllowFrom are the IPv4 ranges that may connect, of at most 16777216 addresses (/8) each. Zero: the network's own, of a
	// VPC of yours that has several the first.
	AllowFrom []string
	// OnlyGateways leaves out the interface endpoints: images, files and tables do without the NAT gateways, and all else
	// goes by them. Not with NoNAT. Zero: interface endpoints too.
	OnlyGateways bool
	// Existing says that a VPC of yours without NAT gateways has these endpoints, so that none is made. Zero: they are made.
	// A VPC takes one interface endpoint with private DNS for a service, and the deployment of a second one fails.
	Existing bool
	// Registries are hosts that images may be pulled from without NAT gateways, such as registry.example.com, because the
	// private subnets reach them in another way. Zero: ECR alone.
	Registries []string
}

const (
	endpointsPage = "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"
	httpsPort     = 443
	widestRange   = 8
)

var (
	serviceName  = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	registryHost = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$`)
	// gatewayOnly are the services that interface endpoints are not made of here: a gateway endpoint does for S3 and
	// DynamoDB, and ECR takes no other for the layers of images.
	gatewayOnly = []string{"s3", "dynamodb", "s3express"}
)

// feature is what one field adds to the interface endpoints.
type feature struct {
	field    string // empty: always there
	set      bool
	services []string
}

func (e Endpoints) features() []feature {
	return []feature{
		{"", true, []string{"ecr.api", "ecr.dkr", "logs"}},
		{"ParameterStore", e.ParameterStore, []string{"ssm"}},
		{"SecretsManager", e.SecretsManager, []string{"secretsmanager"}},
		{"Exec", e.Exec, []string{"ssmmessages", "kms"}},
		{"Instances", e.Instances, []string{"ecs-agent", "ecs-telemetry", "ecs"}},
	}
}

// interfaces returns the services with interface endpoints.
func (e Endpoints) interfaces() []string {
	if e.OnlyGateways {
		return nil
	}
	var services []string
	for _, f := range e.features() {
		if f.set {
			services = append(services, f.services...)
		}
	}
	return append(services, e.More...)
}

// gateways returns the services with gateway endpoints.
func (e Endpoints) gateways() []string {
	if e.DynamoDB {
		return []string{"s3", "dynamodb"}
	}
	return []string{"s3"}
}

// Problems names services that have no interface endpoint or have one already, ranges that are none or too wide, hosts that
// are none, and fields that leave each other without effect.
func (e Endpoints) Problems() check.Problems {
	var ps check.Problems
	for _, f := range e.features() {
		if f.field != "" && f.set && e.OnlyGateways {
			ps.Add(f.field, true, "must not be set with OnlyGateways, for it takes interface endpoints")
		}
	}
	if e.OnlyGateways && len(e.More) > 0 {
		ps.Add("More", len(e.More), "must be empty with OnlyGateways, for it takes interface endpoints")
	}
	ps = append(ps, e.moreProblems()...)
	if len(e.AllowFrom) > 0 && (e.OnlyGateways || e.Existing) {
		ps.Add("AllowFrom", nil, "must not be set with OnlyGateways or Existing, for no interface endpoint is made")
	}
	for _, cidr := range e.AllowFrom {
		prefix, err := netip.ParsePrefix(cidr)
		if !check.IsToken(cidr) && (err != nil || !prefix.Addr().Is4() || prefix != prefix.Masked() || prefix.Bits() < widestRange) {
			ps.Add("AllowFrom", cidr, "must be IPv4 ranges of /%d or smaller, such as 10.0.0.0/16", widestRange)
		}
	}
	for i, host := range e.Registries {
		if !check.IsToken(host) && !registryHost.MatchString(host) {
			ps.Add(fmt.Sprintf("Registries[%d]", i), host, "must be a host, with a port if need be, such as registry.example.com:5000")
		}
	}
	return ps
}

func (e Endpoints) moreProblems() check.Problems {
	var ps check.Problems
	var there []string
	for _, f := range e.features() {
		if f.set {
			there = append(there, f.services...)
		}
	}
	for i, name := range e.More {
		field := fmt.Sprintf("More[%d]", i)
		switch {
		case slices.Contains(gatewayOnly, name):
			ps.Add(field, name, "must not be %s, which have gateway endpoints: S3's is always there, and DynamoDB has a field", gatewayOnly)
		case slices.Contains(there, name):
			ps.Add(field, name, "must be a service that no other field and no other element has an endpoint for")
		case strings.HasPrefix(name, "com.amazonaws."):
			ps.Add(field, name, "must be what follows com.amazonaws.<region>, such as xray").See(endpointsPage)
		case !serviceName.MatchString(name):
			ps.Add(field, name, "must be the name of a service's endpoint, such as xray or ecr.api").See(endpointsPage)
		}
		there = append(there, name)
	}
	return ps
}

// newEndpoints makes the endpoints in the subnets of tasks. It uses the CDK's L2 constructs, which know where AWS names them
// otherwise, as in China.
func (n *Network) newEndpoints(e Endpoints, subnets []awsec2.ISubnet) constructs.Construct {
	scope := constructs.NewConstruct(n, jsii.String("Endpoints"))
	n.GatewayEndpoints = map[string]awsec2.GatewayVpcEndpoint{}
	for _, service := range e.gateways() {
		n.GatewayEndpoints[service] = awsec2.NewGatewayVpcEndpoint(scope, jsii.String(service), &awsec2.GatewayVpcEndpointProps{
			Vpc: n.VPC, Service: awsec2.NewGatewayVpcEndpointAwsService(jsii.String(service), nil),
			Subnets: &[]*awsec2.SubnetSelection{{Subnets: &subnets}},
		})
	}
	if e.OnlyGateways {
		return scope
	}
	n.EndpointSecurityGroup = n.newEndpointSecurityGroup(scope, e.AllowFrom)
	n.InterfaceEndpoints = map[string]awsec2.InterfaceVpcEndpoint{}
	for _, service := range e.interfaces() {
		n.InterfaceEndpoints[service] = awsec2.NewInterfaceVpcEndpoint(scope, jsii.String(service), &awsec2.InterfaceVpcEndpointProps{
			Vpc: n.VPC, Service: awsec2.NewInterfaceVpcEndpointAwsService(jsii.String(service), nil, nil, nil),
			Subnets:           &awsec2.SubnetSelection{Subnets: &n.PrivateSubnets},
			SecurityGroups:    &[]awsec2.ISecurityGroup{n.EndpointSecurityGroup},
			PrivateDnsEnabled: jsii.Bool(true),
			Open:              jsii.Bool(false), // the group says who may connect
		})
		crossstack.Share(n.InterfaceEndpoints[service])
	}
	return scope
}

// newEndpointSecurityGroup makes the group of the interface endpoints, which only answer and so need no way out. It admits
// addresses and not the groups of tasks: a rule for each service would change the network's stack with every service, or
// have to be in place before its first task, and there are at most 60. Who calls is for IAM to judge.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
func (n *Network) newEndpointSecurityGroup(scope constructs.Construct, allowFrom []string) awsec2.SecurityGroup {
	group := awsec2.NewSecurityGroup(scope, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:              n.VPC,
		Description:      jsii.String(names.Description("VPC endpoints of", check.Place(n, "Endpoints"))),
		AllowAllOutbound: jsii.Bool(false),
	})
	if len(allowFrom) == 0 {
		allowFrom = []string{*n.CIDR()}
	}
	for _, cidr := range allowFrom {
		group.AddIngressRule(awsec2.Peer_Ipv4(&cidr), awsec2.Port_Tcp(jsii.Number(httpsPort)), jsii.String("HTTPS"), nil)
	}
	crossstack.Share(group)
	return group
}
