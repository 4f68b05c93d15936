package ingress

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/ask"
)

// TargetGroup says how a load balancer treats the tasks of a service.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
type TargetGroup struct {
	// Protocol that the container speaks. Zero: HTTP/1.1. Another one replaces the target group, and no task is in the new
	// one before the rule leads there: change it by way of a second route.
	Protocol Protocol
	// HealthCheck says which tasks receive requests.
	HealthCheck HealthCheck
	// DeregistrationDelay is how long a task that is to stop may finish its requests, 1-3600 s, at most the StopTimeout of
	// its container. Zero: 30 s, or the StopTimeout if that is less.
	DeregistrationDelay time.Duration
	// SlowStart is how long a new task receives less than its share, 30-900 s. Zero: it receives its share at once.
	SlowStart time.Duration
	// Stickiness is how long a client is kept at one task by a cookie, 1 s to 7 days. Zero: not at all.
	Stickiness time.Duration
}

// Protocol is the version of HTTP that a container speaks.
type Protocol string

// The protocols of an Application Load Balancer. HTTP2 and GRPC need HTTPS at the load balancer.
const (
	HTTP1 Protocol = "HTTP1"
	HTTP2 Protocol = "HTTP2"
	GRPC  Protocol = "GRPC"
)

// HealthCheck is the request by which a load balancer sees whether a task is healthy.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
type HealthCheck struct {
	// Path that is requested. Zero: /, or /AWS.ALB/healthcheck with GRPC.
	Path string
	// Codes that mean healthy, such as 200 or 200-299 or 200,204, of 200-499; with GRPC, status codes of 0-99.
	// Zero: 200-299, or 12, unimplemented, with GRPC.
	Codes string
	// Port that is asked, 1-65535. Zero: the one that receives the requests.
	Port int
	// Interval between two checks, 5-300 s. Zero: 15 s.
	Interval time.Duration
	// Timeout of one check, 2-120 s and less than Interval. Zero: 5 s, or 4 s if Interval is 5 s.
	Timeout time.Duration
	// Healthy is how many checks in a row must pass, 2-10. Zero: 2.
	Healthy int
	// Unhealthy is how many checks in a row must fail, 2-10. Zero: 3.
	Unhealthy int
}

// DefaultDeregistrationDelay is how long a task that is to stop may finish its requests unless the user says otherwise.
const DefaultDeregistrationDelay = 30 * time.Second

const (
	groupPage  = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"
	healthPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"
)

// Problems names times and numbers out of AWS's range.
func (g TargetGroup) Problems() check.Problems {
	d := g.withDefaults()
	var ps check.Problems
	if d.Protocol != HTTP1 && d.Protocol != HTTP2 && d.Protocol != GRPC {
		ps.Add("Protocol", string(g.Protocol), "must be %s, %s or %s", HTTP1, HTTP2, GRPC)
	}
	ps.Seconds("DeregistrationDelay", d.DeregistrationDelay, time.Second, time.Hour).See(groupPage)
	if g.SlowStart != 0 {
		ps.Seconds("SlowStart", g.SlowStart, 30*time.Second, 15*time.Minute).See(groupPage)
	}
	if g.Stickiness != 0 {
		ps.Seconds("Stickiness", g.Stickiness, time.Second, 7*24*time.Hour).See(groupPage)
	}
	ps.In("HealthCheck", d.HealthCheck.problems(d.Protocol))
	return ps
}

// Problems names times and numbers out of AWS's range, and codes that no HTTP response of a healthy target has.
func (h HealthCheck) Problems() check.Problems { return h.problems(HTTP1) }

func (h HealthCheck) problems(protocol Protocol) check.Problems {
	h = h.withDefaults(protocol)
	var ps check.Problems
	if !strings.HasPrefix(h.Path, "/") || len(h.Path) > 1024 {
		ps.Add("Path", h.Path, "must start with a slash and have at most 1024 characters").See(healthPage)
	}
	if least, most := codesOf(protocol); !areCodes(h.Codes, least, most) {
		ps.Add("Codes", h.Codes, "must be codes of %d-%d or ranges of them, such as %[1]d or %[1]d-%[2]d", least, most).See(healthPage)
	}
	if h.Port < 0 || h.Port > 65535 {
		ps.Add("Port", h.Port, "must be 1-65535, or 0 for the port that receives the requests")
	}
	var times check.Problems
	times.Seconds("Interval", h.Interval, 5*time.Second, 5*time.Minute).See(healthPage)
	times.Seconds("Timeout", h.Timeout, 2*time.Second, 2*time.Minute).See(healthPage)
	if len(times) == 0 && h.Timeout >= h.Interval {
		times.Add("Timeout", h.Timeout, "must be less than Interval (%v)", h.Interval).See(healthPage)
	}
	ps = append(ps, times...)
	ps.Range("Healthy", h.Healthy, 2, 10).See(healthPage)
	ps.Range("Unhealthy", h.Unhealthy, 2, 10).See(healthPage)
	return ps
}

// codesOf returns the least and the greatest code that can mean healthy.
func codesOf(protocol Protocol) (least, most int) {
	if protocol == GRPC {
		return 0, 99
	}
	return 200, 499
}

// areCodes reports whether s is a list of numbers and ranges of numbers, all of least to most.
func areCodes(s string, least, most int) bool {
	for item := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(item, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err != nil || err2 != nil || from < least || to > most || from > to || strconv.Itoa(from) != first || strconv.Itoa(to) != last {
			return false
		}
	}
	return true
}

func (g TargetGroup) withDefaults() TargetGroup {
	g.Protocol = cmp.Or(g.Protocol, HTTP1)
	g.DeregistrationDelay = cmp.Or(g.DeregistrationDelay, DefaultDeregistrationDelay)
	g.HealthCheck = g.HealthCheck.withDefaults(g.Protocol)
	return g
}

func (h HealthCheck) withDefaults(protocol Protocol) HealthCheck {
	path, codes := "/", "200-299"
	if protocol == GRPC {
		path, codes = "/AWS.ALB/healthcheck", "12"
	}
	h.Path = cmp.Or(h.Path, path)
	h.Codes = cmp.Or(h.Codes, codes)
	h.Interval = cmp.Or(h.Interval, 15*time.Second)
	if h.Timeout == 0 {
		h.Timeout = max(2*time.Second, min(5*time.Second, (h.Interval-time.Second).Truncate(time.Second)))
	}
	h.Healthy = cmp.Or(h.Healthy, 2)
	h.Unhealthy = cmp.Or(h.Unhealthy, 3)
	return h
}

// Delay returns how long a task that is to stop may finish its requests, the default filled in.
func (g TargetGroup) Delay() time.Duration { return g.withDefaults().DeregistrationDelay }

func (g TargetGroup) attributes() []*awselasticloadbalancingv2.CfnTargetGroup_TargetGroupAttributeProperty {
	var attributes []*awselasticloadbalancingv2.CfnTargetGroup_TargetGroupAttributeProperty
	set := func(key, value string) {
		attributes = append(attributes, &awselasticloadbalancingv2.CfnTargetGroup_TargetGroupAttributeProperty{
			Key: &key, Value: &value,
		})
	}
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }
	set("deregistration_delay.timeout_seconds", seconds(g.DeregistrationDelay))
	set("slow_start.duration_seconds", seconds(g.SlowStart))
	set("stickiness.enabled", strconv.FormatBool(g.Stickiness > 0))
	if g.Stickiness > 0 {
		set("stickiness.type", "lb_cookie")
		set("stickiness.lb_cookie.duration_seconds", seconds(g.Stickiness))
	}
	return attributes
}

// fullNames returns the last parts of the ARNs of target groups that are not nil.
func fullNames(groups ...awselasticloadbalancingv2.CfnTargetGroup) []*string {
	var names []*string
	for _, g := range groups {
		if g != nil {
			names = append(names, ask.Once(g, "full name", g.AttrTargetGroupFullName))
		}
	}
	return names
}
