// Package platform makes what services share: a network, a cluster, and the load balancers in front of them. It can stand
// in the stack of a service or in one of its own; services in other stacks of the app then refer to it by outputs that
// never keep it from being changed. (In a nested stack, and with a VPC from a third stack, the CDK decides how.)
package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/check"
	"github.com/ecskit/ecskit/constructs/cluster"
	"github.com/ecskit/ecskit/constructs/discovery"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/constructs/secret"
	"github.com/ecskit/ecskit/constructs/task"
)

// Props says what platform to make. Its public load balancer needs a Domain, or else PlainHTTP.
type Props struct {
	// Network says what network to make, or which to use. Zero: a VPC of two zones.
	Network network.Props
	// NoInsights turns Container Insights off. Zero: on, with enhanced observability.
	NoInsights bool
	// SecretsKey makes a KMS key that the services' parameters are encrypted under, unless they name another. Zero: they
	// are under the key that AWS manages.
	SecretsKey bool
	// Namespace is the domain below which services find each other, such as shop.internal. Zero: there is none.
	Namespace string
	// AlarmTopic makes a topic that the alarms of services are published to, unless they name another. Zero: nobody is told of them.
	AlarmTopic *alarm.TopicProps
	// Domain is what the public load balancer serves over HTTPS. Required for it, unless PlainHTTP is set.
	Domain *ingress.Domain
	// MoreDomains are further names that the public load balancer serves over HTTPS, at most 25. Zero: none.
	MoreDomains []ingress.Domain
	// AllowFrom are the IPv4 ranges that may connect to the public load balancer. Zero: everyone.
	AllowFrom []string
	// Firewall keeps requests from the public load balancer by AWS WAF. Zero: none.
	Firewall *ingress.Firewall
	// NoPublic leaves out the public load balancer. Zero: there is one.
	NoPublic bool
	// Internal adds a load balancer that only the network reaches. Zero: there is none.
	Internal bool
	// InternalDomain is what the internal load balancer serves over HTTPS. Required for it, unless PlainHTTP is set.
	InternalDomain *ingress.Domain
	// InternalMoreDomains are further names that the internal load balancer serves over HTTPS, at most 25. Zero: none.
	InternalMoreDomains []ingress.Domain
	// InternalAllowFrom are the IPv4 ranges that may connect to the internal load balancer. Zero: the network's own.
	InternalAllowFrom []string
	// Test adds a listener to the load balancers on which deployments that shift traffic bring requests to the new tasks
	// first. Zero: none.
	Test *ingress.TestListener
	// PlainHTTP serves HTTP without encryption on a load balancer that has no domain. Zero: that is a problem.
	PlainHTTP bool
	// IdleTimeout is how long the load balancers keep a silent connection, 1-4000 s. Zero: 60 s.
	IdleTimeout time.Duration
	// NoDeletionProtection lets the load balancers be deleted with the stack. Zero: it has to be allowed first.
	NoDeletionProtection bool
	// NoAccessLogs leaves out the log of all requests and the buckets for it. Zero: logged.
	NoAccessLogs bool
	// ConnectionLogs logs each connection to the load balancers too. Not with NoAccessLogs. Zero: not logged.
	ConnectionLogs bool
	// SignIn lets the load balancers connect to any address on port 443, where they ask identity providers who a user is:
	// routes with a SignIn need it. Zero: they connect to tasks alone.
	SignIn bool
	// Partition is the share of this app's routes in the numbers of the load balancers' rules, if other apps add routes to
	// them too: see [ingress.ImportALB]. Zero: all of the numbers, for this app alone.
	Partition ingress.Partition
}

// Platform is what services share.
type Platform struct {
	constructs.Construct
	// Network is where everything runs.
	Network *network.Network
	// Cluster is where the tasks run.
	Cluster *cluster.Cluster
	// SecretsKey is the key that the services' parameters are encrypted under; nil without.
	SecretsKey *secret.Key
	// Namespace is where services find each other; nil without.
	Namespace *discovery.Namespace
	// AlarmTopic is what the alarms of services are published to; nil without.
	AlarmTopic *alarm.Topic
	// Public is the load balancer that the internet reaches; nil with NoPublic.
	Public *ingress.ALB
	// Internal is the load balancer that only the network reaches; nil without.
	Internal *ingress.ALB
}

// Problems names what is wrong with the network, and load balancers without a domain or with contradicting settings.
func (p Props) Problems() check.Problems {
	var ps check.Problems
	ps.In("Network", p.Network.Problems())
	if p.Namespace != "" {
		for _, problem := range (discovery.NamespaceProps{Name: p.Namespace}).Problems() {
			if problem.Field == "Name" {
				problem.Field = "Namespace"
				ps = append(ps, problem)
			}
		}
	}
	if p.AlarmTopic != nil {
		ps.In("AlarmTopic", p.AlarmTopic.Problems())
	}
	if p.NoPublic && p.Domain != nil {
		ps.Add("Domain", nil, "must not be set with NoPublic, for it is the public load balancer's")
	}
	if p.NoPublic && len(p.MoreDomains) > 0 {
		ps.Add("MoreDomains", nil, "must not be set with NoPublic, for they are the public load balancer's")
	}
	if p.NoPublic && len(p.AllowFrom) > 0 {
		ps.Add("AllowFrom", nil, "must not be set with NoPublic, for it is the public load balancer's")
	}
	if p.NoPublic && p.Firewall != nil {
		ps.Add("Firewall", nil, "must not be set with NoPublic, for it is the public load balancer's")
	}
	if !p.Internal && p.InternalDomain != nil {
		ps.Add("InternalDomain", nil, "must not be set without Internal")
	}
	if !p.Internal && len(p.InternalMoreDomains) > 0 {
		ps.Add("InternalMoreDomains", nil, "must not be set without Internal")
	}
	if !p.Internal && len(p.InternalAllowFrom) > 0 {
		ps.Add("InternalAllowFrom", nil, "must not be set without Internal")
	}
	if p.PlainHTTP && (p.NoPublic || p.Domain != nil) && (!p.Internal || p.InternalDomain != nil) {
		ps.Add("PlainHTTP", nil, "must not be set, for no load balancer is without a domain")
	}
	if p.SignIn && (p.NoPublic || p.Domain == nil) && (!p.Internal || p.InternalDomain == nil) {
		ps.Add("SignIn", p.SignIn, "must not be set, for no load balancer has a domain to serve over HTTPS")
	}
	if vpc := p.Network.VPC; !p.NoPublic && !check.IsNil(vpc) && network.ZonesOf(vpc.PublicSubnets()) < 2 {
		ps.Add("Network.VPC", nil, "must have two public subnets, in different zones, for the public load balancer; "+
			"to do without that set NoPublic")
	}
	if !p.NoPublic {
		ps = append(ps, problemsOf(p.public(), "")...)
	}
	if p.Internal {
		for _, problem := range problemsOf(p.internal(), "Internal") {
			if p.NoPublic || !shared(problem.Field) { // or the public load balancer has named it
				ps = append(ps, problem)
			}
		}
	}
	return ps
}

// shared reports whether a field is of both load balancers.
func shared(field string) bool {
	return field == "IdleTimeout" || field == "ConnectionLogs" || strings.HasPrefix(field, "Test.") || strings.HasPrefix(field, "Partition.")
}

// problemsOf returns the problems of a load balancer before its network exists. Its domains and its ranges have a prefix
// among the platform's fields.
func problemsOf(alb ingress.ALBProps, prefix string) check.Problems {
	ps := slices.DeleteFunc(alb.Problems(), func(p *check.Problem) bool { return p.Field == "Network" })
	for _, p := range ps {
		if strings.HasPrefix(p.Field, "Domain") || strings.HasPrefix(p.Field, "MoreDomains") || p.Field == "AllowFrom" {
			p.Field = prefix + p.Field
		}
	}
	return ps
}

// New makes the platform, with the children "Network", "Cluster", "SecretsKey", "AlarmTopic", "Namespace", "Public" and
// "Internal". It panics with a *[check.Error] if props have problems.
func New(scope constructs.Construct, id string, props Props) *Platform {
	var here check.Problems
	here.In("Network", props.Network.ProblemsIn(scope))
	check.Must(scope, id, props.Problems(), here)
	p := &Platform{}
	check.Construct(p, scope, id)
	p.Network = network.New(p, "Network", props.Network)
	p.Cluster = cluster.New(p, "Cluster", cluster.Props{Network: p.Network, NoInsights: props.NoInsights})
	if props.SecretsKey {
		p.SecretsKey = secret.NewKey(p, "SecretsKey", secret.KeyProps{})
	}
	if props.AlarmTopic != nil {
		p.AlarmTopic = alarm.NewTopic(p, "AlarmTopic", *props.AlarmTopic)
	}
	if props.Namespace != "" {
		p.Namespace = discovery.NewNamespace(p, "Namespace", discovery.NamespaceProps{Name: props.Namespace, Network: p.Network})
	}
	if !props.NoPublic {
		public := props.public()
		public.Network = p.Network
		p.Public = ingress.NewALB(p, "Public", public)
	}
	if props.Internal {
		internal := props.internal()
		internal.Network = p.Network
		p.Internal = ingress.NewALB(p, "Internal", internal)
	}
	return p
}

// KeyOf returns the key that the parameters of a task are encrypted under where they name none: the task's own, or else the
// platform's; nil for the one that AWS manages.
func (p *Platform) KeyOf(t task.Props) awskms.IKey {
	if check.IsNil(t.SecretsKey) && p.SecretsKey != nil {
		return p.SecretsKey.Key
	}
	return t.SecretsKey
}

// Notify returns alarms that are published to the platform's topic where they name none.
func (p *Platform) Notify(policy alarm.Policy) alarm.Policy {
	if policy.Topic == nil {
		policy.Topic = p.AlarmTopic
	}
	return policy
}

// CloudMap returns a name in the platform's namespace where it is in none; nil for nil.
func (p *Platform) CloudMap(c *discovery.CloudMap) *discovery.CloudMap {
	if c == nil || c.Namespace != nil {
		return c
	}
	inside := *c
	inside.Namespace = p.Namespace
	return &inside
}

// Connect returns Service Connect in the platform's namespace where it is in none; nil for nil.
func (p *Platform) Connect(c *discovery.Connect) *discovery.Connect {
	if c == nil || c.Namespace != nil {
		return c
	}
	inside := *c
	inside.Namespace = p.Namespace
	return &inside
}

// URL returns where the public load balancer is reached; nil with NoPublic.
func (p *Platform) URL() *string {
	if p.Public == nil {
		return nil
	}
	return p.Public.URL()
}

func (p Props) public() ingress.ALBProps {
	return ingress.ALBProps{
		Domain: p.Domain, MoreDomains: p.MoreDomains, PlainHTTP: p.PlainHTTP && p.Domain == nil, AllowFrom: p.AllowFrom, IdleTimeout: p.IdleTimeout,
		NoDeletionProtection: p.NoDeletionProtection, NoAccessLogs: p.NoAccessLogs, ConnectionLogs: p.ConnectionLogs,
		Test: p.Test, Firewall: p.Firewall, SignIn: p.SignIn && p.Domain != nil, Partition: p.Partition,
	}
}

func (p Props) internal() ingress.ALBProps {
	return ingress.ALBProps{
		Internal: true, Domain: p.InternalDomain, MoreDomains: p.InternalMoreDomains, PlainHTTP: p.PlainHTTP && p.InternalDomain == nil, AllowFrom: p.InternalAllowFrom,
		IdleTimeout: p.IdleTimeout, NoDeletionProtection: p.NoDeletionProtection, NoAccessLogs: p.NoAccessLogs, ConnectionLogs: p.ConnectionLogs,
		Test: p.Test, SignIn: p.SignIn && p.InternalDomain != nil, Partition: p.Partition,
	}
}
