package ingress

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/internal/ask"
)

// TargetProps says which requests of a load balancer a container receives.
type TargetProps struct {
	// LoadBalancer is the one whose requests they are. Required.
	LoadBalancer *ALB
	// Route says which requests. Zero: all that no other route receives.
	Route Route
	// Container is the name of the container that receives them. Zero: the main one.
	Container string
	// Port of the container that receives them, one that the container has. Zero: the container's Port.
	Port int
	// Group says how the load balancer treats the tasks. Zero: see [TargetGroup].
	Group TargetGroup
	// SignIn asks who the user is before a request comes to a task: OIDC{...} or Cognito{...}. The load balancer needs its
	// own SignIn. Not with Shift, nor with another Protocol than HTTP1. Zero: requests come from anyone.
	SignIn SignIn
	// Instances reaches the tasks by ports of their instances, as in network modes bridge and host. A service sets it.
	// Another value replaces the target group. Zero: by addresses of their own.
	Instances bool
	// Shift makes a second target group, and a rule on the load balancer's test listener if it has one, for deployments that
	// shift traffic, by ECS or by CodeDeploy. A service sets it. Zero: one target group.
	Shift bool
}

// unusedPort stands where a target group must have a port. Targets that ECS registers have ports of their own; were the
// container's port here, another one would replace the target group.
const unusedPort = 80

// Target is a target group and the listener rule that forwards requests to it.
type Target struct {
	constructs.Construct
	// Group is the target group, an L1 construct of the CDK.
	Group awselasticloadbalancingv2.CfnTargetGroup
	// Alternate is the second target group, which tasks and requests shift to and, with the next deployment, back from; nil
	// without Shift.
	Alternate awselasticloadbalancingv2.CfnTargetGroup
	// Rule is the listener rule, an L1 construct of the CDK. With Shift, ECS or CodeDeploy moves its weights, and CloudFormation sets
	// them back whenever any of its properties changes: requests then come to Group, wherever the tasks are.
	Rule awselasticloadbalancingv2.CfnListenerRule
	// TestRule is the rule on the test listener; nil without Shift or without such a listener.
	TestRule awselasticloadbalancingv2.CfnListenerRule

	props TargetProps
}

// Problems names a missing load balancer, what is wrong with the route and the group, hosts outside of the load
// balancer's domains, a protocol that its listener does not carry, and users whom it could not ask who they are.
func (p TargetProps) Problems() check.Problems {
	var ps check.Problems
	ps.In("Route", p.Route.Problems())
	ps.In("Group", p.Group.Problems())
	if p.Port < 0 || p.Port > 65535 {
		ps.Add("Port", p.Port, "must be 1-65535, or 0 for the container's Port")
	}
	if p.Shift && p.Group.Stickiness != 0 {
		ps.Add("Group.Stickiness", p.Group.Stickiness, "must not be set where traffic shifts, for it would keep clients at the old tasks: "+
			"deployment.Rolling goes with it").See(stickyPage)
	}
	ps = append(ps, p.signInProblems()...)
	if p.LoadBalancer == nil || p.LoadBalancer.Network == nil {
		ps.Add("LoadBalancer", nil, "must be set, to one that ingress.NewALB or ingress.ImportALB made")
		return ps
	}
	ps.In("Route", p.LoadBalancer.routeProblems(p.Route))
	if protocol := p.Group.withDefaults().Protocol; !p.LoadBalancer.secure() && protocol != HTTP1 {
		ps.Add("Group.Protocol", string(protocol), "must be %s on a load balancer that serves plain HTTP", HTTP1).
			See("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-protocol-version")
	}
	return ps
}

const stickyPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"

// NewTarget makes the target group and the rule, with the children "Group", "Rule" and, with Shift, "Alternate" and
// "TestRule", each followed by a key of the load balancer: a group cannot be on two load balancers, not even while its service moves from one to the other. The tasks
// still have to be opened to the load balancer: see [NewReach]. It panics with a *[check.Error] if props have problems or
// the route collides.
func NewTarget(scope constructs.Construct, id string, props TargetProps) *Target {
	place := check.Place(scope, id)
	check.Must(scope, id, props.Problems(), Collisions([]TargetProps{props}, []string{place}))
	t := &Target{props: props}
	check.Construct(t, scope, id)
	alb := props.LoadBalancer
	t.Group = t.newGroup("Group", props.Group.withDefaults())
	if props.Shift {
		t.Alternate = t.newGroup("Alternate", props.Group.withDefaults())
	}
	mine := alb.at(place, props.Route)
	t.Rule = t.newRule("Rule", alb.listenerARN, mine.priority)
	if props.Shift && alb.testListenerARN != nil {
		t.TestRule = t.newRule("TestRule", alb.testListenerARN, mine.priority)
	}
	alb.routes = append(alb.routes, mine)
	return t
}

func (t *Target) newRule(id string, listenerARN *string, priority int) awselasticloadbalancingv2.CfnListenerRule {
	rule := awselasticloadbalancingv2.NewCfnListenerRule(t, jsii.String(id+t.props.LoadBalancer.gate.key),
		&awselasticloadbalancingv2.CfnListenerRuleProps{
			ListenerArn: listenerARN,
			Priority:    jsii.Number(float64(priority)),
			Conditions:  t.props.Route.conditions(),
			Actions:     t.actions(),
		})
	if t.props.Shift { // another tag would set the weights back
		rule.AddPropertyDeletionOverride(jsii.String("Tags"))
	}
	return rule
}

// actions are to forward, after asking who the user is if the target wants to know.
func (t *Target) actions() []*awselasticloadbalancingv2.CfnListenerRule_ActionProperty {
	forward := t.forward()
	if t.props.SignIn == nil {
		return []*awselasticloadbalancingv2.CfnListenerRule_ActionProperty{forward}
	}
	forward.Order = jsii.Number(2)
	return []*awselasticloadbalancingv2.CfnListenerRule_ActionProperty{t.props.SignIn.action(), forward}
}

// forward sends requests to the target group or, of two, to the first: ECS wants exactly one of them to have a weight.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
func (t *Target) forward() *awselasticloadbalancingv2.CfnListenerRule_ActionProperty {
	action := &awselasticloadbalancingv2.CfnListenerRule_ActionProperty{Type: jsii.String("forward")}
	if t.Alternate == nil {
		action.TargetGroupArn = ask.Ref(t.Group)
		return action
	}
	action.ForwardConfig = &awselasticloadbalancingv2.CfnListenerRule_ForwardConfigProperty{
		TargetGroups: []*awselasticloadbalancingv2.CfnListenerRule_TargetGroupTupleProperty{
			{TargetGroupArn: ask.Ref(t.Group), Weight: jsii.Number(1)},
			{TargetGroupArn: ask.Ref(t.Alternate), Weight: jsii.Number(0)},
		},
	}
	return action
}

func (t *Target) newGroup(id string, g TargetGroup) awselasticloadbalancingv2.CfnTargetGroup {
	h := g.HealthCheck
	targets := "ip"
	if t.props.Instances {
		targets = "instance"
	}
	matcher := &awselasticloadbalancingv2.CfnTargetGroup_MatcherProperty{HttpCode: &h.Codes}
	if g.Protocol == GRPC {
		matcher = &awselasticloadbalancingv2.CfnTargetGroup_MatcherProperty{GrpcCode: &h.Codes}
	}
	port := "traffic-port"
	if h.Port != 0 {
		port = strconv.Itoa(h.Port)
	}
	return awselasticloadbalancingv2.NewCfnTargetGroup(t, jsii.String(id+t.props.LoadBalancer.gate.key),
		&awselasticloadbalancingv2.CfnTargetGroupProps{
			VpcId:                      t.props.LoadBalancer.Network.ID,
			TargetType:                 &targets,
			Protocol:                   jsii.String("HTTP"),
			ProtocolVersion:            jsii.String(string(g.Protocol)),
			Port:                       jsii.Number(unusedPort),
			HealthCheckEnabled:         jsii.Bool(true),
			HealthCheckProtocol:        jsii.String("HTTP"),
			HealthCheckPath:            &h.Path,
			HealthCheckPort:            &port,
			HealthCheckIntervalSeconds: jsii.Number(h.Interval.Seconds()),
			HealthCheckTimeoutSeconds:  jsii.Number(h.Timeout.Seconds()),
			HealthyThresholdCount:      jsii.Number(float64(h.Healthy)),
			UnhealthyThresholdCount:    jsii.Number(float64(h.Unhealthy)),
			Matcher:                    matcher,
			TargetGroupAttributes:      g.attributes(),
		})
}

// Listeners returns the ARNs of the listener with Rule and of the one with TestRule, which is nil without that.
func (t *Target) Listeners() (production, test *string) {
	if t.TestRule != nil {
		test = t.props.LoadBalancer.testListenerARN
	}
	return t.props.LoadBalancer.listenerARN, test
}

// FullNames returns the last parts of the target groups' ARNs, which their metrics go by: one, or two with Shift.
func (t *Target) FullNames() []*string {
	return fullNames(t.Group, t.Alternate)
}
