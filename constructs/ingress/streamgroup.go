package ingress

import (
	"cmp"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"

	"github.com/ecskit/ecskit/constructs/check"
)

// StreamGroup says how a Network Load Balancer treats the tasks of a service.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
type StreamGroup struct {
	// HealthCheck says which tasks receive connections: those that accept one over TCP or, with a Path, answer a request over
	// HTTP. The port of a stream over UDP alone is none that can be asked so.
	HealthCheck HealthCheck
	// DeregistrationDelay is how long a task that is to stop may finish its connections, 1-3600 s, at most the StopTimeout of
	// its container. Zero: 30 s, or the StopTimeout if that is less.
	DeregistrationDelay time.Duration
	// KeepConnections leaves connections open after DeregistrationDelay, for the task to close. Zero: they are ended, and
	// clients connect to another task.
	KeepConnections bool
	// ClientIP has tasks see the addresses of clients. A task that connects to its own load balancer may then come to
	// itself, which fails. Always so with UDP and TCPUDP. Zero: they see those of the load balancer.
	ClientIP bool
	// ProxyProtocol sends a header with the address of the client before the data, version 2, which the container has to
	// expect of each connection. Not with UDP and TCPUDP. Zero: data alone.
	ProxyProtocol bool
}

const (
	streamGroupPage  = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html"
	streamHealthPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"
)

// Problems names times and numbers out of AWS's range, and codes without a request.
func (g StreamGroup) Problems() check.Problems {
	d := g.withDefaults()
	var ps check.Problems
	ps.Seconds("DeregistrationDelay", d.DeregistrationDelay, time.Second, time.Hour).See(streamGroupPage)
	if g.HealthCheck.Path == "" && g.HealthCheck.Codes != "" {
		ps.Add("HealthCheck.Codes", g.HealthCheck.Codes, "must not be set without Path, for a connection has none").See(streamHealthPage)
		d.HealthCheck.Codes = ""
	}
	ps.In("HealthCheck", d.HealthCheck.Problems())
	return ps
}

func (g StreamGroup) withDefaults() StreamGroup {
	g.DeregistrationDelay = cmp.Or(g.DeregistrationDelay, DefaultDeregistrationDelay)
	path := g.HealthCheck.Path
	g.HealthCheck = g.HealthCheck.withDefaults(HTTP1)
	g.HealthCheck.Path = path
	return g
}

// Delay returns how long a task that is to stop may finish its connections, the default filled in.
func (g StreamGroup) Delay() time.Duration { return g.withDefaults().DeregistrationDelay }

func (g StreamGroup) attributes(t Transport) []*awselasticloadbalancingv2.CfnTargetGroup_TargetGroupAttributeProperty {
	var attributes []*awselasticloadbalancingv2.CfnTargetGroup_TargetGroupAttributeProperty
	set := func(key, value string) {
		attributes = append(attributes, &awselasticloadbalancingv2.CfnTargetGroup_TargetGroupAttributeProperty{
			Key: &key, Value: &value,
		})
	}
	set("deregistration_delay.timeout_seconds", strconv.Itoa(int(g.DeregistrationDelay.Seconds())))
	set("deregistration_delay.connection_termination.enabled", strconv.FormatBool(!g.KeepConnections))
	set("preserve_client_ip.enabled", strconv.FormatBool(g.ClientIP || t.overUDP()))
	set("proxy_protocol_v2.enabled", strconv.FormatBool(g.ProxyProtocol))
	set("stickiness.enabled", "false")
	return attributes
}
