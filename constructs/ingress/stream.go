package ingress

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/ask"
	"github.com/ecskit/ecskit/constructs/internal/names"
)

// Transport is what a listener of a Network Load Balancer takes.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
type Transport string

// The transports of a Network Load Balancer.
const (
	TCP    Transport = "TCP"
	TLS    Transport = "TLS"     // which ends at the load balancer; tasks get TCP
	UDP    Transport = "UDP"     // datagrams; those of one flow come to one task
	TCPUDP Transport = "TCP_UDP" // both, on one port
)

func (t Transport) overTCP() bool { return t != UDP }

func (t Transport) overUDP() bool { return t == UDP || t == TCPUDP }

// spans are a port as security groups see it.
func (t Transport) spans(port int) []span {
	var spans []span
	if t.overTCP() {
		spans = append(spans, single(port, false))
	}
	if t.overUDP() {
		spans = append(spans, single(port, true))
	}
	return spans
}

// StreamProps says which connections to a Network Load Balancer a container receives: all to a port.
type StreamProps struct {
	// LoadBalancer is the one that clients connect to. Required.
	LoadBalancer *NLB
	// ListenerPort is the port that clients connect to, 1-65535, no other stream's of the load balancer. Another one makes another target
	// group and closes the old port: to keep it open meanwhile, deploy once with a stream for each. Required.
	ListenerPort int
	// Protocol of the connections. Another one, but TLS for TCP, replaces the target group, in which no task is at first: change it by
	// way of a second stream on another port. Zero: TCP.
	Protocol Transport
	// CertificateARN is the certificate in ACM of the name that clients connect to, in the region of the load balancer.
	// Required with TLS, and only there. Where deployments shift, another one, like another IdleTimeout, has CloudFormation bring
	// connections to the first target group: before, see to it that the tasks are there, by one more deployment if they are not.
	CertificateARN string
	// AllowFrom are the IPv4 ranges that may connect. Zero: those of the load balancer.
	AllowFrom []string
	// IdleTimeout is how long a silent connection is kept, 60-6000 s, with TCP alone. Zero: 350 s.
	IdleTimeout time.Duration
	// Test is a second listener, with a Port and ranges of its own, on which deployments that shift traffic bring connections
	// to the new tasks first. Zero: none.
	Test *TestListener
	// Container is the name of the container that receives them. Zero: the main one.
	Container string
	// Port of the container that receives them, one that the container has, for UDP among its UDPPorts. Zero: the
	// container's Port, or with UDP the first of its UDPPorts.
	Port int
	// Group says how the load balancer treats the tasks. Zero: see [StreamGroup].
	Group StreamGroup
	// Instances reaches the tasks by ports of their instances, as in network modes bridge and host. A service sets it.
	// Another value replaces the target group. Zero: by addresses of their own.
	Instances bool
	// Shift makes a second target group, and the test listener, for deployments by ECS that shift traffic. A service sets it.
	// Zero: one target group.
	Shift bool
}

const (
	listenerPage     = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html"
	tlsPage          = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html"
	listenerIdlePage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html"
)

// Problems names a missing load balancer or port, a protocol that does not go with what else is set, and what is wrong with
// the group.
func (p StreamProps) Problems() check.Problems {
	var ps check.Problems
	if p.LoadBalancer == nil || p.LoadBalancer.Network == nil {
		ps.Add("LoadBalancer", nil, "must be set, to one that ingress.NewNLB made")
	}
	ps.Range("ListenerPort", p.ListenerPort, 1, 65535)
	if p.Port < 0 || p.Port > 65535 {
		ps.Add("Port", p.Port, "must be 1-65535, or 0 for the container's Port")
	}
	ps = append(ps, rangeProblems(p.AllowFrom)...)
	transport := p.withDefaults().Protocol
	if !slices.Contains([]Transport{TCP, TLS, UDP, TCPUDP}, transport) {
		ps.Add("Protocol", string(p.Protocol), "must be %s, %s, %s or %s", TCP, TLS, UDP, TCPUDP).See(listenerPage)
		return append(ps, p.testProblems()...)
	}
	switch {
	case transport != TLS && p.CertificateARN != "":
		ps.Add("CertificateARN", p.CertificateARN, "must not be set but with %s, which ends at the load balancer", TLS).See(tlsPage)
	case transport == TLS && !check.IsToken(p.CertificateARN) && !certificateARN.MatchString(p.CertificateARN):
		ps.Add("CertificateARN", p.CertificateARN, "must be arn:<partition>:acm:<region>:<account>:certificate/<id> with %s", TLS).See(tlsPage)
	}
	if p.IdleTimeout != 0 && transport != TCP {
		ps.Add("IdleTimeout", p.IdleTimeout, "must not be set but with %s: other listeners have a time that AWS sets", TCP).See(listenerIdlePage)
	} else if p.IdleTimeout != 0 {
		ps.Seconds("IdleTimeout", p.IdleTimeout, time.Minute, 6000*time.Second).See(listenerIdlePage)
	}
	ps = append(ps, p.testProblems()...)
	ps.In("Group", p.Group.Problems())
	if p.Group.ProxyProtocol && transport.overUDP() {
		ps.Add("Group.ProxyProtocol", true, "must not be set with %s and %s, which have the client's address anyway", UDP, TCPUDP).
			See(streamGroupPage)
	}
	return ps
}

func (p StreamProps) testProblems() check.Problems {
	var ps check.Problems
	if p.Test == nil {
		return ps
	}
	ps.In("Test", p.Test.Problems())
	switch p.Test.Port {
	case 0:
		ps.Add("Test.Port", nil, "must be set")
	case p.ListenerPort:
		ps.Add("Test.Port", p.Test.Port, "must be another port than ListenerPort")
	}
	return ps
}

// problemsIn finds a certificate of another region than the stack's, where that is known.
func (p StreamProps) problemsIn(scope constructs.Construct) check.Problems {
	var ps check.Problems
	m := certificateARN.FindStringSubmatch(p.CertificateARN)
	if m == nil || !check.InStack(scope) {
		return ps
	}
	if region := check.EnvOf(scope).Region; !check.IsToken(region) && m[1] != region {
		ps.Add("CertificateARN", p.CertificateARN, "must be of the stack's region (%s)", region)
	}
	return ps
}

func (p StreamProps) withDefaults() StreamProps {
	p.Protocol = cmp.Or(p.Protocol, TCP)
	p.Group = p.Group.withDefaults()
	return p
}

// ports are those that the load balancer sends connections and health checks to.
func (p StreamProps) ports() []span {
	ports := p.withDefaults().Protocol.spans(p.Port)
	if port := p.Group.HealthCheck.Port; port != 0 {
		ports = append(ports, single(port, false)) // a health check is made over TCP, whatever it is for
	}
	return ports
}

// listens are the ports of the load balancer that the stream takes.
func (p StreamProps) listens() []int {
	if p.Test != nil && p.Shift {
		return []int{p.ListenerPort, p.Test.Port}
	}
	return []int{p.ListenerPort}
}

// StreamProblems names what is wrong with streams, were these made at places (see [check.Place]) in scope: ports of load
// balancers that another service listens on already, or a stream before them, and certificates of other regions. The path
// of a problem starts with the index of its stream.
func StreamProblems(scope constructs.Construct, streams []StreamProps, places []string) check.Problems {
	var ps check.Problems
	for i, s := range streams {
		var mine check.Problems
		mine = append(mine, s.problemsIn(scope)...)
		if s.LoadBalancer != nil {
			mine.In("LoadBalancer", check.Refer(scope, s.LoadBalancer))
			mine = append(mine, s.taken(streams[:i], places)...)
		}
		ps.In(fmt.Sprintf("[%d]", i), mine)
	}
	return ps
}

// taken names ports that another stream listens on.
func (p StreamProps) taken(earlier []StreamProps, places []string) check.Problems {
	var ps check.Problems
	for i, port := range p.listens() {
		owner := p.LoadBalancer.listeners[port]
		for j, other := range earlier {
			if other.LoadBalancer == p.LoadBalancer && slices.Contains(other.listens(), port) {
				owner = places[j]
			}
		}
		if owner != "" {
			ps.Add([]string{"ListenerPort", "Test.Port"}[i], port, "must be another port of the load balancer than that of %s, which "+
				"listens there; both TCP and UDP on one port are Protocol %s", owner, TCPUDP).See(listenerPage)
		}
	}
	return ps
}

// Stream is a listener of a Network Load Balancer and the target group that it forwards to.
type Stream struct {
	constructs.Construct
	// Group is the target group, an L1 construct of the CDK.
	Group awselasticloadbalancingv2.CfnTargetGroup
	// Alternate is the second target group, which tasks and connections shift to and, with the next deployment, back from;
	// nil without Shift.
	Alternate awselasticloadbalancingv2.CfnTargetGroup
	// Listener is the listener, an L1 construct of the CDK. With Shift, ECS moves its weights, and CloudFormation sets them
	// back whenever any of its properties changes, its certificate included: connections then come to Group, wherever the
	// tasks are.
	Listener awselasticloadbalancingv2.CfnListener
	// TestListener is the listener for releases that are being tried out; nil without Shift or without Test.
	TestListener awselasticloadbalancingv2.CfnListener

	props StreamProps
}

// NewStream makes the target group, the listener and the rules that let clients in, with the children "Group", "Listener"
// and, with Shift, "Alternate" and "TestListener", each followed by a key of the load balancer and listeners by their port
// too. The tasks still have to be opened to the
// load balancer: see [NewReach]. It panics with a *[check.Error] if props have problems or the port is taken.
func NewStream(scope constructs.Construct, id string, props StreamProps) *Stream {
	place := check.Place(scope, id)
	var here check.Problems
	for _, p := range StreamProblems(scope, []StreamProps{props}, []string{place}) {
		p.Field = p.Field[len("[0]."):]
		here = append(here, p)
	}
	check.Must(scope, id, props.Problems(), here)
	s := &Stream{props: props.withDefaults()}
	check.Construct(s, scope, id)
	s.Group = s.newGroup("Group")
	if props.Shift {
		s.Alternate = s.newGroup("Alternate")
	}
	s.Listener = s.newListener("Listener", props.ListenerPort)
	from := props.AllowFrom
	if len(from) == 0 {
		from = props.LoadBalancer.allowFrom
	}
	s.admit(from, props.ListenerPort)
	if props.Shift && props.Test != nil {
		s.TestListener = s.newListener("TestListener", props.Test.Port)
		s.admit(props.Test.AllowFrom, props.Test.Port)
	}
	for _, port := range props.listens() {
		props.LoadBalancer.listeners[port] = place
	}
	return s
}

// admit lets those who may connect reach a port of the load balancer, in rules of the stream's own stack.
func (s *Stream) admit(from []string, port int) {
	for i, cidr := range from {
		for _, ports := range s.props.Protocol.spans(port) {
			id := names.Key("From"+ports.id(), s.props.LoadBalancer.gate.key, cidr)
			if check.IsToken(cidr) {
				id = "From" + ports.id() + s.props.LoadBalancer.gate.key + ordinal(i)
			}
			awsec2.NewCfnSecurityGroupIngress(s, &id, &awsec2.CfnSecurityGroupIngressProps{
				GroupId: s.props.LoadBalancer.gate.group, CidrIp: &cidr, IpProtocol: jsii.String(ports.protocol()),
				FromPort: jsii.Number(float64(port)), ToPort: jsii.Number(float64(port)), Description: jsii.String("Listener"),
			})
		}
	}
}

// ordinal tells the second of several and those after it from the first.
func ordinal(i int) string {
	if i == 0 {
		return ""
	}
	return "-" + strconv.Itoa(i+1)
}

func (s *Stream) newListener(id string, port int) awselasticloadbalancingv2.CfnListener {
	p := s.props
	props := &awselasticloadbalancingv2.CfnListenerProps{
		LoadBalancerArn: p.LoadBalancer.LoadBalancer.Ref(),
		Port:            jsii.Number(float64(port)),
		Protocol:        jsii.String(string(p.Protocol)),
		DefaultActions:  []*awselasticloadbalancingv2.CfnListener_ActionProperty{s.forward()},
	}
	if p.Protocol == TLS {
		props.Certificates = []*awselasticloadbalancingv2.CfnListener_CertificateProperty{{CertificateArn: &p.CertificateARN}}
		props.SslPolicy = jsii.String(tlsPolicy)
	}
	if p.IdleTimeout > 0 {
		props.ListenerAttributes = []*awselasticloadbalancingv2.CfnListener_ListenerAttributeProperty{{
			Key: jsii.String("tcp.idle_timeout.seconds"), Value: jsii.String(strconv.Itoa(int(p.IdleTimeout.Seconds()))),
		}}
	}
	listener := awselasticloadbalancingv2.NewCfnListener(s, jsii.String(id+strconv.Itoa(port)+p.LoadBalancer.gate.key), props)
	if p.Shift { // another tag would set the weights back
		listener.AddPropertyDeletionOverride(jsii.String("Tags"))
	}
	return listener
}

// tlsPolicy is that of listeners for HTTPS too.
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09"

// forward sends connections to the target group or, of two, to the first: ECS wants exactly one of them to have a weight.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
func (s *Stream) forward() *awselasticloadbalancingv2.CfnListener_ActionProperty {
	action := &awselasticloadbalancingv2.CfnListener_ActionProperty{Type: jsii.String("forward")}
	if s.Alternate == nil {
		action.TargetGroupArn = ask.Ref(s.Group)
		return action
	}
	action.ForwardConfig = &awselasticloadbalancingv2.CfnListener_ForwardConfigProperty{
		TargetGroups: []*awselasticloadbalancingv2.CfnListener_TargetGroupTupleProperty{
			{TargetGroupArn: ask.Ref(s.Group), Weight: jsii.Number(1)},
			{TargetGroupArn: ask.Ref(s.Alternate), Weight: jsii.Number(0)},
		},
	}
	return action
}

func (s *Stream) newGroup(id string) awselasticloadbalancingv2.CfnTargetGroup {
	g := s.props.Group
	h, protocol, targets, port := g.HealthCheck, s.props.Protocol, "ip", "traffic-port"
	if protocol == TLS {
		protocol = TCP
	}
	if s.props.Instances {
		targets = "instance"
	}
	if h.Port != 0 {
		port = strconv.Itoa(h.Port)
	}
	props := &awselasticloadbalancingv2.CfnTargetGroupProps{
		VpcId:                      s.props.LoadBalancer.Network.ID,
		TargetType:                 &targets,
		Protocol:                   jsii.String(string(protocol)),
		Port:                       jsii.Number(unusedPort),
		HealthCheckEnabled:         jsii.Bool(true),
		HealthCheckProtocol:        jsii.String("TCP"),
		HealthCheckPort:            &port,
		HealthCheckIntervalSeconds: jsii.Number(h.Interval.Seconds()),
		HealthCheckTimeoutSeconds:  jsii.Number(h.Timeout.Seconds()),
		HealthyThresholdCount:      jsii.Number(float64(h.Healthy)),
		UnhealthyThresholdCount:    jsii.Number(float64(h.Unhealthy)),
		TargetGroupAttributes:      g.attributes(s.props.Protocol),
	}
	if h.Path != "" {
		props.HealthCheckProtocol, props.HealthCheckPath = jsii.String("HTTP"), &h.Path
		props.Matcher = &awselasticloadbalancingv2.CfnTargetGroup_MatcherProperty{HttpCode: &h.Codes}
	}
	return awselasticloadbalancingv2.NewCfnTargetGroup(s, jsii.String(id+s.props.LoadBalancer.gate.key), props)
}

// FullNames returns the last parts of the target groups' ARNs, which their metrics go by: one, or two with Shift.
func (s *Stream) FullNames() []*string {
	return fullNames(s.Group, s.Alternate)
}
