package property

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"

	"github.com/ecskit/ecskit/constructs/httpapi"
	"github.com/ecskit/ecskit/constructs/ingress"
	"github.com/ecskit/ecskit/constructs/secret"
)

type target = ingress.TargetProps

var badHosts = []string{"a", "a b.c", "a..b", "-a.b", "a.b1", "a.b/", "https://a.b", "a.b:80", strings.Repeat("a.", 64) + "com", "é.com"}

// routeSpoilers leave it at five values, the most that a route may have: one of them alone adds to those of the path.
var routeSpoilers = []spoiler[ingress.Route]{
	beside("Host", "(values)", func(t *rapid.T, r *ingress.Route) { r.Host = wrong(t, badHosts...) }),
	beside("Host", "AltHosts (values)", func(t *rapid.T, r *ingress.Route) {
		r.Host, r.AltHosts = "a.shop.example.com", []string{wrong(t, badHosts...)}
	}),
	beside("Host", "(values)", func(t *rapid.T, r *ingress.Route) {
		r.Host = wrong(t, "example.com", "shop.example.org", "x.example.com")
	}),
	one("Path", func(t *rapid.T, r *ingress.Route) {
		r.Path = wrong(t, "a", "*.jpg", "/a b", "/a?b=c#", "/é", "/"+strings.Repeat("a", 128))
	}),
	beside("Path", "AltPaths", func(t *rapid.T, r *ingress.Route) { r.AltPaths = []string{wrong(t, "", "a", "/ ")} }),
	beside("AltHosts", "Host (values)", func(_ *rapid.T, r *ingress.Route) { r.Host, r.AltHosts = "", []string{"a.shop.example.com"} }),
	beside("AltPaths", "Path", func(_ *rapid.T, r *ingress.Route) { r.Path, r.AltPaths = "", []string{"/a"} }),
	beside("Methods", "(values)", func(t *rapid.T, r *ingress.Route) {
		r.Methods = []string{wrong(t, "", "get", "G T", strings.Repeat("A", 41))}
	}),
	beside("Headers", "(values)", func(t *rapid.T, r *ingress.Route) {
		r.Headers = map[string]string{wrong(t, "", "Host", "host", "a b", "é", "a:"): "x"}
	}),
	beside("Headers", "(values)", func(t *rapid.T, r *ingress.Route) {
		r.Headers = map[string]string{"X-A": wrong(t, "", "é", "\x00", strings.Repeat("a", 129))}
	}),
	beside("Query", "(values)", func(t *rapid.T, r *ingress.Route) {
		r.Query = map[string]string{wrong(t, "", "a b", "a*", "a?", "a\\"): "x"}
	}),
	beside("Query", "(values)", func(t *rapid.T, r *ingress.Route) { r.Query = map[string]string{"a": wrong(t, "", "a b", "a\\", "é")} }),
	beside("Query", "(values)", func(_ *rapid.T, r *ingress.Route) { r.Query = map[string]string{"a": "1", "A": "1"} }),
	beside("From", "(values)", func(t *rapid.T, r *ingress.Route) {
		r.From = []string{wrong(t, "", "x", "10.0.0.1/8", "0.0.0.0/0", "::/0", "255.255.255.255/32", "::ffff:1.2.3.4/128", "1.2.3.4")}
	}),
	one("Priority", func(t *rapid.T, r *ingress.Route) { r.Priority = outside(t, 1, 50000) }),
}

var healthCheckSpoilers = []spoiler[ingress.HealthCheck]{
	one("Path", func(t *rapid.T, h *ingress.HealthCheck) { h.Path = wrong(t, "a", " /a", "/"+strings.Repeat("a", 1024)) }),
	beside("Codes", "Path", func(t *rapid.T, h *ingress.HealthCheck) {
		h.Path, h.Codes = "/", wrong(t, "x", "199", "500", "200-", "-200", "300-200", "200,,201", "200 ", "+200", "-1")
	}),
	one("Port", func(t *rapid.T, h *ingress.HealthCheck) { h.Port = outside(t, 1, 65535) }),
	beside("Interval", "Timeout", func(t *rapid.T, h *ingress.HealthCheck) { h.Interval = notSeconds(t, 5*time.Second, 5*time.Minute) }),
	beside("Timeout", "Interval", func(t *rapid.T, h *ingress.HealthCheck) { h.Timeout = notSeconds(t, 2*time.Second, 2*time.Minute) }),
	beside("Timeout", "Interval", func(t *rapid.T, h *ingress.HealthCheck) {
		h.Interval, h.Timeout = 10*time.Second, wrong(t, 10*time.Second, 11*time.Second)
	}),
	one("Healthy", func(t *rapid.T, h *ingress.HealthCheck) { h.Healthy = outside(t, 2, 10) }),
	one("Unhealthy", func(t *rapid.T, h *ingress.HealthCheck) { h.Unhealthy = outside(t, 2, 10) }),
}

var groupSpoilers = concat(at("HealthCheck", func(g *ingress.TargetGroup) *ingress.HealthCheck { return &g.HealthCheck }, healthCheckSpoilers),
	[]spoiler[ingress.TargetGroup]{
		one("DeregistrationDelay", func(t *rapid.T, g *ingress.TargetGroup) {
			g.DeregistrationDelay = notIn(t, time.Second, time.Hour, time.Second)
		}),
		one("SlowStart", func(t *rapid.T, g *ingress.TargetGroup) { g.SlowStart = notSeconds(t, 30*time.Second, 15*time.Minute) }),
	})

var sessionSpoilers = []spoiler[ingress.Session]{
	one("Scope", func(t *rapid.T, s *ingress.Session) { s.Scope = wrong(t, " ", "a  b", " a", "a ", "é", "a\"b") }),
	one("Timeout", func(t *rapid.T, s *ingress.Session) { s.Timeout = notSeconds(t, time.Second, 7*day) }),
	one("Cookie", func(t *rapid.T, s *ingress.Session) {
		s.Cookie = wrong(t, " ", "a b", "a;b", "é", strings.Repeat("a", 129))
	}),
}

var notURLs = []string{"", "x", "http://a.b", "https://", "https://a.b:8443", "https://u:p@a.b", "ftp://a.b", "https://%"}

var oidcSpoilers = concat(at("Session", func(o *ingress.OIDC) *ingress.Session { return &o.Session }, sessionSpoilers),
	at("ClientSecret", func(o *ingress.OIDC) *secret.SecretsManager { return &o.ClientSecret }, concat(secretSpoilers, partSpoilers)),
	[]spoiler[ingress.OIDC]{
		one("Issuer", func(t *rapid.T, o *ingress.OIDC) { o.Issuer = wrong(t, notURLs...) }),
		one("AuthorizationEndpoint", func(t *rapid.T, o *ingress.OIDC) { o.AuthorizationEndpoint = wrong(t, notURLs...) }),
		one("TokenEndpoint", func(t *rapid.T, o *ingress.OIDC) { o.TokenEndpoint = wrong(t, notURLs...) }),
		one("UserInfoEndpoint", func(t *rapid.T, o *ingress.OIDC) { o.UserInfoEndpoint = wrong(t, notURLs...) }),
		one("ClientID", func(_ *rapid.T, o *ingress.OIDC) { o.ClientID = "" }),
		one("ClientSecret.Exclusive", func(_ *rapid.T, o *ingress.OIDC) { o.ClientSecret.Exclusive = true }),
	})

var cognitoSpoilers = concat(at("Session", func(c *ingress.Cognito) *ingress.Session { return &c.Session }, sessionSpoilers), []spoiler[ingress.Cognito]{
	one("UserPoolARN", func(t *rapid.T, c *ingress.Cognito) { c.UserPoolARN = wrong(t, "", "x", aCertificate, "us-east-1_AbC") }),
	one("ClientID", func(_ *rapid.T, c *ingress.Cognito) { c.ClientID = "" }),
	one("Domain", func(t *rapid.T, c *ingress.Cognito) { c.Domain = wrong(t, "", "https://a.b", "A", "-a", "a b") }),
})

func oidc() ingress.OIDC {
	return ingress.OIDC{
		Issuer: "https://a.b", AuthorizationEndpoint: "https://a.b/a", TokenEndpoint: "https://a.b/t", UserInfoEndpoint: "https://a.b/u", ClientID: "a",
		ClientSecret: secret.SecretsManager{ARN: secretARN},
	}
}

func cognito() ingress.Cognito {
	return ingress.Cognito{UserPoolARN: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf", ClientID: "a", Domain: "staff"}
}

// targetSpoilers are for a target of a load balancer with a domain and the way to identity providers.
var targetSpoilers = concat(
	at("Route", func(p *target) *ingress.Route { return &p.Route }, routeSpoilers),
	at("Group", func(p *target) *ingress.TargetGroup { return &p.Group }, groupSpoilers),
	held("SignIn", "Group.Protocol LoadBalancer", oidc, func(p *target, o ingress.OIDC) { p.SignIn = &o }, oidcSpoilers),
	held("SignIn", "Group.Protocol LoadBalancer", cognito, func(p *target, c ingress.Cognito) { p.SignIn = c }, cognitoSpoilers),
	[]spoiler[target]{
		beside("LoadBalancer", "Route SignIn Group.Protocol", func(t *rapid.T, p *target) { p.LoadBalancer = wrong(t, nil, &ingress.ALB{}) }),
		one("Port", func(t *rapid.T, p *target) { p.Port = outside(t, 1, 65535) }),
		beside("Group.Protocol", "Group.HealthCheck SignIn", func(t *rapid.T, p *target) { p.Group.Protocol = unknown[ingress.Protocol](t) }),
		beside("Group.Protocol", "SignIn Group.HealthCheck", func(t *rapid.T, p *target) {
			p.Group.Protocol, p.SignIn = wrong(t, ingress.HTTP2, ingress.GRPC), cognito()
		}),
		beside("SignIn", "LoadBalancer", func(t *rapid.T, p *target) {
			p.SignIn = wrong[ingress.SignIn](t, (*ingress.OIDC)(nil), (*ingress.Cognito)(nil))
		}),
		one("Group.Stickiness", func(t *rapid.T, p *target) { p.Group.Stickiness = notSeconds(t, time.Second, 7*day) }),
	},
)

// looseTargetSpoilers are for a target without a service, which alone says of itself that requests are shifted.
var looseTargetSpoilers = concat(targetSpoilers, []spoiler[target]{
	beside("Group.Stickiness", "Shift SignIn", func(_ *rapid.T, p *target) { p.Shift, p.Group.Stickiness = true, time.Minute }),
	beside("SignIn", "Shift Group", func(_ *rapid.T, p *target) { p.Shift, p.SignIn = true, oidc() }),
})

var testSpoilers = []spoiler[ingress.TestListener]{
	one("Port", func(t *rapid.T, l *ingress.TestListener) { l.Port = wrong(t, 80, 443, -1, 65536, outside(t, 1, 65535)) }),
	one("AllowFrom", func(t *rapid.T, l *ingress.TestListener) {
		l.AllowFrom = wrong(t, nil, []string{"10.0.0.0/8", "10.0.0.0/8"}, []string{"0.0.0.0/0"})
	}),
	one("AllowFrom", func(t *rapid.T, l *ingress.TestListener) {
		l.AllowFrom = []string{"10.0.0.0/8", wrong(t, notRanges...)}
	}),
}

var streamSpoilers = concat([]spoiler[ingress.StreamProps]{
	one("LoadBalancer", func(t *rapid.T, p *ingress.StreamProps) { p.LoadBalancer = wrong(t, nil, &ingress.NLB{}) }),
	beside("ListenerPort", "Test", func(t *rapid.T, p *ingress.StreamProps) { p.ListenerPort = wrong(t, 0, outside(t, 1, 65535)) }),
	one("Port", func(t *rapid.T, p *ingress.StreamProps) { p.Port = outside(t, 1, 65535) }),
	one("AllowFrom", func(t *rapid.T, p *ingress.StreamProps) { p.AllowFrom = []string{wrong(t, notRanges...)} }),
	beside("Protocol", "CertificateARN IdleTimeout Group", func(t *rapid.T, p *ingress.StreamProps) { p.Protocol = unknown[ingress.Transport](t) }),
	beside("CertificateARN", "Protocol IdleTimeout Group", func(_ *rapid.T, p *ingress.StreamProps) { p.CertificateARN = aCertificate }),
	beside("CertificateARN", "Protocol IdleTimeout Group", func(t *rapid.T, p *ingress.StreamProps) {
		p.Protocol, p.CertificateARN = ingress.TLS, wrong(t, "", "x", secretARN)
	}),
	beside("IdleTimeout", "Protocol", func(t *rapid.T, p *ingress.StreamProps) { p.IdleTimeout = notSeconds(t, time.Minute, 6000*time.Second) }),
	beside("IdleTimeout", "Protocol CertificateARN Group", func(t *rapid.T, p *ingress.StreamProps) {
		p.Protocol, p.IdleTimeout = wrong(t, ingress.UDP, ingress.TCPUDP), 2*time.Minute
	}),
	beside("Group.ProxyProtocol", "Protocol CertificateARN IdleTimeout", func(t *rapid.T, p *ingress.StreamProps) {
		p.Protocol, p.Group.ProxyProtocol = wrong(t, ingress.UDP, ingress.TCPUDP), true
	}),
	beside("Group.HealthCheck.Codes", "Group Protocol", func(_ *rapid.T, p *ingress.StreamProps) { p.Group.HealthCheck.Codes = "200" }),
	beside("Group.DeregistrationDelay", "Protocol", func(t *rapid.T, p *ingress.StreamProps) {
		p.Group.DeregistrationDelay = notSeconds(t, time.Second, time.Hour)
	}),
	beside("Test.Port", "Test ListenerPort", func(t *rapid.T, p *ingress.StreamProps) {
		p.Test = &ingress.TestListener{Port: wrong(t, 0, p.ListenerPort), AllowFrom: []string{"10.0.0.0/8"}}
	}),
}, at("Group.HealthCheck", func(p *ingress.StreamProps) *ingress.HealthCheck { return &p.Group.HealthCheck }, but(healthCheckSpoilers, "Path")),
	held("Test", "ListenerPort", func() ingress.TestListener {
		return ingress.TestListener{Port: 9999, AllowFrom: []string{"10.0.0.0/8"}}
	},
		func(p *ingress.StreamProps, l ingress.TestListener) { p.Test = &l }, testSpoilers))

var zoneSpoilers = []spoiler[ingress.Zone]{
	one("ID", func(t *rapid.T, z *ingress.Zone) { z.ID = wrong(t, "", "x", "/hostedzone/Z1", "z1", "Z1 ") }),
	one("Name", func(t *rapid.T, z *ingress.Zone) { z.Name = wrong(t, "example.org", "hop.example.com") }),
}

var domainSpoilers = concat([]spoiler[ingress.Domain]{
	beside("Name", "Zone", func(t *rapid.T, d *ingress.Domain) {
		d.Zone, d.CertificateARN, d.Name = nil, aCertificate, wrong(t, append([]string{"", "*.example.com", "A.example.com"}, badHosts...)...)
	}),
	beside("CertificateARN", "Zone", func(t *rapid.T, d *ingress.Domain) {
		d.CertificateARN = wrong(t, "x", secretARN, "arn:aws:acm:us-east-1:1:certificate/a")
	}),
	beside("CertificateARN", "Zone", func(_ *rapid.T, d *ingress.Domain) { d.Zone = nil }),
	{[]string{"Subdomains", "NoRecords"}, []string{"Zone"}, func(_ *rapid.T, d *ingress.Domain) {
		d.Zone, d.CertificateARN, d.Subdomains, d.NoRecords = nil, aCertificate, true, true
	}},
	beside("NoRecords", "Zone CertificateARN", func(_ *rapid.T, d *ingress.Domain) { d.CertificateARN, d.NoRecords = aCertificate, true }),
}, held("Zone", "Name", func() ingress.Zone { return ingress.Zone{ID: "Z1", Name: "example.com"} }, func(d *ingress.Domain, z ingress.Zone) { d.Zone = &z }, zoneSpoilers))

func domain() ingress.Domain {
	return ingress.Domain{Name: "shop.example.com", Zone: &ingress.Zone{ID: "Z1", Name: "example.com"}}
}

var firewallSpoilers = []spoiler[ingress.Firewall]{
	beside("ACLARN", "", func(t *rapid.T, f *ingress.Firewall) { *f = ingress.Firewall{ACLARN: wrong(t, "x", aCertificate)} }),
	beside("Common", "", func(t *rapid.T, f *ingress.Firewall) { f.Common = unknown[ingress.FirewallMode](t) }),
	beside("BadInputs", "", func(t *rapid.T, f *ingress.Firewall) { f.BadInputs = unknown[ingress.FirewallMode](t) }),
	beside("Reputation", "", func(t *rapid.T, f *ingress.Firewall) { f.Reputation = unknown[ingress.FirewallMode](t) }),
	beside("SQL", "", func(t *rapid.T, f *ingress.Firewall) { f.SQL = unknown[ingress.FirewallMode](t) }),
	beside("Bots", "", func(t *rapid.T, f *ingress.Firewall) { f.Bots = unknown[ingress.FirewallMode](t) }),
	beside("Rate", "RequestsPerIP", func(t *rapid.T, f *ingress.Firewall) { f.Rate = unknown[ingress.FirewallMode](t) }),
	beside("RequestsPerIP", "Rate", func(t *rapid.T, f *ingress.Firewall) { f.RequestsPerIP = outside(t, 10, 2000000000) }),
	beside("RequestsPerIP", "Rate", func(_ *rapid.T, f *ingress.Firewall) { f.Rate, f.RequestsPerIP = ingress.Off, 100 }),
	beside("AllowLargeBodies", "Common", func(_ *rapid.T, f *ingress.Firewall) { f.Common, f.AllowLargeBodies = ingress.Off, true }),
	beside("Groups[0].ARN", "Groups", func(t *rapid.T, f *ingress.Firewall) {
		f.Groups = []ingress.RuleGroup{{ARN: wrong(t, "", "x", aCertificate), Capacity: 1}}
	}),
	beside("Groups[0].Capacity", "Groups", func(t *rapid.T, f *ingress.Firewall) {
		f.Groups = []ingress.RuleGroup{{ARN: aToken(), Capacity: wrong(t, 0, -1, -1<<62)}}
	}),
	beside("Groups[0].Mode", "Groups", func(t *rapid.T, f *ingress.Firewall) {
		f.Groups = []ingress.RuleGroup{{ARN: aToken(), Capacity: 1, Mode: unknown[ingress.FirewallMode](t)}}
	}),
	beside("Groups", "Groups SQL Bots Common BadInputs Reputation Rate", func(_ *rapid.T, f *ingress.Firewall) {
		f.Groups = []ingress.RuleGroup{{ARN: aToken(), Capacity: 4500}}
	}),
}

var partitionSpoilers = []spoiler[ingress.Partition]{
	beside("Of", "Number", func(t *rapid.T, p *ingress.Partition) {
		*p = ingress.Partition{Number: 1, Of: wrong(t, 0, 1, outside(t, 2, 10))}
	}),
	beside("Number", "Of", func(t *rapid.T, p *ingress.Partition) {
		*p = ingress.Partition{Number: wrong(t, 0, outside(t, 1, 4)), Of: 4}
	}),
}

// balancerSpoilers are for a load balancer with a domain.
var balancerSpoilers = concat([]spoiler[ingress.ALBProps]{
	one("Network", func(t *rapid.T, p *ingress.ALBProps) { p.Network = noNetwork(t) }),
	beside("Domain", "MoreDomains SignIn PlainHTTP", func(_ *rapid.T, p *ingress.ALBProps) { p.Domain = nil }),
	beside("PlainHTTP", "Domain SignIn", func(_ *rapid.T, p *ingress.ALBProps) { p.PlainHTTP = true }),
	one("AllowFrom", func(t *rapid.T, p *ingress.ALBProps) {
		p.AllowFrom = wrong(t, []string{"10.0.0.0/8", "10.0.0.0/8"}, []string{wrong(t, notRanges...)})
	}),
	one("IdleTimeout", func(t *rapid.T, p *ingress.ALBProps) { p.IdleTimeout = notSeconds(t, time.Second, 4000*time.Second) }),
	one("ConnectionLogs", func(_ *rapid.T, p *ingress.ALBProps) { p.NoAccessLogs, p.ConnectionLogs = true, true }),
	beside("MoreDomains[0].Name", "MoreDomains Domain", func(t *rapid.T, p *ingress.ALBProps) {
		p.MoreDomains = []ingress.Domain{{Name: wrong(t, "", "a b", p.Domain.Name, aToken()), CertificateARN: aCertificate}}
	}),
	beside("MoreDomains", "MoreDomains Domain", func(_ *rapid.T, p *ingress.ALBProps) {
		for i := range 26 {
			p.MoreDomains = append(p.MoreDomains, ingress.Domain{Name: string(rune('a'+i)) + ".example.com", CertificateARN: aCertificate})
		}
	}),
}, held("Domain", "PlainHTTP MoreDomains", domain, func(p *ingress.ALBProps, d ingress.Domain) { p.Domain = &d }, domainSpoilers),
	held("Firewall", "", func() ingress.Firewall { return ingress.Firewall{} }, func(p *ingress.ALBProps, f ingress.Firewall) { p.Firewall = &f }, firewallSpoilers),
	held("Test", "", func() ingress.TestListener { return ingress.TestListener{AllowFrom: []string{"10.0.0.0/8"}} },
		func(p *ingress.ALBProps, l ingress.TestListener) { p.Test = &l }, testSpoilers),
	at("Partition", func(p *ingress.ALBProps) *ingress.Partition { return &p.Partition }, partitionSpoilers))

var nlbSpoilers = []spoiler[ingress.NLBProps]{
	one("Network", func(t *rapid.T, p *ingress.NLBProps) { p.Network = noNetwork(t) }),
	one("AllowFrom", func(t *rapid.T, p *ingress.NLBProps) { p.AllowFrom = []string{wrong(t, notRanges...)} }),
}

var importedSpoilers = concat([]spoiler[ingress.ALBAttributes]{
	one("Network", func(t *rapid.T, a *ingress.ALBAttributes) { a.Network = noNetwork(t) }),
	beside("ARN", "ListenerARN TestListenerARN", func(t *rapid.T, a *ingress.ALBAttributes) {
		a.ARN = wrong(t, "", "x", albListener+"0123456789abcdef", aCertificate)
	}),
	beside("ListenerARN", "ARN TestListenerARN", func(t *rapid.T, a *ingress.ALBAttributes) {
		a.ListenerARN = wrong(t, "", "x", albARN, strings.Replace(albListener, "shop", "other", 1)+"1")
	}),
	beside("TestListenerARN", "ARN ListenerARN", func(t *rapid.T, a *ingress.ALBAttributes) {
		a.TestListenerARN = wrong(t, "x", albARN, a.ListenerARN, strings.Replace(albListener, "shop", "other", 1)+"1")
	}),
	one("SecurityGroupID", func(t *rapid.T, a *ingress.ALBAttributes) { a.SecurityGroupID = wrong(t, "", "x", "sg-", "sg-xyz") }),
	beside("Domains", "DNSName", func(t *rapid.T, a *ingress.ALBAttributes) {
		a.Domains = []string{"a.b", wrong(t, "", "*.a.b", "A.b", "a")}
	}),
	beside("DNSName", "Domains", func(_ *rapid.T, a *ingress.ALBAttributes) { a.Domains, a.DNSName = nil, "" }),
}, at("Partition", func(p *ingress.ALBAttributes) *ingress.Partition { return &p.Partition }, partitionSpoilers))

var responseSpoilers = concat(at("Route", func(p *ingress.ResponseProps) *ingress.Route { return &p.Route }, routeSpoilers), []spoiler[ingress.ResponseProps]{
	beside("LoadBalancer", "Route", func(t *rapid.T, p *ingress.ResponseProps) { p.LoadBalancer = wrong(t, nil, &ingress.ALB{}) }),
	one("Code", func(t *rapid.T, p *ingress.ResponseProps) {
		p.Code = wrong(t, 300, 399, 199, 600, outside(t, 200, 599))
	}),
	beside("Body", "ContentType", func(t *rapid.T, p *ingress.ResponseProps) {
		p.Body = strings.Repeat("a", rapid.IntRange(1025, 2000).Draw(t, "n"))
	}),
	beside("ContentType", "Body", func(t *rapid.T, p *ingress.ResponseProps) { p.Body, p.ContentType = "a", unknown[string](t) }),
	beside("ContentType", "Body", func(_ *rapid.T, p *ingress.ResponseProps) { p.Body, p.ContentType = "", "text/html" }),
	beside("Route.Priority", "Route", func(_ *rapid.T, p *ingress.ResponseProps) { p.Override = true }),
})

var redirectSpoilers = concat(at("Route", func(p *ingress.RedirectProps) *ingress.Route { return &p.Route }, routeSpoilers), []spoiler[ingress.RedirectProps]{
	beside("LoadBalancer", "Route", func(t *rapid.T, p *ingress.RedirectProps) { p.LoadBalancer = wrong(t, nil, &ingress.ALB{}) }),
	beside("HTTPS", "LoadBalancer", func(_ *rapid.T, p *ingress.RedirectProps) { p.HTTPS = true }),
	beside("Host", "Route", func(t *rapid.T, p *ingress.RedirectProps) {
		p.Host = wrong(t, "a", "a b.c", "*.a.b", "https://a.b", "a.b/c")
	}),
	beside("Path", "Host Query Route HTTPS", func(t *rapid.T, p *ingress.RedirectProps) {
		p.Path = wrong(t, "a", "/a?b", "/a b", "/#{x}", "/"+strings.Repeat("a", 128))
	}),
	beside("Path", "Host Query Route HTTPS", func(t *rapid.T, p *ingress.RedirectProps) { p.Path = wrong(t, "", "/#{path}") }),
	beside("Path", "Host Query Route HTTPS", func(_ *rapid.T, p *ingress.RedirectProps) { p.Route.Path, p.Path = "/old/*", "/old/new" }),
	one("Query", func(t *rapid.T, p *ingress.RedirectProps) { p.Query = wrong(t, "?a=b", strings.Repeat("a", 129)) }),
})

var reachSpoilers = []spoiler[ingress.ReachProps]{
	beside("Targets", "Streams", func(_ *rapid.T, p *ingress.ReachProps) { p.Targets, p.Streams = nil, nil }),
	beside("Targets[0].LoadBalancer", "Targets", func(t *rapid.T, p *ingress.ReachProps) {
		p.Targets = []target{{Port: 80, LoadBalancer: wrong(t, nil, &ingress.ALB{})}}
	}),
	beside("Streams[0].Port", "Streams", func(_ *rapid.T, p *ingress.ReachProps) {
		p.Streams = []ingress.StreamProps{{LoadBalancer: theScene.nlb}}
	}),
	one("SecurityGroup", func(t *rapid.T, p *ingress.ReachProps) {
		p.SecurityGroup = wrong[awsec2.ISecurityGroup](t, nil, (*noGroup)(nil))
	}),
}

var apiSpoilers = concat([]spoiler[httpapi.Props]{
	one("LoadBalancer", func(t *rapid.T, p *httpapi.Props) { p.LoadBalancer = wrong(t, nil, &ingress.ALB{}, theScene.alb) }),
	beside("Host", "LoadBalancer", func(t *rapid.T, p *httpapi.Props) { p.Host = wrong(t, "a", "A.b", "https://a.b", "a b.c", "a..b") }),
	beside("Routes", "Authorizer Everything", func(t *rapid.T, p *httpapi.Props) {
		p.Routes = []string{wrong(t, "", "/a", "get /a", "GET a", "GET /{a+}/b", "$default")}
	}),
	beside("Routes", "Authorizer Everything", func(_ *rapid.T, p *httpapi.Props) { p.Routes = []string{"GET /a", "GET /a"} }),
	beside("Routes", "Authorizer Everything", func(_ *rapid.T, p *httpapi.Props) { p.Routes, p.Authorizer = nil, nil }),
	beside("Everything", "Authorizer Routes", func(_ *rapid.T, p *httpapi.Props) { p.Everything = true }),
	beside("KeepAWSName", "Domain", func(_ *rapid.T, p *httpapi.Props) { p.KeepAWSName = true }),
	one("Subnets[0]", func(t *rapid.T, p *httpapi.Props) {
		p.Subnets = []awsec2.ISubnet{wrong[awsec2.ISubnet](t, nil, (*noSubnet)(nil))}
	}),
	beside("Authorizer", "Routes Everything", func(t *rapid.T, p *httpapi.Props) {
		p.Authorizer = wrong[httpapi.Authorizer](t, (*httpapi.JWT)(nil), (*httpapi.IAM)(nil))
	}),
	beside("Authorizer.Issuer", "Authorizer Routes Everything", func(t *rapid.T, p *httpapi.Props) {
		p.Authorizer = &httpapi.JWT{Issuer: wrong(t, "", "https://", "http://a.b"), Audience: []string{"a"}}
	}),
	beside("Authorizer.Audience", "Authorizer Routes Everything", func(t *rapid.T, p *httpapi.Props) {
		p.Authorizer = httpapi.JWT{Issuer: "https://a.b", Audience: wrong(t, nil, []string{""})}
	}),
	beside("Authorizer.Scopes", "Authorizer Routes Everything", func(_ *rapid.T, p *httpapi.Props) {
		p.Authorizer = httpapi.JWT{Issuer: "https://a.b", Audience: []string{"a"}, Scopes: []string{""}}
	}),
	one("Throttle.Rate", func(t *rapid.T, p *httpapi.Props) { p.Throttle.Rate = wrong(t, -1, -1<<63) }),
	one("Throttle.Burst", func(t *rapid.T, p *httpapi.Props) { p.Throttle.Burst = wrong(t, -1, -1<<63) }),
	one("Timeout", func(t *rapid.T, p *httpapi.Props) {
		p.Timeout = notIn(t, 50*time.Millisecond, 30*time.Second, time.Millisecond)
	}),
	beside("LogRetentionDays", "NoAccessLogs", func(t *rapid.T, p *httpapi.Props) { p.LogRetentionDays = wrong(t, -1, 2, 100000) }),
	beside("LogRetentionDays", "NoAccessLogs", func(_ *rapid.T, p *httpapi.Props) { p.NoAccessLogs, p.LogRetentionDays = true, 7 }),
}, held("CORS", "", func() httpapi.CORS { return httpapi.CORS{Origins: []string{"https://a.b"}, Methods: []string{"GET"}} },
	func(p *httpapi.Props, c httpapi.CORS) { p.CORS = &c }, []spoiler[httpapi.CORS]{
		beside("Origins", "Credentials", func(t *rapid.T, c *httpapi.CORS) {
			c.Origins = wrong(t, nil, []string{wrong(t, "", "a.b", "https://", "https://a.b/", "**")})
		}),
		one("Methods", func(t *rapid.T, c *httpapi.CORS) { c.Methods = []string{wrong(t, "", "get", "ANY", "CONNECT")} }),
		one("Credentials", func(_ *rapid.T, c *httpapi.CORS) { c.Origins, c.Credentials = []string{"*"}, true }),
		one("MaxAge", func(t *rapid.T, c *httpapi.CORS) { c.MaxAge = notSeconds(t, 0, day) }),
	}),
	held("Domain", "KeepAWSName", func() httpapi.Domain { return httpapi.Domain{Name: "api.example.com", CertificateARN: aCertificate} },
		func(p *httpapi.Props, d httpapi.Domain) { p.Domain = &d }, concat([]spoiler[httpapi.Domain]{
			one("Name", func(t *rapid.T, d *httpapi.Domain) { d.Name = wrong(t, "", "a", "A.b", "*.a.b", "a b.c") }),
			one("CertificateARN", func(t *rapid.T, d *httpapi.Domain) { d.CertificateARN = wrong(t, "", "x", secretARN) }),
		}, held("Zone", "Name", func() ingress.Zone { return ingress.Zone{ID: "Z1", Name: "example.com"} }, func(d *httpapi.Domain, z ingress.Zone) { d.Zone = &z }, zoneSpoilers))))
