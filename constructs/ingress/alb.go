// Package ingress brings requests to services: load balancers that many services share, the routes that tell which
// request is whose, and the target groups behind them.
//
// What the services share is never edited for one of them: a service's target group, listener rule and security group
// rules are made where the service is, in its own stack.
package ingress

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/crossstack"
	"github.com/ecskit/ecskit/constructs/internal/names"
	"github.com/ecskit/ecskit/constructs/network"
)

// ALBProps says what Application Load Balancer to make.
type ALBProps struct {
	// Network is where it stands. Required.
	Network *network.Network
	// Internal makes it reachable from inside the network only. Zero: from the internet.
	Internal bool
	// Domain is the name that it serves over HTTPS; plain HTTP is redirected there. Required, unless PlainHTTP is set.
	Domain *Domain
	// MoreDomains are further names that it serves over HTTPS, each with a certificate of its own, at most 25. Zero: none.
	MoreDomains []Domain
	// PlainHTTP serves HTTP without encryption, on port 80. Not with Domain. Zero: HTTPS.
	PlainHTTP bool
	// AllowFrom are the IPv4 ranges that may connect. Zero: everyone, or the network's own range if Internal.
	AllowFrom []string
	// IdleTimeout is how long a silent connection is kept, 1-4000 s. An application must keep its connections for longer.
	// Zero: 60 s.
	IdleTimeout time.Duration
	// NoDeletionProtection lets the load balancer be deleted with its stack. Zero: it has to be allowed first.
	NoDeletionProtection bool
	// NoAccessLogs leaves out the log of all requests and the bucket for it. Zero: logged.
	NoAccessLogs bool
	// ConnectionLogs logs each connection too, beside the requests: its protocol, its cipher, why it failed. Not with
	// NoAccessLogs. Zero: not logged.
	ConnectionLogs bool
	// Firewall keeps requests from it by AWS WAF. &Firewall{} has sensible rules. Zero: none.
	Firewall *Firewall
	// SignIn lets it connect to any address on port 443, where it asks identity providers who a user is: routes with a
	// SignIn need it. An internal one does so by way of the NAT gateways. Zero: it connects to tasks alone.
	SignIn bool
	// Partition is the share of this app's routes in the numbers of the rules, if other apps add routes to the listener too:
	// see [ImportALB]. Zero: all of the numbers, for this app alone.
	Partition Partition
	// Test adds a listener on which deployments that shift traffic bring requests to the new tasks first. Zero: none.
	Test *TestListener
}

// TestListener is a listener with the routes of all services whose deployments shift traffic, for requests that try out a
// release before it gets any other.
type TestListener struct {
	// Port that it listens on, 1-65535 but 80 and 443. Zero: 8443, or 8080 with PlainHTTP.
	Port int
	// AllowFrom are the IPv4 ranges that may connect, of at most 16777216 addresses (/8) each. Required.
	AllowFrom []string
}

// Problems names a port that is taken and a missing or wrong range.
func (t TestListener) Problems() check.Problems {
	var ps check.Problems
	if t.Port < 0 || t.Port > 65535 || t.Port == 80 || t.Port == 443 {
		ps.Add("Port", t.Port, "must be 1-65535, other than 80 and 443, or 0 for 8443 or 8080")
	}
	if len(t.AllowFrom) == 0 {
		ps.Add("AllowFrom", nil, "must be set: a release that is being tried out is not for everyone")
	}
	for _, cidr := range t.AllowFrom {
		if prefix, err := netip.ParsePrefix(cidr); err == nil && prefix.Bits() < 8 {
			ps.Add("AllowFrom", cidr, "must be ranges of /8 or smaller: a release that is being tried out is not for everyone")
		}
	}
	return append(ps, rangeProblems(t.AllowFrom)...)
}

func rangeProblems(ranges []string) check.Problems {
	var ps check.Problems
	for i, cidr := range ranges {
		if slices.Contains(ranges[:i], cidr) {
			ps.Add("AllowFrom", cidr, "must be in the list once")
		}
		if prefix, err := netip.ParsePrefix(cidr); !check.IsToken(cidr) &&
			(err != nil || !prefix.Addr().Is4() || prefix != prefix.Masked()) {
			ps.Add("AllowFrom", cidr, "must be IPv4 ranges such as 192.0.2.0/24")
		}
	}
	return ps
}

// DefaultIdleTimeout is how long a silent connection is kept unless the user says otherwise.
const DefaultIdleTimeout = time.Minute

const (
	subnetPage    = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"
	attributePage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"
)

// ALB is an Application Load Balancer that services share. A request that no route receives is answered with 404. Each
// service takes a rule of its listener and an outbound rule of its security group, of which AWS gives 100 and 60 until
// asked for more.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
type ALB struct {
	constructs.Construct
	// Network is where it stands.
	Network *network.Network
	// LoadBalancer is the load balancer itself, an L2 construct of the CDK; nil if it is another app's, as are Listener,
	// SecurityGroup and TestListener.
	LoadBalancer awselasticloadbalancingv2.ApplicationLoadBalancer
	// Listener is where routes are added: on port 443, or on port 80 with PlainHTTP.
	Listener awselasticloadbalancingv2.ApplicationListener
	// SecurityGroup is the group of the load balancer.
	SecurityGroup awsec2.SecurityGroup
	// TestListener is where the routes of releases that are being tried out are added; nil without Test.
	TestListener awselasticloadbalancingv2.ApplicationListener
	// Certificates are those made here for domains in a Zone, and Records what leads there from the names. They are plain
	// resources: the CDK's modules for them would be compiled into every program with a service.
	Certificates, Records []awscdk.CfnResource
	// WebACL is that of AWS WAF made here, a plain resource; nil without Firewall, or with its ACLARN.
	WebACL awscdk.CfnResource

	domains         []Domain // none with PlainHTTP
	partition       Partition
	internal        bool
	foreign         bool // imported from another app
	signsIn         bool // reaches identity providers
	listenerARN     *string
	testListenerARN *string
	connections     awsec2.Connections
	fullName        *string
	dnsName         *string
	gate            gate
	routes          []placed
}

var _ awsec2.IConnectable = (*ALB)(nil)

// Problems names a missing network, a load balancer that would serve neither HTTPS nor, by choice, HTTP, and address
// ranges that are none.
func (p ALBProps) Problems() check.Problems {
	var ps check.Problems
	switch {
	case p.Network == nil || check.IsNil(p.Network.VPC):
		ps.Add("Network", nil, "must be set, to one that network.New made")
	case !p.Internal && len(p.Network.PublicSubnets) < 2:
		ps.Add("Network", nil, "must have two public subnets, in different zones, for a load balancer that is not Internal").
			See(subnetPage)
	}
	switch {
	case p.Domain == nil && !p.PlainHTTP:
		ps.Add("Domain", nil, "must be set, to serve HTTPS; to serve HTTP without encryption set PlainHTTP")
	case p.Domain != nil && p.PlainHTTP:
		ps.Add("PlainHTTP", nil, "must not be set with Domain, which is served over HTTPS")
	case p.Domain != nil:
		ps.In("Domain", p.Domain.Problems())
	}
	ps = append(ps, p.moreDomainProblems()...)
	ps = append(ps, rangeProblems(p.AllowFrom)...)
	if p.Test != nil {
		ps.In("Test", p.Test.Problems())
	}
	if p.Firewall != nil {
		ps.In("Firewall", p.Firewall.Problems())
	}
	if p.SignIn && p.PlainHTTP {
		ps.Add("SignIn", p.SignIn, "must not be set with PlainHTTP, for routes with a SignIn need HTTPS").See(actionPage)
	}
	if p.SignIn && p.Internal && p.Network != nil && p.Network.Closed() {
		ps.Add("SignIn", p.SignIn, "must not be set for an Internal load balancer of a network without NAT gateways, which reaches no identity provider: "+
			"let users sign in at the application, or give the network NAT gateways").See(actionPage)
	}
	ps.In("Partition", p.Partition.Problems())
	if p.ConnectionLogs && p.NoAccessLogs {
		ps.Add("ConnectionLogs", p.ConnectionLogs, "must not be set with NoAccessLogs, which leaves out the bucket for them")
	}
	if p.IdleTimeout != 0 {
		ps.Seconds("IdleTimeout", p.IdleTimeout, time.Second, 4000*time.Second).See(attributePage)
	}
	return ps
}

// problemsIn finds a network that a load balancer in scope cannot refer to, and a certificate of another region than the
// stack's, where that is known.
func (p ALBProps) problemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	if p.Network != nil {
		ps.In("Network", check.Refer(scope, p.Network))
	}
	if p.Firewall != nil {
		ps.In("Firewall", p.Firewall.problemsIn(scope))
	}
	return append(ps, p.certificateProblemsIn(scope)...)
}

// NewALB makes the load balancer, with the children "SecurityGroup", "LoadBalancer" with its listeners, "AccessLogs", for
// domains in a Zone "Certificate", "Record" and "SubdomainRecord", those of MoreDomains followed by the name, and for a
// Firewall "WebACL", "WebACLAssociation", "WebACLLogGroup" and "WebACLLogs", and with SignIn "SignIn". It panics with a *[check.Error] if props have problems.
func NewALB(scope constructs.Construct, id string, props ALBProps) *ALB {
	check.Must(scope, id, props.Problems(), props.problemsIn(scope))
	place := check.Place(scope, id)
	a := &ALB{
		Network: props.Network, domains: props.domains(), partition: props.Partition, internal: props.Internal,
		gate: newGate(place),
	}
	check.Construct(a, scope, id)
	a.SecurityGroup = awsec2.NewSecurityGroup(a, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
		Vpc:         props.Network.VPC,
		Description: jsii.String(names.Description("Load balancer", place)),
		// Where it may connect to is for each service to say, in a rule of its own.
		AllowAllOutbound: jsii.Bool(false),
	})
	a.LoadBalancer = a.newLoadBalancer(props)
	if !props.NoAccessLogs {
		logAccess(a, a.LoadBalancer, props.ConnectionLogs)
	}
	certificates := a.prove()
	a.Listener = a.newListener(props, certificates)
	crossstack.Share(a.SecurityGroup, a.LoadBalancer, a.Listener)
	a.listenerARN = a.Listener.ListenerArn()
	if props.Test != nil {
		a.TestListener = a.newTestListener(props, certificates)
		crossstack.Share(a.TestListener)
		a.testListenerARN = a.TestListener.ListenerArn()
	}
	a.lead()
	if props.Firewall != nil {
		a.protect(*props.Firewall)
	}
	a.gate.group = a.SecurityGroup.SecurityGroupId()
	if a.signsIn = props.SignIn; a.signsIn {
		a.openToProviders()
	}
	a.connections = a.SecurityGroup.Connections()
	a.fullName, a.dnsName = a.LoadBalancer.LoadBalancerFullName(), a.LoadBalancer.LoadBalancerDnsName()
	a.gate.key = names.Key(id, place, strconv.FormatBool(props.Internal))
	return a
}

func (a *ALB) newLoadBalancer(p ALBProps) awselasticloadbalancingv2.ApplicationLoadBalancer {
	idle := p.IdleTimeout
	idle = cmp.Or(idle, DefaultIdleTimeout)
	subnets := p.Network.PublicSubnets
	if p.Internal {
		subnets = p.Network.PrivateSubnets
	}
	return awselasticloadbalancingv2.NewApplicationLoadBalancer(a, jsii.String("LoadBalancer"),
		&awselasticloadbalancingv2.ApplicationLoadBalancerProps{
			Vpc:                     p.Network.VPC,
			VpcSubnets:              &awsec2.SubnetSelection{Subnets: &subnets},
			InternetFacing:          jsii.Bool(!p.Internal),
			SecurityGroup:           a.SecurityGroup,
			DeletionProtection:      jsii.Bool(!p.NoDeletionProtection),
			DropInvalidHeaderFields: jsii.Bool(true),
			DesyncMitigationMode:    awselasticloadbalancingv2.DesyncMitigationMode_DEFENSIVE,
			IdleTimeout:             awscdk.Duration_Seconds(jsii.Number(idle.Seconds())),
		})
}

// newListener makes the listener for routes and, beside one for HTTPS, one that redirects there.
func (a *ALB) newListener(p ALBProps, certificates []*string) awselasticloadbalancingv2.ApplicationListener {
	a.admit(p, 80)
	if p.PlainHTTP {
		return a.addListener("HTTP", awselasticloadbalancingv2.BaseApplicationListenerProps{
			Port: jsii.Number(80), Protocol: awselasticloadbalancingv2.ApplicationProtocol_HTTP, DefaultAction: notFound(),
		})
	}
	a.admit(p, 443)
	a.addListener("HTTP", awselasticloadbalancingv2.BaseApplicationListenerProps{
		Port: jsii.Number(80), Protocol: awselasticloadbalancingv2.ApplicationProtocol_HTTP,
		DefaultAction: awselasticloadbalancingv2.ListenerAction_Redirect(&awselasticloadbalancingv2.RedirectOptions{
			Protocol: jsii.String("HTTPS"), Port: jsii.String("443"), Permanent: jsii.Bool(true),
		}),
	})
	return a.addSecureListener("HTTPS", 443, certificates)
}

// addSecureListener adds a listener that serves the domains on a port.
func (a *ALB) addSecureListener(id string, port int, certificates []*string) awselasticloadbalancingv2.ApplicationListener {
	listener := a.addListener(id, awselasticloadbalancingv2.BaseApplicationListenerProps{
		Port: jsii.Number(float64(port)), Protocol: awselasticloadbalancingv2.ApplicationProtocol_HTTPS, DefaultAction: notFound(),
		Certificates: &[]awselasticloadbalancingv2.IListenerCertificate{
			awselasticloadbalancingv2.ListenerCertificate_FromArn(certificates[0]),
		},
		SslPolicy: awselasticloadbalancingv2.SslPolicy_TLS13_12_PQ,
	})
	a.addCertificates(id, listener, certificates)
	return listener
}

func (a *ALB) newTestListener(p ALBProps, certificates []*string) awselasticloadbalancingv2.ApplicationListener {
	port := p.Test.Port
	if port == 0 && p.PlainHTTP {
		port = 8080
	} else if port == 0 {
		port = 8443
	}
	a.admitFrom(p.Test.AllowFrom, port)
	if p.PlainHTTP {
		return a.addListener("Test", awselasticloadbalancingv2.BaseApplicationListenerProps{
			Port:          jsii.Number(float64(port)),
			Protocol:      awselasticloadbalancingv2.ApplicationProtocol_HTTP,
			DefaultAction: notFound(),
		})
	}
	return a.addSecureListener("Test", port, certificates)
}

func (a *ALB) addListener(
	id string, props awselasticloadbalancingv2.BaseApplicationListenerProps,
) awselasticloadbalancingv2.ApplicationListener {
	props.Open = jsii.Bool(false) // the CDK would open an internal one to 0.0.0.0/0 too
	return a.LoadBalancer.AddListener(&id, &props)
}

// admit lets those who may connect reach the port.
func (a *ALB) admit(p ALBProps, port int) {
	from := p.AllowFrom
	if len(from) == 0 && p.Internal {
		from = []string{*p.Network.CIDR()}
	} else if len(from) == 0 {
		from = []string{"0.0.0.0/0"}
	}
	a.admitFrom(from, port)
}

func (a *ALB) admitFrom(from []string, port int) {
	tcp := awsec2.Port_Tcp(jsii.Number(float64(port)))
	for _, cidr := range from {
		a.SecurityGroup.AddIngressRule(awsec2.Peer_Ipv4(&cidr), tcp, jsii.String("Listener"), nil)
	}
}

func notFound() awselasticloadbalancingv2.ListenerAction {
	return awselasticloadbalancingv2.ListenerAction_FixedResponse(jsii.Number(404),
		&awselasticloadbalancingv2.FixedResponseOptions{
			ContentType: jsii.String("text/plain"), MessageBody: jsii.String("Not found"),
		})
}

// FullName returns the last part of the load balancer's ARN, which its metrics go by.
func (a *ALB) FullName() *string { return a.fullName }

// HasTestListener reports whether it has a test listener, here or in the app that made it.
func (a *ALB) HasTestListener() bool { return a.testListenerARN != nil }

// Connections returns who may connect to the load balancer, for rules of your own.
func (a *ALB) Connections() awsec2.Connections { return a.connections }

// URL returns where the load balancer is reached: under its first domain, or else under the name that AWS gives it.
func (a *ALB) URL() *string {
	if a.secure() {
		return jsii.String("https://" + a.domains[0].Name)
	}
	return jsii.String("http://" + *a.dnsName)
}
