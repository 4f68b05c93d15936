package property

import (
	"time"

	"pgregory.net/rapid"

	"github.com/ecskit/ecskit/constructs/alarm"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/network"
	"github.com/ecskit/ecskit/patterns/platform"
)

// Where everything is, and what certificate and zone it has there.
const (
	account     = "123456789012"
	region      = "us-east-1"
	certificate = "arn:aws:acm:" + region + ":" + account + ":certificate/12345678-90ab-cdef-1234-567890abcdef"
	zone        = "Z0123456789ABCDEFGHIJ"
)

// drawNetwork draws a network. One that is imported leaves no more to say than whether it has NAT gateways.
func drawNetwork(t *rapid.T, imported bool) network.Props {
	var n network.Props
	if n.NoNAT = chance(t, 2); n.NoNAT {
		n.Endpoints = drawEndpoints(t)
		if imported && n.Endpoints != nil && len(n.Endpoints.AllowFrom) == 0 {
			n.Endpoints.Existing = chance(t, 1)
		}
	} else if chance(t, 2) {
		n.Endpoints = &network.Endpoints{OnlyGateways: true, DynamoDB: chance(t, 1)}
	}
	if imported {
		return n
	}
	n.CIDR = maybe(t, "172.16.0.0/20", "192.168.0.0/16", "10.32.0.0/18")
	n.Zones = maybe(t, 2, 3)
	n.NoFlowLogs = chance(t, 2)
	if !n.NoNAT {
		n.NATGateways = maybe(t, 1, 2)
	}
	return n
}

func drawEndpoints(t *rapid.T) *network.Endpoints {
	e := network.Endpoints{
		ParameterStore: chance(t, 1), SecretsManager: chance(t, 1), Exec: chance(t, 1), Instances: chance(t, 1), DynamoDB: chance(t, 1),
		More: some(t, "sqs", "monitoring"), AllowFrom: seldom(t, []string{"10.0.0.0/8", "172.16.0.0/12"}),
		Registries: maybe(t, []string{"registry.example.com"}),
	}
	if e.ParameterStore || !chance(t, 2) {
		return &e
	}
	return nil // what every task needs
}

// drawPlatform draws a platform with the network of the app.
func drawPlatform(t *rapid.T, n network.Props) platform.Props {
	p := platform.Props{
		Network: n, NoInsights: chance(t, 3), SecretsKey: chance(t, 1), Namespace: maybe(t, "shop.internal", "internal"),
		NoPublic: chance(t, 3), Internal: chance(t, 1), IdleTimeout: seldom(t, time.Second, 4000*time.Second),
		NoDeletionProtection: chance(t, 2), NoAccessLogs: chance(t, 2),
	}
	if chance(t, 1) {
		p.AlarmTopic = &alarm.TopicProps{Emails: some(t, "ops@example.com", "dev@example.com")}
	}
	p.ConnectionLogs = !p.NoAccessLogs && chance(t, 1)
	p.PlainHTTP = chance(t, 1)
	if !p.NoPublic {
		p.AllowFrom = seldom(t, []string{"192.0.2.0/24", "198.51.100.0/24"})
		p.Firewall = drawFirewall(t)
		if !p.PlainHTTP || chance(t, 2) {
			p.Domain, p.MoreDomains = drawDomain(t, "shop.example.com"), drawMoreDomains(t, "shop.example.org")
		}
	}
	if p.Internal {
		p.InternalAllowFrom = seldom(t, []string{"10.0.0.0/8"}, []string{"203.0.113.7/32", "172.16.0.0/12"})
		if !p.PlainHTTP || chance(t, 2) {
			p.InternalDomain, p.InternalMoreDomains = drawDomain(t, "in.example.com"), drawMoreDomains(t, "in.example.org")
		}
	}
	p.PlainHTTP = !p.NoPublic && p.Domain == nil || p.Internal && p.InternalDomain == nil
	if balanced := !p.NoPublic || p.Internal; balanced && chance(t, 1) {
		p.Test = &ingress.TestListener{Port: maybe(t, 9443, 8081), AllowFrom: pick(t, []string{"192.0.2.0/24"}, []string{"10.0.0.0/8", "198.51.100.0/25"})}
	}
	if n := seldom(t, 2, 3, 10); n > 0 {
		p.Partition = ingress.Partition{Of: n, Number: between(t, 1, n)}
	}
	secure := p.Domain != nil || p.InternalDomain != nil
	p.SignIn = secure && (p.InternalDomain == nil || !n.NoNAT) && chance(t, 1)
	return p
}

func drawDomain(t *rapid.T, name string) *ingress.Domain {
	d := ingress.Domain{Name: name, CertificateARN: certificate}
	if !chance(t, 1) {
		return &d
	}
	d.Zone = &ingress.Zone{ID: zone, Name: pick(t, name, name[len(name)-len("example.com"):])}
	d.Subdomains = chance(t, 1)
	if chance(t, 1) {
		d.CertificateARN, d.NoRecords = "", chance(t, 1)
	}
	return &d
}

func drawMoreDomains(t *rapid.T, names ...string) []ingress.Domain {
	var more []ingress.Domain
	for _, name := range names {
		if chance(t, 2) {
			more = append(more, *drawDomain(t, name))
		}
	}
	return more
}

func drawFirewall(t *rapid.T) *ingress.Firewall {
	if !chance(t, 2) {
		return nil
	}
	if chance(t, 2) {
		return &ingress.Firewall{ACLARN: "arn:aws:wafv2:" + region + ":" + account + ":regional/webacl/shop/12345678-90ab-cdef-1234-567890abcdef"}
	}
	mode := func() ingress.FirewallMode { return maybe(t, ingress.Block, ingress.Count, ingress.Off) }
	f := ingress.Firewall{Common: mode(), BadInputs: mode(), SQL: mode(), Bots: mode(), Rate: mode(), Logs: chance(t, 1)}
	f.AllowLargeBodies = f.Common != ingress.Off && chance(t, 1)
	if f.Rate != ingress.Off {
		f.RequestsPerIP = maybe(t, 10, 2000000000)
	}
	if chance(t, 1) {
		f.Groups = []ingress.RuleGroup{{
			ARN:      "arn:aws:wafv2:" + region + ":" + account + ":regional/rulegroup/shop/12345678-90ab-cdef-1234-567890abcdef",
			Capacity: between(t, 1, 3000), Mode: mode(),
		}}
	}
	return &f
}
