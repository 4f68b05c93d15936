package ingress

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/network"
)

// ALBAttributes say what Application Load Balancer of another app to add routes to. One that NewALB made tells them as
// LoadBalancer.LoadBalancerArn(), Listener.ListenerArn(), SecurityGroup.SecurityGroupId() and so on, for outputs or
// parameters of that app.
type ALBAttributes struct {
	// Network is where it stands, imported here. Required.
	Network *network.Network
	// ARN of the load balancer. Required.
	ARN string
	// ListenerARN is the ARN of the listener that routes are added to. Required.
	ListenerARN string
	// TestListenerARN is the ARN of the listener on which deployments that shift traffic try releases out. Zero: none.
	TestListenerARN string
	// SecurityGroupID is the id of the load balancer's security group, which gets a rule for each service. Required.
	SecurityGroupID string
	// Domains are the names that the listener serves over HTTPS; routes may name them and hosts below them. Zero: plain HTTP.
	Domains []string
	// DNSName is the name that AWS gave the load balancer. Required without Domains.
	DNSName string
	// SignIn says that it may connect to any address on port 443, so that routes can have a SignIn. Zero: they cannot.
	SignIn bool
	// Partition is the share of this app's routes in the numbers of the listener's rules. The app that made the load balancer
	// and all others that add routes to it have others. Zero: each route must have a Priority that no other app uses, below
	// 1000 or above 48999 if any app has no partition. CloudFormation refuses a number that is taken and leaves what is there
	// as it is.
	Partition Partition
}

var (
	// albARN and albListenerARN match ARNs and capture the load balancer's full name.
	albARN          = regexp.MustCompile(`^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/(app/[A-Za-z0-9-]+/[0-9a-f]+)$`)
	albListenerARN  = regexp.MustCompile(`^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener/(app/[A-Za-z0-9-]+/[0-9a-f]+)/[0-9a-f]+$`)
	securityGroupID = regexp.MustCompile(`^sg-[0-9a-f]{8,17}$`)
)

// Problems names missing attributes, ARNs of something else, and listeners of another load balancer.
func (a ALBAttributes) Problems() check.Problems {
	var ps check.Problems
	if a.Network == nil || check.IsNil(a.Network.VPC) {
		ps.Add("Network", nil, "must be set, to one that network.New made")
	}
	name := albARN.FindStringSubmatch(a.ARN)
	if name == nil && !check.IsToken(a.ARN) {
		ps.Add("ARN", a.ARN, "must be arn:<partition>:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>")
	}
	listener := func(field, arn string) {
		switch m := albListenerARN.FindStringSubmatch(arn); {
		case check.IsToken(arn):
		case m == nil:
			ps.Add(field, arn, "must be arn:<partition>:elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>")
		case name != nil && m[1] != name[1]:
			ps.Add(field, arn, "must be a listener of the load balancer (%s)", name[1])
		}
	}
	listener("ListenerARN", a.ListenerARN)
	if a.TestListenerARN != "" {
		listener("TestListenerARN", a.TestListenerARN)
	}
	if a.TestListenerARN != "" && a.TestListenerARN == a.ListenerARN {
		ps.Add("TestListenerARN", a.TestListenerARN, "must be another listener, or tests would come to the same tasks as all requests")
	}
	if !check.IsToken(a.SecurityGroupID) && !securityGroupID.MatchString(a.SecurityGroupID) {
		ps.Add("SecurityGroupID", a.SecurityGroupID, "must be the id of a security group, such as sg-0123456789abcdef0")
	}
	for _, name := range a.Domains {
		if !check.IsToken(name) && (strings.ContainsAny(name, wildcards) || !isHost(name)) {
			ps.Add("Domains", name, "must be domain names in lower case, such as shop.example.com")
		}
	}
	if len(a.Domains) == 0 && a.DNSName == "" {
		ps.Add("DNSName", nil, "must be set, or Domains, to know where the load balancer is reached")
	}
	ps.In("Partition", a.Partition.Problems())
	return ps
}

// ImportALB lets services of this app add routes to a load balancer of another app; nothing is made but security group
// rules and what is below the services. Fields of the result that are constructs of the CDK are nil. It panics with a
// *[check.Error] if attributes have problems.
func ImportALB(scope constructs.Construct, id string, attributes ALBAttributes) *ALB {
	var here check.Problems
	if attributes.Network != nil {
		here.In("Network", check.Refer(scope, attributes.Network))
	}
	check.Must(scope, id, attributes.Problems(), here)
	a := &ALB{
		Network: attributes.Network, partition: attributes.Partition, foreign: true, signsIn: attributes.SignIn, gate: newGate(check.Place(scope, id)),
		listenerARN: &attributes.ListenerARN, dnsName: &attributes.DNSName,
	}
	check.Construct(a, scope, id)
	a.gate.group = &attributes.SecurityGroupID
	for _, name := range attributes.Domains {
		a.domains = append(a.domains, Domain{Name: name})
	}
	if attributes.TestListenerARN != "" {
		a.testListenerARN = &attributes.TestListenerARN
	}
	if m := albARN.FindStringSubmatch(attributes.ARN); m != nil {
		a.fullName = &m[1]
	} else {
		a.fullName = awscdk.Fn_Select(jsii.Number(1), awscdk.Fn_Split(jsii.String(":loadbalancer/"), &attributes.ARN, jsii.Number(2)))
	}
	a.connections = awsec2.SecurityGroup_FromSecurityGroupId(a, jsii.String("SecurityGroup"), &attributes.SecurityGroupID,
		&awsec2.SecurityGroupImportOptions{AllowAllOutbound: jsii.Bool(false)}).Connections()
	parts := []string{a.gate.place, "imported"}
	if !check.IsToken(attributes.ListenerARN) {
		parts = append(parts, attributes.ListenerARN)
	}
	a.gate.key = names.Key(id, parts...)
	return a
}
